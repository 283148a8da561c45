package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
)

// UpdateRulesOfIpGroup gives a group rules in the place of those it has.
func (s *Service) UpdateRulesOfIpGroup(ctx context.Context, in *workspaces.UpdateRulesOfIpGroupInput) (*workspaces.UpdateRulesOfIpGroupOutput, error) {
	err := s.changeIPGroup(ctx, in.GroupId, func(g *IPGroup) error {
		g.Rules = nil
		return g.add(in.UserRules)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.UpdateRulesOfIpGroupOutput{}, nil
}

func (s *Service) updateRulesOfIpGroupChecks(ctx context.Context, in *workspaces.UpdateRulesOfIpGroupInput) ([]api.Check, error) {
	return s.onIPGroups(ctx, "workspaces:UpdateRulesOfIpGroup", text(in.GroupId))
}
