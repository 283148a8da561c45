package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeVpcs lists networks in the order of their ids.
func (s *Service) DescribeVpcs(ctx context.Context, in *ec2.DescribeVpcsInput) (*ec2.DescribeVpcsOutput, error) {
	q := query{"DescribeVpcs", in.VpcIds, in.Filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &vpcNoun, q, func(l look, v *VPC) (types.Vpc, error) { return v.describe(l), nil })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeVpcsOutput{Vpcs: shown, NextToken: next}, nil
}

func (s *Service) describeVpcsChecks(context.Context, *ec2.DescribeVpcsInput) ([]api.Check, error) {
	return describing("DescribeVpcs"), nil
}
