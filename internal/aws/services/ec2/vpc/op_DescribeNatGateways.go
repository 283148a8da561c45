package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeNatGateways lists NAT gateways in the order of their ids.
func (s *Service) DescribeNatGateways(ctx context.Context, in *ec2.DescribeNatGatewaysInput) (*ec2.DescribeNatGatewaysOutput, error) {
	q := query{"DescribeNatGateways", in.NatGatewayIds, in.Filter, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &natNoun, q, func(l look, r *NATGateway) (types.NatGateway, error) { return r.describe(), nil })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeNatGatewaysOutput{NatGateways: shown, NextToken: next}, nil
}

func (s *Service) describeNatGatewaysChecks(context.Context, *ec2.DescribeNatGatewaysInput) ([]api.Check, error) {
	return describing("DescribeNatGateways"), nil
}
