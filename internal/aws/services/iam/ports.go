package iam

import (
	"context"

	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	Former Former // may be nil
	Above  Above  // may be nil: then no account belongs to an organization
	Trail  Trail  // may be nil: then nothing was recorded
}

// Above knows the service control policies above an account, for simulations.
// The organizations room is one.
type Above interface {
	// SCPs returns the levels from the root to the account; manages tells that it
	// is the management account, which they do not hold.
	SCPs(ctx context.Context, account string) (levels []*policy.Set, manages bool, err error)
}

// Trail is where calls are recorded. The cloudtrail room is one.
type Trail interface {
	// Attempts returns calls of users and roles in the order in which they were
	// recorded, from behind a place, and the place of the last one that was read:
	// the same place when there is nothing more.
	Attempts(ctx context.Context, after int64) (list []Attempt, last int64, err error)
}

// Former is who kept the administrator's key before this room did.
type Former interface {
	// Administrator gives the key up, in the transaction that takes it over; it
	// returns "" when there is none.
	Administrator(tx *store.Tx, account string) (accessKeyID, secret string, err error)
}
