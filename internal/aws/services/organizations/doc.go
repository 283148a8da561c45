// Package organizations is the room of accounts: it makes them, and knows
// which belong together.
//
// CreateAccount answers IN_PROGRESS, and Upkeep makes the account: its own scope
// in every room, a root user without credentials and a role that trusts the
// management account, which is the way in. DescribeCreateAccountStatus and the
// event CreateAccountResult say how it went. That event, in the trail of the
// management account and on its default bus in us-east-1, is the hook for what is
// to be done in every new account; AWS has no other either. Unlike there, rules
// get it whether or not a trail is on.
//
// The tree is real: units, accounts that move between them, and what is
// attached to each place. Service control policies and resource control
// policies act; policies of other types would have no effect here and are
// refused. A closed account's credentials end with the answer. Invitations go
// between accounts of this plane, by their number: no mail is sent.
//
// Where it differs from AWS: all features are enabled once, and the handshake
// that EnableAllFeatures answers is the one to accept in the end
// (APPROVE_ALL_FEATURES is not made); an account that leaves stays on the plane as
// it is; no service-linked role of Organizations is made, since nothing here acts
// by it.
package organizations
