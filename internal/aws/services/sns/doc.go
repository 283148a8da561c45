// Package sns is the room of Amazon Simple Notification Service: topics, who
// listens to them, and the delivery of what is published.
//
// A message that was accepted is in the store with one delivery for each
// listener, so it survives the plane's end. Endpoints at http and https get
// AWS's JSON envelope by POST, signed with a key of the plane whose certificate
// is read at SigningCertURL, with the retries of the delivery policy; what the
// house sends out is bounded (package webhook). Mails go to the engine of
// notices in the transaction that accepts the message.
//
// Where it differs from AWS:
//   - The protocols are http, https, email and email-json. Others name services
//     that are not here, and are refused as a protocol that SNS does not know.
//   - No FIFO topics, no encryption with a key, no data protection policy, no
//     delivery status logs, no dead-letter queues (there is no SQS): attributes
//     that ask for them are refused. No phones, no mobile applications.
//   - SubscribeURL and SigningCertURL are the plane's own. The link to
//     unsubscribe and to confirm works without a signature, as AWS's does.
//   - Of one listener at most a few deliveries run at the same time.
package sns
