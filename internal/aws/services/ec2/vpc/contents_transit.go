package vpc

import "tamachi/internal/aws/api"

// transit is the part of the table of contents about transit gateways.
func (s *Service) transit() []api.Operation {
	return []api.Operation{
		api.Write("AssociateTransitGatewayRouteTable", s.AssociateTransitGatewayRouteTable, s.associateTransitGatewayRouteTableChecks),
		api.Write("CreateTransitGateway", s.CreateTransitGateway, s.createTransitGatewayChecks),
		api.Write("CreateTransitGatewayRoute", s.CreateTransitGatewayRoute, s.createTransitGatewayRouteChecks),
		api.Write("CreateTransitGatewayRouteTable", s.CreateTransitGatewayRouteTable, s.createTransitGatewayRouteTableChecks),
		api.Write("CreateTransitGatewayVpcAttachment", s.CreateTransitGatewayVpcAttachment, s.createTransitGatewayVpcAttachmentChecks),
		api.Write("DeleteTransitGateway", s.DeleteTransitGateway, s.deleteTransitGatewayChecks),
		api.Write("DeleteTransitGatewayRoute", s.DeleteTransitGatewayRoute, s.deleteTransitGatewayRouteChecks),
		api.Write("DeleteTransitGatewayRouteTable", s.DeleteTransitGatewayRouteTable, s.deleteTransitGatewayRouteTableChecks),
		api.Write("DeleteTransitGatewayVpcAttachment", s.DeleteTransitGatewayVpcAttachment, s.deleteTransitGatewayVpcAttachmentChecks),
		api.Read("DescribeTransitGatewayAttachments", s.DescribeTransitGatewayAttachments, s.describeTransitGatewayAttachmentsChecks),
		api.Read("DescribeTransitGatewayRouteTables", s.DescribeTransitGatewayRouteTables, s.describeTransitGatewayRouteTablesChecks),
		api.Read("DescribeTransitGatewayVpcAttachments", s.DescribeTransitGatewayVpcAttachments, s.describeTransitGatewayVpcAttachmentsChecks),
		api.Read("DescribeTransitGateways", s.DescribeTransitGateways, s.describeTransitGatewaysChecks),
		api.Write("DisableTransitGatewayRouteTablePropagation", s.DisableTransitGatewayRouteTablePropagation, s.disableTransitGatewayRouteTablePropagationChecks),
		api.Write("DisassociateTransitGatewayRouteTable", s.DisassociateTransitGatewayRouteTable, s.disassociateTransitGatewayRouteTableChecks),
		api.Write("EnableTransitGatewayRouteTablePropagation", s.EnableTransitGatewayRouteTablePropagation, s.enableTransitGatewayRouteTablePropagationChecks),
		api.Read("GetTransitGatewayRouteTableAssociations", s.GetTransitGatewayRouteTableAssociations, s.getTransitGatewayRouteTableAssociationsChecks),
		api.Read("GetTransitGatewayRouteTablePropagations", s.GetTransitGatewayRouteTablePropagations, s.getTransitGatewayRouteTablePropagationsChecks),
		api.Write("ModifyTransitGateway", s.ModifyTransitGateway, s.modifyTransitGatewayChecks),
		api.Write("ModifyTransitGatewayVpcAttachment", s.ModifyTransitGatewayVpcAttachment, s.modifyTransitGatewayVpcAttachmentChecks),
		api.Write("ReplaceTransitGatewayRoute", s.ReplaceTransitGatewayRoute, s.replaceTransitGatewayRouteChecks),
		api.Read("SearchTransitGatewayRoutes", s.SearchTransitGatewayRoutes, s.searchTransitGatewayRoutesChecks),
	}
}
