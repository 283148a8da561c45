package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateNatGateway makes a NAT gateway in a subnet: a public one has an Elastic IP address.
func (s *Service) CreateNatGateway(ctx context.Context, in *ec2.CreateNatGatewayInput) (*ec2.CreateNatGatewayOutput, error) {
	if len(in.SecondaryAllocationIds) > 0 || len(in.SecondaryPrivateIpAddresses) > 0 || in.SecondaryPrivateIpAddressCount != nil || in.AvailabilityMode == types.AvailabilityModeRegional ||
		in.VpcId != nil || len(in.AvailabilityZoneAddresses) > 0 {
		return nil, fault("UnsupportedOperation", "A NAT gateway has one address, in one subnet.")
	}
	tags, err := specified(in.TagSpecifications, &natNoun)
	if err != nil {
		return nil, err
	}
	asked := *in
	asked.ClientToken, asked.DryRun = nil, nil
	claim, err := newClaim(in.ClientToken, asked)
	if err != nil {
		return nil, err
	}
	var out types.NatGateway
	err = s.change(ctx, func(l look) error {
		had, err := claimed(l, &natNoun, claim, func(g *NATGateway) Claim { return g.Claim })
		if err != nil {
			return err
		}
		if had != nil {
			out = had.describe()
			return nil
		}
		n, err := subnetNoun.get(l, text(in.SubnetId))
		if err != nil {
			return err
		}
		g := &NATGateway{
			Head: Head{natNoun.newID(s), tags}, VPC: n.VPC, Subnet: n.ID, Private: in.ConnectivityType == types.ConnectivityTypePrivate,
			Interface: "eni-" + s.ids.Hex(17), CreatedAt: l.now, Claim: claim,
		}
		if g.Address, err = n.takes(l, text(in.PrivateIpAddress)); err != nil {
			return err
		}
		if err := s.expose(l, g, in.AllocationId); err != nil {
			return err
		}
		if err := natNoun.sweep(l); err != nil {
			return err
		}
		out = g.describe()
		return natNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateNatGatewayOutput{NatGateway: &out, ClientToken: in.ClientToken}, nil
}

func (s *Service) createNatGatewayChecks(ctx context.Context, in *ec2.CreateNatGatewayInput) ([]api.Check, error) {
	return s.making(ctx, "CreateNatGateway", &natNoun, in.TagSpecifications, thing{&subnetNoun, in.SubnetId}, thing{&addressNoun, in.AllocationId})
}

// expose gives a public NAT gateway its address.
func (s *Service) expose(l look, g *NATGateway, allocation *string) error {
	if g.Private {
		if allocation != nil {
			return fault("InvalidParameterCombination", "AllocationId cannot be specified for a private NAT gateway.")
		}
		return nil
	}
	if allocation == nil {
		return fault("MissingParameter", "The request must contain the parameter AllocationId")
	}
	a, err := addressNoun.get(l, *allocation)
	if err != nil {
		return err
	}
	holder, err := a.holder(l)
	if err != nil {
		return err
	}
	if holder != nil {
		return fault("Resource.AlreadyAssociated", "Elastic IP address [%s] is already associated", a.ID)
	}
	outward, err := internetGatewayNoun.in(l, g.VPC)
	if err != nil {
		return err
	}
	if len(outward) == 0 {
		return fault("Gateway.NotAttached", "Network %s has no Internet gateway attached", g.VPC)
	}
	g.Allocation, g.Public, g.Association = a.ID, a.Public, "eipassoc-"+s.ids.Hex(17)
	return nil
}
