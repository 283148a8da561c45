package runcommand

import (
	"cmp"
	"context"
	"errors"
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
		i, err = s.findInvocation(tx, store.In(call.Place()), *in.CommandId, *in.InstanceId)
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
	return s.answer(i, step, ok, call.Region), nil
}

// findInvocation finds a command's invocation on the node that an id means. A
// node that was deregistered keeps its history.
func (s *Service) findInvocation(tx *store.Tx, scope store.Scope, id, instance string) (*invocation, error) {
	node, err := s.nodeOf(tx, scope, &instance)
	if err != nil {
		return nil, err
	}
	c, err := findCommand(tx, scope, id)
	if unknown := (*types.InvalidCommandId)(nil); errors.As(err, &unknown) {
		return nil, &types.InvocationDoesNotExist{}
	}
	if err != nil {
		return nil, err
	}
	i, err := c.invocation(tx, scope, node)
	if missing(err) {
		return nil, &types.InvocationDoesNotExist{}
	}
	return i, err
}

// answer shows an invocation; the step's part is empty until it has ended.
func (s *Service) answer(i *invocation, step nodes.Step, ok bool, region string) *ssm.GetCommandInvocationOutput {
	out := &ssm.GetCommandInvocationOutput{
		CommandId: &i.Command, InstanceId: &i.Node, Comment: &i.Comment, DocumentName: &i.Document, DocumentVersion: text(cmp.Or(i.Version, "$DEFAULT")),
		PluginName: text(""), ResponseCode: -1, Status: i.status(), StatusDetails: &i.Details,
		ExecutionStartDateTime: text(""), ExecutionElapsedTime: text(""), ExecutionEndDateTime: text(""),
		StandardOutputContent: text(""), StandardOutputUrl: text(""), StandardErrorContent: &i.Trace, StandardErrorUrl: text(""),
		CloudWatchOutputConfig: i.Output.logs(),
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
	stdout, stderr, _ := s.urls(i, step.Name, step.Plugin, region)
	out.StandardOutputUrl, out.StandardErrorUrl = &stdout, &stderr
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
