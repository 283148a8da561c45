package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateVpc makes a network with its main route table, default network ACL and
// default security group.
func (s *Service) CreateVpc(ctx context.Context, in *ec2.CreateVpcInput) (*ec2.CreateVpcOutput, error) {
	if in.Ipv6CidrBlock != nil || in.Ipv6Pool != nil || yes(in.AmazonProvidedIpv6CidrBlock) || in.Ipv4IpamPoolId != nil || in.Ipv6IpamPoolId != nil || in.Ipv4NetmaskLength != nil || in.Ipv6NetmaskLength != nil || in.Ipv6CidrBlockNetworkBorderGroup != nil || in.VpcEncryptionControl != nil {
		return nil, fault("UnsupportedOperation", "IPv6 addresses, IPAM pools and encryption controls are not supported.")
	}
	if in.CidrBlock == nil {
		return nil, fault("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' must be provided.")
	}
	p, err := vpcBlock(*in.CidrBlock)
	if err != nil {
		return nil, err
	}
	tags, err := specified(in.TagSpecifications, &vpcNoun)
	if err != nil {
		return nil, err
	}
	v := &VPC{Head: Head{Tags: tags}, Tenancy: string(in.InstanceTenancy), DNSSupport: true}
	switch in.InstanceTenancy {
	case "":
		v.Tenancy = string(types.TenancyDefault)
	case types.TenancyHost:
		return nil, fault("InvalidParameterValue", "The tenancy value 'host' is not supported.")
	}
	var out types.Vpc
	err = s.change(ctx, func(l look) error {
		v.DHCP = ""
		err := s.found(l, v, p)
		out = v.describe(l)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateVpcOutput{Vpc: &out}, nil
}

func (s *Service) createVpcChecks(ctx context.Context, in *ec2.CreateVpcInput) ([]api.Check, error) {
	return s.making(ctx, "CreateVpc", &vpcNoun, in.TagSpecifications)
}
