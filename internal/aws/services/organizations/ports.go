package organizations

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Founder makes what a new account begins with. The iam room is one.
type Founder interface {
	// Found makes an account's root user, and a role of that name which trusts
	// the management account and may do everything.
	Found(tx *store.Tx, account, management, role string) error
	// Founded tells whether the plane has an account.
	Founded(tx *store.Tx, account string) (bool, error)
}

// Events tells of what the service did by itself, in the transaction that does
// it: the trail has it, and rules of EventBridge may want it.
type Events interface {
	Tell(tx *store.Tx, e *api.Event) error
}

// Ports is what the room asks of the house.
type Ports struct {
	Founder Founder
	Events  Events
	// MaxAccounts is how many accounts an organization may have; 0 for any number.
	MaxAccounts int
}
