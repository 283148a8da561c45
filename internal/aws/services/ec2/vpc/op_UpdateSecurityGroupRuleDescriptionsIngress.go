package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// UpdateSecurityGroupRuleDescriptionsIngress describes inward rules of a group anew.
func (s *Service) UpdateSecurityGroupRuleDescriptionsIngress(ctx context.Context, in *ec2.UpdateSecurityGroupRuleDescriptionsIngressInput) (*ec2.UpdateSecurityGroupRuleDescriptionsIngressOutput, error) {
	if err := s.redescribe(ctx, described{in.GroupId, in.GroupName, in.IpPermissions, in.SecurityGroupRuleDescriptions, false}); err != nil {
		return nil, err
	}
	return &ec2.UpdateSecurityGroupRuleDescriptionsIngressOutput{Return: new(true)}, nil
}

func (s *Service) updateSecurityGroupRuleDescriptionsIngressChecks(ctx context.Context, in *ec2.UpdateSecurityGroupRuleDescriptionsIngressInput) ([]api.Check, error) {
	return s.on(ctx, "UpdateSecurityGroupRuleDescriptionsIngress", thing{&groupNoun, in.GroupId})
}

// described is what the calls that describe rules anew have in common.
type described struct {
	group, name  *string
	permissions  []types.IpPermission
	descriptions []types.SecurityGroupRuleDescription
	egress       bool
}

// redescribe gives rules of a group, named by their ids or by what they permit,
// new descriptions; one that is left out is taken away.
func (s *Service) redescribe(ctx context.Context, d described) error {
	if (len(d.permissions) == 0) == (len(d.descriptions) == 0) {
		return fault("InvalidParameterCombination", "The request must contain exactly one of ipPermissions, securityGroupRuleDescriptions")
	}
	return s.change(ctx, func(l look) error {
		g, err := groupBy(l, d.group, d.name)
		if err != nil {
			return err
		}
		for _, one := range d.descriptions {
			i, err := g.rule(text(one.SecurityGroupRuleId))
			if err != nil {
				return err
			}
			if g.Rules[i].Egress != d.egress {
				return noRule()
			}
			if err := describable(text(one.Description)); err != nil {
				return err
			}
			g.Rules[i].Description = text(one.Description)
		}
		if len(d.permissions) == 0 {
			return groupNoun.put(l, g)
		}
		named, err := rulesOf(l, g, d.permissions, d.egress)
		if err != nil {
			return err
		}
		for _, r := range named {
			i := slices.IndexFunc(g.Rules, r.same)
			if i < 0 {
				return noRule()
			}
			g.Rules[i].Description = r.Description
		}
		return groupNoun.put(l, g)
	})
}
