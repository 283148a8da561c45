package statemanager

import (
	"cmp"
	"slices"
	"time"

	"tamachi/internal/store"
)

// begin begins a round over nodes, and releases as many as may run at a time.
// st is stored by the caller.
func (s *Service) begin(tx *store.Tx, scope store.Scope, a *association, st *standing, nodes []*binding, now time.Time) error {
	if len(nodes) == 0 {
		return nil
	}
	if err := trim(tx, scope, a.ID, now); err != nil {
		return err
	}
	st.Triggered = nil
	e := &execution{
		ID: s.ids.UUID(), Association: a.ID, Version: a.Version, Created: now, Last: now, Total: len(nodes), Held: len(nodes),
		Concurrency: cmp.Or(a.MaxConcurrency, all), Errors: cmp.Or(a.MaxErrors, all), Guard: a.Guard.Fresh(),
	}
	key := executions.Key(e)
	for _, b := range nodes {
		if err := s.leaveOut(tx, scope, b, now); err != nil {
			return err
		}
		move(&e.Counts, "", pending)
		t := &target{Execution: key, Association: a.ID, Node: b.Node, Version: a.Version, Details: pending, Held: true, Last: now}
		if err := targets.Put(tx, scope, t); err != nil {
			return err
		}
	}
	return s.release(tx, scope, e, st, now)
}

// leaveOut ends what earlier rounds still want of a node, unless the node is
// at it.
func (s *Service) leaveOut(tx *store.Tx, scope store.Scope, b *binding, now time.Time) error {
	open, err := targets.By(tx, scope, "open", b.Association+":"+b.Node, store.Page{})
	if err != nil {
		return err
	}
	for _, t := range open {
		if t.Details == inProgress {
			continue
		}
		e, err := executions.Get(tx, scope, t.Execution)
		if err != nil {
			return err
		}
		if b.Execution == t.Execution {
			b.Execution = ""
			if err := bindings.Put(tx, scope, b); err != nil {
				return err
			}
		}
		if err := e.settle(tx, scope, t, skipped, now); err != nil {
			return err
		}
		if err := executions.Put(tx, scope, e); err != nil {
			return err
		}
	}
	return nil
}

// settle notes what became of a node in an execution, which the caller stores.
func (e *execution) settle(tx *store.Tx, scope store.Scope, t *target, details string, now time.Time) error {
	move(&e.Counts, t.Details, details)
	if t.Held {
		e.Held--
		t.Held = false
	}
	t.Details, t.Last, e.Last = details, now, now
	return targets.Put(tx, scope, t)
}

// release lets as many held nodes begin as have ended, or leaves all of them
// out when there were too many errors or an alarm has fired. It stores the
// execution.
func (s *Service) release(tx *store.Tx, scope store.Scope, e *execution, st *standing, now time.Time) error {
	if e.Held > 0 {
		if err := e.Guard.Look(tx, scope, s.ports.Alarms); err != nil {
			return err
		}
		if e.Guard.Stopped() {
			st.Triggered = e.Guard.Triggered
		}
		if err := s.releaseHeld(tx, scope, e, st, now); err != nil {
			return err
		}
	}
	return executions.Put(tx, scope, e)
}

func (s *Service) releaseHeld(tx *store.Tx, scope store.Scope, e *execution, st *standing, now time.Time) error {
	page := store.Page{}
	for before := e.Held; ; {
		if before-e.Held >= step {
			return nil // Due goes on: a transaction is not to take long
		}
		free := e.concurrent() - e.running()
		if !e.stopped() && free <= 0 {
			return nil
		}
		// No more than can be needed: each end of a node comes by here.
		page.Limit = min(max(free, 0)+16, step)
		held, err := targets.By(tx, scope, "held", executions.Key(e), page)
		if err != nil {
			return err
		}
		for _, t := range held {
			if err := s.releaseOne(tx, scope, e, st, t, now); err != nil {
				return err
			}
			page.After = targets.Key(t)
		}
		if len(held) < page.Limit {
			return nil
		}
	}
}

// releaseOne lets a held node begin if there is room for it, or leaves it out.
func (s *Service) releaseOne(tx *store.Tx, scope store.Scope, e *execution, st *standing, t *target, now time.Time) error {
	if e.stopped() {
		return e.settle(tx, scope, t, skipped, now)
	}
	if e.running() >= e.concurrent() {
		return nil
	}
	busy, err := busy(tx, scope, t)
	if err != nil || busy { // its earlier run ends first, and releases it then
		return err
	}
	return s.hand(tx, scope, e, st, t, now)
}

// busy tells whether a node is at another execution of the same association.
func busy(tx *store.Tx, scope store.Scope, t *target) (bool, error) {
	open, err := targets.By(tx, scope, "open", t.Association+":"+t.Node, store.Page{})
	return slices.ContainsFunc(open, func(o *target) bool { return o.Execution != t.Execution && o.Details == inProgress }), err
}

// hand releases one node.
func (s *Service) hand(tx *store.Tx, scope store.Scope, e *execution, st *standing, t *target, now time.Time) error {
	b, err := bindings.Get(tx, scope, t.Association+":"+t.Node)
	if missing(err) {
		return e.settle(tx, scope, t, skipped, now)
	}
	if err != nil {
		return err
	}
	t.Held, t.Released = false, now
	e.Held--
	if err := targets.Put(tx, scope, t); err != nil {
		return err
	}
	move(&st.Counts, b.Details, pending)
	b.Details, b.Version, b.Execution = pending, e.Version, executions.Key(e)
	b.Runs++
	if err := bindings.Put(tx, scope, b); err != nil {
		return err
	}
	return s.tell(tx, scope, b.Node, b.Association, now)
}

// trim removes what is older than the history, a few executions at a time.
func trim(tx *store.Tx, scope store.Scope, id string, now time.Time) error {
	old, err := executions.List(tx, scope, store.Page{Min: id + ":", Max: id + ":" + moment(now.Add(-kept)), Limit: 3})
	if err != nil {
		return err
	}
	for _, e := range old {
		if _, err := drop(tx, scope, &targets, "execution", executions.Key(e), 0); err != nil {
			return err
		}
		if err := executions.Delete(tx, scope, executions.Key(e)); err != nil {
			return err
		}
	}
	return nil
}

// drop deletes records that an index finds, at most so many; 0 is all.
func drop[R any](tx *store.Tx, scope store.Scope, t *store.Table[R], index, value string, most int) (n int, err error) {
	found, err := t.By(tx, scope, index, value, store.Page{Limit: most})
	if err != nil {
		return 0, err
	}
	for _, r := range found {
		if err := t.Delete(tx, scope, t.Key(r)); err != nil {
			return 0, err
		}
	}
	return len(found), nil
}
