package automation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

var (
	here    = store.In("111122223333", "ap-northeast-1")
	morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
)

// room is the room over a store in memory, with a plane of the test behind it.
type room struct {
	*Service
	t        *testing.T
	clk      *clock.Frozen
	books    map[string]string
	commands map[string]Outcome
	lost     bool // the commands are not there any more
	alarms   map[string]string
	told     []string

	who     Actor    // of the last call
	request string   // its id
	called  []string // operations
	made    map[string]json.RawMessage
	answer  func(operation string, input map[string]any) (string, error)
}

func newRoom(t *testing.T, books map[string]string) *room {
	t.Helper()
	r := &room{t: t, clk: clock.NewFrozen(morning), books: books, commands: map[string]Outcome{}, alarms: map[string]string{}, made: map[string]json.RawMessage{}}
	st, err := store.Open(t.Context(), store.Options{Clock: r.clk, Rehearse: true}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	r.answer = func(string, map[string]any) (string, error) {
		return `{"Command":{"CommandId":"c-1"},"State":"AVAILABLE"}`, nil
	}
	r.Service = New(st, id.Seeded(1), r.clk, Ports{Documents: r, Nodes: r, Commands: r, Plane: r, Alarms: r, Events: r})
	return r
}

func (r *room) Document(_ *store.Tx, _ store.Scope, name string, _ *string) (Document, error) {
	text, ok := r.books[name]
	if !ok {
		return Document{}, &types.InvalidDocument{Message: new("no such document")}
	}
	return Document{Name: name, Version: "1", Type: "Automation", JSON: []byte(text)}, nil
}

func (r *room) Check(_ context.Context, action, name string) ([]api.Check, error) {
	return []api.Check{{Action: action, Resource: name}}, nil
}

func (r *room) CheckTargets([]Target) error { return nil }

func (r *room) Targets(*store.Tx, store.Scope, []Target) ([]string, error) {
	return []string{"mi-1", "mi-2"}, nil
}

func (r *room) Outcome(_ *store.Tx, _ store.Scope, command string) (Outcome, error) {
	if r.lost {
		return Outcome{}, &types.InvalidCommandId{}
	}
	return r.commands[command], nil
}

func (r *room) AlarmState(_ *store.Tx, _ store.Scope, name string) (string, bool, error) {
	state, ok := r.alarms[name]
	return state, ok, nil
}

func (r *room) Listening(*store.Tx, store.Scope) (bool, error) { return true, nil }

func (r *room) Emit(_ *store.Tx, _ store.Scope, o api.Occurrence) error {
	d := o.Detail.(map[string]any)
	r.told = append(r.told, fmt.Sprint(d["StepName"], " ", d["Status"]))
	return nil
}

func (r *room) Call(_ context.Context, who Actor, request, _, operation string, input json.RawMessage) (json.RawMessage, error) {
	r.who, r.request = who, request
	v, err := value(input)
	if err != nil {
		return nil, err
	}
	r.called = append(r.called, operation)
	out, err := r.answer(operation, v.(map[string]any))
	if err == nil {
		r.made[request] = json.RawMessage(out)
	}
	return json.RawMessage(out), err
}

func (r *room) Made(_ context.Context, _ Actor, request string, _ time.Time) (json.RawMessage, error, bool, error) {
	out, ok := r.made[request]
	return out, nil, ok, nil
}

// as is the context of a call.
func (r *room) as(who string) context.Context {
	return api.WithCall(r.t.Context(), &api.Call{
		Account: here.Account, Region: here.Region, Time: r.clk.Now(), RequestID: "11111111-0000-4000-8000-000000000001",
		Caller: api.Caller{Type: api.IAMUser, Account: here.Account, Name: who, ARN: "arn:aws:iam::111122223333:user/" + who},
	})
}

func (r *room) start(in ssm.StartAutomationExecutionInput) string {
	r.t.Helper()
	out, err := r.StartAutomationExecution(r.as("alice"), &in)
	if err != nil {
		r.t.Fatal(err)
	}
	return *out.AutomationExecutionId
}

// settle takes on all that can go on, as the engine does, until nothing can.
func (r *room) settle() {
	r.t.Helper()
	for range 1000 {
		list, _, err := r.Ripe(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		if len(list) == 0 {
			return
		}
		for _, one := range list {
			if err := r.Advance(r.t.Context(), one); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	r.t.Fatal("there is always something that can go on")
}

func (r *room) get(id string) *types.AutomationExecution {
	r.t.Helper()
	out, err := r.GetAutomationExecution(r.as("alice"), &ssm.GetAutomationExecutionInput{AutomationExecutionId: &id})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.AutomationExecution
}

// stands wants an execution to have a status, and its steps theirs.
func (r *room) stands(id, want string) *types.AutomationExecution {
	r.t.Helper()
	x := r.get(id)
	got := string(x.AutomationExecutionStatus) + ":"
	for _, st := range x.StepExecutions {
		got += " " + *st.StepName + " " + string(st.StepStatus)
	}
	if got != want {
		r.t.Fatalf("the execution stands %q, want %q (%s)", got, want, str(x.FailureMessage))
	}
	return x
}

func (r *room) signal(who, id string, s types.SignalType) error {
	_, err := r.SendAutomationSignal(r.as(who), &ssm.SendAutomationSignalInput{AutomationExecutionId: &id, SignalType: s})
	return err
}

func written(tasks string) string { return `{"schemaVersion":"0.3","mainSteps":[` + tasks + `]}` }

const command = `{"name":"run","action":"aws:runCommand","inputs":{"DocumentName":"D","InstanceIds":["mi-1"],"Parameters":{"commands":"true"}}}`

// TestACallIsMadeOnce: a kill between the call and the note of its answer, and
// one before the call.
func TestACallIsMadeOnce(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(command)})
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	killed := errors.New("killed")
	place := nodes.Record{Account: here.Account, Region: here.Region, Key: id}
	ctx, kill := context.WithCancelCause(t.Context())
	answer := r.answer
	r.answer = func(operation string, input map[string]any) (string, error) {
		out, err := answer(operation, input)
		kill(killed)
		return out, err
	}
	if err := r.Advance(ctx, place); err == nil {
		t.Fatal("an execution that is interrupted went on")
	}
	r.answer = answer
	r.settle()
	if got := strings.Join(r.called, " "); got != "SendCommand" {
		t.Errorf("the calls are %q, want SendCommand once", got)
	}
	r.stands(id, "InProgress: run InProgress")
	r.commands["c-1"] = Outcome{Over: true, Status: "Success", Details: "Success", Output: "hello"}
	r.settle()
	x := r.stands(id, "Success: run Success")
	if got := x.StepExecutions[0].Outputs["Output"]; len(got) != 1 || got[0] != "hello" {
		t.Errorf("the output is %q", got)
	}
}

// TestTimeIsUp: a step that takes too long is stopped, tried as often as the
// runbook says, and is the automation's end.
func TestTimeIsUp(t *testing.T) {
	slow := strings.Replace(command, `"inputs"`, `"timeoutSeconds":60,"maxAttempts":2,"inputs"`, 1)
	r := newRoom(t, map[string]string{"B": written(slow)})
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	r.settle()
	for range 2 {
		r.stands(id, "InProgress: run InProgress")
		r.clk.Advance(time.Minute)
		r.settle()
	}
	r.stands(id, "TimedOut: run TimedOut")
	if got := strings.Join(r.called, " "); got != "SendCommand CancelCommand SendCommand CancelCommand" {
		t.Errorf("the calls are %q", got)
	}
}

func TestSleepAndProperty(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(`
		{"name":"nap","action":"aws:sleep","inputs":{"Duration":"PT10M"}},
		{"name":"wait","action":"aws:waitForAwsResourceProperty","inputs":{"Service":"workspaces","Api":"DescribeWorkspaces","PropertySelector":"$.State","DesiredValues":["STOPPED"]}}`)})
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	r.settle()
	r.stands(id, "InProgress: nap InProgress wait Pending")
	_, next, err := r.Ripe(t.Context())
	if err != nil || !next.Equal(morning.Add(10*time.Minute)) {
		t.Fatalf("it wants to go on at %v, %v", next, err)
	}
	r.clk.Advance(10 * time.Minute)
	r.settle()
	r.stands(id, "InProgress: nap Success wait InProgress")
	r.answer = func(string, map[string]any) (string, error) { return `{"State":"STOPPED"}`, nil }
	r.clk.Advance(often)
	r.settle()
	r.stands(id, "Success: nap Success wait Success")
}

// TestApprovals: a caller whom the step does not name, one who decided before,
// enough approvals, and one rejection.
func TestApprovals(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(`{"name":"ask","action":"aws:approve","inputs":{"Approvers":["bob","arn:aws:iam::111122223333:user/carol"],"MinRequiredApprovals":2,"NotificationArn":"arn:aws:sns:ap-northeast-1:111122223333:Automation"}}`)})
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	r.settle()
	r.stands(id, "Waiting: ask Waiting")
	var refused *types.InvalidAutomationSignalException
	if err := r.signal("alice", id, types.SignalTypeApprove); !errors.As(err, &refused) {
		t.Errorf("alice approves: %v", err)
	}
	if err := r.signal("bob", id, types.SignalTypeApprove); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.stands(id, "Waiting: ask Waiting")
	if err := r.signal("bob", id, types.SignalTypeApprove); !errors.As(err, &refused) {
		t.Errorf("bob approves twice: %v", err)
	}
	other := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	r.settle()
	for one, s := range map[string]types.SignalType{id: types.SignalTypeApprove, other: types.SignalTypeReject} {
		if err := r.signal("carol", one, s); err != nil {
			t.Fatal(err)
		}
	}
	r.settle()
	r.stands(id, "Success: ask Success")
	r.stands(other, "Failed: ask Failed")
	late := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	r.settle()
	r.clk.Advance(7 * 24 * time.Hour)
	r.settle()
	r.stands(late, "TimedOut: ask TimedOut")
}

// TestInteractive: each step begins by a signal.
func TestInteractive(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(`{"name":"a","action":"aws:sleep","inputs":{"Duration":"PT0S"}},{"name":"b","action":"aws:pause","inputs":{}}`)})
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B"), Mode: types.ExecutionModeInteractive})
	r.settle()
	r.stands(id, "Waiting: a Pending b Pending")
	for _, want := range []string{"Waiting: a Success b Pending", "Waiting: a Success b Waiting"} {
		if err := r.signal("alice", id, types.SignalTypeStartStep); err != nil {
			t.Fatal(err)
		}
		r.settle()
		r.stands(id, want)
	}
	if err := r.signal("alice", id, types.SignalTypeStartStep); err == nil {
		t.Error("a step begins before the one before it has ended")
	}
	if err := r.signal("alice", id, types.SignalTypeResume); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.stands(id, "Success: a Success b Success")
}

// TestCancel: the step after a cancel runs, and has two minutes.
func TestCancel(t *testing.T) {
	clean := strings.Replace(command, `"inputs"`, `"onCancel":"step:clean","isEnd":true,"inputs"`, 1)
	r := newRoom(t, map[string]string{"B": written(clean + `,` + strings.Replace(command, `"run"`, `"clean"`, 1))})
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	r.settle()
	if _, err := r.StopAutomationExecution(r.as("alice"), &ssm.StopAutomationExecutionInput{AutomationExecutionId: &id}); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.stands(id, "Cancelling: run Cancelled clean InProgress")
	r.clk.Advance(cleaning)
	r.settle()
	r.stands(id, "Cancelled: run Cancelled clean Cancelled")
	if got := strings.Join(r.called, " "); got != "SendCommand CancelCommand SendCommand CancelCommand" {
		t.Errorf("the calls are %q", got)
	}
}

// TestAnAlarmStopsIt before its next step, and while it waits.
func TestAnAlarmStopsIt(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(`{"name":"hold","action":"aws:pause","inputs":{}}`)})
	r.alarms["hot"] = "OK"
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B"), AlarmConfiguration: &types.AlarmConfiguration{Alarms: []types.Alarm{{Name: new("hot")}}}})
	r.settle()
	r.stands(id, "Waiting: hold Waiting")
	r.alarms["hot"] = "ALARM"
	r.settle()
	x := r.stands(id, "Cancelled: hold Cancelled")
	if len(x.TriggeredAlarms) != 1 || *x.TriggeredAlarms[0].Name != "hot" {
		t.Errorf("what stopped it: %v", x.TriggeredAlarms)
	}
}

// TestTargets: one child goes first, then twice as many at a time; after too
// many errors none begins any more.
func TestTargets(t *testing.T) {
	r := newRoom(t, map[string]string{"B": strings.Replace(written(`{"name":"hold","action":"aws:pause","inputs":{"On":"{{ Node }}"}}`), `"mainSteps"`, `"parameters":{"Node":{"type":"String"}},"mainSteps"`, 1)})
	values := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	in := ssm.StartAutomationExecutionInput{
		DocumentName: new("B"), TargetParameterName: new("Node"), Targets: []types.Target{{Key: new("ParameterValues"), Values: values}},
		MaxConcurrency: new("4"), MaxErrors: new("0"),
	}
	waits := func(parent string) (ids []string) {
		out, err := r.DescribeAutomationExecutions(r.as("alice"), &ssm.DescribeAutomationExecutionsInput{Filters: []types.AutomationExecutionFilter{
			{Key: types.AutomationExecutionFilterKeyParentExecutionId, Values: []string{parent}},
			{Key: types.AutomationExecutionFilterKeyExecutionStatus, Values: []string{"Waiting"}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range out.AutomationExecutionMetadataList {
			ids = append(ids, *m.AutomationExecutionId)
		}
		return ids
	}
	end := func(ids []string) {
		for _, id := range ids {
			if err := r.signal("alice", id, types.SignalTypeResume); err != nil {
				t.Fatal(err)
			}
		}
		r.settle()
	}
	id := r.start(in)
	r.settle()
	for _, want := range []int{1, 2, 4, 1, 0} {
		ids := waits(id)
		if len(ids) != want {
			t.Fatalf("%d run, want %d", len(ids), want)
		}
		end(ids)
	}
	if c := r.stands(id, "Success:").ProgressCounters; c.TotalSteps != 8 || c.SuccessSteps != 8 {
		t.Errorf("counted: %+v", c)
	}
	second := r.start(in)
	r.settle()
	if _, err := r.StopAutomationExecution(r.as("alice"), &ssm.StopAutomationExecutionInput{AutomationExecutionId: &second}); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if c := r.stands(second, "Cancelled:").ProgressCounters; c.CancelledSteps != 1 {
		t.Errorf("counted: %+v", c)
	}
}

// TestQuota: so many run, so many wait, the next is refused. What waits runs when
// there is room.
func TestQuota(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(`{"name":"hold","action":"aws:pause","inputs":{}}`)})
	r.quotas = quotas{running: 3, waiting: 5, open: 100}
	begin := func(n int) (last string) {
		for range n {
			r.clk.Advance(time.Second)
			last = r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
		}
		r.settle()
		return last
	}
	first, waits := begin(1), ""
	begin(2)
	waits = begin(1)
	begin(4)
	var full *types.AutomationExecutionLimitExceededException
	if _, err := r.StartAutomationExecution(r.as("alice"), &ssm.StartAutomationExecutionInput{DocumentName: new("B")}); !errors.As(err, &full) {
		t.Fatalf("one too many: %v", err)
	}
	r.stands(first, "Waiting: hold Waiting")
	r.stands(waits, "Pending: hold Pending")
	if err := r.signal("alice", first, types.SignalTypeResume); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.stands(waits, "Waiting: hold Waiting")
	begin(1)
}

// TestOldOnesAreForgotten after thirty days, with all that they left.
func TestOldOnesAreForgotten(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(`{"name":"a","action":"aws:sleep","inputs":{"Duration":"PT0S"}}`)})
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	r.settle()
	for _, days := range []int{29, 2} {
		r.clk.Advance(time.Duration(days) * 24 * time.Hour)
		if _, err := r.Upkeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := r.GetAutomationExecution(r.as("alice"), &ssm.GetAutomationExecutionInput{AutomationExecutionId: &id})
		if gone := err != nil; gone != (days == 2) {
			t.Fatalf("%d days later: %v", days, err)
		}
	}
}

// TestFailures: what a call is refused with is the step's message, and where a
// runbook goes after it.
func TestFailures(t *testing.T) {
	r := newRoom(t, map[string]string{"B": written(`
		{"name":"a","action":"aws:executeAwsApi","onFailure":"Continue","inputs":{"Service":"iam","Api":"GetRole"}},
		{"name":"b","action":"aws:executeAwsApi","onFailure":"step:d","inputs":{"Service":"iam","Api":"GetRole","X":"{{ a.Nothing }}"}},
		{"name":"c","action":"aws:pause","inputs":{}},
		{"name":"d","action":"aws:sleep","inputs":{"Duration":"PT0S"}}`)})
	r.answer = func(string, map[string]any) (string, error) {
		return "", &smithy.GenericAPIError{Code: "NoSuchEntity", Message: "The role cannot be found."}
	}
	id := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("B")})
	r.settle()
	x := r.stands(id, "Failed: a Failed b Failed c Pending d Success")
	for i, want := range []string{"The role cannot be found. (Service: iam; Error Code: NoSuchEntity", "Failed to resolve input: a.Nothing"} {
		if got := str(x.StepExecutions[i].FailureMessage); !strings.Contains(got, want) {
			t.Errorf("step %d says %q, want %q in it", i, got, want)
		}
	}
	var told []string
	for _, one := range r.told { // an update may run again
		if !slices.Contains(told, one) {
			told = append(told, one)
		}
	}
	if got, want := strings.Join(told[2:], "|"), "a InProgress|a Failed|b InProgress|b Failed|d InProgress|d Success|<nil> Failed"; got != want {
		t.Errorf("told: %q, want %q", got, want)
	}
}

// TestAChildActsAsItsParent: with the role of the parent, which its session
// would outlive, unless its runbook has one of its own.
func TestAChildActsAsItsParent(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/Runner"
	r := newRoom(t, map[string]string{
		"P": `{"schemaVersion":"0.3","assumeRole":"` + role + `","mainSteps":[{"name":"other","action":"aws:executeAutomation","inputs":{"DocumentName":"C"}}]}`,
		"C": written(command),
	})
	parent := r.start(ssm.StartAutomationExecutionInput{DocumentName: new("P")})
	child := ""
	answer := r.answer
	r.answer = func(operation string, input map[string]any) (string, error) {
		if operation != "StartAutomationExecution" {
			return answer(operation, input)
		}
		ctx := api.WithCall(t.Context(), &api.Call{
			Account: here.Account, Region: here.Region, Time: r.clk.Now(), RequestID: r.request, SentBy: "ssm.amazonaws.com",
			Caller: api.Caller{Type: api.AssumedRole, Account: here.Account, ARN: "arn:aws:sts::111122223333:assumed-role/Runner/Automation-" + parent},
		})
		out, err := r.StartAutomationExecution(ctx, &ssm.StartAutomationExecutionInput{DocumentName: new("C")})
		if err != nil {
			return "", err
		}
		child = *out.AutomationExecutionId
		return fmt.Sprintf(`{"AutomationExecutionId":%q}`, child), nil
	}
	r.settle()
	r.stands(child, "InProgress: run InProgress")
	if r.who.Role != role || r.who.Caller.Name != "alice" {
		t.Errorf("the child's command was sent by %+v, want the parent's role", r.who)
	}
	if got := str(r.get(child).ParentAutomationExecutionId); got != parent {
		t.Errorf("its parent is %q, want %q", got, parent)
	}
}
