package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// AllocateAddress allocates an Elastic IP address.
func (s *Service) AllocateAddress(ctx context.Context, in *ec2.AllocateAddressInput) (*ec2.AllocateAddressOutput, error) {
	if in.Address != nil || in.CustomerOwnedIpv4Pool != nil || in.IpamPoolId != nil || in.PublicIpv4Pool != nil {
		return nil, fault("UnsupportedOperation", "Addresses come from the pool of Amazon only.")
	}
	if region := api.CallFrom(ctx).Region; in.NetworkBorderGroup != nil && *in.NetworkBorderGroup != region {
		return nil, badValue(*in.NetworkBorderGroup, "networkBorderGroup", "The network border group of this Region is "+region+".")
	}
	if in.Domain == types.DomainTypeStandard {
		return nil, badValue("standard", "domain", "EC2-Classic is retired.")
	}
	tags, err := specified(in.TagSpecifications, &addressNoun)
	if err != nil {
		return nil, err
	}
	var out Address
	err = s.change(ctx, func(l look) error {
		public, err := s.fresh(l)
		if err != nil {
			return err
		}
		out = Address{Head: Head{addressNoun.newID(s), tags}, Public: public}
		return addressNoun.put(l, &out)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AllocateAddressOutput{
		AllocationId: &out.ID, PublicIp: &out.Public, Domain: types.DomainTypeVpc, PublicIpv4Pool: new("amazon"), NetworkBorderGroup: &api.CallFrom(ctx).Region,
	}, nil
}

func (s *Service) allocateAddressChecks(ctx context.Context, in *ec2.AllocateAddressInput) ([]api.Check, error) {
	return s.making(ctx, "AllocateAddress", &addressNoun, in.TagSpecifications)
}
