package runcommand

import (
	"context"
	"fmt"
	"time"

	"tamachi/internal/store"
)

const (
	// kept is how long a command and what it left are kept: AWS's history of
	// commands has 30 days (Systems Manager User Guide, "Viewing command
	// output").
	kept = 30 * 24 * time.Hour
	// trimEvery is how often old ones are looked for, and longestAway how long
	// the plane may have been off for them to be found.
	trimEvery   = time.Hour
	longestAway = 2 * 365
	// trimmed is how many invocations one transaction removes.
	trimmed = 500
)

// day is the index value of a command's age.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

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
	at, err := s.forget(ctx)
	if next.IsZero() || !at.IsZero() && at.Before(next) {
		next = at
	}
	return next, err
}

// forget removes commands that are older than the history of commands, in
// steps, whether or not they have ended.
func (s *Service) forget(ctx context.Context) (next time.Time, err error) {
	now := s.clk.Now()
	s.mu.Lock()
	due := s.trim
	s.mu.Unlock()
	if now.Before(due) {
		return due, nil
	}
	var old []store.Row[command]
	err = s.st.View(ctx, func(tx *store.Tx) error {
		old = nil
		for back := range longestAway {
			rows, err := commands.Everywhere(tx, "day", day(now.Add(-kept).AddDate(0, 0, -back)))
			if err != nil {
				return err
			}
			for _, row := range rows {
				if !row.Record.Requested.Add(kept).After(now) {
					old = append(old, row)
				}
			}
		}
		return nil
	})
	if err != nil {
		return time.Time{}, err
	}
	for _, row := range old {
		if err := s.remove(ctx, row.Scope, row.Record); err != nil {
			return time.Time{}, fmt.Errorf("remove command %s: %w", row.Record.ID, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trim = now.Add(trimEvery)
	return s.trim, nil
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
			return err
		}
	}
	return nil
}
