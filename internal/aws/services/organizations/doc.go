// Package organizations is the room of accounts: it makes them, and knows
// which belong together.
//
// An account that CreateAccount makes is really there at once: its own scope
// in every room, a root user without credentials and a role that trusts the
// management account, which is the way in. The answer to CreateAccount
// therefore already says SUCCEEDED, or FAILED where the address is taken;
// on AWS it says IN_PROGRESS first.
//
// The tree is real: units, accounts that move between them, and what is
// attached to each place. Service control policies and resource control
// policies act; policies of other types would have no effect here and are
// refused. A closed account's credentials end with the answer. Invitations go
// between accounts of this plane, by their number: no mail is sent.
//
// Where it differs from AWS: the feature sets do not change after the making
// (EnableAllFeatures is a gap), an account that leaves stays on the plane as it
// is, and no service-linked role of Organizations is made, since nothing here
// acts by it.
package organizations
