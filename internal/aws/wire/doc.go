// Package wire is the front door: one http.Handler that finds room and
// operation of a request, proves its signer, decodes it by the service model,
// gives it to the gate and encodes the answer, all in the caller's protocol.
// A folder below holds each protocol.
//
// It promises that nothing reaches the gate unsigned but the rows that carry
// their own proof; that every refusal is AWS's error for it, so that the AWS
// CLI and the SDKs print it as one line and do not repeat the call; that a
// body is never larger in memory than its limit; and that a request which
// breaks an operation breaks neither its connection nor the plane.
//
// The order of the checks is AWS's, as seen on its endpoints: size, operation,
// signature, body, then the gate's.
//
// Split and Serve are the listening side: HTTP and TLS on one port.
package wire
