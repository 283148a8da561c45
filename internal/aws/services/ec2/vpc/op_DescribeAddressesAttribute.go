package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeAddressesAttribute lists Elastic IP addresses with the names to which
// they lead back; none has one here.
func (s *Service) DescribeAddressesAttribute(ctx context.Context, in *ec2.DescribeAddressesAttributeInput) (*ec2.DescribeAddressesAttributeOutput, error) {
	q := query{operation: "DescribeAddressesAttribute", ids: in.AllocationIds, token: in.NextToken, most: in.MaxResults}
	shown, next, err := list(ctx, s, &addressNoun, q, func(_ look, a *Address) (types.AddressAttribute, error) {
		return types.AddressAttribute{AllocationId: &a.ID, PublicIp: &a.Public}, nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeAddressesAttributeOutput{Addresses: shown, NextToken: next}, nil
}

func (s *Service) describeAddressesAttributeChecks(context.Context, *ec2.DescribeAddressesAttributeInput) ([]api.Check, error) {
	return describing("DescribeAddressesAttribute"), nil
}
