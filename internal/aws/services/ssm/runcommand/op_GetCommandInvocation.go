package runcommand

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// GetCommandInvocation tells how a command went on one node.
func (s *Service) GetCommandInvocation(ctx context.Context, in *ssm.GetCommandInvocationInput) (*ssm.GetCommandInvocationOutput, error) {
	call := api.CallFrom(ctx)
	var i *invocation
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		i, err = s.findInvocation(tx, scopeOf(call), *in.CommandId, *in.InstanceId)
		return err
	})
	if err != nil {
		return nil, err
	}
	name := ""
	if in.PluginName != nil {
		name = *in.PluginName
	}
	step, ok := i.one(name)
	if name != "" && !ok {
		return nil, &types.InvalidPluginName{Message: text("The plugin name " + name + " isn't one of this command's.")}
	}
	return i.answer(step, ok), nil
}

// findInvocation finds a command's invocation on the node that an id means.
func (s *Service) findInvocation(tx *store.Tx, scope store.Scope, id, instance string) (*invocation, error) {
	node := instance
	n, ok, err := s.ports.Nodes.Resolve(tx, scope, instance)
	if err != nil {
		return nil, err
	}
	if ok {
		node = n.ID
	}
	// A node that was deregistered keeps its history.
	found, err := invocations.By(tx, scope, "job", id+"."+node, store.Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, &types.InvocationDoesNotExist{}
	}
	return found[0], nil
}

// answer shows an invocation; the step's part is empty until it has ended.
func (i *invocation) answer(step nodes.Step, ok bool) *ssm.GetCommandInvocationOutput {
	out := &ssm.GetCommandInvocationOutput{
		CommandId: &i.Command, InstanceId: &i.Node, Comment: &i.Comment, DocumentName: &i.Document, DocumentVersion: text("$DEFAULT"),
		PluginName: text(""), ResponseCode: -1, Status: i.status(), StatusDetails: &i.Details,
		ExecutionStartDateTime: text(""), ExecutionElapsedTime: text(""), ExecutionEndDateTime: text(""),
		StandardOutputContent: text(""), StandardOutputUrl: text(""), StandardErrorContent: &i.Trace, StandardErrorUrl: text(""),
		CloudWatchOutputConfig: &types.CloudWatchOutputConfig{CloudWatchLogGroupName: text("")},
	}
	if i.Document == "AWS-RunShellScript" {
		out.PluginName = text("aws:runShellScript")
	}
	if !ok {
		return out
	}
	out.PluginName = &step.Name
	out.ExecutionStartDateTime = text(stamp(step.StartedAt))
	if !finished(step.Status) {
		return out
	}
	out.ResponseCode = int32(step.Code)
	out.StandardOutputContent, out.StandardErrorContent = &step.Stdout, &step.Stderr
	out.ExecutionEndDateTime = text(stamp(step.FinishedAt))
	out.ExecutionElapsedTime = text(elapsed(step.FinishedAt.Sub(step.StartedAt)))
	return out
}

// stamp and elapsed are the forms in which AWS writes a step's times (ISO
// 8601).
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func elapsed(d time.Duration) string {
	d = max(d, 0).Truncate(time.Millisecond)
	out := "PT"
	if h := d / time.Hour; h > 0 {
		out += fmt.Sprintf("%dH", h)
		d -= h * time.Hour
	}
	if m := d / time.Minute; m > 0 {
		out += fmt.Sprintf("%dM", m)
		d -= m * time.Minute
	}
	seconds := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", d.Seconds()), "0"), ".")
	return out + seconds + "S"
}

func (s *Service) getCommandInvocationChecks(context.Context, *ssm.GetCommandInvocationInput) ([]api.Check, error) {
	return api.OnAny("ssm:GetCommandInvocation"), nil
}
