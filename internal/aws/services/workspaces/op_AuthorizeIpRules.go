package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
)

// AuthorizeIpRules adds rules to a group.
func (s *Service) AuthorizeIpRules(ctx context.Context, in *workspaces.AuthorizeIpRulesInput) (*workspaces.AuthorizeIpRulesOutput, error) {
	err := s.changeIPGroup(ctx, in.GroupId, func(g *IPGroup) error {
		return g.add(in.UserRules)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.AuthorizeIpRulesOutput{}, nil
}

func (s *Service) authorizeIpRulesChecks(ctx context.Context, in *workspaces.AuthorizeIpRulesInput) ([]api.Check, error) {
	return s.onIPGroups(ctx, "workspaces:AuthorizeIpRules", text(in.GroupId))
}
