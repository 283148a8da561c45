package runcommand

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CancelCommand asks for the end of a command, on all its nodes or on some.
// What has ended stays as it ended.
func (s *Service) CancelCommand(ctx context.Context, in *ssm.CancelCommandInput) (*ssm.CancelCommandOutput, error) {
	call := api.CallFrom(ctx)
	scope, job := scopeOf(call), s.ids.UUID()
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		c, err := findCommand(tx, scope, *in.CommandId)
		if err != nil {
			return err
		}
		meant, err := s.meant(tx, scope, c, in.InstanceIds)
		if err != nil {
			return err
		}
		if len(in.InstanceIds) == 0 && c.done() < c.Count {
			c.Cancelled = true
		}
		for _, i := range meant {
			from := i.Details
			if i.cancel(job); i.Details == from {
				continue
			}
			c.count(from, i.Details)
			if err := invocations.Put(tx, scope, i); err != nil {
				return err
			}
		}
		if err := s.release(tx, scope, c); err != nil {
			return err
		}
		return commands.Put(tx, scope, c)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.CancelCommandOutput{}, nil
}

// meant returns the invocations that are to be cancelled.
func (s *Service) meant(tx *store.Tx, scope store.Scope, c *command, instances []string) ([]*invocation, error) {
	if len(instances) == 0 {
		return invocations.By(tx, scope, "command", c.ID, store.Page{})
	}
	var out []*invocation
	seen := map[string]bool{}
	for _, id := range instances {
		node, err := s.nodeOf(tx, scope, &id)
		if err != nil {
			return nil, err
		}
		if seen[node] {
			return nil, &types.DuplicateInstanceId{Message: text("The managed node " + id + " is named twice.")}
		}
		seen[node] = true
		found, err := invocations.By(tx, scope, "job", c.ID+"."+node, store.Page{Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, &types.InvalidInstanceId{Message: text(fmt.Sprintf("The command %s was not sent to %s.", c.ID, id))}
		}
		out = append(out, found[0])
	}
	return out, nil
}

// The action knows no resource types (Service Authorization Reference, AWS
// Systems Manager): who may cancel may cancel everywhere in the account.
func (s *Service) cancelCommandChecks(context.Context, *ssm.CancelCommandInput) ([]api.Check, error) {
	return api.OnAny("ssm:CancelCommand"), nil
}
