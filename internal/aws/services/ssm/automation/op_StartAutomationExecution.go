package automation

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/aws/services/ssm/reference"
	"tamachi/internal/aws/services/ssm/tag"
	"tamachi/internal/store"
)

// deepest is how many automations may start one another (User Guide, "Systems
// Manager service quotas").
const deepest = 5

// StartAutomationExecution writes an execution down; the engine takes it from
// there.
func (s *Service) StartAutomationExecution(ctx context.Context, in *ssm.StartAutomationExecutionInput) (*ssm.StartAutomationExecutionOutput, error) {
	call := api.CallFrom(ctx)
	w, err := s.found(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := w.check(); err != nil {
		return nil, err
	}
	tags, err := tag.Read(in.Tags, func(why string) error { return invalid("%s", why) })
	if err != nil {
		return nil, err
	}
	id := s.ids.TimeUUID(call.Time)
	if err := s.assumable(ctx, w, id); err != nil {
		return nil, err
	}
	x := &execution{
		ID: id, Document: w.doc.Name, Version: w.doc.Version, Started: call.Time, Parameters: w.parameters,
		Status: types.AutomationExecutionStatusPending, Mode: in.Mode, By: call.Caller.ARN, Role: w.role, Caller: call.Caller,
		Tags: tags, Guard: alarm.New(in.AlarmConfiguration), Token: str(in.ClientToken),
	}
	if x.Mode == "" {
		x.Mode = types.ExecutionModeAuto
	}
	if x.Variables, err = w.book.variables(); err != nil {
		return nil, err
	}
	if x.Asked, err = asked(in); err != nil {
		return nil, err
	}
	var out *ssm.StartAutomationExecutionOutput
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		id, err := s.begin(tx, store.In(call.Place()), call, w, *x)
		out = &ssm.StartAutomationExecutionOutput{AutomationExecutionId: &id}
		api.WillAnswer(ctx, out)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// begin stores an execution, or finds the one that the same request made. It
// may run more than once.
func (s *Service) begin(tx *store.Tx, scope store.Scope, call *api.Call, w *wanted, x execution) (id string, err error) {
	if x.Token != "" {
		before, err := executions.By(tx, scope, "token", x.Token, store.Page{Limit: 1})
		if err != nil {
			return "", err
		}
		if len(before) > 0 && before[0].Asked != x.Asked {
			return "", &types.IdempotentParameterMismatch{Message: new("The client token was used for another request before.")}
		}
		if len(before) > 0 {
			return before[0].ID, nil
		}
	}
	if x.Fan, err = w.fan(); err != nil {
		return "", err
	}
	if x.Fan != nil {
		if err := s.resolve(tx, scope, w, x.Fan); err != nil {
			return "", err
		}
	}
	parent, waits, err := above(tx, scope, call)
	if err != nil {
		return "", err
	}
	if parent != nil {
		if x.Depth = parent.Depth + 1; x.Depth >= deepest {
			return "", invalid("An automation can start others to a depth of %d.", deepest)
		}
		if x.Role == "" { // what its session may, without the session's end
			x.Role, x.Caller = parent.Role, parent.Caller
		}
	}
	if waits {
		x.Parent = parent.ID
	}
	n, err := census(tx, scope)
	if err != nil {
		return "", err
	}
	if n.all >= s.quotas.open || !s.quotas.room(n, &x) && s.quotas.full(n, &x) {
		return "", &types.AutomationExecutionLimitExceededException{Message: new("The number of simultaneously running Automation executions exceeded the allowable limit.")}
	}
	return x.ID, s.store(tx, scope, &x, w.doc.JSON)
}

// assumable wants Systems Manager to be able to assume the role for an execution.
func (s *Service) assumable(ctx context.Context, w *wanted, id string) error {
	if w.role == "" {
		return nil
	}
	call := api.CallFrom(ctx)
	who := Actor{Account: call.Account, Region: call.Region, Execution: executionARN(store.In(call.Place()), id), Role: w.role, Caller: call.Caller}
	_, err := s.ports.Plane.Call(ctx, who, s.ids.UUID(), "sts", "GetCallerIdentity", json.RawMessage("{}"))
	if _, refused := errors.AsType[smithy.APIError](err); refused {
		return invalid("The defined assume role is unable to be assumed.")
	}
	return err
}

// startAutomationExecutionChecks asks for the runbook, as what can be started
// or as a document, for the role that is handed over, and for what the
// parameters refer to. What cannot be read is asked for as it stands: the
// operation says why, to callers who may start it.
func (s *Service) startAutomationExecutionChecks(ctx context.Context, in *ssm.StartAutomationExecutionInput) ([]api.Check, error) {
	const action = "ssm:StartAutomationExecution"
	call := api.CallFrom(ctx)
	document, err := s.ports.Documents.Check(ctx, action, *in.DocumentName)
	if err != nil {
		return nil, err
	}
	w, err := s.found(ctx, in)
	if _, refused := errors.AsType[smithy.APIError](err); refused {
		w = &wanted{doc: Document{Name: *in.DocumentName, Version: cmp.Or(str(in.DocumentVersion), "$DEFAULT")}}
	} else if err != nil {
		return nil, err
	} else {
		call.Found = w
	}
	scope := store.In(call.Place())
	start := api.Check{Action: action, Resource: definitionARN(scope, w.doc.Name, w.doc.Version), Tags: document[0].Tags, Policy: document[0].Policy, Else: document}
	out := tag.Made(start, in.Tags, executionARN(scope, "*"))
	if w.role != "" {
		out = append(out, api.Check{
			Action: "iam:PassRole", Resource: w.role, Keys: map[string]string{"iam:PassedToService": "ssm.amazonaws.com"},
			Sets: map[string][]string{"iam:AssociatedResourceArn": nil},
		})
	}
	more, err := reference.Checks(ctx, s.ports.Parameters, w.refers)
	return append(out, more...), err
}
