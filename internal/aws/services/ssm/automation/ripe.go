package automation

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// Ripe lists the executions that can go on now, and says when the next one can
// by the clock alone; the zero time is never.
func (s *Service) Ripe(ctx context.Context) (list []nodes.Record, next time.Time, err error) {
	now := s.clk.Now()
	err = s.st.View(ctx, func(tx *store.Tx) error {
		list, next = nil, time.Time{}
		rows, err := executions.Everywhere(tx, "open", "yes")
		if err != nil {
			return err
		}
		counted := map[store.Scope]*counts{}
		for _, row := range rows {
			if counted[row.Scope] == nil {
				counted[row.Scope] = &counts{}
			}
			counted[row.Scope].add(row.Record)
		}
		for _, row := range rows {
			x := row.Record
			is, err := s.ripe(tx, row.Scope, x, counted[row.Scope], now)
			if err != nil {
				return err
			}
			if is {
				list = append(list, nodes.Record{Account: row.Scope.Account, Region: row.Scope.Region, Key: x.ID})
			} else if at := x.Wait.Until; !at.IsZero() && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
		return nil
	})
	return list, next, err
}

// ripe tells whether an execution can go on.
func (s *Service) ripe(tx *store.Tx, scope store.Scope, x *execution, n *counts, now time.Time) (bool, error) {
	switch {
	case x.Pokes != x.Seen:
		return true, nil
	case x.Status == types.AutomationExecutionStatusPending:
		if !s.quotas.room(*n, x) {
			return false, nil
		}
		n.add(&execution{Fan: x.Fan, Parent: x.Parent, Status: types.AutomationExecutionStatusInprogress})
		return true, nil
	case x.Fan != nil:
		t, _, err := tallied(tx, scope, x.ID)
		if err != nil || t.ended() != x.Fan.Ended || x.Fan.Begun == 0 {
			return err == nil, err
		}
	case !x.Wait.Until.IsZero() && !now.Before(x.Wait.Until):
		return true, nil
	case x.Wait.Command != "":
		o, err := s.ports.Commands.Outcome(tx, scope, x.Wait.Command)
		if err != nil || o.Over {
			return err == nil || gone(err), hard(err)
		}
	case x.Wait.Execution != "":
		other, err := executions.Get(tx, scope, x.Wait.Execution)
		if err != nil || other.over() {
			return err == nil || gone(err), hard(err)
		}
	case x.Wait.Until.IsZero() && x.Status != types.AutomationExecutionStatusWaiting:
		return true, nil // it was interrupted between two steps
	}
	return x.Guard.Fires(tx, scope, s.ports.Alarms)
}

// gone tells that what an execution waits for does not exist any more, which
// its step says.
func gone(err error) bool {
	_, unknown := errors.AsType[*types.InvalidCommandId](err)
	return unknown || errors.Is(err, store.ErrNotFound)
}

func hard(err error) error {
	if gone(err) {
		return nil
	}
	return err
}

// Upkeep forgets old executions.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) { return s.history.Look(ctx) }

// forget deletes an execution that has ended, with all that it left.
func (s *Service) forget(ctx context.Context, scope store.Scope, x *execution) error {
	if !x.over() {
		return nil
	}
	id := x.ID
	return s.st.Update(ctx, func(tx *store.Tx) error {
		list, err := steps.List(tx, scope, of(id))
		if err != nil {
			return err
		}
		for _, st := range list {
			if err := steps.Delete(tx, scope, steps.Key(st)); err != nil {
				return err
			}
		}
		for _, err := range []error{contents.Delete(tx, scope, id), executions.Delete(tx, scope, id)} {
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return nil
	})
}
