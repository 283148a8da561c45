package statemanager

import (
	"context"
	"time"

	"tamachi/internal/store"
)

// Upkeep stops the rounds whose alarms have fired since a node of theirs last
// ended.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	type place struct {
		scope store.Scope
		key   string
	}
	var fired []place
	err = s.st.View(ctx, func(tx *store.Tx) error {
		fired = nil
		open, err := executions.Everywhere(tx, "guarded", "yes")
		if err != nil {
			return err
		}
		for _, row := range open {
			fires, err := row.Record.Guard.Fires(tx, row.Scope, s.ports.Alarms)
			if err != nil {
				return err
			}
			if fires {
				fired = append(fired, place{row.Scope, executions.Key(row.Record)})
			}
		}
		return nil
	})
	if err != nil {
		return next, err
	}
	for _, p := range fired {
		for more := true; more; {
			if more, err = s.step(ctx, p.scope, p.key, s.clk.Now()); err != nil {
				return next, err
			}
		}
	}
	return next, nil
}
