package vpc

import "tamachi/internal/aws/api"

// sites is the part of the table of contents about ways to the
// customer's own sites.
func (s *Service) sites() []api.Operation {
	return []api.Operation{
		api.Write("AttachVpnGateway", s.AttachVpnGateway, s.attachVpnGatewayChecks),
		api.Write("CreateCustomerGateway", s.CreateCustomerGateway, s.createCustomerGatewayChecks),
		api.Write("CreateVpnConnection", s.CreateVpnConnection, s.createVpnConnectionChecks),
		api.Write("CreateVpnConnectionRoute", s.CreateVpnConnectionRoute, s.createVpnConnectionRouteChecks),
		api.Write("CreateVpnGateway", s.CreateVpnGateway, s.createVpnGatewayChecks),
		api.Write("DeleteCustomerGateway", s.DeleteCustomerGateway, s.deleteCustomerGatewayChecks),
		api.Write("DeleteVpnConnection", s.DeleteVpnConnection, s.deleteVpnConnectionChecks),
		api.Write("DeleteVpnConnectionRoute", s.DeleteVpnConnectionRoute, s.deleteVpnConnectionRouteChecks),
		api.Write("DeleteVpnGateway", s.DeleteVpnGateway, s.deleteVpnGatewayChecks),
		api.Read("DescribeCustomerGateways", s.DescribeCustomerGateways, s.describeCustomerGatewaysChecks),
		api.Read("DescribeVpnConnections", s.DescribeVpnConnections, s.describeVpnConnectionsChecks),
		api.Read("DescribeVpnGateways", s.DescribeVpnGateways, s.describeVpnGatewaysChecks),
		api.Write("DetachVpnGateway", s.DetachVpnGateway, s.detachVpnGatewayChecks),
		api.Write("DisableVgwRoutePropagation", s.DisableVgwRoutePropagation, s.disableVgwRoutePropagationChecks),
		api.Write("EnableVgwRoutePropagation", s.EnableVgwRoutePropagation, s.enableVgwRoutePropagationChecks),
		api.Write("ModifyVpnTunnelOptions", s.ModifyVpnTunnelOptions, s.modifyVpnTunnelOptionsChecks),
	}
}
