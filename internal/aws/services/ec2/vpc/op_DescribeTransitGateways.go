package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeTransitGateways lists transit gateways.
func (s *Service) DescribeTransitGateways(ctx context.Context, in *ec2.DescribeTransitGatewaysInput) (*ec2.DescribeTransitGatewaysOutput, error) {
	q := query{"DescribeTransitGateways", in.TransitGatewayIds, in.Filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &transitGatewayNoun, q, func(l look, r *TransitGateway) (types.TransitGateway, error) { return r.describe(l), nil })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeTransitGatewaysOutput{TransitGateways: shown, NextToken: next}, nil
}

func (s *Service) describeTransitGatewaysChecks(context.Context, *ec2.DescribeTransitGatewaysInput) ([]api.Check, error) {
	return describing("DescribeTransitGateways"), nil
}
