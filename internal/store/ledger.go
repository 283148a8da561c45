package store

import "context"

// Ledger is a store whose room holds in memory what it read, for what every
// call asks. After each change it lets the room forget, before the change is
// answered.
type Ledger struct {
	*Store
	Changed func()
}

// Update is Store.Update.
func (l Ledger) Update(ctx context.Context, fn func(*Tx) error) error {
	defer l.Changed()
	return l.Store.Update(ctx, fn)
}
