package vpc

import "tamachi/internal/aws/api"

// routing is the part of the table of contents about ways through networks and
// out of them.
func (s *Service) routing() []api.Operation {
	return []api.Operation{
		api.Write("AcceptVpcPeeringConnection", s.AcceptVpcPeeringConnection, s.acceptVpcPeeringConnectionChecks),
		api.Write("AllocateAddress", s.AllocateAddress, s.allocateAddressChecks),
		api.Write("AssociateAddress", s.AssociateAddress, s.associateAddressChecks),
		api.Write("AssociateRouteTable", s.AssociateRouteTable, s.associateRouteTableChecks),
		api.Write("AttachInternetGateway", s.AttachInternetGateway, s.attachInternetGatewayChecks),
		api.Write("CreateInternetGateway", s.CreateInternetGateway, s.createInternetGatewayChecks),
		api.Write("CreateNatGateway", s.CreateNatGateway, s.createNatGatewayChecks),
		api.Write("CreateRoute", s.CreateRoute, s.createRouteChecks),
		api.Write("CreateRouteTable", s.CreateRouteTable, s.createRouteTableChecks),
		api.Write("CreateVpcPeeringConnection", s.CreateVpcPeeringConnection, s.createVpcPeeringConnectionChecks),
		api.Write("DeleteInternetGateway", s.DeleteInternetGateway, s.deleteInternetGatewayChecks),
		api.Write("DeleteNatGateway", s.DeleteNatGateway, s.deleteNatGatewayChecks),
		api.Write("DeleteRoute", s.DeleteRoute, s.deleteRouteChecks),
		api.Write("DeleteRouteTable", s.DeleteRouteTable, s.deleteRouteTableChecks),
		api.Write("DeleteVpcPeeringConnection", s.DeleteVpcPeeringConnection, s.deleteVpcPeeringConnectionChecks),
		api.Read("DescribeAddresses", s.DescribeAddresses, s.describeAddressesChecks),
		api.Read("DescribeAddressesAttribute", s.DescribeAddressesAttribute, s.describeAddressesAttributeChecks),
		api.Read("DescribeInternetGateways", s.DescribeInternetGateways, s.describeInternetGatewaysChecks),
		api.Read("DescribeNatGateways", s.DescribeNatGateways, s.describeNatGatewaysChecks),
		api.Read("DescribeRouteTables", s.DescribeRouteTables, s.describeRouteTablesChecks),
		api.Read("DescribeVpcPeeringConnections", s.DescribeVpcPeeringConnections, s.describeVpcPeeringConnectionsChecks),
		api.Write("DetachInternetGateway", s.DetachInternetGateway, s.detachInternetGatewayChecks),
		api.Write("DisassociateAddress", s.DisassociateAddress, s.disassociateAddressChecks),
		api.Write("DisassociateRouteTable", s.DisassociateRouteTable, s.disassociateRouteTableChecks),
		api.Write("ModifyVpcPeeringConnectionOptions", s.ModifyVpcPeeringConnectionOptions, s.modifyVpcPeeringConnectionOptionsChecks),
		api.Write("RejectVpcPeeringConnection", s.RejectVpcPeeringConnection, s.rejectVpcPeeringConnectionChecks),
		api.Write("ReleaseAddress", s.ReleaseAddress, s.releaseAddressChecks),
		api.Write("ReplaceRoute", s.ReplaceRoute, s.replaceRouteChecks),
		api.Write("ReplaceRouteTableAssociation", s.ReplaceRouteTableAssociation, s.replaceRouteTableAssociationChecks),
	}
}
