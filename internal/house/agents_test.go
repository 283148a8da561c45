package house_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/agent"
	"tamachi/internal/agent/simulator"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// yard is a plane with simulated nodes.
type yard struct {
	*apitest.Plane
	t     *testing.T
	clk   *clock.Frozen
	world *simulator.World
}

func openYard(t *testing.T) *yard {
	t.Helper()
	return openYardAt(t, 0)
}

// openYardAt is a yard whose clock stands so much after the machine's.
func openYardAt(t *testing.T, after time.Duration) *yard {
	t.Helper()
	clk := clock.NewFrozen(time.Now().UTC().Add(after))
	y := &yard{Plane: apitest.Start(t, apitest.Options{Clock: clk}), t: t, clk: clk}
	ca, err := os.ReadFile(y.Access().CAFile)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.TrimPrefix(y.HTTP(), "http://")
	y.world, err = simulator.NewWorld(simulator.Config{
		Region: y.Access().Region, Domain: "tamachi.internal", Port: 4566, CA: ca, Clock: clk, IDs: id.Random(),
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, at)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(y.world.Close)
	return y
}

// node registers a node, which has credentials and has reported.
func (y *yard) node() *simulator.Node {
	y.t.Helper()
	made, err := ssm.NewFromConfig(y.Config()).CreateActivation(y.t.Context(), &ssm.CreateActivationInput{IamRole: aws.String(y.NodeRole())})
	if err != nil {
		y.t.Fatal(err)
	}
	n, err := y.world.Register(y.t.Context(), *made.ActivationId, *made.ActivationCode)
	if err == nil {
		_, err = n.Renew(y.t.Context())
	}
	if err == nil {
		err = n.Inform(y.t.Context())
	}
	if err != nil {
		y.t.Fatal(err)
	}
	return n
}

// targets are the prefixes of the services that agents call by JSON.
var targets = map[string]string{"ssm": "AmazonSSM.", "ec2messages": "EC2WindowsMessageDeliveryService.", "tamachi": "Tamachi."}

// keyed are the rows that a node signs with its own key.
var keyed = []string{"RequestManagedInstanceRoleToken", "UpdateManagedInstancePublicKey"}

// agentsRows are all rows of the agents' side: those that leave no trail.
func (y *yard) agentsRows() map[string]*api.Operation {
	out := map[string]*api.Operation{}
	y.Gate().Rows(func(service string, op *api.Operation) {
		if _, ok := targets[service]; ok && op.Kind == api.KindData {
			out[service+"."+op.Name] = op
		}
	})
	return out
}

// valid are members that must be as the model says, or validation would answer
// before anybody asks who calls.
var valid = map[string]any{
	"AssociationId": "11111111-1111-4111-8111-111111111111", "SnapshotId": "11111111-1111-4111-8111-111111111111",
	"ComplianceType": "Association", "ResourceType": "ManagedInstance", "ExecutionSummary": map[string]any{"ExecutionTime": 1795363954},
	"ExecutionResult": map[string]any{"Status": "Success", "ExecutionDate": 1795363954, "ExecutionSummary": "x"},
	"ItemContentHash": "", "UploadType": "COMPLETE", "ExecutionId": "11111111-1111-4111-8111-111111111111",
	"StartTime": 1795363954, "Items": []any{}, "PublicKeyType": "Rsa", "NewPublicKeyType": "Rsa",
	"AllBuckets": false, "Buckets": []string{"bucket"},
}

// about fills an input whose every id is a node's.
func about(op *api.Operation, node string) map[string]any {
	out := map[string]any{}
	for f := range op.In.Fields() {
		switch {
		case !f.IsExported():
		case f.Name == "InstanceId" || f.Name == "Destination" || f.Name == "ResourceId" || f.Name == "Target":
			out[f.Name] = node
		case f.Name == "MessageId":
			out[f.Name] = "aws.ssm.11111111-1111-4111-8111-111111111111." + node
		case f.Name == "Items" && op.Name == "PutInventory":
			out[f.Name] = item
		case valid[f.Name] != nil:
			out[f.Name] = valid[f.Name]
		case f.Type == reflect.TypeFor[*string]():
			out[f.Name] = "x"
		}
	}
	return out
}

// item is one of the inventory's, which wants at least one.
var item = []any{map[string]any{"TypeName": "Custom:X", "SchemaVersion": "1.0", "CaptureTime": "2026-11-22T10:00:00Z"}}

func named(op *api.Operation) bool {
	return slices.ContainsFunc([]string{"InstanceId", "Destination", "ResourceId", "MessageId"}, func(name string) bool {
		_, ok := op.In.FieldByName(name)
		return ok
	})
}

func refusal(err error) string {
	if no, ok := errors.AsType[*simulator.Refusal](err); ok {
		return no.Code
	}
	return fmt.Sprint(err)
}

// TestAgentsSideByEnumeration tries everyone who has no business there on
// every endpoint of the agents.
func TestAgentsSideByEnumeration(t *testing.T) {
	y, ctx := openYard(t), t.Context()
	node, other, gone, stale := y.node(), y.node(), y.node(), y.node()
	if _, err := ssm.NewFromConfig(y.Config()).DeregisterManagedInstance(ctx, &ssm.DeregisterManagedInstanceInput{InstanceId: &gone.ID}); err != nil {
		t.Fatal(err)
	}
	y.frames(node, other)
	stranger, mixed := *node, *node
	stranger.Credentials = agent.Credentials{AccessKeyID: "ASIAAAAAAAAAAAAAAAAA", SecretAccessKey: "x", SessionToken: "y"}
	mixed.Credentials.SessionToken = other.Credentials.SessionToken
	y.sessions(node, other, gone, &mixed, &stranger)
	y.bucket("output")
	old := stale.Credentials
	y.clk.Advance(61 * time.Minute)
	for _, n := range []*simulator.Node{node, other} {
		if _, err := n.Renew(ctx); err != nil {
			t.Fatal(err)
		}
	}
	mixed.Credentials = node.Credentials
	mixed.Credentials.SessionToken = other.Credentials.SessionToken
	late := *stale
	late.Credentials = old
	rows := y.agentsRows()
	if len(rows) < 8 {
		t.Fatalf("only %d rows of agents were found", len(rows))
	}
	for name, op := range rows {
		service, _, _ := strings.Cut(name, ".")
		for _, row := range []struct {
			who  string
			n    *simulator.Node
			id   string
			want []string
		}{
			{"a node on another node", node, other.ID, []string{"AccessDeniedException"}},
			{"a node that was deregistered, on itself", gone, gone.ID, []string{"UnrecognizedClientException"}},
			{"a token that has expired, on itself", &late, stale.ID, []string{"ExpiredTokenException"}},
			{"another node's session token", &mixed, node.ID, []string{"UnrecognizedClientException"}},
			{"a stranger", &stranger, node.ID, []string{"UnrecognizedClientException"}},
		} {
			if row.n == node && (!named(op) || slices.Contains(keyed, op.Name)) {
				continue // names no node: it is the caller's
			}
			err := row.n.Call(ctx, service, targets[service]+op.Name, about(op, row.id), nil)
			if got := refusal(err); !slices.Contains(row.want, got) {
				t.Errorf("%s: %s: got %s, want %v", name, row.who, got, row.want)
			}
		}
		if slices.Contains(keyed, op.Name) { // what needs the key takes no session
			if got := refusal(node.Call(ctx, service, targets[service]+op.Name, map[string]any{
				"Fingerprint": node.Fingerprint, "NewPublicKey": "x", "NewPublicKeyType": "Rsa",
			}, nil)); got != "AccessDeniedException" {
				t.Errorf("%s with a session: got %s, want AccessDeniedException", name, got)
			}
		} else if got := refusal(node.CallWithKey(ctx, targets[service]+op.Name, about(op, node.ID), nil)); service == "ssm" && got != "AccessDeniedException" {
			t.Errorf("%s with the node's key: got %s, want AccessDeniedException", name, got)
		}
	}
	if _, err := y.world.Register(ctx, "11111111-1111-4111-8111-111111111111", "no-such-activation-code"); refusal(err) != "InvalidActivation" {
		t.Errorf("a machine without an activation: got %v", err)
	}
	y.channels(node, other, gone, &late, &mixed, &stranger)
	y.outputs(gone, &late, &mixed, &stranger)
	y.keys(node, other)
}

// channels tries to open control channels that are not the caller's.
func (y *yard) channels(node, other *simulator.Node, refused ...*simulator.Node) {
	y.t.Helper()
	for _, n := range refused {
		if ch, err := n.Open(y.t.Context()); err == nil {
			y.t.Errorf("%s has a channel", n.ID)
			ch.Close()
		} else if _, ok := errors.AsType[*simulator.Refusal](err); !ok {
			y.t.Errorf("%s: got %v, want a refusal", n.ID, err)
		}
	}
	if ch, err := node.OpenAs(y.t.Context(), other.ID, ""); err == nil {
		ch.Close()
		y.t.Error("a node opened the channel of another")
	}
	ch, err := node.OpenAs(y.t.Context(), node.ID, "no-token")
	if err == nil { // the first frame comes after the handshake
		if _, err = ch.Read(); err == nil {
			y.t.Error("a channel with a wrong token lives")
		}
		ch.Close()
	}
}

// frames has a node lie about another node's command in frames and calls.
func (y *yard) frames(node, other *simulator.Node) {
	y.t.Helper()
	ctx, client := y.t.Context(), ssm.NewFromConfig(y.Config())
	sent, err := client.SendCommand(ctx, &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"), InstanceIds: []string{other.ID}, Parameters: map[string][]string{"commands": {"true"}},
	})
	if err != nil {
		y.t.Fatal(err)
	}
	ch, err := node.Open(ctx)
	if err != nil {
		y.t.Fatal(err)
	}
	defer ch.Close()
	job := "aws.ssm." + *sent.Command.CommandId + "." + other.ID
	content := `{"documentStatus":"Success","runtimeStatus":{"aws:runShellScript":{"status":"Success","code":0,"output":"lie","standardOutput":"lie"}}}`
	for kind, payload := range map[string]any{
		"agent_job_ack":   map[string]any{"jobId": job, "statusCode": "200"},
		"agent_job_reply": map[string]any{"schemaVersion": 1, "jobId": job, "content": content, "topic": "aws.ssm.sendCommand"},
	} {
		if err := ch.Write(kind, "", payload); err != nil {
			y.t.Fatal(err)
		}
	}
	if err := ch.Ping(); err != nil { // its pong comes after both were handled
		y.t.Fatal(err)
	}
	if got := refusal(node.Call(ctx, "ec2messages", "EC2WindowsMessageDeliveryService.SendReply", map[string]any{
		"MessageId": job, "ReplyId": "r", "Payload": content,
	}, nil)); got != "AccessDeniedException" {
		y.t.Errorf("a reply for another node: got %s", got)
	}
	got, err := client.GetCommandInvocation(ctx, &ssm.GetCommandInvocationInput{CommandId: sent.Command.CommandId, InstanceId: &other.ID})
	if err != nil || got.Status == "Success" || aws.ToString(got.StandardOutputContent) != "" {
		y.t.Errorf("a lie was believed: %+v (%v)", got, err)
	}
}

// TestNodeThatPollsRunsCommands follows a command to a node without a control
// channel, and what the long poll refuses.
func TestNodeThatPollsRunsCommands(t *testing.T) {
	y, ctx := openYard(t), t.Context()
	node, client := y.node(), ssm.NewFromConfig(y.Config())
	const prefix = "EC2WindowsMessageDeliveryService."
	type message struct{ MessageId, Payload, Topic string }
	polled := make(chan []message, 1)
	go func() {
		var out struct{ Messages []message }
		err := node.Call(ctx, "ec2messages", prefix+"GetMessages", map[string]any{
			"Destination": node.ID, "MessagesRequestId": "r", "VisibilityTimeoutInSeconds": 10,
		}, &out)
		if err != nil {
			t.Error(err)
		}
		polled <- out.Messages
	}()
	y.eventually("the node to poll", func() bool {
		out, err := client.DescribeInstanceInformation(ctx, &ssm.DescribeInstanceInformationInput{})
		return err == nil && len(out.InstanceInformationList) == 1 && out.InstanceInformationList[0].PingStatus == "Online"
	})
	sent, err := client.SendCommand(ctx, &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"), InstanceIds: []string{node.ID}, Parameters: map[string][]string{"commands": {"echo hello"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := <-polled
	if len(got) != 1 || got[0].MessageId != "aws.ssm."+*sent.Command.CommandId+"."+node.ID || got[0].Topic != "aws.ssm.sendCommand" || !json.Valid([]byte(got[0].Payload)) {
		t.Fatalf("got %+v, want the command", got)
	}
	call := func(operation string, in map[string]any) string {
		return refusal(node.Call(ctx, "ec2messages", prefix+operation, in, nil))
	}
	job := got[0].MessageId
	for _, row := range []struct {
		operation string
		in        map[string]any
		want      string
	}{
		{"SendReply", map[string]any{"MessageId": job, "ReplyId": "1", "Payload": `{"documentStatus":"InProgress","runtimeStatus":null}`}, "<nil>"},
		{"AcknowledgeMessage", map[string]any{"MessageId": job}, "<nil>"},
		{"SendReply", map[string]any{"MessageId": job, "ReplyId": "2", "Payload": `{`}, "InvalidReplyException"},
		{"SendReply", map[string]any{"MessageId": job, "ReplyId": "3", "Payload": `{"documentStatus":"Success","runtimeStatus":{"aws:runShellScript":{"status":"Success","code":0,"output":"hello","standardOutput":"hello"}}}`}, "<nil>"},
		{"DeleteMessage", map[string]any{"MessageId": job}, "<nil>"},
		{"DeleteMessage", map[string]any{"MessageId": "aws.ssm.x.mi-0123456789abcdef0"}, "AccessDeniedException"},
		{"FailMessage", map[string]any{"MessageId": "aws.ssm.11111111-1111-4111-8111-111111111111." + node.ID, "FailureType": "InternalHandlerException"}, "<nil>"},
		{"FailMessage", map[string]any{"MessageId": job}, "ValidationException"},
		{"GetMessages", map[string]any{"Destination": "everybody", "MessagesRequestId": "r"}, "ValidationException"},
	} {
		if got := call(row.operation, row.in); got != row.want {
			t.Errorf("%s %v: got %s, want %s", row.operation, row.in, got, row.want)
		}
	}
	result, err := client.GetCommandInvocation(ctx, &ssm.GetCommandInvocationInput{CommandId: sent.Command.CommandId, InstanceId: &node.ID})
	if err != nil || result.Status != "Success" || aws.ToString(result.StandardOutputContent) != "hello" {
		t.Errorf("got %+v (%v), want the output", result, err)
	}
	if got := refusal(node.Call(ctx, "tamachi", "Tamachi.CheckNode", map[string]any{"AllBuckets": false, "Buckets": []string{"x"}}, nil)); got != "ValidationException" {
		t.Errorf("CheckNode with no bucket's name: got %s", got)
	}
	var state struct{ InstanceId, PingStatus, IamRole string }
	if err := node.Call(ctx, "tamachi", "Tamachi.CheckNode", map[string]any{"AllBuckets": false, "Buckets": []string{"one"}}, &state); err != nil || state.InstanceId != node.ID || state.PingStatus != "Online" {
		t.Errorf("CheckNode: got %+v (%v)", state, err)
	}
}

func (y *yard) eventually(what string, holds func() bool) {
	y.t.Helper()
	deadline, tick := time.After(20*time.Second), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			y.t.Fatalf("waited 20 s for %s", what)
		case <-tick.C:
		}
	}
}
