package delivery

import (
	"context"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// Commands is what the engine asks of the room of commands.
type Commands interface {
	// Orders returns all orders that are not over, and the place in the feed
	// from which changes are to be followed.
	Orders(ctx context.Context) ([]nodes.Order, store.Cursor, error)
	// Order returns one order; one that does not exist is over.
	Order(ctx context.Context, account, region, key string) (nodes.Order, error)
	// GiveUp ends an order that is past its deadline.
	GiveUp(ctx context.Context, account, region, key string) error
}

// Feed tells what changed; the store does.
type Feed interface {
	Changes(ctx context.Context, after store.Cursor, limit int, tables ...string) ([]store.Change, error)
}
