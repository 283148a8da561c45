package cloudwatchlogs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tamachi/internal/store"
)

// recordsAtOnce bounds the work of one transaction.
const recordsAtOnce = 100

// Upkeep removes events past their retention and what belonged to what was
// deleted, and moves exports on.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	at := func(d *duty) (time.Time, error) { return time.UnixMilli(d.At), nil }
	return store.Agenda[duty]{Table: &duties, At: at}.Attend(ctx, s.store, s.clock, func(ctx context.Context, d *duty) error {
		if err := s.attend(ctx, d); err != nil {
			return fmt.Errorf("%s of %s: %w", d.Kind, d.Ref, err)
		}
		return nil
	})
}

// attend does a step of a duty.
func (s *Service) attend(ctx context.Context, d *duty) error {
	if d.Kind == dutyExport {
		return s.exportStep(ctx, d)
	}
	now := s.clock.Now()
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if err := duties.Delete(tx, store.Scope{}, d.key()); errors.Is(err, store.ErrNotFound) {
			return nil // changed meanwhile
		} else if err != nil {
			return err
		}
		switch d.Kind {
		case dutyExpire:
			return expire(tx, d, now)
		case dutyStream:
			return dropStream(tx, d, now)
		}
		return dropGroup(tx, d, now)
	})
}

// again puts a duty back, for its next step.
func (d *duty) again(tx *store.Tx, now time.Time) error {
	d.At = now.UnixMilli()
	return d.put(tx)
}

// expire removes the oldest events of a group, as far as their minutes are over,
// and plans the next look.
func expire(tx *store.Tx, d *duty, now time.Time) error {
	g, err := groups.Get(tx, d.scope(), d.Ref)
	if errors.Is(err, store.ErrNotFound) || err == nil && g.ID != d.Group {
		return nil
	}
	if err != nil {
		return err
	}
	u, err := usageOf(tx, g)
	if err != nil {
		return err
	}
	u.Due = ""
	if g.Retention == 0 {
		return usages.Put(tx, g.scope(), u)
	}
	p := chunksBefore(g.ID, minuteOf(g.oldest(now)))
	p.Limit = recordsAtOnce
	list, err := chunks.List(tx, g.scope(), p)
	if err != nil {
		return err
	}
	if err := removeChunks(tx, g.scope(), list, u); err != nil {
		return err
	}
	if err := refreshFirst(tx, g, list); err != nil {
		return err
	}
	oldest, err := chunks.List(tx, g.scope(), store.Page{Min: chunksFrom(g.ID, 0), Max: chunksFrom(g.ID, endOfTime), Limit: 1})
	if err != nil {
		return err
	}
	if len(oldest) > 0 {
		if err := u.plan(tx, g, g.ends(oldest[0].First)); err != nil {
			return err
		}
	}
	return usages.Put(tx, g.scope(), u)
}

func removeChunks(tx *store.Tx, sc store.Scope, list []*chunk, u *usage) error {
	for _, c := range list {
		u.Bytes -= c.bytes()
		if err := chunks.Delete(tx, sc, chunks.Key(c)); err != nil {
			return err
		}
	}
	return nil
}

// refreshFirst sets the time of the first event of the streams that lost some.
func refreshFirst(tx *store.Tx, g *group, gone []*chunk) error {
	done := map[string]bool{}
	for _, c := range gone {
		if done[c.Stream] {
			continue
		}
		done[c.Stream] = true
		list, err := streams.By(tx, g.scope(), "ID", c.Stream, store.Page{})
		if err != nil {
			return err
		}
		for _, st := range list {
			left, err := chunks.By(tx, g.scope(), "Stream", st.ID, store.Page{Limit: 1})
			if err != nil {
				return err
			}
			st.First = 0
			if len(left) > 0 {
				st.First = left[0].First
			}
			if err := streams.Put(tx, g.scope(), st); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropStream removes events of a stream that was deleted.
func dropStream(tx *store.Tx, d *duty, now time.Time) error {
	list, err := chunks.By(tx, d.scope(), "Stream", d.Ref, store.Page{Limit: recordsAtOnce})
	if err != nil {
		return err
	}
	u, err := usages.Get(tx, d.scope(), d.Group)
	switch {
	case errors.Is(err, store.ErrNotFound): // the group is gone, too
		u = nil
	case err != nil:
		return err
	}
	total := &usage{}
	if u != nil {
		total = u
	}
	if err := removeChunks(tx, d.scope(), list, total); err != nil {
		return err
	}
	if u != nil {
		if err := usages.Put(tx, d.scope(), u); err != nil {
			return err
		}
	}
	if len(list) < recordsAtOnce {
		return nil
	}
	return d.again(tx, now)
}

// dropGroup removes events and streams of a group that was deleted.
func dropGroup(tx *store.Tx, d *duty, now time.Time) error {
	p := chunksBefore(d.Group, endOfTime)
	p.Limit = recordsAtOnce
	list, err := chunks.List(tx, d.scope(), p)
	if err != nil {
		return err
	}
	if err := removeChunks(tx, d.scope(), list, &usage{}); err != nil {
		return err
	}
	q := withPrefix(streamKey(d.Group, ""))
	q.Limit = recordsAtOnce
	members, err := streams.List(tx, d.scope(), q)
	if err != nil {
		return err
	}
	for _, st := range members {
		if err := streams.Delete(tx, d.scope(), streams.Key(st)); err != nil {
			return err
		}
	}
	if len(list) < recordsAtOnce && len(members) < recordsAtOnce {
		return nil
	}
	return d.again(tx, now)
}
