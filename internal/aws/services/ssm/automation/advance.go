package automation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// Advance takes an execution as far as it can go now. One goroutine at a time
// may advance an execution.
func (s *Service) Advance(ctx context.Context, p nodes.Record) error {
	opened := "" // the attempt that was written down just now, of which nothing was tried yet
	for {
		r, err := s.load(ctx, p)
		if err != nil || r == nil {
			return err
		}
		more := false
		switch {
		case r.x.Status == types.AutomationExecutionStatusPending:
			more, err = s.admit(ctx, r)
		case r.x.Fan != nil:
			err = s.spread(ctx, r)
		case r.stops():
			more, err = s.halt(ctx, r)
		case r.completes():
			err = s.change(ctx, r, func(tx *store.Tx, x *execution, _ *step) error { return s.end(tx, r, x) })
		case r.rests():
			return nil
		case r.between():
			more, opened, err = s.open(ctx, r)
		default:
			r.again = !r.st.Begun && r.st.Request != opened
			more, err = s.work(ctx, r)
		}
		if err != nil || !more {
			return err
		}
	}
}

// load reads an execution with its present step; nil when it is over or gone.
func (s *Service) load(ctx context.Context, p nodes.Record) (*run, error) {
	r := &run{s: s, scope: store.In(p.Account, p.Region), now: s.clk.Now()}
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		if r.x, err = executions.Get(tx, r.scope, p.Key); err != nil || r.x.over() {
			return err
		}
		if err := r.x.Guard.Look(tx, r.scope, s.ports.Alarms); err != nil || r.x.Fan != nil {
			return err
		}
		c, err := contents.Get(tx, r.scope, p.Key)
		if err != nil {
			return err
		}
		if r.book, err = read(c.JSON); err != nil {
			return err
		}
		all, err := stepsOf(tx, r.scope, p.Key)
		if err != nil {
			return err
		}
		if r.task = r.book.task(r.x.Step); r.task != nil {
			r.st = all[r.task.place]
		}
		r.left = r.spare(all)
		r.names, err = r.references(all)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil || r.x.over() {
		return nil, err
	}
	if r.st != nil {
		r.given, err = r.st.given()
	}
	return r, err
}

// references are what the inputs of steps may refer to.
func (r *run) references(all map[int]*step) (*names, error) {
	given, err := typed(r.book.Parameters, r.x.Parameters)
	if err != nil {
		return nil, err
	}
	n := &names{
		parameters: given, variables: r.x.Variables, steps: map[string]map[string]json.RawMessage{},
		fixed: fixed(r.scope.Account, r.scope.Region, r.x.ID, r.now),
	}
	for _, st := range all {
		n.steps[st.Name] = st.Values
	}
	return n, nil
}

// stops tells that the execution is to end before its present step has.
func (r *run) stops() bool {
	return r.x.Ending.IsZero() && r.x.Stop == types.StopTypeCancel || !r.x.Ending.IsZero() && !r.now.Before(r.x.Ending) || r.x.Guard.Stopped()
}

// between tells that no step is at work.
func (r *run) between() bool { return r.st == nil || over(r.st.Status) }

// completes tells that the execution was to end with a step that has ended.
func (r *run) completes() bool { return r.x.Stop == types.StopTypeComplete && r.between() }

// rests tells that the next attempt may not begin yet.
func (r *run) rests() bool {
	return r.now.Before(r.x.Wait.Until) && (r.between() || !r.st.Begun)
}

// change stores what became of the execution, unless it is over or gone
// meanwhile; f gets it as it is now, and its present step.
func (s *Service) change(ctx context.Context, r *run, f func(tx *store.Tx, x *execution, st *step) error) error {
	return s.st.Update(ctx, func(tx *store.Tx) error {
		x, err := executions.Get(tx, r.scope, r.x.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && x.over() {
			return nil
		}
		if err != nil {
			return err
		}
		var st *step
		if r.st != nil {
			if st, err = steps.Get(tx, r.scope, steps.Key(r.st)); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		before := x.Status
		x.Seen = r.x.Pokes
		if r.x.Guard.Stopped() {
			x.Guard = r.x.Guard
		}
		if err := f(tx, x, st); err != nil {
			return err
		}
		if x.Status != before {
			if err := s.tell(tx, r.scope, x); err != nil {
				return err
			}
		}
		return executions.Put(tx, r.scope, x)
	})
}

// open begins the next step: its inputs are filled in and written down, with
// the id of the call that it will make.
func (s *Service) open(ctx context.Context, r *run) (more bool, opened string, err error) {
	if r.x.Mode == types.ExecutionModeInteractive && !r.x.Go && r.x.Ending.IsZero() {
		return false, "", s.change(ctx, r, func(_ *store.Tx, x *execution, _ *step) error {
			x.turn(types.AutomationExecutionStatusWaiting, wait{})
			return nil
		})
	}
	st := &step{
		Execution: r.x.ID, Place: r.task.place, ID: s.ids.UUID(), Name: r.task.Name, Action: r.task.Action,
		Status: types.AutomationExecutionStatusInprogress, Started: r.now, Attempt: 1, Request: s.ids.UUID(),
	}
	failure := r.prepare(st)
	r.st = nil
	err = s.change(ctx, r, func(tx *store.Tx, x *execution, _ *step) error {
		x.turn(types.AutomationExecutionStatusInprogress, wait{})
		x.Go = false
		begun := *st
		if err := s.tellStep(tx, r.scope, x, &begun); err != nil {
			return err
		}
		if failure != nil {
			return s.settle(tx, r, x, &begun, failed(stageInputs, "%s", failure))
		}
		return steps.Put(tx, r.scope, &begun)
	})
	return true, st.Request, err
}

// prepare fills in the step's inputs and reads how long it may take.
func (r *run) prepare(st *step) error {
	r.names.used = mostKept - r.left
	filled, err := r.names.fill(r.task.Inputs)
	if err != nil {
		return err
	}
	given, _ := filled.(map[string]any)
	if st.Given, err = json.Marshal(given); err != nil {
		return err
	}
	if len(st.Given) > r.left {
		st.Given = nil
		return tooLarge()
	}
	st.Inputs = shown(given)
	st.Deadline, err = r.deadline(r.now)
	return err
}

// deadline is when an attempt that begins now is given up; zero is never.
func (r *run) deadline(now time.Time) (time.Time, error) {
	a := actions[r.task.Action]
	limit := a.limit
	if r.task.Timeout != nil {
		n, err := r.count(r.task.Timeout, "timeoutSeconds")
		if err != nil {
			return time.Time{}, err
		}
		limit = time.Duration(n) * time.Second
	}
	if a.most > 0 {
		limit = min(limit, a.most)
	}
	if limit == 0 {
		return time.Time{}, nil
	}
	return now.Add(limit), nil
}

// longest bounds what a runbook counts: seconds and attempts.
const longest = 10 * 365 * 24 * 60 * 60

// count is a number of the runbook, which may be a reference.
func (r *run) count(v any, of string) (int, error) {
	r.names.used = 0
	filled, err := r.names.fill(v)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(text(filled))
	if err != nil || n < 0 || n > longest {
		return 0, fmt.Errorf("%s must be a number, not %s", of, encoded(filled))
	}
	return n, nil
}

// work begins a step's action or looks whether its wait is over, and settles
// what it finds.
func (s *Service) work(ctx context.Context, r *run) (more bool, err error) {
	a := actions[r.task.Action]
	var v verdict
	if r.st.Begun {
		v, err = a.look(ctx, r)
	} else {
		v, err = a.begin(ctx, r)
	}
	if err != nil {
		return false, err
	}
	if !r.st.Begun {
		r.x.Wait = v.wait // what it has begun is what is ended when it is late
	}
	late := !r.st.Deadline.IsZero() && !r.now.Before(r.st.Deadline)
	if !over(v.status) && late {
		if v, err = s.giveUp(ctx, r, a); err != nil {
			return false, err
		}
	}
	if err := r.bound(&v); err != nil {
		return false, err
	}
	err = s.change(ctx, r, func(tx *store.Tx, x *execution, st *step) error {
		if st == nil || st.Request != r.st.Request || over(st.Status) { // a signal ended it
			return nil
		}
		if over(v.status) {
			more = true
			return s.settle(tx, r, x, st, v)
		}
		return s.waits(tx, r, x, st, v)
	})
	return more, err
}

// giveUp ends what a step is at, whose time is over.
func (s *Service) giveUp(ctx context.Context, r *run, a action) (verdict, error) {
	if a.stop != nil {
		if err := a.stop(ctx, r); err != nil {
			return verdict{}, err
		}
	}
	v := failed(stageOutcome, "Step timed out: it did not end within the time that it has, until %s", r.st.Deadline.UTC().Format(time.RFC3339))
	v.status = types.AutomationExecutionStatusTimedout
	return v, nil
}

// waits notes that a step goes on.
func (s *Service) waits(tx *store.Tx, r *run, x *execution, st *step, v verdict) error {
	if err := st.set(v.values); err != nil {
		return err
	}
	moved := st.Status != v.status
	st.Begun, st.Status = true, v.status
	for _, at := range []time.Time{st.Deadline, x.Ending} {
		if !at.IsZero() && (v.wait.Until.IsZero() || at.Before(v.wait.Until)) {
			v.wait.Until = at
		}
	}
	x.turn(v.status, v.wait)
	if moved {
		if err := s.tellStep(tx, r.scope, x, st); err != nil {
			return err
		}
	}
	return steps.Put(tx, r.scope, st)
}
