package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeCustomerGateways lists customer gateways.
func (s *Service) DescribeCustomerGateways(ctx context.Context, in *ec2.DescribeCustomerGatewaysInput) (*ec2.DescribeCustomerGatewaysOutput, error) {
	q := query{"DescribeCustomerGateways", in.CustomerGatewayIds, in.Filters, nil, new(int32(whole))}
	shown, _, err := list(ctx, s, &customerGatewayNoun, q, func(l look, r *CustomerGateway) (types.CustomerGateway, error) { return r.describe(), nil })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeCustomerGatewaysOutput{CustomerGateways: shown}, nil
}

func (s *Service) describeCustomerGatewaysChecks(context.Context, *ec2.DescribeCustomerGatewaysInput) ([]api.Check, error) {
	return describing("DescribeCustomerGateways"), nil
}
