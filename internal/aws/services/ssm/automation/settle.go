package automation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// settle notes how an attempt of a step ended: it is tried again, or the
// execution goes to another step, or ends.
func (s *Service) settle(tx *store.Tx, r *run, x *execution, st *step, v verdict) error {
	good := v.status == types.AutomationExecutionStatusSuccess
	x.Wait = wait{}
	if x.Steps++; x.Steps >= quick {
		x.Wait.Until = r.now.Add(pace)
	}
	if !good && x.Steps < mostSteps && x.Stop == "" && v.stage != stageInputs {
		again, err := s.retry(r, st)
		if err != nil {
			return err
		}
		if again {
			return steps.Put(tx, r.scope, st)
		}
	}
	if err := st.set(v.values); err != nil {
		return err
	}
	st.Status, st.Ended, st.Code, st.Response, st.Failure, st.Stage = v.status, r.now, v.code, v.answer, v.why, v.stage
	st.Begun = true
	updates, err := raw(v.updates)
	if err != nil {
		return err
	}
	if len(updates) > 0 {
		if x.Variables == nil {
			x.Variables = map[string]json.RawMessage{}
		}
		maps.Copy(x.Variables, updates)
	}
	if !good && r.task.critical() && x.Worst == "" {
		x.Worst, x.Failure = v.status, v.why
	}
	next := r.book.follow(r.task, v)
	if x.Stop == types.StopTypeComplete {
		next = ""
	}
	if next != "" && x.Steps >= mostSteps {
		x.Worst, x.Failure, next = types.AutomationExecutionStatusFailed, fmt.Sprintf("The automation ended after %d steps.", mostSteps), ""
	}
	st.Next = next
	if err := s.tellStep(tx, r.scope, x, st); err != nil {
		return err
	}
	if err := steps.Put(tx, r.scope, st); err != nil {
		return err
	}
	x.Step = next
	if next == "" {
		return s.end(tx, r, x)
	}
	return nil
}

// retry lets a step try once more, if it may.
func (s *Service) retry(r *run, st *step) (again bool, err error) {
	if r.task.Attempts == nil {
		return false, nil
	}
	most, err := r.count(r.task.Attempts, "maxAttempts")
	if err != nil || st.Attempt >= most {
		return false, nil //nolint:nilerr // a number that cannot be read is one attempt
	}
	st.Attempt++
	st.Begun, st.Request, st.Status, st.Asked = false, s.ids.UUID(), types.AutomationExecutionStatusInprogress, nil
	st.Deadline, err = r.deadline(r.now)
	return true, err
}

// follow is the step that comes after one that ended so, "" for none. Source:
// User Guide, "Properties shared by all actions".
func (b *runbook) follow(t *task, v verdict) string {
	to, named := strings.CutPrefix(t.OnFailure, "step:")
	failed := v.status != types.AutomationExecutionStatusSuccess
	switch {
	case v.next != "":
		return v.next
	case bool(t.End) || v.last:
		return ""
	case failed && named:
		return to
	case failed && t.OnFailure != "Continue":
		return ""
	case t.Next != "":
		return t.Next
	}
	return b.after(t)
}

// end ends an execution whose last step has.
func (s *Service) end(tx *store.Tx, r *run, x *execution) error {
	x.Status = types.AutomationExecutionStatusSuccess
	switch {
	case x.Stop == types.StopTypeCancel, x.Guard.Stopped():
		x.Status = types.AutomationExecutionStatusCancelled
	case x.Worst != "":
		x.Status = x.Worst
	}
	x.Ended, x.Step, x.Wait = r.now, "", wait{}
	all, err := stepsOf(tx, r.scope, x.ID)
	if err != nil {
		return err
	}
	n, err := r.references(all)
	if err != nil {
		return err
	}
	for _, name := range r.book.Outputs {
		v, err := n.take(strings.Trim(name, "{} "))
		if err != nil {
			continue // its step did not run, or there is too much
		}
		if x.Outputs == nil {
			x.Outputs = map[string][]string{}
		}
		x.Outputs[name] = texts(v)
	}
	return nil
}

// cleaning is how long the steps after a cancel may take (User Guide,
// "Properties shared by all actions", onCancel).
const cleaning = 2 * time.Minute

// halt ends the present step, and goes to the one that the runbook has for it.
func (s *Service) halt(ctx context.Context, r *run) (more bool, err error) {
	running := r.st != nil && !over(r.st.Status)
	if a := actions[r.task.Action]; running && a.stop != nil {
		if err := a.stop(ctx, r); err != nil {
			return false, err
		}
	}
	err = s.change(ctx, r, func(tx *store.Tx, x *execution, st *step) error {
		x.Wait = wait{}
		if st != nil && !over(st.Status) {
			st.Status, st.Ended = types.AutomationExecutionStatusCancelled, r.now
			if err := s.tellStep(tx, r.scope, x, st); err != nil {
				return err
			}
			if err := steps.Put(tx, r.scope, st); err != nil {
				return err
			}
		}
		to, named := strings.CutPrefix(r.task.OnCancel, "step:")
		if !named || r.book.task(to) == nil || !x.Ending.IsZero() || !running {
			return s.end(tx, r, x)
		}
		x.Ending, x.Step, x.Status = r.now.Add(cleaning), to, types.AutomationExecutionStatusCancelling
		more = true
		return nil
	})
	return more, err
}

// quotas are how many executions of an account in a Region run at once, how many
// wait, and the same for those with targets. How many are open with those that
// they started is bounded too: each level of targets within targets has many
// times more.
type quotas struct{ running, waiting, fans, open int }

// usual are the quotas that AWS had when automations came to have them. Source:
// User Guide, "Systems Manager service quotas".
var usual = quotas{running: 100, waiting: 1000, fans: 25, open: 5000}

// admit lets an execution begin when there is room.
func (s *Service) admit(ctx context.Context, r *run) (more bool, err error) {
	err = s.change(ctx, r, func(tx *store.Tx, x *execution, _ *step) error {
		if x.Stop != "" { // it ends before it has begun
			x.Status, x.Ended = types.AutomationExecutionStatusCancelled, r.now
			return nil
		}
		n, err := census(tx, r.scope)
		if err != nil {
			return err
		}
		if !s.quotas.room(n, x) {
			return nil
		}
		more = true
		x.Status = types.AutomationExecutionStatusInprogress
		if x.Fan == nil {
			x.Step = r.book.Tasks[0].Name
		}
		return nil
	})
	return more, err
}

// counts are the open executions of a scope.
type counts struct{ running, waiting, fans, waitingFans, all int }

// census counts them. Those that another one waits for are not counted: it
// holds a place already.
func census(tx *store.Tx, scope store.Scope) (n counts, err error) {
	open, err := executions.By(tx, scope, "open", "yes", store.Page{})
	for _, x := range open {
		n.add(x)
	}
	return n, err
}

func (n *counts) add(x *execution) {
	waits := x.Status == types.AutomationExecutionStatusPending
	n.all++
	switch {
	case x.Parent != "":
	case x.Fan != nil && waits:
		n.waitingFans++
	case x.Fan != nil:
		n.fans++
	case waits:
		n.waiting++
	default:
		n.running++
	}
}

// room tells whether an execution may begin.
func (q quotas) room(n counts, x *execution) bool {
	if x.Fan != nil {
		return x.Parent != "" || n.fans < q.fans
	}
	return x.Parent != "" || n.running < q.running
}

// full tells whether not even a waiting execution has a place.
func (q quotas) full(n counts, x *execution) bool {
	if x.Fan != nil {
		return n.waitingFans >= q.waiting
	}
	return n.waiting >= q.waiting
}
