package statemanager

import (
	"time"

	"tamachi/internal/store"
)

// word is what a node says of an association.
type word struct {
	details string
	summary string
	code    string
	output  string
}

// report notes what a node says. t is its place in the execution that it was
// released for, nil when the node began by itself.
func (s *Service) report(tx *store.Tx, scope store.Scope, b *binding, t *target, w word, now time.Time) error {
	st, err := stand(tx, scope, b.Association)
	if err != nil {
		return err
	}
	e, err := s.executionOf(tx, scope, b, &t, now)
	if err != nil {
		return err
	}
	if t.Released.IsZero() {
		t.Released = now
	}
	t.Output = w.output
	if err := e.settle(tx, scope, t, w.details, now); err != nil {
		return err
	}
	move(&st.Counts, b.Details, w.details)
	b.Details, b.Summary, b.ErrorCode, b.OutputURL = w.details, w.summary, w.code, w.output
	if w.details != timedOut || b.LastRun.IsZero() {
		b.LastRun, st.LastRun = now, now
	}
	if w.details == success {
		st.LastSuccess, b.LastSuccess = now, now
	}
	if over(w.details) {
		b.Execution = ""
	}
	if err := bindings.Put(tx, scope, b); err != nil {
		return err
	}
	if err := s.release(tx, scope, e, st, now); err != nil {
		return err
	}
	if over(w.details) {
		if err := s.releaseLater(tx, scope, b, st, now); err != nil {
			return err
		}
	}
	return standings.Put(tx, scope, st)
}

// executionOf is the execution that a report belongs to. A run that the node
// began by itself, at a time of its schedule, joins the newest such execution
// of the same version in which the node is not yet, when that began within half
// a period, or begins one.
func (s *Service) executionOf(tx *store.Tx, scope store.Scope, b *binding, t **target, now time.Time) (*execution, error) {
	if *t != nil {
		return executions.Get(tx, scope, (*t).Execution)
	}
	a, err := find(tx, scope, b.Association)
	if err != nil {
		return nil, err
	}
	newest, err := executions.List(tx, scope, store.Page{Min: a.ID + ":", Max: a.ID + ";", Descending: true, Limit: 1})
	if err != nil {
		return nil, err
	}
	var e *execution
	if len(newest) == 1 && newest[0].Free && newest[0].Version == a.Version && now.Sub(newest[0].Created) < a.period(now)/2 {
		e = newest[0]
		_, err := targets.Get(tx, scope, executions.Key(e)+":"+b.Node)
		if err == nil {
			e = nil // it has run in that one
		} else if !missing(err) {
			return nil, err
		}
	}
	if e == nil {
		if err := trim(tx, scope, a.ID, now); err != nil {
			return nil, err
		}
		e = &execution{ID: s.ids.UUID(), Association: a.ID, Version: a.Version, Created: now, Last: now, Free: true}
	}
	e.Total++
	move(&e.Counts, "", pending)
	*t = &target{Execution: executions.Key(e), Association: a.ID, Node: b.Node, Version: a.Version, Details: pending, Released: now}
	return e, nil
}

// period is the time between two times of a schedule.
func (a *association) period(now time.Time) time.Duration {
	plan, ok := a.plan()
	if !ok {
		return 0
	}
	first := plan.Next(now)
	return plan.Next(first).Sub(first)
}

// releaseLater looks at the rounds that waited for a node to end an earlier
// one.
func (s *Service) releaseLater(tx *store.Tx, scope store.Scope, b *binding, st *standing, now time.Time) error {
	waiting, err := targets.By(tx, scope, "open", b.Association+":"+b.Node, store.Page{})
	if err != nil {
		return err
	}
	for _, t := range waiting {
		if !t.Held {
			continue
		}
		e, err := executions.Get(tx, scope, t.Execution)
		if err != nil {
			return err
		}
		if err := s.release(tx, scope, e, st, now); err != nil {
			return err
		}
	}
	return nil
}

// current is the place of a node in the execution that it was released for;
// nil when there is none.
func current(tx *store.Tx, scope store.Scope, b *binding) (*target, error) {
	open, err := targets.By(tx, scope, "open", b.Association+":"+b.Node, store.Page{})
	if err != nil {
		return nil, err
	}
	var out *target
	for _, t := range open {
		if !t.Held && (out == nil || t.Details == inProgress) {
			out = t
		}
	}
	return out, nil
}
