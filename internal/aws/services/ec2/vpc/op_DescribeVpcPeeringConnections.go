package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeVpcPeeringConnections lists peering connections in the order of their ids.
func (s *Service) DescribeVpcPeeringConnections(ctx context.Context, in *ec2.DescribeVpcPeeringConnectionsInput) (*ec2.DescribeVpcPeeringConnectionsOutput, error) {
	q := query{"DescribeVpcPeeringConnections", in.VpcPeeringConnectionIds, in.Filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &peeringNoun, q, func(l look, r *Peering) (types.VpcPeeringConnection, error) { return r.describe(l) })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeVpcPeeringConnectionsOutput{VpcPeeringConnections: shown, NextToken: next}, nil
}

func (s *Service) describeVpcPeeringConnectionsChecks(context.Context, *ec2.DescribeVpcPeeringConnectionsInput) ([]api.Check, error) {
	return describing("DescribeVpcPeeringConnections"), nil
}
