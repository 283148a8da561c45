package cloudwatch

import (
	"context"
	"fmt"
	"time"

	"tamachi/internal/aws/services/cloudwatch/series"
	"tamachi/internal/store"
)

// recordsAtOnce bounds the work of one transaction.
const recordsAtOnce = 100

// Upkeep evaluates alarms, runs their actions, and ends what is too old.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	for _, part := range []func(context.Context) (time.Time, error){s.evaluate, s.act, s.rollUp} {
		at, err := part(ctx)
		if err != nil {
			return time.Time{}, err
		}
		if next.IsZero() || !at.IsZero() && at.Before(next) {
			next = at
		}
	}
	return next, nil
}

// rollUp rolls points up and removes them when their time is over.
func (s *Service) rollUp(ctx context.Context) (next time.Time, err error) {
	at := func(d *duty) (time.Time, error) { return time.Unix(d.At, 0), nil }
	return store.Agenda[duty]{Table: &duties, At: at}.Attend(ctx, s.store, s.clock, func(ctx context.Context, d *duty) error {
		if err := s.store.Update(ctx, d.step); err != nil {
			return fmt.Errorf("end points of slice %d of %d seconds: %w", d.Slice, d.Step, err)
		}
		return nil
	})
}

// step removes some history, or ends some records of the slice, and the duty when there are no more.
func (d *duty) step(tx *store.Tx) error {
	if d.Step == past.step {
		more, err := endHistory(tx, d.scope(), d.Slice)
		if err != nil || more {
			return err
		}
		return duties.Delete(tx, store.Scope{}, d.key())
	}
	t, name := tierOf(d.Step), store.Page{Limit: recordsAtOnce}
	late, err := fresh.By(tx, d.scope(), "Slice", sliceName(d.Step, d.Slice), name)
	if err != nil {
		return err
	}
	for _, y := range late { // a series that had no data since
		all, err := series.Decode(y.Points)
		if err != nil {
			return fmt.Errorf("newest points of %s: %w", y.Series, err)
		}
		if err := settle(tx, d.scope(), y, all); err != nil {
			return err
		}
	}
	if len(late) > 0 {
		return nil // their blocks come next
	}
	list, err := blocks.By(tx, d.scope(), "Slice", sliceName(d.Step, d.Slice), name)
	if err != nil {
		return err
	}
	for _, b := range list {
		if err := d.end(tx, t, b); err != nil {
			return err
		}
	}
	if len(list) == recordsAtOnce {
		return nil
	}
	return duties.Delete(tx, store.Scope{}, d.key())
}

// end removes a block, after its points were rolled up.
func (d *duty) end(tx *store.Tx, t tier, b *block) error {
	if t.next != 0 {
		points, err := series.Decode(b.Points)
		if err != nil {
			return fmt.Errorf("block of %s: %w", b.Series, err)
		}
		metric, _, unit := parts(b.Series)
		if err := spread(tx, d.scope(), seriesKey(metric, unit, t.next), series.Roll(t.next, points)); err != nil {
			return err
		}
	}
	return blocks.Delete(tx, d.scope(), blocks.Key(b))
}
