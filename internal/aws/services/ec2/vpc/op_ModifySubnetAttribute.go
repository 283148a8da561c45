package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// ModifySubnetAttribute changes one attribute of a subnet.
func (s *Service) ModifySubnetAttribute(ctx context.Context, in *ec2.ModifySubnetAttributeInput) (*ec2.ModifySubnetAttributeOutput, error) {
	if in.AssignIpv6AddressOnCreation != nil || in.CustomerOwnedIpv4Pool != nil || in.DisableLniAtDeviceIndex != nil || in.EnableDns64 != nil ||
		in.EnableLniAtDeviceIndex != nil || in.MapCustomerOwnedIpOnLaunch != nil {
		return nil, fault("UnsupportedOperation", "IPv6 addresses, customer-owned addresses and local network interfaces are not supported.")
	}
	a, b, public, host := in.EnableResourceNameDnsARecordOnLaunch, in.EnableResourceNameDnsAAAARecordOnLaunch, in.MapPublicIpOnLaunch, in.PrivateDnsHostnameTypeOnLaunch
	if a == nil && b == nil && public == nil && host == "" {
		return nil, fault("MissingParameter", "The request must contain the parameter of an attribute to modify")
	}
	err := s.change(ctx, func(l look) error {
		n, err := subnetNoun.get(l, text(in.SubnetId))
		if err != nil {
			return err
		}
		if public != nil {
			n.MapPublic = yes(public.Value)
		}
		if a != nil {
			n.RecordA = yes(a.Value)
		}
		if b != nil {
			n.RecordAAAA = yes(b.Value)
		}
		if host != "" {
			n.Hostnames = string(host)
		}
		return subnetNoun.put(l, n)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ModifySubnetAttributeOutput{}, nil
}

func (s *Service) modifySubnetAttributeChecks(ctx context.Context, in *ec2.ModifySubnetAttributeInput) ([]api.Check, error) {
	return s.on(ctx, "ModifySubnetAttribute", thing{&subnetNoun, in.SubnetId})
}
