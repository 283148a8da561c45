package e2e

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"
)

// network is the part of a configuration that a VPC module makes. Its blocks
// refer to one another by ids that are only known after the creation; what is
// read back is held against addresses, as the configuration has them.
type network struct {
	*terraform
	ids  map[string]string // by address
	refs map[string]string // addresses by id
}

func (tf *terraform) network() *network {
	return &network{tf, map[string]string{}, map[string]string{}}
}

func (n *network) ec2() *ec2.Client { return ec2.NewFromConfig(n.config) }

// made notes the id of a block.
func (n *network) made(address string, id *string) { n.ids[address], n.refs[*id] = *id, address }

// id is that of a block.
func (n *network) id(address string) *string {
	n.Helper()
	id, ok := n.ids[address]
	if !ok {
		n.Fatalf("%s was not made", address)
	}
	return &id
}

// ref is the address of a block that an answer names.
func (n *network) ref(id *string) string {
	return cmp.Or(n.refs[aws.ToString(id)], aws.ToString(id))
}

// blocks are a network of two ranges and two zones with a way out, and the one
// that it is joined to.
func (n *network) blocks() []*resource {
	return []*resource{
		n.vpc("aws_vpc.office", "10.20.0.0/16"), n.vpc("aws_vpc.files", "10.30.0.0/16"),
		n.further("aws_vpc_ipv4_cidr_block_association.second", "10.21.0.0/16"),
		n.dhcp("aws_vpc_dhcp_options.office"), n.dhcpOf("aws_vpc_dhcp_options.office"),
		n.subnet("aws_subnet.private[0]", "10.20.0.0/24", "a"), n.subnet("aws_subnet.private[1]", "10.20.1.0/24", "c"), n.subnet("aws_subnet.public", "10.21.0.0/24", "a"),
		n.internet("aws_internet_gateway.office"), n.address("aws_eip.nat"), n.nat("aws_nat_gateway.office"),
		n.peering("aws_vpc_peering_connection.files"),
		n.table("aws_route_table.public"), n.table("aws_route_table.private"),
		n.route("aws_route.out", "aws_route_table.public", "0.0.0.0/0", "aws_internet_gateway.office"),
		n.route("aws_route.nat", "aws_route_table.private", "0.0.0.0/0", "aws_nat_gateway.office"),
		n.route("aws_route.files", "aws_route_table.private", "10.30.0.0/16", "aws_vpc_peering_connection.files"),
		n.association("aws_route_table_association.public", "aws_route_table.public", "aws_subnet.public"),
		n.association("aws_route_table_association.private", "aws_route_table.private", "aws_subnet.private[0]"),
		n.group("aws_security_group.desktops"),
		n.outward("aws_vpc_security_group_egress_rule.all"), n.inward("aws_vpc_security_group_ingress_rule.files"),
		n.list("aws_network_acl.private"),
	}
}

// named are the tags of a block that is made.
func named(kind types.ResourceType, name string) []types.TagSpecification {
	return []types.TagSpecification{{ResourceType: kind, Tags: []types.Tag{{Key: new("Name"), Value: &name}}}}
}

func ec2Tags(list []types.Tag) tags {
	all := tags{}
	for _, t := range list {
		all[*t.Key] = *t.Value
	}
	return all
}

// rename changes the tag of a block as the provider does: what goes first, what
// comes second.
func (n *network) rename(address, name string) {
	n.Helper()
	_, err := n.ec2().CreateTags(n.Context(), &ec2.CreateTagsInput{Resources: []string{*n.id(address)}, Tags: []types.Tag{{Key: new("Name"), Value: &name}}})
	n.done("CreateTags", err)
}

func filter(name, value string) types.Filter {
	return types.Filter{Name: &name, Values: []string{value}}
}

// depends tells whether something depends on what is deleted, which the provider
// waits for.
func (n *network) depends(what string, err error) bool {
	n.Helper()
	if coded, ok := errors.AsType[smithy.APIError](err); ok && coded.ErrorCode() == "DependencyViolation" {
		return true
	}
	n.done(what, err)
	return false
}

// vpc is an aws_vpc with names for its machines.
func (n *network) vpc(address, cidr string) *resource {
	read := func() attributes { return n.readVPC(n.id(address)) }
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().CreateVpc(n.Context(), &ec2.CreateVpcInput{
				CidrBlock: &cidr, AmazonProvidedIpv6CidrBlock: new(false), InstanceTenancy: types.TenancyDefault, TagSpecifications: named(types.ResourceTypeVpc, address),
			})
			n.done("CreateVpc", err)
			id := out.Vpc.VpcId
			n.made(address, id)
			n.wait("DescribeVpcs until available", 10*time.Minute, func() bool {
				out, err := n.ec2().DescribeVpcs(n.Context(), &ec2.DescribeVpcsInput{VpcIds: []string{*id}})
				n.done("DescribeVpcs", err)
				return out.Vpcs[0].State == types.VpcStateAvailable
			})
			_, err = n.ec2().ModifyVpcAttribute(n.Context(), &ec2.ModifyVpcAttributeInput{VpcId: id, EnableDnsHostnames: &types.AttributeBooleanValue{Value: new(true)}})
			n.done("ModifyVpcAttribute", err)
			n.wait("DescribeVpcAttribute until true", 5*time.Minute, func() bool { return read()["enable_dns_hostnames"] == true })
		},
		read:   read,
		update: func() { n.rename(address, address+"-2") },
		destroy: func() {
			read()
			n.wait("DeleteVpc", 5*time.Minute, func() bool {
				_, err := n.ec2().DeleteVpc(n.Context(), &ec2.DeleteVpcInput{VpcId: n.id(address)})
				return !n.depends("DeleteVpc", err)
			})
			_, err := n.ec2().DescribeVpcs(n.Context(), &ec2.DescribeVpcsInput{VpcIds: []string{*n.id(address)}})
			n.gone("DescribeVpcs", "InvalidVpcID.NotFound", err)
		},
		want: attributes{
			"cidr_block": cidr, "instance_tenancy": types.TenancyDefault, "enable_dns_support": true, "enable_dns_hostnames": true,
			"enable_network_address_usage_metrics": false, "of its own": "1 list, 1 main table, 1 group", "tags": tags{"Name": address},
		},
		changed: attributes{"tags": tags{"Name": address + "-2"}},
	}
}

func (n *network) readVPC(id *string) attributes {
	n.Helper()
	out, err := n.ec2().DescribeVpcs(n.Context(), &ec2.DescribeVpcsInput{VpcIds: []string{*id}})
	n.done("DescribeVpcs", err)
	attribute := func(name types.VpcAttributeName) *ec2.DescribeVpcAttributeOutput {
		out, err := n.ec2().DescribeVpcAttribute(n.Context(), &ec2.DescribeVpcAttributeInput{VpcId: id, Attribute: name})
		n.done("DescribeVpcAttribute", err)
		return out
	}
	within := filter("vpc-id", *id)
	acls, err := n.ec2().DescribeNetworkAcls(n.Context(), &ec2.DescribeNetworkAclsInput{Filters: []types.Filter{filter("default", "true"), within}})
	n.done("DescribeNetworkAcls", err)
	tables, err := n.ec2().DescribeRouteTables(n.Context(), &ec2.DescribeRouteTablesInput{Filters: []types.Filter{filter("association.main", "true"), within}})
	n.done("DescribeRouteTables", err)
	groups, err := n.ec2().DescribeSecurityGroups(n.Context(), &ec2.DescribeSecurityGroupsInput{Filters: []types.Filter{filter("group-name", "default"), within}})
	n.done("DescribeSecurityGroups", err)
	v := out.Vpcs[0]
	return attributes{
		"cidr_block": *v.CidrBlock, "instance_tenancy": v.InstanceTenancy, "tags": ec2Tags(v.Tags),
		"enable_dns_hostnames":                 *attribute(types.VpcAttributeNameEnableDnsHostnames).EnableDnsHostnames.Value,
		"enable_dns_support":                   *attribute(types.VpcAttributeNameEnableDnsSupport).EnableDnsSupport.Value,
		"enable_network_address_usage_metrics": *attribute(types.VpcAttributeNameEnableNetworkAddressUsageMetrics).EnableNetworkAddressUsageMetrics.Value,
		"of its own":                           fmt.Sprintf("%d list, %d main table, %d group", len(acls.NetworkAcls), len(tables.RouteTables), len(groups.SecurityGroups)),
	}
}

// further is an aws_vpc_ipv4_cidr_block_association of the office.
func (n *network) further(address, cidr string) *resource {
	find := func() *types.VpcCidrBlockAssociation {
		id := *n.id(address)
		out, err := n.ec2().DescribeVpcs(n.Context(), &ec2.DescribeVpcsInput{Filters: []types.Filter{filter("cidr-block-association.association-id", id)}})
		n.done("DescribeVpcs", err)
		for _, v := range out.Vpcs {
			for _, a := range v.CidrBlockAssociationSet {
				if *a.AssociationId == id && a.CidrBlockState.State != types.VpcCidrBlockStateCodeDisassociated {
					return &a
				}
			}
		}
		return nil
	}
	read := func() attributes { return attributes{"cidr_block": *find().CidrBlock} }
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().AssociateVpcCidrBlock(n.Context(), &ec2.AssociateVpcCidrBlockInput{VpcId: n.id("aws_vpc.office"), CidrBlock: &cidr})
			n.done("AssociateVpcCidrBlock", err)
			n.made(address, out.CidrBlockAssociation.AssociationId)
			n.wait("associated", 10*time.Minute, func() bool { return find().CidrBlockState.State == types.VpcCidrBlockStateCodeAssociated })
		},
		read: read,
		destroy: func() {
			read()
			_, err := n.ec2().DisassociateVpcCidrBlock(n.Context(), &ec2.DisassociateVpcCidrBlockInput{AssociationId: n.id(address)})
			n.done("DisassociateVpcCidrBlock", err)
			n.wait("disassociated", 10*time.Minute, func() bool { return find() == nil })
		},
		want: attributes{"cidr_block": cidr},
	}
}

// dhcp is an aws_vpc_dhcp_options, whose deletion looks for networks that have it.
func (n *network) dhcp(address string) *resource {
	find := func() (*ec2.DescribeDhcpOptionsOutput, error) {
		return n.ec2().DescribeDhcpOptions(n.Context(), &ec2.DescribeDhcpOptionsInput{DhcpOptionsIds: []string{*n.id(address)}})
	}
	read := func() attributes {
		out, err := find()
		n.done("DescribeDhcpOptions", err)
		state := attributes{"tags": ec2Tags(out.DhcpOptions[0].Tags)}
		for _, c := range out.DhcpOptions[0].DhcpConfigurations {
			var values []string
			for _, v := range c.Values {
				values = append(values, *v.Value)
			}
			state[*c.Key] = values
		}
		return state
	}
	return &resource{
		name: address,
		create: func() {
			given := func(key, value string) types.NewDhcpConfiguration {
				return types.NewDhcpConfiguration{Key: &key, Values: []string{value}}
			}
			out, err := n.ec2().CreateDhcpOptions(n.Context(), &ec2.CreateDhcpOptionsInput{
				DhcpConfigurations: []types.NewDhcpConfiguration{given("domain-name", "corp.example.com"), given("domain-name-servers", "AmazonProvidedDNS")},
				TagSpecifications:  named(types.ResourceTypeDhcpOptions, "office"),
			})
			n.done("CreateDhcpOptions", err)
			n.made(address, out.DhcpOptions.DhcpOptionsId)
		},
		read:   read,
		update: func() { n.rename(address, "office-2") },
		destroy: func() {
			read()
			out, err := n.ec2().DescribeVpcs(n.Context(), &ec2.DescribeVpcsInput{Filters: []types.Filter{filter("dhcp-options-id", *n.id(address))}})
			n.done("DescribeVpcs", err)
			if len(out.Vpcs) > 0 {
				n.Errorf("%d networks have the options still", len(out.Vpcs))
			}
			_, err = n.ec2().DeleteDhcpOptions(n.Context(), &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: n.id(address)})
			n.done("DeleteDhcpOptions", err)
			_, err = find()
			n.gone("DescribeDhcpOptions", "InvalidDhcpOptionID.NotFound", err)
		},
		want:    attributes{"domain-name": []string{"corp.example.com"}, "domain-name-servers": []string{"AmazonProvidedDNS"}, "tags": tags{"Name": "office"}},
		changed: attributes{"tags": tags{"Name": "office-2"}},
	}
}

// dhcpOf is the aws_vpc_dhcp_options_association of the office. It is destroyed by
// giving the network those of AWS.
func (n *network) dhcpOf(options string) *resource {
	find := func() *string {
		out, err := n.ec2().DescribeVpcs(n.Context(), &ec2.DescribeVpcsInput{VpcIds: []string{*n.id("aws_vpc.office")}})
		n.done("DescribeVpcs", err)
		return out.Vpcs[0].DhcpOptionsId
	}
	associate := func(id string) {
		_, err := n.ec2().AssociateDhcpOptions(n.Context(), &ec2.AssociateDhcpOptionsInput{VpcId: n.id("aws_vpc.office"), DhcpOptionsId: &id})
		n.done("AssociateDhcpOptions", err)
	}
	return &resource{
		name:   "aws_vpc_dhcp_options_association.office",
		create: func() { associate(*n.id(options)) },
		read:   func() attributes { return attributes{"dhcp_options_id": n.ref(find())} },
		destroy: func() {
			associate("default")
			if left := n.ref(find()); left == options {
				n.Errorf("the network has %s still", left)
			}
		},
		want: attributes{"dhcp_options_id": options},
	}
}
