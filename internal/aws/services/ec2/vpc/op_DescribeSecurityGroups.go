package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeSecurityGroups lists security groups in the order of their ids.
func (s *Service) DescribeSecurityGroups(ctx context.Context, in *ec2.DescribeSecurityGroupsInput) (*ec2.DescribeSecurityGroupsOutput, error) {
	filters := in.Filters
	if len(in.GroupNames) > 0 {
		filters = append(filters, types.Filter{Name: new("group-name"), Values: in.GroupNames})
	}
	q := query{"DescribeSecurityGroups", in.GroupIds, filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &groupNoun, q, func(l look, g *SecurityGroup) (types.SecurityGroup, error) { return g.describe(l), nil })
	if err != nil {
		return nil, err
	}
	for _, name := range in.GroupNames {
		if !slices.ContainsFunc(shown, func(g types.SecurityGroup) bool { return *g.GroupName == name }) && next == nil && in.NextToken == nil {
			return nil, fault("InvalidGroup.NotFound", "The security group '%s' does not exist in default VPC", name)
		}
	}
	return &ec2.DescribeSecurityGroupsOutput{SecurityGroups: shown, NextToken: next}, nil
}

func (s *Service) describeSecurityGroupsChecks(context.Context, *ec2.DescribeSecurityGroupsInput) ([]api.Check, error) {
	return describing("DescribeSecurityGroups"), nil
}
