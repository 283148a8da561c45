// Package sts is the room that knows who calls: it makes temporary credentials
// and answers who a caller is.
//
// It holds the sessions of roles, users and federated users and the short-lived
// credentials of managed nodes in one table; long-term keys are the iam room's,
// as are roles and second factors, of which it asks through ports.
//
// Where it departs from AWS: session tokens are names of what is kept here, not
// the session itself in packed form, so answers carry no PackedPolicySize, and
// what is too large is measured on a packing of our own. Managed session policies count as they read when the
// session was made. DecodeAuthorizationMessage has nothing to decode: no
// service of the plane answers with encoded messages.
package sts
