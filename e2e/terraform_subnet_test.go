package e2e

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// subnet is an aws_subnet of the office. Before it goes, the provider looks for
// interfaces that others left in it.
func (n *network) subnet(address, cidr, zone string) *resource {
	zone = n.config.Region + zone
	find := func() (*ec2.DescribeSubnetsOutput, error) {
		return n.ec2().DescribeSubnets(n.Context(), &ec2.DescribeSubnetsInput{SubnetIds: []string{*n.id(address)}})
	}
	read := func() attributes {
		out, err := find()
		n.done("DescribeSubnets", err)
		s := out.Subnets[0]
		return attributes{
			"vpc_id": n.ref(s.VpcId), "cidr_block": *s.CidrBlock, "availability_zone": *s.AvailabilityZone, "map_public_ip_on_launch": *s.MapPublicIpOnLaunch,
			"assign_ipv6_address_on_creation": *s.AssignIpv6AddressOnCreation, "enable_dns64": *s.EnableDns64, "ipv6_native": *s.Ipv6Native,
			"private_dns_hostname_type_on_launch": s.PrivateDnsNameOptionsOnLaunch.HostnameType, "tags": ec2Tags(s.Tags),
		}
	}
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().CreateSubnet(n.Context(), &ec2.CreateSubnetInput{
				VpcId: n.id("aws_vpc.office"), CidrBlock: &cidr, AvailabilityZone: &zone, TagSpecifications: named(types.ResourceTypeSubnet, address),
			})
			n.done("CreateSubnet", err)
			n.made(address, out.Subnet.SubnetId)
			n.wait("DescribeSubnets until available", 10*time.Minute, func() bool {
				out, err := find()
				n.done("DescribeSubnets", err)
				return out.Subnets[0].State == types.SubnetStateAvailable
			})
		},
		read: read,
		update: func() {
			n.rename(address, address+"-2")
			_, err := n.ec2().ModifySubnetAttribute(n.Context(), &ec2.ModifySubnetAttributeInput{SubnetId: n.id(address), MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: new(true)}})
			n.done("ModifySubnetAttribute", err)
			n.wait("DescribeSubnets until it maps", 5*time.Minute, func() bool { return read()["map_public_ip_on_launch"] == true })
		},
		destroy: func() {
			read()
			_, err := n.ec2().DescribeNetworkInterfaces(n.Context(), &ec2.DescribeNetworkInterfacesInput{
				Filters: []types.Filter{filter("subnet-id", *n.id(address)), filter("status", "available")},
			})
			n.done("DescribeNetworkInterfaces", err)
			n.wait("DeleteSubnet", 20*time.Minute, func() bool {
				_, err := n.ec2().DeleteSubnet(n.Context(), &ec2.DeleteSubnetInput{SubnetId: n.id(address)})
				return !n.depends("DeleteSubnet", err)
			})
			_, err = find()
			n.gone("DescribeSubnets", "InvalidSubnetID.NotFound", err)
		},
		want: attributes{
			"vpc_id": "aws_vpc.office", "cidr_block": cidr, "availability_zone": zone, "map_public_ip_on_launch": false,
			"assign_ipv6_address_on_creation": false, "enable_dns64": false, "ipv6_native": false,
			"private_dns_hostname_type_on_launch": types.HostnameTypeIpName, "tags": tags{"Name": address},
		},
		changed: attributes{"map_public_ip_on_launch": true, "tags": tags{"Name": address + "-2"}},
	}
}

// internet is an aws_internet_gateway of the office.
func (n *network) internet(address string) *resource {
	find := func() (*ec2.DescribeInternetGatewaysOutput, error) {
		return n.ec2().DescribeInternetGateways(n.Context(), &ec2.DescribeInternetGatewaysInput{InternetGatewayIds: []string{*n.id(address)}})
	}
	attached := func() []types.InternetGatewayAttachment {
		out, err := find()
		n.done("DescribeInternetGateways", err)
		return out.InternetGateways[0].Attachments
	}
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().CreateInternetGateway(n.Context(), &ec2.CreateInternetGatewayInput{TagSpecifications: named(types.ResourceTypeInternetGateway, "office")})
			n.done("CreateInternetGateway", err)
			n.made(address, out.InternetGateway.InternetGatewayId)
			_, err = n.ec2().AttachInternetGateway(n.Context(), &ec2.AttachInternetGatewayInput{InternetGatewayId: n.id(address), VpcId: n.id("aws_vpc.office")})
			n.done("AttachInternetGateway", err)
			// AWS says available here and not attached, and so waits the provider.
			n.wait("attached", 20*time.Minute, func() bool { a := attached(); return len(a) == 1 && a[0].State == "available" })
		},
		read: func() attributes {
			out, err := find()
			n.done("DescribeInternetGateways", err)
			g := out.InternetGateways[0]
			return attributes{"vpc_id": n.ref(g.Attachments[0].VpcId), "owner_id": *g.OwnerId, "tags": ec2Tags(g.Tags)}
		},
		destroy: func() {
			n.wait("DetachInternetGateway", 20*time.Minute, func() bool {
				_, err := n.ec2().DetachInternetGateway(n.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: n.id(address), VpcId: n.id("aws_vpc.office")})
				return !n.depends("DetachInternetGateway", err)
			})
			n.wait("detached", 20*time.Minute, func() bool { return len(attached()) == 0 })
			_, err := n.ec2().DeleteInternetGateway(n.Context(), &ec2.DeleteInternetGatewayInput{InternetGatewayId: n.id(address)})
			n.done("DeleteInternetGateway", err)
			_, err = find()
			n.gone("DescribeInternetGateways", "InvalidInternetGatewayID.NotFound", err)
		},
		want: attributes{"vpc_id": "aws_vpc.office", "owner_id": n.account, "tags": tags{"Name": "office"}},
	}
}

// address is an aws_eip, which is read with its name in DNS.
func (n *network) address(address string) *resource {
	find := func() (*ec2.DescribeAddressesOutput, error) {
		return n.ec2().DescribeAddresses(n.Context(), &ec2.DescribeAddressesInput{AllocationIds: []string{*n.id(address)}})
	}
	read := func() attributes {
		out, err := find()
		n.done("DescribeAddresses", err)
		names, err := n.ec2().DescribeAddressesAttribute(n.Context(), &ec2.DescribeAddressesAttributeInput{
			AllocationIds: []string{*n.id(address)}, Attribute: types.AddressAttributeNameDomainName,
		})
		n.done("DescribeAddressesAttribute", err)
		a := out.Addresses[0]
		return attributes{"domain": a.Domain, "network_border_group": *a.NetworkBorderGroup, "ptr_record": aws.ToString(names.Addresses[0].PtrRecord), "tags": ec2Tags(a.Tags)}
	}
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().AllocateAddress(n.Context(), &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc, TagSpecifications: named(types.ResourceTypeElasticIp, "nat")})
			n.done("AllocateAddress", err)
			n.made(address, out.AllocationId)
		},
		read:   read,
		update: func() { n.rename(address, "nat-2") },
		destroy: func() {
			read()
			_, err := n.ec2().ReleaseAddress(n.Context(), &ec2.ReleaseAddressInput{AllocationId: n.id(address)})
			n.done("ReleaseAddress", err)
			_, err = find()
			n.gone("DescribeAddresses", "InvalidAllocationID.NotFound", err)
		},
		want:    attributes{"domain": types.DomainTypeVpc, "network_border_group": n.config.Region, "ptr_record": "", "tags": tags{"Name": "nat"}},
		changed: attributes{"tags": tags{"Name": "nat-2"}},
	}
}

// nat is an aws_nat_gateway in the public subnet.
func (n *network) nat(address string) *resource {
	find := func() (types.NatGateway, error) {
		out, err := n.ec2().DescribeNatGateways(n.Context(), &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{*n.id(address)}})
		if err != nil {
			return types.NatGateway{}, err
		}
		return out.NatGateways[0], nil
	}
	read := func() attributes {
		g, err := find()
		n.done("DescribeNatGateways", err)
		state := attributes{"subnet_id": n.ref(g.SubnetId), "connectivity_type": g.ConnectivityType, "tags": ec2Tags(g.Tags)}
		for _, a := range g.NatGatewayAddresses {
			if aws.ToBool(a.IsPrimary) {
				state["allocation_id"] = n.ref(a.AllocationId)
			}
		}
		return state
	}
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().CreateNatGateway(n.Context(), &ec2.CreateNatGatewayInput{
				SubnetId: n.id("aws_subnet.public"), AllocationId: n.id("aws_eip.nat"), ConnectivityType: types.ConnectivityTypePublic,
				ClientToken: new("terraform-1"), TagSpecifications: named(types.ResourceTypeNatgateway, "office"),
			})
			n.done("CreateNatGateway", err)
			n.made(address, out.NatGateway.NatGatewayId)
			n.wait("DescribeNatGateways until available", 10*time.Minute, func() bool {
				g, err := find()
				n.done("DescribeNatGateways", err)
				return g.State == types.NatGatewayStateAvailable
			})
		},
		read:   read,
		update: func() { n.rename(address, "office-2") },
		destroy: func() {
			read()
			_, err := n.ec2().DeleteNatGateway(n.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: n.id(address)})
			n.done("DeleteNatGateway", err)
			n.wait("DescribeNatGateways until deleted", 30*time.Minute, func() bool {
				g, err := find()
				n.done("DescribeNatGateways", err)
				return g.State == types.NatGatewayStateDeleted
			})
		},
		want: attributes{
			"subnet_id": "aws_subnet.public", "connectivity_type": types.ConnectivityTypePublic, "allocation_id": "aws_eip.nat", "tags": tags{"Name": "office"},
		},
		changed: attributes{"tags": tags{"Name": "office-2"}},
	}
}
