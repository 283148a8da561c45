package eventbridge

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"tamachi/internal/store"
)

const (
	// atOnce is how many errands run at the same time.
	atOnce = 16
	// Source: EventBridge User Guide, "How EventBridge retries delivering events":
	// 24 hours and up to 185 times, with pauses that grow.
	usualRetries = 185
	usualOldest  = 24 * time.Hour
	longestPause = 10 * time.Minute
)

// Upkeep runs the errands that are due, lets rules act whose time has come, and
// asks for the first tokens of connections. It goes on with replays, and forgets what
// archives kept long enough.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	select {
	case s.round <- struct{}{}:
		defer func() { <-s.round }()
	case <-ctx.Done():
		return next, ctx.Err()
	}
	at, err := s.tick(ctx)
	if err == nil {
		err = s.authorize(ctx)
	}
	if err != nil {
		return at, err
	}
	for _, work := range []func(context.Context) (time.Time, error){s.play, s.forget, s.deliver} {
		if next, err = work(ctx); err != nil {
			return next, err
		}
		at = sooner(at, next)
	}
	return at, nil
}

// tick makes the events of schedules.
func (s *Service) tick(ctx context.Context) (next time.Time, err error) {
	now := s.clock.Now()
	var due []*rule
	err = s.store.View(ctx, func(tx *store.Tx) error {
		rows, err := rules.Everywhere(tx, "clock", "yes")
		for _, row := range rows {
			switch r := row.Record; {
			case r.Next.IsZero():
			case !r.Next.After(now):
				due = append(due, r)
			case next.IsZero() || r.Next.Before(next):
				next = r.Next
			}
		}
		return err
	})
	if err != nil || len(due) == 0 {
		return next, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		for _, old := range due {
			r, err := rules.Get(tx, old.scope(), old.Bus+"/"+old.Name)
			if errors.Is(err, store.ErrNotFound) || err == nil && !r.Next.Equal(old.Next) {
				continue
			}
			if err != nil {
				return err
			}
			if err := s.fire(tx, r, now); err != nil {
				return err
			}
		}
		return nil
	})
	return now, err // and look again
}

// fire makes the event of a rule's schedule, and says when the next is due. One
// is made for all that were missed.
func (s *Service) fire(tx *store.Tx, r *rule, now time.Time) error {
	e := &event{DetailType: "Scheduled Event", Source: "aws.events", Time: stamp(r.Next), Resources: []string{r.arn()}, Detail: json.RawMessage("{}")}
	id := s.ids.UUID()
	text, err := e.complete(r.scope(), id)
	if err != nil {
		return err
	}
	if err := s.send(tx, r, errand{ID: id, Event: text}); err != nil {
		return err
	}
	sc, err := timed(r.Schedule)
	if err != nil {
		return err
	}
	r.Next = sc.From(r.Next).Next(now)
	return rules.Put(tx, r.scope(), r)
}

// deliver makes one round of errands.
func (s *Service) deliver(ctx context.Context) (next time.Time, err error) {
	var list []*errand
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = errands.List(tx, store.Scope{}, store.Page{Limit: atOnce})
		return err
	})
	if err != nil {
		return next, err
	}
	now := s.clock.Now()
	g, inner := errgroup.WithContext(ctx)
	for _, e := range list {
		if e.Due.After(now) {
			next = e.Due
			break
		}
		next = now // there may be more
		g.Go(func() error { return s.attempt(inner, e) })
	}
	return next, g.Wait()
}

// attempt runs an errand once and notes what came of it.
func (s *Service) attempt(ctx context.Context, e *errand) error {
	var r *rule
	var t *target
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		r, t, err = e.find(tx)
		return err
	})
	if err != nil {
		return err
	}
	done := r == nil
	if !done {
		at, err := s.turn(ctx, e, t)
		if err != nil {
			return err
		}
		if at.After(s.clock.Now()) {
			return s.postpone(ctx, e, at)
		}
		failure := s.hand(ctx, e, r, t)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		done = failure == nil || errors.Is(failure, ErrForGood)
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if err := errands.Delete(tx, store.Scope{}, e.key()); err != nil {
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			return err
		}
		later := *e
		later.Tried, later.Turn = later.Tried+1, false
		if done || !later.again(t, s.clock.Now()) {
			return nil
		}
		return errands.Put(tx, store.Scope{}, &later)
	})
}

// postpone lets an errand wait for its turn.
func (s *Service) postpone(ctx context.Context, e *errand, at time.Time) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if err := errands.Delete(tx, store.Scope{}, e.key()); err != nil {
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			return err
		}
		later := *e
		later.Due, later.Turn = at, true
		return errands.Put(tx, store.Scope{}, &later)
	})
}

// again sets when an errand is tried next; it tells whether it is.
func (e *errand) again(t *target, now time.Time) bool {
	most, oldest := usualRetries, usualOldest
	if t.Retries != nil {
		most = int(*t.Retries)
	}
	if t.Oldest != nil {
		oldest = time.Duration(*t.Oldest) * time.Second
	}
	e.Due = now.Add(min(time.Second<<min(e.Tried-1, 12), longestPause))
	return e.Tried <= most && e.Due.Sub(e.Taken) <= oldest
}

// hand gives a target what it gets of the event.
func (s *Service) hand(ctx context.Context, e *errand, r *rule, t *target) error {
	input, err := t.input(r, e.Event, stamp(e.Taken))
	if err != nil {
		return errors.Join(ErrForGood, err)
	}
	d := Delivery{Account: e.Account, Region: e.Region, Rule: r.arn(), Target: t.ARN, Role: t.Role, Input: input, Nodes: t.Nodes, ID: e.ID}
	if d.Role == "" {
		d.Role = deref(r.Role)
	}
	switch {
	case destinationNamed(d.Target) != "":
		return s.invoke(ctx, d, t)
	case busTarget(d.Target) != "":
		return s.pass(ctx, d)
	}
	return s.ports.Targets.Deliver(ctx, d)
}
