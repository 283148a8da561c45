package iam

import (
	"context"

	"tamachi/internal/store"
)

// ledger is the room's store. After each change it lets the room forget what
// it holds in memory of callers, before the change is answered.
type ledger struct {
	*store.Store
	changed func()
}

// Update is store.Store.Update.
func (l ledger) Update(ctx context.Context, fn func(*store.Tx) error) error {
	defer l.changed()
	return l.Store.Update(ctx, fn)
}
