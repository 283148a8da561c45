package resourcegroups

import (
	"context"

	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"

	"tamachi/internal/aws/api"
)

// GetGroup shows a group.
func (s *Service) GetGroup(ctx context.Context, in *rg.GetGroupInput) (*rg.GetGroupOutput, error) {
	g, err := s.look(ctx, in.GroupName, in.Group) //nolint:staticcheck // deprecated, and clients still use it
	if err != nil {
		return nil, err
	}
	return &rg.GetGroupOutput{Group: g.shown()}, nil
}

func (s *Service) getGroupChecks(ctx context.Context, in *rg.GetGroupInput) ([]api.Check, error) {
	return []api.Check{s.on(ctx, "resource-groups:GetGroup", in.GroupName, in.Group)}, nil //nolint:staticcheck // deprecated, and clients still use it
}
