package delivery_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/nodes"
)

func TestCommandRunsOnTheDesktopsOwnNode(t *testing.T) {
	p := startPlane(t)
	node := p.desktop("ws-aaaaaaaaa")
	secret := filepath.Join(t.TempDir(), "planted")
	if err := os.WriteFile(secret, []byte("from inside"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		in   *ssm.SendCommandInput
	}{
		{"by instance id", &ssm.SendCommandInput{InstanceIds: []string{node}}},
		{"by the WorkSpace's id", &ssm.SendCommandInput{InstanceIds: []string{"ws-aaaaaaaaa"}}},
		{"by a target", &ssm.SendCommandInput{Targets: []types.Target{{Key: aws.String("InstanceIds"), Values: []string{"ws-aaaaaaaaa"}}}}},
		{"by tags", &ssm.SendCommandInput{Targets: []types.Target{{Key: aws.String("tag:Floor"), Values: []string{"2", "3"}}, {Key: aws.String("tag:WorkspaceId"), Values: []string{"ws-aaaaaaaaa"}}}}},
	} {
		id := p.send(row.in, "cat "+secret, "echo warned >&2")
		got := p.await(id, "ws-aaaaaaaaa", "Success")
		if *got.StandardOutputContent != "from inside" || *got.StandardErrorContent != "warned\n" || got.ResponseCode != 0 {
			t.Errorf("%s: got %q, %q, %d", row.name, *got.StandardOutputContent, *got.StandardErrorContent, got.ResponseCode)
		}
		if *got.InstanceId != node || *got.PluginName != "aws:runShellScript" || !strings.HasPrefix(*got.ExecutionElapsedTime, "PT") {
			t.Errorf("%s: got instance %s, plugin %s, elapsed %s; want %s", row.name, *got.InstanceId, *got.PluginName, *got.ExecutionElapsedTime, node)
		}
	}
}

func TestWaiterEndsAndExitCodeIsTold(t *testing.T) {
	p := startPlane(t)
	node := p.desktop("ws-aaaaaaaaa")
	id := p.send(&ssm.SendCommandInput{InstanceIds: []string{node}, Comment: aws.String("hello")}, "exit 3")
	w := ssm.NewCommandExecutedWaiter(p.client, func(o *ssm.CommandExecutedWaiterOptions) {
		o.MinDelay, o.MaxDelay = 10*time.Millisecond, 20*time.Millisecond
	})
	if err := w.Wait(t.Context(), &ssm.GetCommandInvocationInput{CommandId: &id, InstanceId: &node}, 20*time.Second); err == nil {
		t.Error("the waiter took a failure for a success")
	}
	got := p.await(id, node, "Failed")
	if got.ResponseCode != 3 || got.Status != types.CommandInvocationStatusFailed || *got.Comment != "hello" {
		t.Errorf("got code %d, status %s, comment %s; want 3, Failed, hello", got.ResponseCode, got.Status, *got.Comment)
	}
	listed, err := p.client.ListCommands(t.Context(), &ssm.ListCommandsInput{CommandId: &id})
	if err != nil {
		t.Fatal(err)
	}
	if c := listed.Commands[0]; c.Status != types.CommandStatusFailed || c.TargetCount != 1 || c.CompletedCount != 1 || c.ErrorCount != 1 {
		t.Errorf("the command: got %s with %d of %d done and %d errors", c.Status, c.CompletedCount, c.TargetCount, c.ErrorCount)
	}
}

func TestPlaneKilledBetweenAcceptanceAndResult(t *testing.T) {
	p := startPlane(t)
	node := p.desktop("ws-aaaaaaaaa")
	mark := filepath.Join(t.TempDir(), "go")
	id := p.send(&ssm.SendCommandInput{InstanceIds: []string{node}}, "while [ ! -e "+mark+" ]; do sleep 0.02; done; echo true result")
	p.await(id, node, "InProgress")
	p.kill()
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.start()
	if got := p.await(id, node, "Success"); *got.StandardOutputContent != "true result\n" {
		t.Errorf("got %q, want the true result", *got.StandardOutputContent)
	}
}

func TestCommandSentWhileTheNodeIsAwayArrives(t *testing.T) {
	p := startPlane(t)
	activation, code := p.activate("ws-aaaaaaaaa")
	folder := t.TempDir()
	fire := p.hire(folder, activation, code)
	node := p.online("ws-aaaaaaaaa")
	fire()
	p.eventually("the node to be gone", func() bool { return !p.gateway.Connected(node) })
	id := p.send(&ssm.SendCommandInput{InstanceIds: []string{node}}, "echo later")
	if got := p.await(id, node, "Delayed"); got.ResponseCode != -1 {
		t.Errorf("delayed: got code %d, want -1", got.ResponseCode)
	}
	p.kill() // nothing but the store remembers it
	p.start()
	p.hire(folder, "", "")
	if got := p.await(id, node, "Success"); *got.StandardOutputContent != "later\n" {
		t.Errorf("got %q", *got.StandardOutputContent)
	}
}

func TestCancelEndsWhatRuns(t *testing.T) {
	p := startPlane(t)
	node := p.desktop("ws-aaaaaaaaa")
	id := p.send(&ssm.SendCommandInput{InstanceIds: []string{node}}, "sleep 100")
	p.await(id, node, "InProgress")
	if _, err := p.client.CancelCommand(t.Context(), &ssm.CancelCommandInput{CommandId: &id}); err != nil {
		t.Fatal(err)
	}
	if got := p.await(id, node, "Cancelled"); got.ResponseCode != 137 {
		t.Errorf("got code %d, want 137", got.ResponseCode)
	}
	listed, err := p.client.ListCommands(t.Context(), &ssm.ListCommandsInput{CommandId: &id})
	if err != nil || listed.Commands[0].Status != types.CommandStatusCancelled {
		t.Errorf("the command is %v (%v), want Cancelled", listed.Commands, err)
	}
}

func TestExecutionTimeoutIsTheNodesWord(t *testing.T) {
	p := startPlane(t)
	node := p.desktop("ws-aaaaaaaaa")
	id := p.send(&ssm.SendCommandInput{InstanceIds: []string{node}, Parameters: map[string][]string{"executionTimeout": {"1"}}}, "sleep 100")
	if got := p.await(id, node, "ExecutionTimedOut"); got.Status != types.CommandInvocationStatusTimedOut || got.ResponseCode != 137 {
		t.Errorf("got %s with code %d, want TimedOut with 137", got.Status, got.ResponseCode)
	}
}

func TestMoreCommandsThanANodeTakesAllRun(t *testing.T) {
	p := startPlane(t)
	node := p.desktop("ws-aaaaaaaaa")
	var ids []string
	for n := range 25 {
		ids = append(ids, p.send(&ssm.SendCommandInput{InstanceIds: []string{node}}, "sleep 0.3", fmt.Sprint("echo ", n)))
	}
	for n, id := range ids {
		if got := p.await(id, node, "Success"); *got.StandardOutputContent != fmt.Sprintln(n) {
			t.Errorf("command %d: got %q", n, *got.StandardOutputContent)
		}
	}
	listed, err := p.client.ListCommandInvocations(t.Context(), &ssm.ListCommandInvocationsInput{
		InstanceId: &node, Details: true, MaxResults: aws.Int32(10),
	})
	if err != nil {
		t.Fatal(err)
	}
	first := listed.CommandInvocations[0]
	if *first.CommandId != ids[24] || len(first.CommandPlugins) != 1 || *first.CommandPlugins[0].Output != "24\n" {
		t.Errorf("the newest comes first with its plugin: got %s with %d plugins, want %s", *first.CommandId, len(first.CommandPlugins), ids[24])
	}
	seen := map[string]bool{}
	pages := ssm.NewListCommandInvocationsPaginator(p.client, &ssm.ListCommandInvocationsInput{InstanceId: &node, MaxResults: aws.Int32(7)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.CommandInvocations {
			seen[*i.CommandId] = true
		}
	}
	if len(seen) != 25 {
		t.Errorf("paging showed %d invocations, want 25", len(seen))
	}
}

func TestRateControl(t *testing.T) {
	p := startPlane(t)
	folder := t.TempDir()
	for n := range 3 {
		p.desktop(fmt.Sprintf("ws-aaaaaaaa%d", n))
	}
	all := []types.Target{{Key: aws.String("tag:Floor"), Values: []string{"3"}}}
	// Two at once would see each other's mark.
	id := p.send(&ssm.SendCommandInput{Targets: all, MaxConcurrency: aws.String("1")},
		"mkdir "+folder+"/busy || exit 9", "sleep 0.1", "rmdir "+folder+"/busy")
	p.eventually("the command to be done", func() bool { return p.command(id).Status == types.CommandStatusSuccess })
	id = p.send(&ssm.SendCommandInput{Targets: all, MaxConcurrency: aws.String("1"), MaxErrors: aws.String("1")}, "exit 1")
	p.eventually("the command to be given up", func() bool { return p.command(id).Status == types.CommandStatusFailed })
	out, err := p.client.ListCommandInvocations(t.Context(), &ssm.ListCommandInvocationsInput{CommandId: &id})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range out.CommandInvocations {
		got = append(got, *i.StatusDetails)
	}
	slices.Sort(got)
	if want := []string{"Failed", "Failed", "Terminated"}; !slices.Equal(got, want) {
		t.Errorf("with one error allowed: got %v, want %v", got, want)
	}
}

func (p *plane) command(id string) types.Command {
	p.t.Helper()
	out, err := p.client.ListCommands(p.t.Context(), &ssm.ListCommandsInput{CommandId: &id})
	if err != nil {
		p.t.Fatal(err)
	}
	return out.Commands[0]
}

func TestRefusals(t *testing.T) {
	p := startPlane(t)
	node := p.desktop("ws-aaaaaaaaa")
	shell, commands := aws.String("AWS-RunShellScript"), map[string][]string{"commands": {"true"}}
	unknown := "11111111-1111-4111-8111-111111111111"
	for _, row := range []struct {
		name string
		call func() error
		want string
		text string
	}{
		{"a document that does not exist", func() error {
			_, err := p.client.SendCommand(t.Context(), &ssm.SendCommandInput{DocumentName: aws.String("AWS-RunNothing"), InstanceIds: []string{node}})
			return err
		}, "InvalidDocument", "Document with name AWS-RunNothing does not exist."},
		{"a version that does not exist", func() error {
			_, err := p.client.SendCommand(t.Context(), &ssm.SendCommandInput{DocumentName: shell, DocumentVersion: aws.String("9"), InstanceIds: []string{node}, Parameters: commands})
			return err
		}, "InvalidDocumentVersion", ""},
		{"a node that does not exist", func() error {
			_, err := p.client.SendCommand(t.Context(), &ssm.SendCommandInput{DocumentName: shell, InstanceIds: []string{"mi-0123456789abcdef0"}, Parameters: commands})
			return err
		}, "InvalidInstanceId", "Instances [[mi-0123456789abcdef0]] not in a valid state for account " + account},
		{"a WorkSpace without a node", func() error {
			_, err := p.client.SendCommand(t.Context(), &ssm.SendCommandInput{DocumentName: shell, InstanceIds: []string{"ws-bbbbbbbbb"}, Parameters: commands})
			return err
		}, "InvalidInstanceId", "ws-bbbbbbbbb"},
		{"a node named twice", func() error {
			_, err := p.client.SendCommand(t.Context(), &ssm.SendCommandInput{DocumentName: shell, InstanceIds: []string{node, "ws-aaaaaaaaa"}, Parameters: commands})
			return err
		}, "DuplicateInstanceId", ""},
		{"no parameters where one is required", func() error {
			_, err := p.client.SendCommand(t.Context(), &ssm.SendCommandInput{DocumentName: shell, InstanceIds: []string{node}})
			return err
		}, "InvalidParameters", "commands"},
		{"a parameter that the document has not", func() error {
			_, err := p.client.SendCommand(t.Context(), &ssm.SendCommandInput{DocumentName: shell, InstanceIds: []string{node}, Parameters: map[string][]string{"commands": {"true"}, "x": {"y"}}})
			return err
		}, "InvalidParameters", "no parameter x"},
		{"a value that does not match", func() error {
			_, err := p.client.SendCommand(t.Context(), &ssm.SendCommandInput{DocumentName: shell, InstanceIds: []string{node}, Parameters: map[string][]string{"commands": {"true"}, "executionTimeout": {"soon"}}})
			return err
		}, "InvalidParameters", "executionTimeout"},
		{"a key prefix without a bucket", func() error {
			_, err := p.client.SendCommand(t.Context(), &ssm.SendCommandInput{DocumentName: shell, InstanceIds: []string{node}, Parameters: commands, OutputS3KeyPrefix: aws.String("prefix")})
			return err
		}, "InvalidParameters", "needs OutputS3BucketName"},
		{"no node at all", func() error {
			_, err := p.client.SendCommand(t.Context(), &ssm.SendCommandInput{DocumentName: shell, Parameters: commands})
			return err
		}, "ValidationException", ""},
		{"a delivery timeout of a second", func() error {
			_, err := p.client.SendCommand(t.Context(), &ssm.SendCommandInput{DocumentName: shell, InstanceIds: []string{node}, Parameters: commands, TimeoutSeconds: aws.Int32(1)})
			return err
		}, "ValidationException", ""},
		{"an unknown invocation", func() error {
			_, err := p.client.GetCommandInvocation(t.Context(), &ssm.GetCommandInvocationInput{CommandId: &unknown, InstanceId: &node})
			return err
		}, "InvocationDoesNotExist", ""},
		{"the list of an unknown command", func() error {
			_, err := p.client.ListCommandInvocations(t.Context(), &ssm.ListCommandInvocationsInput{CommandId: &unknown})
			return err
		}, "InvalidCommandId", ""},
		{"an unknown command listed", func() error {
			_, err := p.client.ListCommands(t.Context(), &ssm.ListCommandsInput{CommandId: &unknown})
			return err
		}, "InvalidCommandId", ""},
		{"the cancel of an unknown command", func() error {
			_, err := p.client.CancelCommand(t.Context(), &ssm.CancelCommandInput{CommandId: &unknown})
			return err
		}, "InvalidCommandId", ""},
		{"an invented paging token", func() error {
			_, err := p.client.ListCommands(t.Context(), &ssm.ListCommandsInput{NextToken: aws.String("x")})
			return err
		}, "InvalidNextToken", ""},
		{"a filter of another list", func() error {
			_, err := p.client.ListCommandInvocations(t.Context(), &ssm.ListCommandInvocationsInput{Filters: []types.CommandFilter{{Key: "ExecutionStage", Value: aws.String("Complete")}}})
			return err
		}, "InvalidFilterKey", ""},
		{"a service that may only make activations", func() error {
			_, err := p.gate.As("workspaces.amazonaws.com").Do(t.Context(), account, region, "ssm", "DeleteActivation", &ssm.DeleteActivationInput{ActivationId: &unknown})
			return err
		}, "AccessDeniedException", ""},
	} {
		apitest.Refused(t, row.name, row.call(), row.want, row.text)
	}
}

func TestNodeSpeaksForItselfOnly(t *testing.T) {
	p := startPlane(t)
	mine, other := p.desktop("ws-aaaaaaaaa"), p.desktop("ws-bbbbbbbbb")
	id := p.send(&ssm.SendCommandInput{InstanceIds: []string{mine}}, "sleep 100")
	p.await(id, mine, "InProgress")
	lie := nodes.Reply{JobID: "aws.ssm." + id + "." + mine, Status: "Success"}
	if err := p.wing.JobReplied(t.Context(), other, lie); err != nil {
		t.Fatal(err)
	}
	if got := p.await(id, mine, "InProgress"); got.Status != types.CommandInvocationStatusInProgress {
		t.Errorf("another node ended the command: %s", got.Status)
	}
	if _, err := p.client.DeregisterManagedInstance(t.Context(), &ssm.DeregisterManagedInstanceInput{InstanceId: &mine}); err != nil {
		t.Fatal(err)
	}
	p.eventually("the node to be cut off", func() bool { return !p.gateway.Connected(mine) })
}

// BenchmarkSendCommand measures from the SDK's call to the final status, over
// signed HTTP in and TLS out.
func BenchmarkSendCommand(b *testing.B) {
	p := startPlane(b)
	node := p.desktop("ws-aaaaaaaaa")
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		id := p.send(&ssm.SendCommandInput{InstanceIds: []string{node}}, "echo hello")
		// Looking without a pause would measure the trail of the looking.
		for tick := time.NewTicker(2 * time.Millisecond); ; <-tick.C {
			out, err := p.client.GetCommandInvocation(b.Context(), &ssm.GetCommandInvocationInput{CommandId: &id, InstanceId: &node})
			if err != nil {
				b.Fatal(err)
			}
			if out.Status == types.CommandInvocationStatusSuccess {
				tick.Stop()
				break
			}
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
