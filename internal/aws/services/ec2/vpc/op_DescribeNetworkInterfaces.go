package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeNetworkInterfaces lists the interfaces of desktops.
func (s *Service) DescribeNetworkInterfaces(ctx context.Context, in *ec2.DescribeNetworkInterfacesInput) (*ec2.DescribeNetworkInterfacesOutput, error) {
	q := query{"DescribeNetworkInterfaces", in.NetworkInterfaceIds, in.Filters, in.NextToken, in.MaxResults}
	found, next, err := list(ctx, s, &interfaceNoun, q, func(l look, i *Interface) (types.NetworkInterface, error) { return i.describe(l) })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeNetworkInterfacesOutput{NetworkInterfaces: found, NextToken: next}, nil
}

func (s *Service) describeNetworkInterfacesChecks(context.Context, *ec2.DescribeNetworkInterfacesInput) ([]api.Check, error) {
	return describing("DescribeNetworkInterfaces"), nil
}
