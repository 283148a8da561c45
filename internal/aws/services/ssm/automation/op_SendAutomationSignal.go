package automation

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// SendAutomationSignal changes how an execution goes on: it approves or rejects
// the step that waits for it, ends a pause, or begins the next step of an
// interactive execution.
func (s *Service) SendAutomationSignal(ctx context.Context, in *ssm.SendAutomationSignalInput) (*ssm.SendAutomationSignalOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		x, err := find(tx, scope, *in.AutomationExecutionId)
		if err != nil {
			return err
		}
		if x.over() {
			return noSignal("The automation execution %s has ended with the status %s.", x.ID, x.Status)
		}
		switch in.SignalType {
		case types.SignalTypeStartStep:
			err = x.startStep(tx, scope, in.Payload)
		case types.SignalTypeApprove, types.SignalTypeReject, types.SignalTypeResume:
			err = x.answer(tx, scope, call, in)
		default:
			err = noSignal("The signal %s isn't supported here.", in.SignalType)
		}
		if err != nil {
			return err
		}
		x.Pokes++
		return executions.Put(tx, scope, x)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.SendAutomationSignalOutput{}, nil
}

func noSignal(why string, args ...any) error {
	return &types.InvalidAutomationSignalException{Message: new(fmt.Sprintf(why, args...))}
}

// startStep lets the next step of an interactive execution begin.
func (x *execution) startStep(tx *store.Tx, scope store.Scope, payload map[string][]string) error {
	if x.Mode != types.ExecutionModeInteractive {
		return noSignal("The automation execution %s isn't interactive.", x.ID)
	}
	b, err := book(tx, scope, x.ID)
	if err != nil {
		return err
	}
	if name := payload["StepName"]; len(name) == 1 && name[0] != x.Step {
		if b.task(name[0]) == nil {
			return &types.AutomationStepNotFoundException{Message: new("There is no step " + name[0] + ".")}
		}
		return noSignal("The next step is %s.", x.Step)
	}
	st, err := x.waiting(tx, scope)
	if err != nil {
		return err
	}
	if st != nil {
		return noSignal("The step %s hasn't ended.", x.Step)
	}
	x.Go = true
	return nil
}

// waiting is the present step when it is at work, else nil.
func (x *execution) waiting(tx *store.Tx, scope store.Scope) (*step, error) {
	all, err := stepsOf(tx, scope, x.ID)
	if err != nil {
		return nil, err
	}
	for _, st := range all {
		if st.Name == x.Step && !over(st.Status) {
			return st, nil
		}
	}
	return nil, nil
}

// answers are the actions that wait for a signal.
var answers = map[types.SignalType]string{
	types.SignalTypeApprove: "aws:approve", types.SignalTypeReject: "aws:approve", types.SignalTypeResume: "aws:pause",
}

// answer notes what a caller says to a step that waits for it.
func (x *execution) answer(tx *store.Tx, scope store.Scope, call *api.Call, in *ssm.SendAutomationSignalInput) error {
	st, err := x.waiting(tx, scope)
	if err != nil {
		return err
	}
	if st == nil || st.Action != answers[in.SignalType] || st.Status != types.AutomationExecutionStatusWaiting {
		return noSignal("No step of the automation execution %s waits for the signal %s.", x.ID, in.SignalType)
	}
	v := vote{By: call.Caller.ARN, Yes: in.SignalType != types.SignalTypeReject, At: call.Time}
	if in.SignalType != types.SignalTypeResume {
		if v.As, err = st.votesAs(&call.Caller); err != nil {
			return err
		}
	}
	if c := in.Payload["Comment"]; len(c) > 0 {
		v.Comment = c[0]
	}
	st.Asked = append(st.Asked, v)
	return steps.Put(tx, scope, st)
}

// votesAs is the approver of the step that a caller is. It refuses one whom the
// step does not name, and one who has decided before: all sessions of a role are
// one approver.
func (st *step) votesAs(c *api.Caller) (string, error) {
	given, err := st.given()
	if err != nil {
		return "", err
	}
	before := func(as string) bool {
		return slices.ContainsFunc(st.Asked, func(v vote) bool { return v.As == as || v.By == c.ARN })
	}
	named := false
	for _, as := range texts(given["Approvers"]) {
		if !approves(as, c) {
			continue
		}
		if named = true; !before(as) {
			return as, nil
		}
	}
	if named {
		return "", noSignal("%s has decided on the step %s before.", c.ARN, st.Name)
	}
	return "", noSignal("%s is no approver of the step %s.", c.ARN, st.Name)
}

func (s *Service) sendAutomationSignalChecks(ctx context.Context, in *ssm.SendAutomationSignalInput) ([]api.Check, error) {
	return s.onExecution(ctx, "ssm:SendAutomationSignal", *in.AutomationExecutionId), nil
}
