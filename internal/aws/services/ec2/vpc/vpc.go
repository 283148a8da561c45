package vpc

import (
	"slices"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the room. Make it with New.
type Service struct {
	store *store.Store
	ids   *id.Source
	clock clock.Clock

	tenants Tenants
}

// New returns the room over a store that was opened with its Tables.
func New(st *store.Store, ids *id.Source, clk clock.Clock, tenants Tenants) *Service {
	return &Service{store: st, ids: ids, clock: clk, tenants: tenants}
}

// Tables lists the room's tables.
func Tables() []store.Definition {
	return []store.Definition{&settled, &vpcs, &dhcpOptions, &subnets, &routeTables, &internetGateways, &securityGroups, &networkACLs, &peerings, &natGateways, &addressTable, &interfaces, &customerGateways, &vpnGateways, &vpnConnections, &transitGateways, &transitAttachments, &transitTables}
}

// kinds are the nouns of the room that can have tags.
func kinds() []kind {
	return []kind{&vpcNoun, &dhcpNoun, &subnetNoun, &routeTableNoun, &internetGatewayNoun, &groupNoun, rules{}, &aclNoun, &peeringNoun, &natNoun, &addressNoun, &interfaceNoun, &customerGatewayNoun, &vpnGatewayNoun, &vpnConnectionNoun, &transitGatewayNoun, &transitAttachmentNoun, &transitTableNoun}
}

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return slices.Concat([]api.Operation{
		api.Write("AssociateDhcpOptions", s.AssociateDhcpOptions, s.associateDhcpOptionsChecks),
		api.Write("AssociateVpcCidrBlock", s.AssociateVpcCidrBlock, s.associateVpcCidrBlockChecks),
		api.Write("CreateDefaultSubnet", s.CreateDefaultSubnet, s.createDefaultSubnetChecks),
		api.Write("CreateDefaultVpc", s.CreateDefaultVpc, s.createDefaultVpcChecks),
		api.Write("CreateDhcpOptions", s.CreateDhcpOptions, s.createDhcpOptionsChecks),
		api.Write("CreateSubnet", s.CreateSubnet, s.createSubnetChecks),
		api.Write("CreateTags", s.CreateTags, s.createTagsChecks),
		api.Write("CreateVpc", s.CreateVpc, s.createVpcChecks),
		api.Write("DeleteDhcpOptions", s.DeleteDhcpOptions, s.deleteDhcpOptionsChecks),
		api.Write("DeleteSubnet", s.DeleteSubnet, s.deleteSubnetChecks),
		api.Write("DeleteTags", s.DeleteTags, s.deleteTagsChecks),
		api.Write("DeleteVpc", s.DeleteVpc, s.deleteVpcChecks),
		api.Read("DescribeAccountAttributes", s.DescribeAccountAttributes, s.describeAccountAttributesChecks),
		api.Read("DescribeAvailabilityZones", s.DescribeAvailabilityZones, s.describeAvailabilityZonesChecks),
		api.Read("DescribeDhcpOptions", s.DescribeDhcpOptions, s.describeDhcpOptionsChecks),
		api.Read("DescribeNetworkInterfaces", s.DescribeNetworkInterfaces, s.describeNetworkInterfacesChecks),
		api.Read("DescribeRegions", s.DescribeRegions, s.describeRegionsChecks),
		api.Read("DescribeSubnets", s.DescribeSubnets, s.describeSubnetsChecks),
		api.Read("DescribeTags", s.DescribeTags, s.describeTagsChecks),
		api.Read("DescribeVpcAttribute", s.DescribeVpcAttribute, s.describeVpcAttributeChecks),
		api.Read("DescribeVpcs", s.DescribeVpcs, s.describeVpcsChecks),
		api.Write("DisassociateVpcCidrBlock", s.DisassociateVpcCidrBlock, s.disassociateVpcCidrBlockChecks),
		api.Write("ModifySubnetAttribute", s.ModifySubnetAttribute, s.modifySubnetAttributeChecks),
		api.Write("ModifyVpcAttribute", s.ModifyVpcAttribute, s.modifyVpcAttributeChecks),
	}, s.routing(), s.guards(), s.sites(), s.transit())
}
