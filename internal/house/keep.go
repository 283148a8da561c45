package house

import (
	"context"
	"time"

	"tamachi/internal/clock"
)

const (
	keepEvery   = 10 * time.Minute
	keepAtATime = 1000
)

// keepHouse throws away what nobody needs any more: rows of the feed that all
// engines have read, sessions that ended long ago.
func (h *House) keepHouse(ctx context.Context) error {
	clock.Each(ctx, keepEvery, func() {
		if _, err := h.store.Trim(ctx); err != nil && ctx.Err() == nil {
			h.o.Log.Error("feed not trimmed", "err", err)
		}
		if _, err := h.rooms.sts.Expire(ctx, keepAtATime); err != nil && ctx.Err() == nil {
			h.o.Log.Error("old sessions not removed", "err", err)
		}
	})
	return nil
}

// runStore lets the store do what its updates leave to the background.
func (h *House) runStore(ctx context.Context) error {
	return h.store.Run(ctx, func(err error) { h.o.Log.Error("store not tidied", "err", err) })
}
