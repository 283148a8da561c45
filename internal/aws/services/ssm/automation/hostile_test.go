package automation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TestWhatItWaitsForIsGone: a step says so, and does not wait for ever.
func TestWhatItWaitsForIsGone(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(command), "P": written(`{"name":"other","action":"aws:executeAutomation","inputs":{"DocumentName":"B"}}`)})
	child := ""
	answer := r.answer
	r.answer = func(operation string, input map[string]any) (string, error) {
		if operation != "StartAutomationExecution" {
			return answer(operation, input)
		}
		child = r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
		return fmt.Sprintf(`{"AutomationExecutionId":%q}`, child), nil
	}
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("P")})
	r.settle()
	r.stands(child, "InProgress: run InProgress")
	if err := r.forget(t.Context(), here, &execution{ID: child, Status: types.AutomationExecutionStatusSuccess}); err != nil {
		t.Fatal(err)
	}
	alone := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	r.settle()
	r.stands(id, "Failed: other Failed")
	r.lost = true
	r.settle()
	r.stands(alone, "Failed: run Failed")
}

// TestALoopIsPaced: an execution that goes in a circle has no more than its
// share, and ends.
func TestALoopIsPaced(t *testing.T) {
	r := newRoom(t, map[string]string{
		"B": written(`{"name":"a","action":"aws:branch","inputs":{"Default":"a"}}`),
		"C": written(`{"name":"a","action":"aws:sleep","maxAttempts":300000000,"inputs":{"Duration":"P9D"}},{"name":"b","action":"aws:branch","inputs":{"Default":"b"}}`),
	})
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	r.settle() // it comes to a rest
	x := r.get(id)
	if x.AutomationExecutionStatus != types.AutomationExecutionStatusInprogress {
		t.Fatalf("the loop is %s", x.AutomationExecutionStatus)
	}
	for range 3 {
		r.clk.Advance(pace)
		r.settle()
	}
	r.change1(id, func(x *execution) {
		if x.Steps != quick+3 {
			t.Errorf("the loop has ended %d steps, want one after each pause", x.Steps)
		}
		x.Steps = mostSteps
	})
	r.clk.Advance(pace)
	r.settle()
	r.stands(id, "Failed: a Success")
}

// change1 changes an execution as it is stored.
func (r *room) change1(id string, f func(x *execution)) {
	r.t.Helper()
	err := r.st.Update(r.t.Context(), func(tx *store.Tx) error {
		x, err := executions.Get(tx, here, id)
		if err == nil {
			f(x)
			err = executions.Put(tx, here, x)
		}
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// TestWhatGrowsIsBounded: values that are made of themselves.
func TestWhatGrowsIsBounded(t *testing.T) {
	r := newRoom(t, map[string]string{
		"text": `{"schemaVersion":"0.3","variables":{"v":{"type":"String","default":"0123456789"}},"mainSteps":[
			{"name":"grow","action":"aws:updateVariable","inputs":{"Name":"variable:v","Value":"{{ variable:v }}{{variable:v}}"},"nextStep":"grow"}]}`,
		"list": `{"schemaVersion":"0.3","variables":{"v":{"type":"StringList","default":["0123456789"]}},"mainSteps":[
			{"name":"grow","action":"aws:updateVariable","inputs":{"Name":"variable:v","Value":["{{ variable:v }}","{{variable:v}}"]},"nextStep":"grow"}]}`,
		"answer": written(`{"name":"grow","action":"aws:executeAwsApi","inputs":{"Service":"ssm","Api":"GetParameter"},"outputs":[{"Name":"v","Selector":"$.V"}]}`),
	})
	r.answer = func(string, map[string]any) (string, error) {
		return `{"V":"` + strings.Repeat("x", mostKept) + `"}`, nil
	}
	for name := range r.books {
		id := r.start(ssm.StartAutomationExecutionInput{DocumentName: &name})
		r.settle()
		x := r.stands(id, "Failed: grow Failed")
		if !strings.Contains(str(x.FailureMessage), "bytes") {
			t.Errorf("%s: it failed by %s", name, str(x.FailureMessage))
		}
	}
}

// TestOneApproverIsOneVote, however many sessions of a role they open.
func TestOneApproverIsOneVote(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(`{"name":"ask","action":"aws:approve","inputs":{"Approvers":["arn:aws:iam::111122223333:role/Chief","bob"],"MinRequiredApprovals":2}}`)})
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	r.settle()
	session := func(name string) error {
		ctx := api.WithCall(t.Context(), &api.Call{Account: here.Account, Region: here.Region, Time: r.clk.Now(), Caller: api.Caller{
			Type: api.AssumedRole, Account: here.Account, Name: name, ARN: "arn:aws:sts::111122223333:assumed-role/Chief/" + name,
			Session: &api.Session{IssuerARN: "arn:aws:iam::111122223333:role/Chief"},
		}})
		_, err := r.SendAutomationSignal(ctx, &ssm.SendAutomationSignalInput{AutomationExecutionId: &id, SignalType: types.SignalTypeApprove})
		return err
	}
	if err := session("one"); err != nil {
		t.Fatal(err)
	}
	var refused *types.InvalidAutomationSignalException
	if err := session("bob"); !errors.As(err, &refused) {
		t.Errorf("a second session of the same role: %v", err)
	}
	r.settle()
	r.stands(id, "Waiting: ask Waiting")
}

// TestCompleteBetweenSteps: an interactive execution that waits for the word to
// go on has nothing to complete.
func TestCompleteBetweenSteps(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(`{"name":"a","action":"aws:sleep","inputs":{"Duration":"PT0S"}},{"name":"b","action":"aws:pause","inputs":{}}`)})
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B"), Mode: types.ExecutionModeInteractive})
	r.settle()
	if err := r.signal("alice", id, types.SignalTypeStartStep); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if _, err := r.StopAutomationExecution(r.as("alice"), &ssm.StopAutomationExecutionInput{AutomationExecutionId: &id, Type: types.StopTypeComplete}); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.stands(id, "Success: a Success b Pending")
}

// TestTheStepAfterACancelIsNotAskedFor, in an interactive execution.
func TestTheStepAfterACancelIsNotAskedFor(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(`{"name":"a","action":"aws:pause","onCancel":"step:b","isEnd":true,"inputs":{}},{"name":"b","action":"aws:sleep","inputs":{"Duration":"PT0S"}}`)})
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B"), Mode: types.ExecutionModeInteractive})
	r.settle()
	if err := r.signal("alice", id, types.SignalTypeStartStep); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if _, err := r.StopAutomationExecution(r.as("alice"), &ssm.StopAutomationExecutionInput{AutomationExecutionId: &id}); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.stands(id, "Cancelled: a Cancelled b Success")
}

// TestACommandOfAStepThatWasLate is cancelled, though its id came too late.
func TestACommandOfAStepThatWasLate(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(strings.Replace(command, `"inputs"`, `"timeoutSeconds":0,"inputs"`, 1)), "C": written(strings.Replace(command, `"inputs"`, `"timeoutSeconds":1,"inputs"`, 1))})
	answer := r.answer
	r.answer = func(operation string, input map[string]any) (string, error) {
		r.clk.Advance(2 * time.Second)
		return answer(operation, input)
	}
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("C")})
	r.settle()
	r.settle()
	r.stands(id, "TimedOut: run TimedOut")
	if got := strings.Join(r.called, " "); got != "SendCommand CancelCommand" {
		t.Errorf("the calls are %q", got)
	}
}

// TestTheRoleIsNoTarget: what the execution assumes is one role, which the
// caller may pass.
func TestTheRoleIsNoTarget(t *testing.T) {
	r := newRoom(t, map[string]string{"B": `{"schemaVersion":"0.3","assumeRole":"{{ Role }}","parameters":{"Role":{"type":"String"}},"mainSteps":[` + command + `]}`})
	role := "arn:aws:iam::111122223333:role/Admin"
	for _, in := range []ssm.StartAutomationExecutionInput{
		{TargetMaps: []map[string][]string{{"Role": {role}}}},
		{TargetParameterName: new("Role"), Targets: []types.Target{{Key: new("ParameterValues"), Values: []string{role}}}},
	} {
		in.DocumentName = new("B")
		var refused *types.InvalidAutomationExecutionParametersException
		if _, err := r.StartAutomationExecution(r.as("alice"), &in); !errors.As(err, &refused) {
			t.Errorf("a role by targets: %v", err)
		}
	}
}

// TestWhatACallStartsIsCounted: only an execution that another one waits for
// lives in its place.
func TestWhatACallStartsIsCounted(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(`{"name":"hold","action":"aws:pause","inputs":{}}`), "P": written(`{"name":"go","action":"aws:executeAwsApi","inputs":{"Service":"ssm","Api":"StartAutomationExecution","DocumentName":"B"}},{"name":"hold","action":"aws:pause","inputs":{}}`)})
	r.quotas = quotas{running: 1, waiting: 10, fans: 1, open: 10}
	child := ""
	r.Service.ports.Plane = starts{r, &child}
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("P")})
	r.settle()
	r.stands(id, "Waiting: go Success hold Waiting")
	if x := r.stands(child, "Pending: hold Pending"); x.ParentAutomationExecutionId != nil {
		t.Error("an execution that is not waited for has a parent")
	}
}

// TestAStepsPagesEnd though the steps change between them.
func TestAStepsPagesEnd(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(`{"name":"a","action":"aws:pause","inputs":{}},{"name":"b","action":"aws:pause","inputs":{}},{"name":"c","action":"aws:pause","inputs":{}}`)})
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	r.settle()
	in := &ssm.DescribeAutomationStepExecutionsInput{AutomationExecutionId: &id, MaxResults: new(int32(1)), Filters: []types.StepExecutionFilter{
		{Key: types.StepExecutionFilterKeyStepExecutionStatus, Values: []string{"Waiting", "Pending"}},
	}}
	first, err := r.DescribeAutomationStepExecutions(r.as("alice"), in)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.signal("alice", id, types.SignalTypeResume); err != nil {
		t.Fatal(err)
	}
	r.settle()
	in.NextToken = first.NextToken
	for _, want := range []string{"b", "c"} {
		out, err := r.DescribeAutomationStepExecutions(r.as("alice"), in)
		if err != nil || len(out.StepExecutions) != 1 || *out.StepExecutions[0].StepName != want {
			t.Fatalf("the next page is %v, %v, want %s", out, err, want)
		}
		in.NextToken = out.NextToken
	}
	if in.NextToken != nil {
		t.Error("the pages do not end")
	}
}

// starts is a plane whose calls start executions in the room.
type starts struct {
	*room
	child *string
}

func (s starts) Call(_ context.Context, _ Actor, request, _, _ string, _ json.RawMessage) (json.RawMessage, error) {
	call := *api.CallFrom(s.as("alice"))
	call.RequestID, call.SentBy = request, "ssm.amazonaws.com"
	out, err := s.StartAutomationExecution(api.WithCall(s.t.Context(), &call), &ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	if err != nil {
		return nil, err
	}
	*s.child = *out.AutomationExecutionId
	return json.RawMessage(`{}`), nil
}
