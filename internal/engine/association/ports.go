package association

import (
	"context"
	"time"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// Room is what the engine asks of the room of associations.
type Room interface {
	// Begin returns all associations, all nudges, and the place in the feed
	// from which changes are to be followed.
	Begin(ctx context.Context) (all []nodes.Record, nudged []nodes.Order, after store.Cursor, err error)
	// Match binds an association to its nodes and begins what follows; more
	// tells that it is to be called again.
	Match(ctx context.Context, account, region, id string) (more bool, err error)
	// MatchNode binds all associations that mean a node now.
	MatchNode(ctx context.Context, account, region, node string) error
	// Face is all of a node that matters to MatchNode.
	Face(ctx context.Context, account, region, node string) (string, error)
	// Nudge returns the nudge of a node; it is over when there is none.
	Nudge(ctx context.Context, account, region, node string) (nodes.Order, error)
	// Due begins what time brings, and returns when it wants to be called next.
	Due(ctx context.Context) (next time.Time, err error)
}

// Feed tells what changed; the store does.
type Feed interface {
	Changes(ctx context.Context, after store.Cursor, limit int, tables ...string) ([]store.Change, error)
}
