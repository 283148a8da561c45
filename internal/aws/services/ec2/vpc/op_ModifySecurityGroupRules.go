package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// ModifySecurityGroupRules writes rules of a group anew; they keep their ids,
// their directions and their tags.
func (s *Service) ModifySecurityGroupRules(ctx context.Context, in *ec2.ModifySecurityGroupRulesInput) (*ec2.ModifySecurityGroupRulesOutput, error) {
	if len(in.SecurityGroupRules) == 0 {
		return nil, fault("MissingParameter", "The request must contain the parameter securityGroupRules")
	}
	err := s.change(ctx, func(l look) error {
		g, err := groupNoun.get(l, text(in.GroupId))
		if err != nil {
			return err
		}
		for _, u := range in.SecurityGroupRules {
			if err := g.rewrite(l, u); err != nil {
				return err
			}
		}
		return groupNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ModifySecurityGroupRulesOutput{Return: new(true)}, nil
}

func (s *Service) modifySecurityGroupRulesChecks(ctx context.Context, in *ec2.ModifySecurityGroupRulesInput) ([]api.Check, error) {
	things := []thing{{&groupNoun, in.GroupId}}
	for _, u := range in.SecurityGroupRules {
		things = append(things, thing{rules{}, u.SecurityGroupRuleId})
	}
	return s.on(ctx, "ModifySecurityGroupRules", things...)
}

// rewrite writes one rule of the group anew.
func (g *SecurityGroup) rewrite(l look, u types.SecurityGroupRuleUpdate) error {
	i, err := g.rule(text(u.SecurityGroupRuleId))
	if err != nil {
		return err
	}
	if u.SecurityGroupRule == nil {
		return fault("MissingParameter", "The request must contain the parameter securityGroupRule")
	}
	had := g.Rules[i]
	p, err := permissionOf(u.SecurityGroupRule)
	if err != nil {
		return err
	}
	written, err := rulesOf(l, g, []types.IpPermission{p}, had.Egress)
	if err != nil {
		return err
	}
	r := written[0]
	r.ID, r.Tags = had.ID, had.Tags
	if j := slices.IndexFunc(g.Rules, r.same); j >= 0 && j != i {
		return fault("InvalidPermission.Duplicate", "the specified rule %q already exists", r.written())
	}
	g.Rules[i] = r
	return nil
}

// rule is the place of one of the group's rules.
func (g *SecurityGroup) rule(id string) (int, error) {
	if err := (rules{}).unlike(id); err != nil {
		return 0, err
	}
	i := slices.IndexFunc(g.Rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return 0, fault("InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '%s' does not exist", id)
	}
	return i, nil
}

// permissionOf is a rule, which has one peer, as a permission.
func permissionOf(r *types.SecurityGroupRuleRequest) (types.IpPermission, error) {
	p := types.IpPermission{IpProtocol: r.IpProtocol, FromPort: r.FromPort, ToPort: r.ToPort}
	peers := 0
	for _, given := range []*string{r.CidrIpv4, r.CidrIpv6, r.ReferencedGroupId, r.PrefixListId} {
		if given != nil {
			peers++
		}
	}
	if peers != 1 {
		return p, fault("InvalidParameterCombination", "A rule has exactly one of cidrIpv4, cidrIpv6, prefixListId, referencedGroupId")
	}
	switch {
	case r.CidrIpv4 != nil:
		p.IpRanges = []types.IpRange{{CidrIp: r.CidrIpv4, Description: r.Description}}
	case r.CidrIpv6 != nil:
		p.Ipv6Ranges = []types.Ipv6Range{{CidrIpv6: r.CidrIpv6, Description: r.Description}}
	case r.ReferencedGroupId != nil:
		p.UserIdGroupPairs = []types.UserIdGroupPair{{GroupId: r.ReferencedGroupId, Description: r.Description}}
	default:
		p.PrefixListIds = []types.PrefixListId{{PrefixListId: r.PrefixListId}}
	}
	return p, nil
}
