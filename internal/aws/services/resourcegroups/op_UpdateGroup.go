package resourcegroups

import (
	"context"

	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"

	"tamachi/internal/aws/api"
)

// UpdateGroup changes what is told about a group; what is not given stays.
func (s *Service) UpdateGroup(ctx context.Context, in *rg.UpdateGroupInput) (*rg.UpdateGroupOutput, error) {
	g, err := s.change(ctx, in.GroupName, in.Group, func(g *group) error { //nolint:staticcheck // deprecated, and clients still use it
		if in.Description != nil {
			g.Description = in.Description
		}
		if in.Owner != nil {
			g.Owner = in.Owner
		}
		if in.DisplayName != nil {
			g.DisplayName = in.DisplayName
		}
		if in.Criticality != nil {
			g.Criticality = in.Criticality
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &rg.UpdateGroupOutput{Group: g.shown()}, nil
}

func (s *Service) updateGroupChecks(ctx context.Context, in *rg.UpdateGroupInput) ([]api.Check, error) {
	return []api.Check{s.on(ctx, "resource-groups:UpdateGroup", in.GroupName, in.Group)}, nil //nolint:staticcheck // deprecated, and clients still use it
}
