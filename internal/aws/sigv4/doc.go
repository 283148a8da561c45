// Package sigv4 tells who made a request: it verifies AWS Signature Version 4
// in headers and in presigned URLs, session tokens included, and the form in
// which the SSM Agent signs with its own RSA key before it has credentials.
//
// It promises that a request is accepted only when every byte that its
// signature covers is the byte that was sent, that secrets are compared in
// constant time, and that a refusal carries the code and text that AWS gives in
// the caller's protocol. Host, and X-Amz-Target where it is sent, must be
// covered, so that a captured request cannot be turned into another one.
//
// Bodies are proved with their request (Verify), or while they are read (Prove,
// Payload, Body): a hash, or signatures of chunks and trailers.
//
// It departs from AWS in two ways: the canonical request is repeated in the
// error of REST services only (AWS does so there, elsewhere no longer), and
// Signature Version 4A and 2 are refused.
//
// Sources: AWS IAM User Guide, "Create a signed AWS API request" and
// "Troubleshoot signed requests for AWS APIs"; AWS General Reference, "Common
// errors".
package sigv4
