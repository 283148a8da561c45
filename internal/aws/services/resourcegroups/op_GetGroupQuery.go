package resourcegroups

import (
	"context"

	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups/types"

	"tamachi/internal/aws/api"
)

// GetGroupQuery shows the query of a group.
func (s *Service) GetGroupQuery(ctx context.Context, in *rg.GetGroupQueryInput) (*rg.GetGroupQueryOutput, error) {
	g, err := s.look(ctx, in.GroupName, in.Group) //nolint:staticcheck // deprecated, and clients still use it
	if err != nil {
		return nil, err
	}
	return &rg.GetGroupQueryOutput{GroupQuery: &types.GroupQuery{GroupName: &g.Name, ResourceQuery: g.query()}}, nil
}

func (s *Service) getGroupQueryChecks(ctx context.Context, in *rg.GetGroupQueryInput) ([]api.Check, error) {
	return []api.Check{s.on(ctx, "resource-groups:GetGroupQuery", in.GroupName, in.Group)}, nil //nolint:staticcheck // deprecated, and clients still use it
}
