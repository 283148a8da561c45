package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateSubnet makes a subnet of a network.
func (s *Service) CreateSubnet(ctx context.Context, in *ec2.CreateSubnetInput) (*ec2.CreateSubnetOutput, error) {
	if in.Ipv6CidrBlock != nil || yes(in.Ipv6Native) || in.OutpostArn != nil || in.Ipv4IpamPoolId != nil || in.Ipv6IpamPoolId != nil || in.Ipv4NetmaskLength != nil || in.Ipv6NetmaskLength != nil {
		return nil, fault("UnsupportedOperation", "IPv6 addresses, Outposts and IPAM pools are not supported.")
	}
	if in.AvailabilityZone != nil && in.AvailabilityZoneId != nil {
		return nil, fault("InvalidParameterCombination", "The parameters availabilityZone and availabilityZoneId cannot be used together.")
	}
	if in.CidrBlock == nil {
		return nil, fault("MissingParameter", "Either 'cidrBlock' or 'ipv6CidrBlock' should be provided.")
	}
	tags, err := specified(in.TagSpecifications, &subnetNoun)
	if err != nil {
		return nil, err
	}
	var out types.Subnet
	err = s.change(ctx, func(l look) error {
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		others, err := subnetNoun.in(l, v.ID)
		if err != nil {
			return err
		}
		p, err := subnetBlock(*in.CidrBlock, v, others)
		if err != nil {
			return err
		}
		z := emptiest(zonesOf(l.sc.Region), others)
		if in.AvailabilityZone != nil || in.AvailabilityZoneId != nil {
			if z, err = zoneBy(l.sc.Region, text(in.AvailabilityZone), text(in.AvailabilityZoneId)); err != nil {
				return err
			}
		}
		n := &Subnet{Head: Head{Tags: tags}, VPC: v.ID, CIDR: p.String(), Zone: z.name, ZoneID: z.id}
		if err := s.addSubnet(l, n); err != nil {
			return err
		}
		out, err = n.describe(l)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateSubnetOutput{Subnet: &out}, nil
}

func (s *Service) createSubnetChecks(ctx context.Context, in *ec2.CreateSubnetInput) ([]api.Check, error) {
	return s.making(ctx, "CreateSubnet", &subnetNoun, in.TagSpecifications, thing{&vpcNoun, in.VpcId})
}

// emptiest is the zone with the fewest subnets, the first of several.
func emptiest(zones []zone, there []*Subnet) zone {
	best, least := zones[0], len(there)+1
	for _, z := range zones {
		count := 0
		for _, n := range there {
			if n.Zone == z.name {
				count++
			}
		}
		if count < least {
			best, least = z, count
		}
	}
	return best
}
