package vpc

import (
	"context"
	"math"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeAddresses lists Elastic IP addresses in the order of their ids.
func (s *Service) DescribeAddresses(ctx context.Context, in *ec2.DescribeAddressesInput) (*ec2.DescribeAddressesOutput, error) {
	filters := in.Filters
	if len(in.PublicIps) > 0 {
		filters = append(filters, types.Filter{Name: new("public-ip"), Values: in.PublicIps})
	}
	found, _, err := list(ctx, s, &addressNoun, query{operation: "DescribeAddresses", ids: in.AllocationIds, filters: filters, most: new(int32(math.MaxInt32))},
		func(l look, a *Address) (types.Address, error) { return a.describe(l) })
	if err != nil {
		return nil, err
	}
	for _, ip := range in.PublicIps {
		if !slices.ContainsFunc(found, func(a types.Address) bool { return *a.PublicIp == ip }) {
			return nil, fault("InvalidAddress.NotFound", "Address '%s' not found.", ip)
		}
	}
	return &ec2.DescribeAddressesOutput{Addresses: found}, nil
}

func (s *Service) describeAddressesChecks(context.Context, *ec2.DescribeAddressesInput) ([]api.Check, error) {
	return describing("DescribeAddresses"), nil
}
