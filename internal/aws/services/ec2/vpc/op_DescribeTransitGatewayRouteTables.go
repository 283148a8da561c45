package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeTransitGatewayRouteTables lists the route tables of transit gateways.
func (s *Service) DescribeTransitGatewayRouteTables(ctx context.Context, in *ec2.DescribeTransitGatewayRouteTablesInput) (*ec2.DescribeTransitGatewayRouteTablesOutput, error) {
	q := query{"DescribeTransitGatewayRouteTables", in.TransitGatewayRouteTableIds, in.Filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &transitTableNoun, q, func(l look, r *TransitTable) (types.TransitGatewayRouteTable, error) { return r.describe(l) })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeTransitGatewayRouteTablesOutput{TransitGatewayRouteTables: shown, NextToken: next}, nil
}

func (s *Service) describeTransitGatewayRouteTablesChecks(context.Context, *ec2.DescribeTransitGatewayRouteTablesInput) ([]api.Check, error) {
	return describing("DescribeTransitGatewayRouteTables"), nil
}
