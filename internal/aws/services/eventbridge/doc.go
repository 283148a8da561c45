// Package eventbridge is the room of Amazon EventBridge: buses, rules that
// choose events by patterns or come by the clock, and the targets that get them.
//
// An event, of a customer (PutEvents) or of a service of the plane (Emit, in
// the transaction of what it tells of), is held against the rules at once, and
// one errand for each target is stored with it. Upkeep runs the errands, at
// least once, with pauses that grow, until the event is too old.
//
// Beside the events that AWS emits there are those of what it keeps to itself, of
// the source tamachi.desktops: Desktop Login Failure, Desktop Disconnect and
// Desktop Logout. Refusals by which strangers could fill the store, more than
// thirty in a minute, are told of in the log alone.
//
// Targets are log groups, documents that Run Command runs and runbooks that
// Automation starts (both in the name of the target's role), and topics. What a
// target gets is the event, a part of it (InputPath), a text of one's own (Input)
// or a template (InputTransformer).
//
// An API destination gets its events by a request of HTTP that proves itself by a
// connection, whose credentials are sealed and never answered. The role of the
// target must be allowed to invoke it, the plane itself is no destination, and
// no more requests go to one than its rate allows.
//
// A bus that is a target gets the event as it is, if the role of the target may put
// events there and the policy of the bus does not deny it; from there it goes to no
// third bus.
//
// Archives keep the events of a bus in the transaction that takes them; replays
// hold them against the rules of the bus once more, with replay-name in them.
//
// Where it differs from AWS:
//   - Credentials of connections are no secrets of Secrets Manager, so there is no
//     SecretArn. Retry-After of an answer is not read.
//   - An archive has no managed rule, and takes events from the call on; what it keeps
//     is counted at once. A replay sends up to 500 events a second, in the order
//     of their times.
//   - A bus as a target is one of the account of the rule, and in its Region; it takes
//     no Input. What a replay sends of events that came from another bus may go on to a
//     third.
//   - Other targets, endpoints, partner sources, pipes and schedules of EventBridge
//     Scheduler are not here; dead-letter queues neither, as there is no SQS.
//   - Writing to a log group needs no resource policy of CloudWatch Logs: the
//     room may, within the account.
//   - A rule is for the default bus, or one of the same account; events (PutEvents)
//     go to buses of other accounts too, where their policies let them.
//   - An event for a bus that does not exist is refused; AWS drops it.
package eventbridge
