package provision

import (
	"context"

	"tamachi/internal/store"
)

const (
	batch = 500
	// patience is how many rings without a change of a desktop pass before the
	// cursor is stored, so that the feed can be trimmed behind it.
	patience = 256
)

// follow reads the feed after each ring and queues the desktops that changed.
// The cursor may be stored as soon as they are queued: what a crash throws out
// of the queue is found again by begin.
func (e *Engine) follow(ctx context.Context, at store.Cursor, rung <-chan struct{}) error {
	quiet := 0
	for {
		next, found, err := e.read(ctx, at, quiet+1 >= patience)
		if err != nil {
			return unlessEnded(ctx, err)
		}
		at = next
		if quiet++; found > 0 || quiet >= patience {
			quiet = 0
			if err := e.remember(ctx, at); err != nil && ctx.Err() == nil {
				e.opts.Log.Error("cursor of the provision engine not stored", "err", err) // the next one will do
			}
		}
		if found == batch {
			continue
		}
		select {
		case <-rung:
			e.queue.retry()
		case <-ctx.Done():
			return nil
		}
	}
}

// read queues the next changes and returns where it came to. toEnd moves on to
// the end of the feed when none of the changes up to there is ours.
func (e *Engine) read(ctx context.Context, at store.Cursor, toEnd bool) (store.Cursor, int, error) {
	end := at
	if toEnd {
		err := e.store.View(ctx, func(tx *store.Tx) (err error) {
			end, err = tx.Head()
			return err
		})
		if err != nil {
			return at, 0, err
		}
	}
	changes, err := e.store.Changes(ctx, at, batch, e.Room.Table(), e.Room.Images())
	if err != nil {
		return at, 0, err
	}
	for _, c := range changes {
		at = c.Cursor
		if !c.Deleted {
			e.queue.add(key{c.Scope.Account, c.Scope.Region, c.Key}, note{})
		}
	}
	if len(changes) == 0 {
		at = end
	}
	return at, len(changes), nil
}

func (e *Engine) remember(ctx context.Context, at store.Cursor) error {
	return e.store.Update(ctx, func(tx *store.Tx) error { return tx.SetCursor(cursorName, at) })
}

// unlessEnded is err, or nil when it only says that ctx has ended.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}
