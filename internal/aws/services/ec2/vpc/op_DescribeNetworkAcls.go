package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeNetworkAcls lists network ACLs in the order of their ids.
func (s *Service) DescribeNetworkAcls(ctx context.Context, in *ec2.DescribeNetworkAclsInput) (*ec2.DescribeNetworkAclsOutput, error) {
	q := query{"DescribeNetworkAcls", in.NetworkAclIds, in.Filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &aclNoun, q, func(l look, r *NetworkACL) (types.NetworkAcl, error) { return r.describe(l), nil })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeNetworkAclsOutput{NetworkAcls: shown, NextToken: next}, nil
}

func (s *Service) describeNetworkAclsChecks(context.Context, *ec2.DescribeNetworkAclsInput) ([]api.Check, error) {
	return describing("DescribeNetworkAcls"), nil
}
