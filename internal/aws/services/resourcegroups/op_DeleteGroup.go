package resourcegroups

import (
	"context"

	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteGroup deletes a group; its resources stay.
func (s *Service) DeleteGroup(ctx context.Context, in *rg.DeleteGroupInput) (*rg.DeleteGroupOutput, error) {
	call := api.CallFrom(ctx)
	name, err := named(call, in.GroupName, in.Group) //nolint:staticcheck // deprecated, and clients still use it
	if err != nil {
		return nil, err
	}
	var g *group
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if g, err = find(tx, store.In(call.Place()), name); err != nil {
			return err
		}
		return groups.Delete(tx, store.In(call.Place()), name)
	})
	if err != nil {
		return nil, err
	}
	return &rg.DeleteGroupOutput{Group: g.shown()}, nil
}

func (s *Service) deleteGroupChecks(ctx context.Context, in *rg.DeleteGroupInput) ([]api.Check, error) {
	return []api.Check{s.on(ctx, "resource-groups:DeleteGroup", in.GroupName, in.Group)}, nil //nolint:staticcheck // deprecated, and clients still use it
}
