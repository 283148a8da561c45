package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// AssociateAddress gives an Elastic IP address to the interface of a desktop.
func (s *Service) AssociateAddress(ctx context.Context, in *ec2.AssociateAddressInput) (*ec2.AssociateAddressOutput, error) {
	switch {
	case in.PublicIp != nil:
		return nil, fault("InvalidParameterCombination", "You must specify an allocation id when mapping an address to a VPC instance")
	case in.AllocationId == nil:
		return nil, fault("MissingParameter", "The request must contain the parameter AllocationId")
	case in.InstanceId != nil:
		return nil, fault("InvalidInstanceID.NotFound", "The instance ID '%s' does not exist", *in.InstanceId)
	case in.NetworkInterfaceId == nil:
		return nil, fault("MissingParameter", "Either instance ID or network interface id must be specified")
	}
	id := "eipassoc-" + s.ids.Hex(17)
	var out string
	err := s.change(ctx, func(l look) error {
		a, err := addressNoun.get(l, *in.AllocationId)
		if err != nil {
			return err
		}
		i, err := interfaceNoun.get(l, *in.NetworkInterfaceId)
		if err != nil {
			return err
		}
		if in.PrivateIpAddress != nil && *in.PrivateIpAddress != i.Address {
			return badValue(*in.PrivateIpAddress, "privateIpAddress", "The address does not belong to "+i.ID+".")
		}
		outward, err := internetGatewayNoun.in(l, i.VPC)
		if err != nil {
			return err
		}
		if len(outward) == 0 {
			return fault("Gateway.NotAttached", "Network %s is not attached to any internet gateway", i.VPC)
		}
		held, err := a.holder(l)
		switch {
		case err != nil:
			return err
		case held == nil:
		case held.eni == i.ID:
			out = held.association
			return nil
		case held.seat == nil || in.AllowReassociation != nil && !*in.AllowReassociation:
			return fault("Resource.AlreadyAssociated", "resource %s is already associated with associate-id %s", a.ID, held.association)
		default:
			if err := held.seat.bare(l); err != nil {
				return err
			}
		}
		out = id
		return a.move(l, i, id)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AssociateAddressOutput{AssociationId: &out}, nil
}

func (s *Service) associateAddressChecks(ctx context.Context, in *ec2.AssociateAddressInput) ([]api.Check, error) {
	return s.on(ctx, "AssociateAddress", thing{&addressNoun, in.AllocationId}, thing{&interfaceNoun, in.NetworkInterfaceId})
}

// move gives the address to an interface. What this had before is free.
func (a *Address) move(l look, i *Interface, id string) error {
	i.Allocation, i.Association, i.Public = a.ID, id, a.Public
	if err := interfaceNoun.put(l, i); err != nil {
		return err
	}
	a.Interface = i.ID
	return addressNoun.put(l, a)
}

// bare takes the public address from an interface.
func (i *Interface) bare(l look) error {
	i.Allocation, i.Association, i.Public = "", "", ""
	return interfaceNoun.put(l, i)
}
