// Package guard tries a policy on the past before it is attached: recorded calls,
// from the trail of an account or from CloudTrail's files, are decided once more
// with the policy above them, and whoever would be cut off is listed.
//
// A call that a service made with a caller's credentials is decided in the three
// ways in which services call: with the caller's session forwarded, with a service
// role, and with a service-linked role, which no control policy holds. What the
// record does not carry (tags in the request, most keys of services) is not
// guessed: such a call is listed as undecided, with the key.
package guard
