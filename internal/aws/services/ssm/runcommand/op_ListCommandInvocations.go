package runcommand

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListCommandInvocations lists invocations, newest first.
func (s *Service) ListCommandInvocations(ctx context.Context, in *ssm.ListCommandInvocationsInput) (*ssm.ListCommandInvocationsOutput, error) {
	scope := scopeOf(api.CallFrom(ctx))
	w, err := read("ListCommandInvocations", in.NextToken, in.MaxResults, in.Filters)
	if err != nil {
		return nil, err
	}
	out := &ssm.ListCommandInvocationsOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out.CommandInvocations = []types.CommandInvocation{}
		if in.CommandId != nil {
			if _, err := findCommand(tx, scope, *in.CommandId); err != nil {
				return err
			}
		}
		node, err := s.nodeOf(tx, scope, in.InstanceId)
		if err != nil {
			return err
		}
		next := func(p store.Page) ([]*invocation, error) {
			switch {
			case in.CommandId != nil && node != "":
				return invocations.By(tx, scope, "job", *in.CommandId+"."+node, p)
			case in.CommandId != nil:
				return invocations.By(tx, scope, "command", *in.CommandId, p)
			case node != "":
				return invocations.By(tx, scope, "node", node, p)
			}
			return invocations.List(tx, scope, p)
		}
		out.NextToken, err = collect(w, &invocations, next, func(i *invocation) (bool, error) {
			if !w.fits(i.Document, string(i.status()), i.Details) {
				return false, nil
			}
			out.CommandInvocations = append(out.CommandInvocations, i.describe(in.Details))
			return true, nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// nodeOf is the node that an optional id means; an unknown id stays as it is
// and has no invocations, or those of a node that was deregistered.
func (s *Service) nodeOf(tx *store.Tx, scope store.Scope, id *string) (string, error) {
	if id == nil || *id == "" {
		return "", nil
	}
	n, ok, err := s.ports.Nodes.Resolve(tx, scope, *id)
	if err != nil || !ok {
		return *id, err
	}
	return n.ID, nil
}

func (i *invocation) describe(details bool) types.CommandInvocation {
	out := types.CommandInvocation{
		CommandId: &i.Command, InstanceId: &i.Node, InstanceName: &i.NodeName, Comment: &i.Comment,
		DocumentName: &i.Document, DocumentVersion: text("$DEFAULT"), RequestedDateTime: &i.Requested,
		Status: i.status(), StatusDetails: &i.Details, TraceOutput: &i.Trace, ServiceRole: text(""),
		StandardOutputUrl: text(""), StandardErrorUrl: text(""), CommandPlugins: []types.CommandPlugin{},
		NotificationConfig:     &types.NotificationConfig{NotificationArn: text(""), NotificationEvents: []types.NotificationEvent{}},
		CloudWatchOutputConfig: &types.CloudWatchOutputConfig{CloudWatchLogGroupName: text("")},
	}
	if details {
		out.CommandPlugins = i.plugins()
	}
	return out
}

func (s *Service) listCommandInvocationsChecks(context.Context, *ssm.ListCommandInvocationsInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListCommandInvocations"), nil
}
