// Package organizations is the room of accounts: it makes them, and knows
// which belong together.
//
// An account that CreateAccount makes is really there at once: its own scope
// in every room, a root user without credentials and a role that trusts the
// management account, which is the way in. The answer to CreateAccount
// therefore already says SUCCEEDED, or FAILED where the address is taken;
// on AWS it says IN_PROGRESS first.
//
// The room is thin: one root, no organizational units and no policies yet
// (service control policies and their like come with "Guardrails"), no
// invitations, no delegated administrators. No mail is sent to the address of
// an account; it must only be unlike all others. The service-linked role of
// Organizations is not made, since nothing here acts by it.
package organizations
