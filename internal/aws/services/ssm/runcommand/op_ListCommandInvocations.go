package runcommand

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListCommandInvocations lists invocations, newest first.
func (s *Service) ListCommandInvocations(ctx context.Context, in *ssm.ListCommandInvocationsInput) (*ssm.ListCommandInvocationsOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	w, err := read("ListCommandInvocations", in.NextToken, in.MaxResults, in.Filters)
	if err != nil {
		return nil, err
	}
	out := &ssm.ListCommandInvocationsOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out.CommandInvocations = []types.CommandInvocation{}
		var c *command
		if in.CommandId != nil {
			if c, err = findCommand(tx, scope, *in.CommandId); err != nil {
				return err
			}
			w.of(c)
		}
		node, err := s.nodeOf(tx, scope, in.InstanceId)
		if err != nil {
			return err
		}
		next := func(p store.Page) ([]*invocation, error) {
			switch {
			case c != nil && node != "":
				i, err := c.invocation(tx, scope, node)
				if missing(err) || (err == nil && p.After != "") {
					return nil, nil
				}
				return []*invocation{i}, err
			case node != "":
				return invocations.By(tx, scope, "node", node, p)
			}
			return invocations.List(tx, scope, p)
		}
		out.NextToken, err = collect(w, &invocations, next, func(i *invocation) (bool, error) {
			if !w.fits(i.Document, string(i.status()), i.Details) {
				return false, nil
			}
			out.CommandInvocations = append(out.CommandInvocations, s.describe(i, in.Details, scope.Region))
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

func (s *Service) describe(i *invocation, details bool, region string) types.CommandInvocation {
	out := types.CommandInvocation{
		CommandId: &i.Command, InstanceId: &i.Node, InstanceName: &i.NodeName, Comment: &i.Comment,
		DocumentName: &i.Document, DocumentVersion: text(cmp.Or(i.Version, "$DEFAULT")), RequestedDateTime: &i.Requested,
		Status: i.status(), StatusDetails: &i.Details, TraceOutput: &i.Trace, ServiceRole: text(""),
		StandardOutputUrl: text(""), StandardErrorUrl: text(""), CommandPlugins: []types.CommandPlugin{},
		NotificationConfig:     &types.NotificationConfig{NotificationArn: text(""), NotificationEvents: []types.NotificationEvent{}},
		CloudWatchOutputConfig: i.Output.logs(),
	}
	plugins := s.plugins(i, region)
	if len(plugins) == 1 {
		out.StandardOutputUrl, out.StandardErrorUrl = plugins[0].StandardOutputUrl, plugins[0].StandardErrorUrl
	}
	if details {
		out.CommandPlugins = plugins
	}
	return out
}

func (s *Service) listCommandInvocationsChecks(context.Context, *ssm.ListCommandInvocationsInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListCommandInvocations"), nil
}
