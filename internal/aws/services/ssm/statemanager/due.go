package statemanager

import (
	"context"
	"time"

	"tamachi/internal/store"
)

// How long a released node is waited for in a round that others wait in.
const (
	silence = time.Hour
	longest = 48 * time.Hour // the longest timeout of a step
)

// Due begins the executions whose time has come and gives up nodes that hold
// up others; it returns when it wants to be called again.
func (s *Service) Due(ctx context.Context) (next time.Time, err error) {
	now := s.clk.Now()
	type place struct {
		scope store.Scope
		key   string
	}
	var due, stuck []place
	err = s.st.View(ctx, func(tx *store.Tx) error {
		next, due, stuck = time.Time{}, nil, nil
		timed, err := standings.Everywhere(tx, "timed", "timed")
		if err != nil {
			return err
		}
		for _, row := range timed {
			if at := row.Record.Next; at.After(now) {
				next = earlier(next, at)
			} else {
				due = append(due, place{row.Scope, row.Record.Association})
			}
		}
		held, err := executions.Everywhere(tx, "held", "held")
		for _, row := range held {
			stuck = append(stuck, place{row.Scope, executions.Key(row.Record)})
		}
		return err
	})
	if err != nil {
		return next, err
	}
	for _, p := range due {
		at, err := s.round(ctx, p.scope, p.key)
		if err != nil {
			return next, err
		}
		next = earlier(next, at)
	}
	for _, p := range stuck {
		if err := s.goOn(ctx, p.scope, p.key); err != nil {
			return next, err
		}
		at, err := s.giveUp(ctx, p.scope, p.key)
		if err != nil {
			return next, err
		}
		next = earlier(next, at)
	}
	return next, nil
}

// goOn releases what was left of a round over many nodes, a step at a time.
func (s *Service) goOn(ctx context.Context, scope store.Scope, key string) error {
	now := s.clk.Now()
	for more := true; more; {
		room := false
		err := s.st.View(ctx, func(tx *store.Tx) error {
			e, err := executions.Get(tx, scope, key)
			room = err == nil && e.Held > 0 && (e.stopped() || e.running() < e.concurrent())
			if missing(err) {
				return nil
			}
			return err
		})
		if err != nil || !room {
			return err
		}
		if more, err = s.step(ctx, scope, key, now); err != nil {
			return err
		}
	}
	return nil
}

// step releases nodes of a round; more tells that it did.
func (s *Service) step(ctx context.Context, scope store.Scope, key string, now time.Time) (more bool, err error) {
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		more = false
		e, err := executions.Get(tx, scope, key)
		if err != nil {
			return err
		}
		st, err := stand(tx, scope, e.Association)
		if err != nil {
			return err
		}
		held := e.Held
		if err := s.release(tx, scope, e, st, now); err != nil {
			return err
		}
		more = e.Held < held
		return standings.Put(tx, scope, st)
	})
	return more, err
}

// earlier is the first of two times; the zero time is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// round begins the execution of an association whose time has come.
func (s *Service) round(ctx context.Context, scope store.Scope, id string) (next time.Time, err error) {
	now := s.clk.Now()
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		st, err := stand(tx, scope, id)
		if err != nil || st.Next.IsZero() || st.Next.After(now) {
			next = st.Next
			return err
		}
		a, err := associations.Get(tx, scope, id)
		if missing(err) { // being forgotten
			st.Next = time.Time{}
			return standings.Put(tx, scope, st)
		}
		if err != nil {
			return err
		}
		if st.Version != a.Version {
			_, err := s.match(tx, scope, a, now)
			return err
		}
		owed := st.Owed
		st.Next, st.Owed = a.next(now), false
		open, err := s.open(tx, scope, a)
		if err != nil || !open {
			if st.Owed = owed; owed {
				st.Next = now.Add(again)
			}
			next = st.Next
			return standings.Put(tx, scope, st)
		}
		nodes, err := bindings.By(tx, scope, "association", id, store.Page{})
		if err != nil {
			return err
		}
		if err := s.begin(tx, scope, a, st, nodes, now); err != nil {
			return err
		}
		next = st.Next
		return standings.Put(tx, scope, st)
	})
	return next, err
}

// giveUp ends the nodes of an execution from which nothing was heard for too
// long, so that those that wait have their turn.
func (s *Service) giveUp(ctx context.Context, scope store.Scope, key string) (next time.Time, err error) {
	now := s.clk.Now()
	silent := func(tx *store.Tx) (out []*target, err error) {
		next = time.Time{}
		all, err := targets.By(tx, scope, "execution", key, store.Page{})
		for _, t := range all {
			if t.Held || over(t.Details) {
				continue
			}
			until := t.Released.Add(silence)
			if t.Details == inProgress {
				until = t.Released.Add(longest)
			}
			if until.After(now) {
				next = earlier(next, until)
				continue
			}
			out = append(out, t)
		}
		return out, err
	}
	var found []*target
	err = s.st.View(ctx, func(tx *store.Tx) error {
		found, err = silent(tx)
		return err
	})
	if err != nil || len(found) == 0 {
		return next, err
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		found, err := silent(tx)
		if err != nil {
			return err
		}
		for _, t := range found {
			b, err := bindings.Get(tx, scope, t.Association+":"+t.Node)
			if err != nil {
				return err
			}
			if err := s.report(tx, scope, b, t, word{details: timedOut, summary: "nothing was heard from the node"}, now); err != nil {
				return err
			}
		}
		return nil
	})
	return next, err
}
