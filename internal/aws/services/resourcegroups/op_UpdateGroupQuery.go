package resourcegroups

import (
	"context"

	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups/types"

	"tamachi/internal/aws/api"
)

// UpdateGroupQuery gives a group another query.
func (s *Service) UpdateGroupQuery(ctx context.Context, in *rg.UpdateGroupQueryInput) (*rg.UpdateGroupQueryOutput, error) {
	if _, err := newQuery(in.ResourceQuery); err != nil {
		return nil, err
	}
	g, err := s.change(ctx, in.GroupName, in.Group, func(g *group) error { //nolint:staticcheck // deprecated, and clients still use it
		g.Query = *in.ResourceQuery.Query
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &rg.UpdateGroupQueryOutput{GroupQuery: &types.GroupQuery{GroupName: &g.Name, ResourceQuery: g.query()}}, nil
}

func (s *Service) updateGroupQueryChecks(ctx context.Context, in *rg.UpdateGroupQueryInput) ([]api.Check, error) {
	return []api.Check{s.on(ctx, "resource-groups:UpdateGroupQuery", in.GroupName, in.Group)}, nil //nolint:staticcheck // deprecated, and clients still use it
}
