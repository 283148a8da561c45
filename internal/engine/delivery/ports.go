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
	// Order returns orders in the sequence of their keys; one that does not
	// exist is over.
	Order(ctx context.Context, keys []nodes.OrderKey) ([]nodes.Order, error)
	// GiveUp ends orders that are past their deadlines.
	GiveUp(ctx context.Context, keys []nodes.OrderKey) error
	// Returned tells that the nodes of orders that are away are back.
	Returned(ctx context.Context, keys []nodes.OrderKey) error
	// Lost tells that the nodes of orders exist no more.
	Lost(ctx context.Context, keys []nodes.OrderKey) error
	// Chores lists the work on commands that waits, and Chore does a step of it;
	// what remains is a change of the same record.
	Chores(ctx context.Context) ([]nodes.OrderKey, error)
	Chore(ctx context.Context, key nodes.OrderKey) error
}

// Feed tells what changed; the store does.
type Feed interface {
	Changes(ctx context.Context, after store.Cursor, limit int, tables ...string) ([]store.Change, error)
}
