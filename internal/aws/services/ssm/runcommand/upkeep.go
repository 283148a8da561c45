package runcommand

import (
	"context"
	"fmt"
	"time"

	"tamachi/internal/store"
)

// trimmed is how many invocations one transaction removes.
const trimmed = 500

// Upkeep stops commands whose alarms have fired, sends what topics are to be
// told, and forgets old commands.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	if err := s.heed(ctx); err != nil {
		return next, err
	}
	next, err = s.sendNotices(ctx)
	if err != nil {
		return next, err
	}
	at, err := s.history.Look(ctx)
	if next.IsZero() || !at.IsZero() && at.Before(next) {
		next = at
	}
	return next, err
}

// remove deletes a command: its invocations first, so that a kill in between
// leaves nothing that is not found again.
func (s *Service) remove(ctx context.Context, scope store.Scope, c *command) error {
	for more := true; more; {
		err := s.st.Update(ctx, func(tx *store.Tx) error {
			some, err := invocations.List(tx, scope, c.all(store.Page{Limit: trimmed}))
			if err != nil {
				return err
			}
			for _, i := range some {
				if err := invocations.Delete(tx, scope, invocations.Key(i)); err != nil {
					return err
				}
			}
			written, err := pieces.List(tx, scope, under(c.ID+".", store.Page{Limit: trimmed / 10}))
			if err != nil {
				return err
			}
			for _, p := range written {
				if err := pieces.Delete(tx, scope, pieces.Key(p)); err != nil {
					return err
				}
			}
			if more = len(some) == trimmed || len(written) == trimmed/10; more {
				return nil
			}
			if err := contents.Delete(tx, scope, c.ID); err != nil && !missing(err) {
				return err
			}
			if err := commands.Delete(tx, scope, commands.Key(c)); err != nil && !missing(err) {
				return err
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("remove command %s: %w", c.ID, err)
		}
	}
	return nil
}
