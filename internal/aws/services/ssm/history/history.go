// Package history forgets what is older than the history of commands and
// automations, which is kept for 30 days (Systems Manager User Guide, "Viewing
// command output" and "Systems Manager service quotas").
package history

import (
	"context"
	"sync"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/store"
)

const (
	// Kept is how long a record is kept after its beginning.
	Kept = 30 * 24 * time.Hour
	// longestAway is for how many further days old records are looked for: the
	// plane may have been off.
	longestAway = 2 * 365
	// every is how often they are looked for.
	every = time.Hour
)

// Day is the value of a record's index "day".
func Day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// Keeper looks for old records once in a while.
type Keeper[R any] struct {
	Store *store.Store
	Clock clock.Clock
	Table *store.Table[R] // with the index "day"
	Began func(*R) time.Time
	// Forget removes a record with all that it left. It may keep one.
	Forget func(ctx context.Context, scope store.Scope, r *R) error

	mu  sync.Mutex
	due time.Time // guarded by mu
}

// Look forgets what is old, if it is time to look; next is when it will be.
func (k *Keeper[R]) Look(ctx context.Context) (next time.Time, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.Clock.Now()
	if now.Before(k.due) {
		return k.due, nil
	}
	old, err := k.old(ctx, now)
	if err != nil {
		return time.Time{}, err
	}
	for _, row := range old {
		if err := k.Forget(ctx, row.Scope, row.Record); err != nil {
			return time.Time{}, err
		}
	}
	k.due = now.Add(every)
	return k.due, nil
}

func (k *Keeper[R]) old(ctx context.Context, now time.Time) (old []store.Row[R], err error) {
	err = k.Store.View(ctx, func(tx *store.Tx) error {
		old = nil
		for back := range longestAway {
			rows, err := k.Table.Everywhere(tx, "day", Day(now.Add(-Kept).AddDate(0, 0, -back)))
			if err != nil {
				return err
			}
			for _, row := range rows {
				if !k.Began(row.Record).Add(Kept).After(now) {
					old = append(old, row)
				}
			}
		}
		return nil
	})
	return old, err
}
