package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateDefaultSubnet makes the default subnet of a zone anew.
func (s *Service) CreateDefaultSubnet(ctx context.Context, in *ec2.CreateDefaultSubnetInput) (*ec2.CreateDefaultSubnetOutput, error) {
	if in.AvailabilityZone == nil && in.AvailabilityZoneId == nil {
		return nil, fault("MissingParameter", "The request must contain the parameter availabilityZone")
	}
	if yes(in.Ipv6Native) {
		return nil, fault("UnsupportedOperation", "IPv6 addresses are not supported.")
	}
	var out types.Subnet
	err := s.change(ctx, func(l look) error {
		z, err := zoneBy(l.sc.Region, text(in.AvailabilityZone), text(in.AvailabilityZoneId))
		if err != nil {
			return err
		}
		n, err := s.defaultSubnet(l, z)
		if err != nil {
			return err
		}
		if err := s.addSubnet(l, n); err != nil {
			return err
		}
		out, err = n.describe(l)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateDefaultSubnetOutput{Subnet: &out}, nil
}

func (s *Service) createDefaultSubnetChecks(context.Context, *ec2.CreateDefaultSubnetInput) ([]api.Check, error) {
	return describing("CreateDefaultSubnet"), nil
}

// defaultSubnet finds the first free place of the default VPC for a zone that
// has no default subnet.
func (s *Service) defaultSubnet(l look, z zone) (*Subnet, error) {
	v, err := defaultVPC(l)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, fault("DefaultVpcDoesNotExist", "No default VPC for this user")
	}
	there, err := subnetNoun.in(l, v.ID)
	if err != nil {
		return nil, err
	}
	for _, n := range there {
		if n.Default && n.Zone == z.name {
			return nil, fault("DefaultSubnetAlreadyExistsInAvailabilityZone", "'%s' already exists in Availability Zone '%s' as a default subnet.", n.ID, z.name)
		}
	}
	for place := range 16 {
		n := newDefaultSubnet(v, z, place)
		if _, err := subnetBlock(n.CIDR, v, there); err == nil {
			return n, nil
		}
	}
	return nil, fault("InsufficientFreeAddressesInSubnet", "There is no free range of addresses for a default subnet.")
}
