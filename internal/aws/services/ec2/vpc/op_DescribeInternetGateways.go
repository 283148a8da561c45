package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeInternetGateways lists internet gateways in the order of their ids.
func (s *Service) DescribeInternetGateways(ctx context.Context, in *ec2.DescribeInternetGatewaysInput) (*ec2.DescribeInternetGatewaysOutput, error) {
	q := query{"DescribeInternetGateways", in.InternetGatewayIds, in.Filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &internetGatewayNoun, q, func(l look, r *InternetGateway) (types.InternetGateway, error) { return r.describe(l), nil })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeInternetGatewaysOutput{InternetGateways: shown, NextToken: next}, nil
}

func (s *Service) describeInternetGatewaysChecks(context.Context, *ec2.DescribeInternetGatewaysInput) ([]api.Check, error) {
	return describing("DescribeInternetGateways"), nil
}
