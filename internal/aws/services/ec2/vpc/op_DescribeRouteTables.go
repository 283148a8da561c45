package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeRouteTables lists route tables in the order of their ids.
func (s *Service) DescribeRouteTables(ctx context.Context, in *ec2.DescribeRouteTablesInput) (*ec2.DescribeRouteTablesOutput, error) {
	q := query{"DescribeRouteTables", in.RouteTableIds, in.Filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &routeTableNoun, q, func(l look, r *RouteTable) (types.RouteTable, error) { return r.describe(l) })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeRouteTablesOutput{RouteTables: shown, NextToken: next}, nil
}

func (s *Service) describeRouteTablesChecks(context.Context, *ec2.DescribeRouteTablesInput) ([]api.Check, error) {
	return describing("DescribeRouteTables"), nil
}
