// Package sts is the room that knows who calls: it keeps the credentials that
// the plane issued and answers who a caller is.
//
// It holds the sessions of federated users and the short-lived credentials of
// managed nodes in one table; long-term keys are the iam room's. Sessions carry a session policy
// that this plane can evaluate in full (package policy); one that it cannot is
// refused as malformed, where AWS would evaluate it. Policy ARNs and session
// tags are refused for the same reason.
package sts
