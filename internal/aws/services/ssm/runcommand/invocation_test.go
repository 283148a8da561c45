package runcommand

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/aws/services/ssm/amazon"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

const (
	account = "111122223333"
	region  = "ap-northeast-1"
)

var morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// floor is a set of nodes of one account and Region.
type floor map[string]Node

func (f floor) Resolve(_ *store.Tx, scope store.Scope, id string) (Node, bool, error) {
	n, ok := f[id]
	return n, ok && scope == store.In(account, region), nil
}

func (f floor) Targets(_ *store.Tx, _ store.Scope, targets []Target) ([]Node, error) {
	var out []Node
	for n := range 10 {
		node, ok := f[nodeID(n)]
		fits := ok && len(targets) > 0
		for _, t := range targets {
			key, isTag := strings.CutPrefix(t.Key, "tag:")
			fits = fits && (!isTag || slices.Contains(t.Values, node.Tags[key])) && (isTag || slices.Contains(t.Values, node.ID))
		}
		if fits {
			out = append(out, node)
		}
	}
	return out, nil
}

// Online: a node named "away" is.
func (f floor) Online(node string) bool { return f[node].Name != "away" }

// FindsBucket: a node named "blind" finds none.
func (f floor) FindsBucket(_ *store.Tx, _ store.Scope, node, _ string) (bool, error) {
	return f[node].Name != "blind", nil
}

func (f floor) CheckTargets(targets []Target) error {
	for _, t := range targets {
		if t.Key != "InstanceIds" && !strings.HasPrefix(t.Key, "tag:") {
			return errors.New("the target key " + t.Key + " is not known here")
		}
	}
	return nil
}

func nodeID(n int) string { return fmt.Sprintf("mi-%017d", n) }

type room struct {
	*Service
	t   *testing.T
	clk *clock.Frozen
}

// newRoom is the room over a store in memory, with ten nodes of which the
// first is a desktop's.
func newRoom(t *testing.T) *room {
	t.Helper()
	r := &room{t: t, clk: clock.NewFrozen(morning)}
	st, err := store.Open(t.Context(), store.Options{Clock: r.clk}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	f := floor{}
	for n := range 10 {
		f[nodeID(n)] = Node{ID: nodeID(n), Name: "desk", Tags: map[string]string{"Floor": "3"}}
	}
	f["ws-aaaaaaaaa"] = f[nodeID(0)]
	r.Service = New(st, id.Seeded(1), r.clk, Ports{Nodes: f, Documents: ofAmazon{}})
	return r
}

// ofAmazon are the documents of owner Amazon and no others.
type ofAmazon struct{}

func (ofAmazon) Document(_ *store.Tx, _ store.Scope, name string, version *string) (Document, error) {
	for _, d := range amazon.Documents() {
		if d.Name == name && d.Format == "JSON" && (version == nil || *version == "1") {
			return Document{Name: name, Version: "1", Type: d.Type, JSON: d.Content, Amazon: true}, nil
		}
	}
	return Document{}, &types.InvalidDocument{}
}

func (ofAmazon) Check(context.Context, string, string) ([]api.Check, error) { return nil, nil }

func (r *room) call() context.Context {
	return api.WithCall(r.t.Context(), &api.Call{
		Account: account, Region: region, Time: r.clk.Now(), Caller: api.Caller{Type: api.IAMUser, Account: account},
	})
}

// send sends a command to the first n nodes.
func (r *room) send(n int, change func(*ssm.SendCommandInput)) string {
	r.t.Helper()
	in := &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"), Parameters: map[string][]string{"commands": {"true"}},
	}
	for i := range n {
		in.InstanceIds = append(in.InstanceIds, nodeID(i))
	}
	if change != nil {
		change(in)
	}
	out, err := r.SendCommand(r.call(), in)
	if err != nil {
		r.t.Fatal(err)
	}
	return *out.Command.CommandId
}

func job(command string, n int) string { return "aws.ssm." + command + "." + nodeID(n) }

func (r *room) ack(command string, n int, status nodes.AckStatus) {
	r.t.Helper()
	if err := r.JobAcknowledged(r.t.Context(), nodeID(n), job(command, n), status); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) reply(command string, n int, status string, steps ...nodes.Step) {
	r.t.Helper()
	reply := nodes.Reply{JobID: job(command, n), Status: status, Steps: map[string]nodes.Step{}}
	for _, s := range steps {
		reply.Steps[s.Name] = s
	}
	if err := r.JobReplied(r.t.Context(), nodeID(n), reply); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) invocation(command string, n int) *ssm.GetCommandInvocationOutput {
	r.t.Helper()
	out, err := r.GetCommandInvocation(r.call(), &ssm.GetCommandInvocationInput{CommandId: &command, InstanceId: aws.String(nodeID(n))})
	if err != nil {
		r.t.Fatal(err)
	}
	return out
}

func (r *room) command(id string) types.Command {
	r.t.Helper()
	out, err := r.ListCommands(r.call(), &ssm.ListCommandsInput{CommandId: &id})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.Commands[0]
}

// orders are the open orders by node.
func (r *room) orders() map[string]nodes.Order {
	r.t.Helper()
	open, _, err := r.Orders(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	out := map[string]nodes.Order{}
	for _, o := range open {
		out[o.Node] = o
	}
	return out
}

// giveUp ends all that is overdue.
func (r *room) giveUp() {
	r.t.Helper()
	var keys []nodes.OrderKey
	for _, o := range r.orders() {
		keys = append(keys, nodes.OrderKey{Account: o.Account, Region: o.Region, Key: o.Key})
	}
	if err := r.GiveUp(r.t.Context(), keys); err != nil {
		r.t.Fatal(err)
	}
}

func step(status string, code int) nodes.Step {
	return nodes.Step{
		Name: "aws:runShellScript", Status: status, Code: code, Stdout: "out", Stderr: "err", Output: "both",
		StartedAt: morning, FinishedAt: morning.Add(1500 * time.Millisecond),
	}
}

func TestInvocationFollowsItsNode(t *testing.T) {
	for _, row := range []struct {
		name    string
		live    func(r *room, c string)
		status  types.CommandInvocationStatus
		details string
		code    int32
		stdout  string
	}{
		{"nothing was heard", func(*room, string) {}, "Pending", "Pending", -1, ""},
		{"accepted", func(r *room, c string) { r.ack(c, 0, 200) }, "InProgress", "InProgress", -1, ""},
		{"accepted before, as the node says", func(r *room, c string) { r.ack(c, 0, 51405) }, "InProgress", "InProgress", -1, ""},
		{"no room", func(r *room, c string) { r.ack(c, 0, 51402) }, "Delayed", "Delayed", -1, ""},
		{"no room, then accepted", func(r *room, c string) { r.ack(c, 0, 51402); r.ack(c, 0, 200) }, "InProgress", "InProgress", -1, ""},
		{"refused for good", func(r *room, c string) { r.ack(c, 0, 51406) }, "Failed", "Failed", -1, ""},
		{"a reply before the acknowledgement", func(r *room, c string) { r.reply(c, 0, "InProgress") }, "InProgress", "InProgress", -1, ""},
		{"success", func(r *room, c string) { r.ack(c, 0, 200); r.reply(c, 0, "Success", step("Success", 0)) }, "Success", "Success", 0, "out"},
		{"a failure", func(r *room, c string) { r.ack(c, 0, 200); r.reply(c, 0, "Failed", step("Failed", 3)) }, "Failed", "Failed", 3, "out"},
		{"over its time", func(r *room, c string) { r.ack(c, 0, 200); r.reply(c, 0, "TimedOut", step("TimedOut", 137)) }, "TimedOut", "ExecutionTimedOut", 137, "out"},
		{"a last reply without steps keeps the step", func(r *room, c string) { r.reply(c, 0, "InProgress", step("Success", 0)); r.reply(c, 0, "Success") }, "Success", "Success", 0, "out"},
		{"a late repetition changes nothing", func(r *room, c string) {
			r.reply(c, 0, "Success", step("Success", 0))
			r.reply(c, 0, "InProgress")
			r.ack(c, 0, 51405)
			r.reply(c, 0, "Failed", step("Failed", 1))
		}, "Success", "Success", 0, "out"},
		{"never delivered", func(r *room, _ string) { r.clk.Advance(time.Hour); r.giveUp() }, "TimedOut", "DeliveryTimedOut", -1, ""},
		{"not given up too early", func(r *room, _ string) { r.clk.Advance(time.Hour - time.Second); r.giveUp() }, "Pending", "Pending", -1, ""},
		{"accepted and never heard of again", func(r *room, c string) {
			r.ack(c, 0, 200)
			r.clk.Advance(time.Hour + overdue)
			r.giveUp()
		}, "TimedOut", "ExecutionTimedOut", -1, ""},
		{"a result after it was given up changes nothing", func(r *room, c string) {
			r.ack(c, 0, 200)
			r.clk.Advance(2 * time.Hour)
			r.giveUp()
			r.reply(c, 0, "Success", step("Success", 0))
		}, "TimedOut", "ExecutionTimedOut", -1, ""},
		{"accepted after delivery was given up changes nothing", func(r *room, c string) {
			r.clk.Advance(time.Hour)
			r.giveUp()
			r.ack(c, 0, 200)
		}, "TimedOut", "DeliveryTimedOut", -1, ""},
		{"cancelled before it was accepted", func(r *room, c string) { r.cancel(c) }, "Cancelled", "Cancelled", -1, ""},
		{"cancelled, but a node had it", func(r *room, c string) { r.cancel(c); r.ack(c, 0, 200) }, "Cancelling", "Cancelling", -1, ""},
		{"to be cancelled", func(r *room, c string) { r.ack(c, 0, 200); r.cancel(c) }, "Cancelling", "Cancelling", -1, ""},
		{"cancelled", func(r *room, c string) {
			r.ack(c, 0, 200)
			r.cancel(c)
			r.reply(c, 0, "Cancelled", step("Cancelled", 137))
		}, "Cancelled", "Cancelled", 137, "out"},
		{"done before the cancel came", func(r *room, c string) {
			r.ack(c, 0, 200)
			r.cancel(c)
			r.reply(c, 0, "Success", step("Success", 0))
		}, "Success", "Success", 0, "out"},
		{"cancelled and never heard of", func(r *room, c string) {
			r.ack(c, 0, 200)
			r.cancel(c)
			r.clk.Advance(2 * time.Hour)
			r.giveUp()
		}, "Cancelled", "Cancelled", -1, ""},
		{"another node's word about it", func(r *room, c string) {
			if err := r.JobReplied(r.t.Context(), nodeID(1), nodes.Reply{JobID: job(c, 0), Status: "Success"}); err != nil {
				r.t.Error(err)
			}
		}, "Pending", "Pending", -1, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := newRoom(t)
			c := r.send(1, nil)
			row.live(r, c)
			got := r.invocation(c, 0)
			if got.Status != row.status || *got.StatusDetails != row.details || got.ResponseCode != row.code || *got.StandardOutputContent != row.stdout {
				t.Errorf("got %s, %s, code %d, %q; want %s, %s, %d, %q", got.Status, *got.StatusDetails, got.ResponseCode, *got.StandardOutputContent,
					row.status, row.details, row.code, row.stdout)
			}
		})
	}
}

func (r *room) cancel(command string) {
	r.t.Helper()
	if _, err := r.CancelCommand(r.call(), &ssm.CancelCommandInput{CommandId: &command}); err != nil {
		r.t.Fatal(err)
	}
}

func TestCommandFollowsItsInvocations(t *testing.T) {
	for _, row := range []struct {
		name    string
		change  func(*ssm.SendCommandInput)
		results []string // of four nodes; "" is nothing yet
		status  types.CommandStatus
		details string
	}{
		{"none has begun", nil, []string{"", "", "", ""}, "Pending", "Pending"},
		{"some are done", nil, []string{"Success", "", "", ""}, "InProgress", "InProgress"},
		{"all succeeded", nil, []string{"Success", "Success", "Success", "Success"}, "Success", "Success"},
		{"one failed and none may", nil, []string{"Success", "Failed", "Success", "Success"}, "Failed", "Failed"},
		{"one failed and one may", maxErrors("1"), []string{"Success", "Failed", "Success", "Success"}, "Failed", "Incomplete"},
		{"two failed and a quarter may", maxErrors("25%"), []string{"Success", "Failed", "Failed", "Success"}, "Failed", "Failed"},
		{"one took too long", nil, []string{"Success", "TimedOut", "Success", "Success"}, "TimedOut", "ExecutionTimedOut"},
		{"one was never reached", nil, []string{"Success", "lost", "Success", "Success"}, "TimedOut", "DeliveryTimedOut"},
		{"one was cancelled by its node", nil, []string{"Success", "Cancelled", "Success", "Success"}, "Cancelled", "Cancelled"},
	} {
		r := newRoom(t)
		c := r.send(4, row.change)
		lost := false
		for n, result := range row.results {
			switch result {
			case "":
			case "lost":
				lost = true
			default:
				r.reply(c, n, result, step(result, 0))
			}
		}
		if lost {
			r.clk.Advance(time.Hour)
			r.giveUp()
		}
		if got := r.command(c); got.Status != row.status || *got.StatusDetails != row.details {
			t.Errorf("%s: got %s, %s; want %s, %s", row.name, got.Status, *got.StatusDetails, row.status, row.details)
		}
	}
	r := newRoom(t)
	none := r.send(0, func(in *ssm.SendCommandInput) {
		in.Targets = []types.Target{{Key: aws.String("tag:Floor"), Values: []string{"9"}}}
	})
	if got := r.command(none); got.Status != types.CommandStatusFailed || *got.StatusDetails != "NoInstancesInTag" {
		t.Errorf("no node has the tag: got %s, %s", got.Status, *got.StatusDetails)
	}
}

func maxErrors(s string) func(*ssm.SendCommandInput) {
	return func(in *ssm.SendCommandInput) { in.MaxErrors = &s }
}

func TestConcurrencyHoldsTheOthersBack(t *testing.T) {
	r := newRoom(t)
	c := r.send(4, func(in *ssm.SendCommandInput) { in.MaxConcurrency = aws.String("50%") })
	count := func(state nodes.OrderState) (n int) {
		for _, o := range r.orders() {
			if o.State == state {
				n++
			}
		}
		return n
	}
	if w, h := count(nodes.Waiting), count(nodes.Held); w != 2 || h != 2 {
		t.Errorf("at first: %d wait and %d are held, want 2 and 2", w, h)
	}
	r.ack(c, 0, 200)
	r.reply(c, 0, "Success", step("Success", 0))
	if w, h := count(nodes.Waiting), count(nodes.Held); w != 2 || h != 1 {
		t.Errorf("after one: %d wait and %d are held, want 2 and 1", w, h)
	}
	r.reply(c, 1, "Failed", step("Failed", 1))
	if h := count(nodes.Held); h != 0 {
		t.Errorf("after an error: %d are held, want none", h)
	}
	if got := *r.invocation(c, 3).StatusDetails; got != "Terminated" {
		t.Errorf("after an error the last is %s, want Terminated", got)
	}
	if got := *r.invocation(c, 2).StatusDetails; got != "Pending" {
		t.Errorf("what was let go goes on: got %s, want Pending", got)
	}
}

func TestOrderCarriesWhatAnAgentReads(t *testing.T) {
	r := newRoom(t)
	c := r.send(0, func(in *ssm.SendCommandInput) {
		in.InstanceIds = []string{"ws-aaaaaaaaa"}
		in.Parameters["executionTimeout"] = []string{"5"}
	})
	o := r.orders()[nodeID(0)]
	want := `"Parameters":{"commands":["true"],"executionTimeout":"5","workingDirectory":""}`
	if o.Job.ID != job(c, 0) || o.Job.Topic != nodes.SendCommand || !strings.Contains(string(o.Job.Content), want) || !strings.Contains(string(o.Job.Content), `"CloudWatchOutputEnabled":"false"`) {
		t.Errorf("got %s %s, want %s in it", o.Job.ID, o.Job.Content, want)
	}
	r.ack(c, 0, 200)
	if o := r.orders()[nodeID(0)]; o.State != nodes.Running || o.Job.ID != "" || !o.Deadline.Equal(morning.Add(5*time.Second+overdue)) {
		t.Errorf("accepted: got %+v", o)
	}
	r.cancel(c)
	if o := r.orders()[nodeID(0)]; o.State != nodes.Cancelling || string(o.Job.Content) != `{"CancelMessageId":"`+job(c, 0)+`"}` {
		t.Errorf("to be cancelled: got %s %s", o.State, o.Job.Content)
	}
}

func TestNodesCannotExceedTheLimits(t *testing.T) {
	r := newRoom(t)
	c := r.send(1, nil)
	s := step("Success", 0)
	s.Stdout, s.Stderr, s.Output = string(make([]byte, 50000)), string(make([]byte, 50000)), string(make([]byte, 50000))
	r.reply(c, 0, "Success", s)
	got := r.invocation(c, 0)
	if a, b := len(*got.StandardOutputContent), len(*got.StandardErrorContent); a != 24000 || b != 8000 {
		t.Errorf("kept %d and %d bytes, want 24000 and 8000", a, b)
	}
}

func TestListsFilter(t *testing.T) {
	r := newRoom(t)
	first := r.send(1, nil)
	r.clk.Advance(time.Hour)
	second := r.send(2, nil)
	r.reply(second, 0, "Success", step("Success", 0))
	filter := func(key types.CommandFilterKey, value string) []types.CommandFilter {
		return []types.CommandFilter{{Key: key, Value: &value}}
	}
	for _, row := range []struct {
		name string
		in   *ssm.ListCommandInvocationsInput
		want []string
	}{
		{"all, newest first", &ssm.ListCommandInvocationsInput{}, []string{second, second, first}},
		{"of a node", &ssm.ListCommandInvocationsInput{InstanceId: aws.String(nodeID(1))}, []string{second}},
		{"of a WorkSpace", &ssm.ListCommandInvocationsInput{InstanceId: aws.String("ws-aaaaaaaaa")}, []string{second, first}},
		{"of a command", &ssm.ListCommandInvocationsInput{CommandId: &second}, []string{second, second}},
		{"of an unknown node", &ssm.ListCommandInvocationsInput{InstanceId: aws.String("mi-none")}, nil},
		{"after a time", &ssm.ListCommandInvocationsInput{Filters: filter("InvokedAfter", "2026-11-22T08:30:00Z")}, []string{second, second}},
		{"before a time", &ssm.ListCommandInvocationsInput{Filters: filter("InvokedBefore", "2026-11-22T08:30:00Z")}, []string{first}},
		{"by status", &ssm.ListCommandInvocationsInput{Filters: filter("Status", "Pending")}, []string{second, first}},
		{"by document", &ssm.ListCommandInvocationsInput{Filters: filter("DocumentName", "other")}, nil},
	} {
		out, err := r.ListCommandInvocations(r.call(), row.in)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		var got []string
		for _, i := range out.CommandInvocations {
			got = append(got, *i.CommandId)
		}
		if fmt.Sprint(got) != fmt.Sprint(row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
	out, err := r.ListCommands(r.call(), &ssm.ListCommandsInput{InstanceId: aws.String(nodeID(1))})
	if err != nil || len(out.Commands) != 1 || *out.Commands[0].CommandId != second {
		t.Errorf("commands of a node: got %v (%v)", out, err)
	}
	if _, err := r.ListCommands(r.call(), &ssm.ListCommandsInput{Filters: filter("InvokedAfter", "yesterday")}); err == nil {
		t.Error("a filter with no time was taken")
	}
	elsewhere := api.WithCall(t.Context(), &api.Call{Account: account, Region: "us-east-1", Time: morning})
	if out, err := r.ListCommands(elsewhere, &ssm.ListCommandsInput{}); err != nil || len(out.Commands) != 0 {
		t.Errorf("another Region sees %v (%v)", out, err)
	}
	foreign := api.WithCall(t.Context(), &api.Call{Account: "999999999999", Region: region, Time: morning})
	if _, err := r.GetCommandInvocation(foreign, &ssm.GetCommandInvocationInput{CommandId: &first, InstanceId: aws.String(nodeID(0))}); err == nil {
		t.Error("another account sees an invocation")
	}
}

func TestElapsed(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "PT0S", 12 * time.Millisecond: "PT0.012S", 1500 * time.Millisecond: "PT1.5S",
		90 * time.Second: "PT1M30S", 10 * time.Second: "PT10S", 2*time.Hour + 3*time.Second: "PT2H3S", -time.Second: "PT0S",
	} {
		if got := elapsed(d); got != want {
			t.Errorf("%v: got %s, want %s", d, got, want)
		}
	}
}

func TestStoredForms(t *testing.T) {
	storetest.Golden(t, &commands, &command{
		ID: "11111111-1111-4111-8111-111111111111", Requested: morning, Document: "AWS-RunShellScript", Comment: "c",
		Parameters: map[string][]string{"commands": {"true"}}, InstanceIDs: []string{nodeID(0)}, Targets: []Target{{"InstanceIds", []string{"ws-aaaaaaaaa"}}},
		Timeout: 3600, MaxConcurrency: "50", MaxErrors: "0", Caller: "arn:aws:iam::111122223333:user/administrator",
		Limit: time.Hour, Output: output{Bucket: "b", Prefix: "p", Logs: true, Group: "g"}, Version: "2",
		Count: 1, By: map[string]int{"Pending": 1}, Out: 1, Back: 2, Cancelled: true, Exceeded: true,
		Guard:  &alarm.Guard{Alarms: []string{"a"}, Ignore: true, Triggered: []alarm.Triggered{{Name: "a", State: "ALARM"}}},
		Notify: &notification{Topic: "arn:aws:sns:eu-west-1:111122223333:t", Role: "arn:aws:iam::111122223333:role/r", Events: []string{"All"}, Each: true},
	})
	storetest.Golden(t, &notices, &notice{
		ID: "i", At: morning, Account: "111122223333", Region: "eu-west-1", Role: "arn:aws:iam::111122223333:role/r", Topic: "arn:aws:sns:eu-west-1:111122223333:t",
		Message: "{}", Tried: 1,
	})
	storetest.Golden(t, &contents, &content{Command: "11111111-1111-4111-8111-111111111111", Job: json.RawMessage(`{"CommandId":"c"}`)})
	storetest.Golden(t, &pieces, &piece{Command: "11111111-1111-4111-8111-111111111111", Node: nodeID(0), Step: "aws:runShellScript", Stream: "stdout", Offset: 7, Data: []byte("x")})
	storetest.Golden(t, &chores, &chore{
		Command: "11111111-1111-4111-8111-111111111111", Part: 1, Nodes: []picked{{ID: nodeID(0), Name: "desk", Details: detailsAccessDenied}},
	})
	storetest.Golden(t, &invocations, &invocation{
		Command: "11111111-1111-4111-8111-111111111111", Node: nodeID(0), NodeName: "desk", Requested: morning, Document: "AWS-RunShellScript", Comment: "c",
		Details: detailsPending, Held: true, Away: true, Output: output{Bucket: "b", Prefix: "p", Logs: true, Group: "g"}, Version: "2", Expires: morning.Add(time.Hour), Limit: time.Hour, Accepted: morning, GivenUp: true, Cancel: "22222222-2222-4222-8222-222222222222",
		Trace: "t", Steps: map[string]nodes.Step{"aws:runShellScript": step("Success", 0)},
	})
}

// Jobs that are no customer's command: State Manager wakes agents by some.
func TestWordsOfUnknownJobsAreTakenQuietly(t *testing.T) {
	r := newRoom(t)
	unknown := "11111111-1111-4111-8111-111111111111"
	for _, status := range []nodes.AckStatus{nodes.AckAccepted, nodes.AckBusy, nodes.AckDuplicate} {
		r.ack(unknown, 0, status)
	}
	for _, status := range []string{"InProgress", "Success", "Failed"} {
		r.reply(unknown, 0, status, nodes.Step{Name: "aws:refreshAssociation", Status: status})
	}
	out, err := r.ListCommandInvocations(r.call(), &ssm.ListCommandInvocationsInput{})
	if err != nil || len(out.CommandInvocations) > 0 {
		t.Errorf("got %v and %v, want nothing", out, err)
	}
	for _, job := range []string{"", "aws.ssm.", "x", "aws.ssm.." + nodeID(0)} {
		if err := r.JobReplied(t.Context(), nodeID(0), nodes.Reply{JobID: job, Status: "Success"}); err != nil {
			t.Errorf("a reply to %q: %v", job, err)
		}
	}
}
