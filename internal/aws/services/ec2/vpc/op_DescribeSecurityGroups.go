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
	if len(in.GroupNames) > 0 { // names are those of the default VPC
		v, err := s.groupsNamed(ctx, in.GroupNames)
		if err != nil {
			return nil, err
		}
		filters = append(slices.Clone(filters), types.Filter{Name: new("vpc-id"), Values: []string{v}}, types.Filter{Name: new("group-name"), Values: in.GroupNames})
	}
	q := query{"DescribeSecurityGroups", in.GroupIds, filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &groupNoun, q, func(l look, g *SecurityGroup) (types.SecurityGroup, error) { return g.describe(l), nil })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeSecurityGroupsOutput{SecurityGroups: shown, NextToken: next}, nil
}

// groupsNamed is the default VPC, in which there must be groups of all names.
func (s *Service) groupsNamed(ctx context.Context, names []string) (vpc string, err error) {
	err = s.read(ctx, func(l look) error {
		for _, name := range names {
			g, err := groupBy(l, nil, &name)
			if err != nil {
				return err
			}
			vpc = g.VPC
		}
		return nil
	})
	return vpc, err
}

func (s *Service) describeSecurityGroupsChecks(context.Context, *ec2.DescribeSecurityGroupsInput) ([]api.Check, error) {
	return describing("DescribeSecurityGroups"), nil
}
