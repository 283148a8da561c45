package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeSubnets lists subnets in the order of their ids.
func (s *Service) DescribeSubnets(ctx context.Context, in *ec2.DescribeSubnetsInput) (*ec2.DescribeSubnetsOutput, error) {
	q := query{"DescribeSubnets", in.SubnetIds, in.Filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &subnetNoun, q, func(l look, n *Subnet) (types.Subnet, error) { return n.describe(l) })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeSubnetsOutput{Subnets: shown, NextToken: next}, nil
}

func (s *Service) describeSubnetsChecks(context.Context, *ec2.DescribeSubnetsInput) ([]api.Check, error) {
	return describing("DescribeSubnets"), nil
}
