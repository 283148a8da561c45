package vpc

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeSecurityGroupRules lists the rules of security groups by their ids.
func (s *Service) DescribeSecurityGroupRules(ctx context.Context, in *ec2.DescribeSecurityGroupRulesInput) (*ec2.DescribeSecurityGroupRulesOutput, error) {
	most, from := defaultPage, ""
	if in.MaxResults != nil {
		most = int(*in.MaxResults)
	}
	if err := filtersOf("DescribeSecurityGroupRules", in.Filters); err != nil {
		return nil, err
	}
	if in.NextToken != nil {
		var ok bool
		if from, ok = api.After("DescribeSecurityGroupRules", *in.NextToken); !ok {
			return nil, fault("InvalidParameterValue", "Unable to parse pagination token")
		}
	}
	var all []types.SecurityGroupRule
	err := s.read(ctx, func(l look) (err error) {
		all, err = rulesAsked(l, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b types.SecurityGroupRule) int {
		return strings.Compare(*a.SecurityGroupRuleId, *b.SecurityGroupRuleId)
	})
	out := &ec2.DescribeSecurityGroupRulesOutput{SecurityGroupRules: []types.SecurityGroupRule{}}
	for _, r := range all {
		if *r.SecurityGroupRuleId <= from {
			continue
		}
		if n := len(out.SecurityGroupRules); n == most {
			out.NextToken = new(api.Token("DescribeSecurityGroupRules", *out.SecurityGroupRules[n-1].SecurityGroupRuleId))
			break
		}
		out.SecurityGroupRules = append(out.SecurityGroupRules, r)
	}
	return out, nil
}

func (s *Service) describeSecurityGroupRulesChecks(context.Context, *ec2.DescribeSecurityGroupRulesInput) ([]api.Check, error) {
	return describing("DescribeSecurityGroupRules"), nil
}

// rulesAsked are the rules with the ids, each of which must be there, or all,
// as far as they fit the filters.
func rulesAsked(l look, in *ec2.DescribeSecurityGroupRulesInput) ([]types.SecurityGroupRule, error) {
	for _, id := range in.SecurityGroupRuleIds {
		if err := (rules{}).unlike(id); err != nil {
			return nil, err
		}
		if _, _, err := groupWith(l, id); err != nil {
			return nil, err
		}
	}
	groups, err := groupNoun.all(l)
	if err != nil {
		return nil, err
	}
	var out []types.SecurityGroupRule
	for _, g := range groups {
		for _, r := range g.Rules {
			if len(in.SecurityGroupRuleIds) > 0 && !slices.Contains(in.SecurityGroupRuleIds, r.ID) {
				continue
			}
			ok, err := passes(l, &Head{r.ID, r.Tags}, in.Filters, func(filter string) ([]string, bool, error) {
				value, known := map[string]string{"group-id": g.ID, "security-group-rule-id": r.ID}[filter]
				return []string{value}, known, nil
			})
			if err != nil {
				return nil, err
			}
			if ok {
				out = append(out, r.describe(l, g))
			}
		}
	}
	return out, nil
}
