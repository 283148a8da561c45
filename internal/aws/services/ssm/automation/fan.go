package automation

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/services/ssm/rate"
	"tamachi/internal/store"
)

// fan runs a runbook once for each of many targets. Source: User Guide, "Control
// automations at scale".
type fan struct {
	Parameter   string                `json:",omitempty"`
	Targets     []Target              `json:",omitempty"` // as given
	Maps        []map[string][]string `json:",omitempty"` // as given
	Values      []string              `json:",omitempty"` // what the targets mean
	Concurrency string
	Errors      string
	Begun       int
	Ended       int `json:",omitempty"` // when it was last looked at
}

// size is how many children there will be.
func (f *fan) size() int { return len(f.Values) + len(f.Maps) }

// child are the parameters of a child, and what it is for.
func (f *fan) child(n int, common map[string][]string) (parameters map[string][]string, target string) {
	if parameters = maps.Clone(common); parameters == nil {
		parameters = map[string][]string{}
	}
	if n < len(f.Values) {
		parameters[f.Parameter] = []string{f.Values[n]}
		return parameters, f.Values[n]
	}
	one := f.Maps[n-len(f.Values)]
	maps.Copy(parameters, one)
	return parameters, encoded(one)
}

// tally counts children.
type tally struct{ open, success, failed, cancelled, late int }

func (t tally) ended() int  { return t.success + t.failed + t.cancelled + t.late }
func (t tally) errors() int { return t.failed + t.late }

// tallied counts the children of an execution.
func tallied(tx *store.Tx, scope store.Scope, parent string) (t tally, list []*execution, err error) {
	list, err = executions.By(tx, scope, "parent", parent, store.Page{})
	for _, x := range list {
		switch x.Status {
		case types.AutomationExecutionStatusSuccess:
			t.success++
		case types.AutomationExecutionStatusFailed:
			t.failed++
		case types.AutomationExecutionStatusCancelled:
			t.cancelled++
		case types.AutomationExecutionStatusTimedout:
			t.late++
		default:
			t.open++
		}
	}
	return t, list, err
}

// spread begins as many children as may run, and ends the execution with the
// last of them. One child goes first; from then on there are twice as many at
// a time, until the concurrency is reached.
func (s *Service) spread(ctx context.Context, r *run) error {
	return s.change(ctx, r, func(tx *store.Tx, x *execution, _ *step) error {
		t, children, err := tallied(tx, r.scope, x.ID)
		if err != nil {
			return err
		}
		stop := x.Stop != "" || x.Guard.Stopped()
		if x.Stop == types.StopTypeCancel || x.Guard.Stopped() {
			if err := s.stopAll(tx, r.scope, children); err != nil {
				return err
			}
		}
		most, least, err := x.Fan.limits()
		if err != nil {
			return err
		}
		exceeded := least.Exceeded(t.errors(), x.Fan.size())
		n, err := census(tx, r.scope)
		if err != nil {
			return err
		}
		if n.all >= s.quotas.open { // one at a time lets it end
			most = 1
		}
		for ; !stop && !exceeded && x.Fan.Begun < x.Fan.size() && t.open < min(most, t.ended()+1); t.open++ {
			if err := s.bear(tx, r, x); err != nil {
				return err
			}
		}
		x.Fan.Ended = t.ended()
		if t.open > 0 || !stop && !exceeded && x.Fan.Begun < x.Fan.size() {
			return nil
		}
		x.Ended, x.Status = r.now, types.AutomationExecutionStatusSuccess
		switch {
		case stop:
			x.Status = types.AutomationExecutionStatusCancelled
		case exceeded:
			x.Status, x.Failure = types.AutomationExecutionStatusFailed, "The automation failed on more targets than MaxErrors allows."
		}
		return nil
	})
}

// limits are how many children run at once, and how many may fail.
func (f *fan) limits() (most int, errors rate.Limit, err error) {
	c, err := rate.Concurrency(f.Concurrency)
	if err != nil {
		return 0, errors, err
	}
	errors, err = rate.Errors(f.Errors)
	return c.Concurrent(f.size()), errors, err
}

// bear begins the next child.
func (s *Service) bear(tx *store.Tx, r *run, x *execution) error {
	parameters, target := x.Fan.child(x.Fan.Begun, x.Parameters)
	x.Fan.Begun++
	c, err := contents.Get(tx, r.scope, x.ID)
	if err != nil {
		return err
	}
	child := &execution{
		ID: s.ids.TimeUUID(r.now), Document: x.Document, Version: x.Version, Started: r.now, Status: types.AutomationExecutionStatusPending,
		Parameters: parameters, Variables: x.Variables, Mode: x.Mode, By: x.By, Role: x.Role, Caller: x.Caller, Parent: x.ID, Depth: x.Depth + 1, Target: target,
	}
	return s.store(tx, r.scope, child, c.JSON)
}

// store writes a new execution down, with its runbook.
func (s *Service) store(tx *store.Tx, scope store.Scope, x *execution, book []byte) error {
	if err := contents.Put(tx, scope, &content{Execution: x.ID, JSON: book}); err != nil {
		return err
	}
	if err := s.tell(tx, scope, x); err != nil {
		return err
	}
	return executions.Put(tx, scope, x)
}

// stopAll asks for the end of children.
func (s *Service) stopAll(tx *store.Tx, scope store.Scope, children []*execution) error {
	for _, x := range children {
		if x.over() || x.Stop != "" {
			continue
		}
		x.Stop = types.StopTypeCancel
		x.Pokes++
		if err := executions.Put(tx, scope, x); err != nil {
			return err
		}
	}
	return nil
}
