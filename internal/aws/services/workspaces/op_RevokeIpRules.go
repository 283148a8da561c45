package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
)

// RevokeIpRules takes rules from a group; ranges that it does not have are
// refused.
func (s *Service) RevokeIpRules(ctx context.Context, in *workspaces.RevokeIpRulesInput) (*workspaces.RevokeIpRulesOutput, error) {
	err := s.changeIPGroup(ctx, in.GroupId, func(g *IPGroup) error {
		for _, one := range in.UserRules {
			i := g.rule(one)
			if i < 0 {
				return invalid("The IP access control group has no rule " + one + ".")
			}
			g.Rules = slices.Delete(g.Rules, i, i+1)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.RevokeIpRulesOutput{}, nil
}

func (s *Service) revokeIpRulesChecks(ctx context.Context, in *workspaces.RevokeIpRulesInput) ([]api.Check, error) {
	return s.onIPGroups(ctx, "workspaces:RevokeIpRules", text(in.GroupId))
}
