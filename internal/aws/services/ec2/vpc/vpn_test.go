package vpc_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// TestCustomerGatewaysOverASocket makes customer gateways and deletes them.
func TestCustomerGatewaysOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	ask := func() *ec2.CreateCustomerGatewayInput {
		return &ec2.CreateCustomerGatewayInput{Type: types.GatewayTypeIpsec1, IpAddress: new("192.0.2.1"), BgpAsn: new(int32(65010)), TagSpecifications: tagged(types.ResourceTypeCustomerGateway, "Name", "tokyo")}
	}
	made, err := w.CreateCustomerGateway(ctx, ask())
	w.done(made, err)
	again, err := w.CreateCustomerGateway(ctx, ask())
	w.done(again, err)
	id := made.CustomerGateway.CustomerGatewayId
	if *again.CustomerGateway.CustomerGatewayId != *id {
		t.Errorf("the same gateway again made %s beside %s", *again.CustomerGateway.CustomerGatewayId, *id)
	}
	w.says("MissingParameter", "The request must contain the parameter ipAddress")(w.CreateCustomerGateway(ctx, &ec2.CreateCustomerGatewayInput{Type: types.GatewayTypeIpsec1}))
	w.no("InvalidParameterValue")(w.CreateCustomerGateway(ctx, &ec2.CreateCustomerGatewayInput{Type: types.GatewayTypeIpsec1, IpAddress: new("office")}))
	w.no("InvalidParameterValue")(w.CreateCustomerGateway(ctx, &ec2.CreateCustomerGatewayInput{Type: types.GatewayTypeIpsec1, IpAddress: new("192.0.2.2"), BgpAsn: new(int32(0))}))
	w.done(nil, ec2.NewCustomerGatewayAvailableWaiter(w).Wait(ctx, &ec2.DescribeCustomerGatewaysInput{CustomerGatewayIds: []string{*id}}, 10*time.Second))
	for _, f := range [][]types.Filter{by("bgp-asn", "65010"), by("ip-address", "192.0.2.1"), by("state", "available"), by("type", "ipsec.1"), by("customer-gateway-id", *id), by("tag:Name", "tokyo")} {
		found, err := w.DescribeCustomerGateways(ctx, &ec2.DescribeCustomerGatewaysInput{Filters: f})
		w.done(found, err)
		if len(found.CustomerGateways) != 1 || *found.CustomerGateways[0].BgpAsn != "65010" {
			t.Errorf("filter %s: got %+v", *f[0].Name, found.CustomerGateways)
		}
	}
	w.no("InvalidCustomerGatewayID.NotFound")(w.DescribeCustomerGateways(ctx, &ec2.DescribeCustomerGatewaysInput{CustomerGatewayIds: []string{"cgw-01234567"}}))
	w.done(w.DeleteCustomerGateway(ctx, &ec2.DeleteCustomerGatewayInput{CustomerGatewayId: id}))
	w.no("InvalidCustomerGatewayID.NotFound")(w.DeleteCustomerGateway(ctx, &ec2.DeleteCustomerGatewayInput{CustomerGatewayId: id}))
	found, err := w.DescribeCustomerGateways(ctx, &ec2.DescribeCustomerGatewaysInput{CustomerGatewayIds: []string{*id}})
	w.done(found, err)
	if *found.CustomerGateways[0].State != "deleted" {
		t.Errorf("got %+v", found.CustomerGateways)
	}
}

// TestVPNConnectionsOverASocket joins a site with a network, whose route table
// learns what lies behind it.
func TestVPNConnectionsOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	vpc, other := w.network("10.2.0.0/16"), w.network("10.4.0.0/16")
	made, err := w.CreateVpnGateway(ctx, &ec2.CreateVpnGatewayInput{
		Type: types.GatewayTypeIpsec1, AmazonSideAsn: new(int64(64600)), AvailabilityZone: new(""), // Terraform's way to say none
	})
	w.done(made, err)
	w.no("InvalidParameterValue")(w.CreateVpnGateway(ctx, &ec2.CreateVpnGatewayInput{Type: types.GatewayTypeIpsec1, AmazonSideAsn: new(int64(1))}))
	vgw := made.VpnGateway.VpnGatewayId
	tables, err := w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: by("vpc-id", *vpc)})
	w.done(tables, err)
	table := tables.RouteTables[0].RouteTableId
	w.no("Gateway.NotAttached")(w.EnableVgwRoutePropagation(ctx, &ec2.EnableVgwRoutePropagationInput{RouteTableId: table, GatewayId: vgw}))
	attached, err := w.AttachVpnGateway(ctx, &ec2.AttachVpnGatewayInput{VpnGatewayId: vgw, VpcId: vpc})
	w.done(attached, err)
	w.no("VpnGatewayAttachmentLimitExceeded")(w.AttachVpnGateway(ctx, &ec2.AttachVpnGatewayInput{VpnGatewayId: vgw, VpcId: other}))
	w.no("DependencyViolation")(w.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: vpc}))
	for _, f := range [][]types.Filter{by("attachment.vpc-id", *vpc), by("attachment.state", "attached"), by("amazon-side-asn", "64600"), by("vpn-gateway-id", *vgw), by("state", "available"), by("type", "ipsec.1")} {
		found, err := w.DescribeVpnGateways(ctx, &ec2.DescribeVpnGatewaysInput{Filters: f})
		w.done(found, err)
		if len(found.VpnGateways) != 1 || *found.VpnGateways[0].VpcAttachments[0].VpcId != *vpc {
			t.Errorf("filter %s: got %+v", *f[0].Name, found.VpnGateways)
		}
	}
	w.no("InvalidVpnGatewayID.NotFound")(w.DescribeVpnGateways(ctx, &ec2.DescribeVpnGatewaysInput{VpnGatewayIds: []string{"vgw-01234567"}}))
	w.done(w.EnableVgwRoutePropagation(ctx, &ec2.EnableVgwRoutePropagationInput{RouteTableId: table, GatewayId: vgw}))

	site, err := w.CreateCustomerGateway(ctx, &ec2.CreateCustomerGatewayInput{Type: types.GatewayTypeIpsec1, IpAddress: new("192.0.2.1")})
	w.done(site, err)
	cgw := site.CustomerGateway.CustomerGatewayId
	joined, err := w.CreateVpnConnection(ctx, &ec2.CreateVpnConnectionInput{
		Type: new("ipsec.1"), CustomerGatewayId: cgw, VpnGatewayId: vgw, Options: &types.VpnConnectionOptionsSpecification{StaticRoutesOnly: new(true)},
		TagSpecifications: tagged(types.ResourceTypeVpnConnection, "Name", "tokyo"),
	})
	w.done(joined, err)
	w.says("MissingParameter", "The request must contain the parameter vpnGatewayId or transitGatewayId")(w.CreateVpnConnection(ctx, &ec2.CreateVpnConnectionInput{Type: new("ipsec.1"), CustomerGatewayId: cgw}))
	w.no("InvalidCustomerGatewayID.NotFound")(w.CreateVpnConnection(ctx, &ec2.CreateVpnConnectionInput{Type: new("ipsec.1"), CustomerGatewayId: new("cgw-01234567"), VpnGatewayId: vgw}))
	id := joined.VpnConnection.VpnConnectionId
	w.tunnelsAreDown(joined.VpnConnection)
	w.done(nil, ec2.NewVpnConnectionAvailableWaiter(w).Wait(ctx, &ec2.DescribeVpnConnectionsInput{VpnConnectionIds: []string{*id}}, 10*time.Second))
	w.done(w.CreateVpnConnectionRoute(ctx, &ec2.CreateVpnConnectionRouteInput{VpnConnectionId: id, DestinationCidrBlock: new("10.3.0.0/16")}))
	w.no("InvalidVpnConnectionID.NotFound")(w.CreateVpnConnectionRoute(ctx, &ec2.CreateVpnConnectionRouteInput{VpnConnectionId: new("vpn-01234567"), DestinationCidrBlock: new("10.3.0.0/16")}))
	for _, f := range [][]types.Filter{
		by("customer-gateway-id", *cgw), by("vpn-gateway-id", *vgw), by("state", "available"), by("option.static-routes-only", "true"), by("route.destination-cidr-block", "10.3.0.0/16"),
		by("bgp-asn", "65000"), by("type", "ipsec.1"), by("vpn-connection-id", *id), by("tag:Name", "tokyo"),
	} {
		found, err := w.DescribeVpnConnections(ctx, &ec2.DescribeVpnConnectionsInput{Filters: f})
		w.done(found, err)
		if len(found.VpnConnections) != 1 || len(found.VpnConnections[0].Routes) != 1 {
			t.Errorf("filter %s: got %+v", *f[0].Name, found.VpnConnections)
		}
	}
	w.no("InvalidVpnConnectionID.NotFound")(w.DescribeVpnConnections(ctx, &ec2.DescribeVpnConnectionsInput{VpnConnectionIds: []string{"vpn-01234567"}}))
	if r := w.routeOf(table, "10.3.0.0/16"); r.State != types.RouteStateActive || r.Origin != types.RouteOriginEnableVgwRoutePropagation || *r.GatewayId != *vgw {
		t.Errorf("a route that comes by itself: got %+v", r)
	}
	w.done(w.DisableVgwRoutePropagation(ctx, &ec2.DisableVgwRoutePropagationInput{RouteTableId: table, GatewayId: vgw}))
	w.no("InvalidRouteTableID.NotFound")(w.DisableVgwRoutePropagation(ctx, &ec2.DisableVgwRoutePropagationInput{RouteTableId: new("rtb-01234567"), GatewayId: vgw}))
	if r := w.routeOf(table, "10.3.0.0/16"); r.State != "" {
		t.Errorf("it is still there: %+v", r)
	}
	w.done(w.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: table, DestinationCidrBlock: new("10.3.0.0/16"), GatewayId: vgw}))
	if r := w.routeOf(table, "10.3.0.0/16"); r.State != types.RouteStateActive || r.Origin != types.RouteOriginCreateRoute {
		t.Errorf("a route that was made: got %+v", r)
	}
	w.done(w.DeleteVpnConnectionRoute(ctx, &ec2.DeleteVpnConnectionRouteInput{VpnConnectionId: id, DestinationCidrBlock: new("10.3.0.0/16")}))
	w.no("InvalidRoute.NotFound")(w.DeleteVpnConnectionRoute(ctx, &ec2.DeleteVpnConnectionRouteInput{VpnConnectionId: id, DestinationCidrBlock: new("10.3.0.0/16")}))

	w.no("IncorrectState")(w.DeleteCustomerGateway(ctx, &ec2.DeleteCustomerGatewayInput{CustomerGatewayId: cgw}))
	w.no("IncorrectState")(w.DeleteVpnGateway(ctx, &ec2.DeleteVpnGatewayInput{VpnGatewayId: vgw}))
	w.done(w.DeleteVpnConnection(ctx, &ec2.DeleteVpnConnectionInput{VpnConnectionId: id}))
	over, err := w.DescribeVpnConnections(ctx, &ec2.DescribeVpnConnectionsInput{VpnConnectionIds: []string{*id}})
	w.done(over, err)
	if len(over.VpnConnections[0].VgwTelemetry) != 0 {
		t.Errorf("want no tunnels of what is deleted, got %+v", over.VpnConnections[0].VgwTelemetry)
	}
	w.no("InvalidVpnConnectionID.NotFound")(w.DeleteVpnConnection(ctx, &ec2.DeleteVpnConnectionInput{VpnConnectionId: id}))
	w.done(nil, ec2.NewVpnConnectionDeletedWaiter(w).Wait(ctx, &ec2.DescribeVpnConnectionsInput{VpnConnectionIds: []string{*id}}, 10*time.Second))
	w.done(w.DetachVpnGateway(ctx, &ec2.DetachVpnGatewayInput{VpnGatewayId: vgw, VpcId: vpc}))
	w.no("InvalidVpnGatewayAttachment.NotFound")(w.DetachVpnGateway(ctx, &ec2.DetachVpnGatewayInput{VpnGatewayId: vgw, VpcId: vpc}))
	if r := w.routeOf(table, "10.3.0.0/16"); r.State != types.RouteStateBlackhole {
		t.Errorf("the gateway is detached, and the route is %+v", r)
	}
	w.done(w.DeleteVpnGateway(ctx, &ec2.DeleteVpnGatewayInput{VpnGatewayId: vgw}))
	w.no("InvalidVpnGatewayID.NotFound")(w.DeleteVpnGateway(ctx, &ec2.DeleteVpnGatewayInput{VpnGatewayId: vgw}))
	w.done(w.DescribeVpnGateways(ctx, &ec2.DescribeVpnGatewaysInput{}))
}

// tunnelsAreDown wants two tunnels that are down since the connection was made.
func (w wired) tunnelsAreDown(c *types.VpnConnection) {
	w.t.Helper()
	seen := map[string]bool{}
	for i, one := range c.VgwTelemetry {
		if one.Status != types.TelemetryStatusDown || *one.StatusMessage != "IPSEC IS DOWN" || *one.AcceptedRouteCount != 0 || one.LastStatusChange.IsZero() {
			w.t.Errorf("want a tunnel that is down, got %+v", one)
		}
		if i < len(c.Options.TunnelOptions) && *c.Options.TunnelOptions[i].OutsideIpAddress != *one.OutsideIpAddress {
			w.t.Errorf("want the options of %s, got those of %s", *one.OutsideIpAddress, *c.Options.TunnelOptions[i].OutsideIpAddress)
		}
		seen[*one.OutsideIpAddress] = true
	}
	if len(seen) != 2 || len(c.Options.TunnelOptions) != 2 {
		w.t.Errorf("want two tunnels and their options, got %v and %d", seen, len(c.Options.TunnelOptions))
	}
}

// TestLogsOfTunnels asks for a log of a tunnel, and shows where it would be.
func TestLogsOfTunnels(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	gate, err := w.CreateVpnGateway(ctx, &ec2.CreateVpnGatewayInput{Type: types.GatewayTypeIpsec1})
	w.done(gate, err)
	site, err := w.CreateCustomerGateway(ctx, &ec2.CreateCustomerGatewayInput{Type: types.GatewayTypeIpsec1, IpAddress: new("192.0.2.1")})
	w.done(site, err)
	const group = "arn:aws:logs:ap-northeast-1:111122223333:log-group:/vpn/tokyo"
	ask := func(all ...types.VpnTunnelOptionsSpecification) *ec2.CreateVpnConnectionInput {
		return &ec2.CreateVpnConnectionInput{
			Type: new("ipsec.1"), CustomerGatewayId: site.CustomerGateway.CustomerGatewayId, VpnGatewayId: gate.VpnGateway.VpnGatewayId,
			Options: &types.VpnConnectionOptionsSpecification{TunnelOptions: all},
		}
	}
	logged := func(o types.CloudWatchLogOptionsSpecification) types.VpnTunnelOptionsSpecification {
		return types.VpnTunnelOptionsSpecification{LogOptions: &types.VpnTunnelLogOptionsSpecification{CloudWatchLogOptions: &o}}
	}
	silent := logged(types.CloudWatchLogOptionsSpecification{LogEnabled: new(false)})
	w.no("MissingParameter")(w.CreateVpnConnection(ctx, ask(logged(types.CloudWatchLogOptionsSpecification{LogEnabled: new(true)}))))
	w.no("InvalidParameterValue")(w.CreateVpnConnection(ctx, ask(logged(types.CloudWatchLogOptionsSpecification{LogEnabled: new(true), LogGroupArn: new("arn:aws:s3:::vpn")}))))
	w.no("InvalidParameterValue")(w.CreateVpnConnection(ctx, ask(logged(types.CloudWatchLogOptionsSpecification{LogEnabled: new(true), LogGroupArn: new(group), LogOutputFormat: new("xml")}))))
	w.no("InvalidParameterValue")(w.CreateVpnConnection(ctx, ask(silent, silent, silent)))
	w.no("UnsupportedOperation")(w.CreateVpnConnection(ctx, ask(logged(types.CloudWatchLogOptionsSpecification{BgpLogEnabled: new(true)}))))
	w.no("UnsupportedOperation")(w.CreateVpnConnection(ctx, ask(types.VpnTunnelOptionsSpecification{PreSharedKey: new("secret_secret")})))
	made, err := w.CreateVpnConnection(ctx, ask(silent, logged(types.CloudWatchLogOptionsSpecification{LogEnabled: new(true), LogGroupArn: new(group)})))
	w.done(made, err)
	found, err := w.DescribeVpnConnections(ctx, &ec2.DescribeVpnConnectionsInput{VpnConnectionIds: []string{*made.VpnConnection.VpnConnectionId}})
	w.done(found, err)
	options := found.VpnConnections[0].Options.TunnelOptions
	if first, second := options[0].LogOptions.CloudWatchLogOptions, options[1].LogOptions.CloudWatchLogOptions; *first.LogEnabled || !*second.LogEnabled || *second.LogGroupArn != group || *second.LogOutputFormat != "json" {
		t.Errorf("want the log of the second tunnel, got %+v and %+v", first, second)
	}
	w.logsAreChanged(found.VpnConnections[0], group)
}

// logsAreChanged wants a log of the first tunnel, and no more of the second, which
// has the only one.
func (w wired) logsAreChanged(c types.VpnConnection, group string) {
	w.t.Helper()
	ctx := w.t.Context()
	change := func(outside string, o types.ModifyVpnTunnelOptionsSpecification) *ec2.ModifyVpnTunnelOptionsInput {
		return &ec2.ModifyVpnTunnelOptionsInput{VpnConnectionId: c.VpnConnectionId, VpnTunnelOutsideIpAddress: &outside, TunnelOptions: &o}
	}
	logged := func(o types.CloudWatchLogOptionsSpecification) types.ModifyVpnTunnelOptionsSpecification {
		return types.ModifyVpnTunnelOptionsSpecification{LogOptions: &types.VpnTunnelLogOptionsSpecification{CloudWatchLogOptions: &o}}
	}
	first, second := *c.VgwTelemetry[0].OutsideIpAddress, *c.VgwTelemetry[1].OutsideIpAddress
	on, off := types.CloudWatchLogOptionsSpecification{LogEnabled: new(true), LogGroupArn: &group, LogOutputFormat: new("text")}, types.CloudWatchLogOptionsSpecification{LogEnabled: new(false)}
	w.no("InvalidParameterValue")(w.ModifyVpnTunnelOptions(ctx, change("192.0.2.99", logged(on))))
	w.no("MissingParameter")(w.ModifyVpnTunnelOptions(ctx, change(first, types.ModifyVpnTunnelOptionsSpecification{})))
	w.no("UnsupportedOperation")(w.ModifyVpnTunnelOptions(ctx, change(first, types.ModifyVpnTunnelOptionsSpecification{DPDTimeoutSeconds: new(int32(40))})))
	unknown := change(first, logged(on))
	unknown.VpnConnectionId = new("vpn-01234567")
	w.no("InvalidVpnConnectionID.NotFound")(w.ModifyVpnTunnelOptions(ctx, unknown))
	w.done(w.ModifyVpnTunnelOptions(ctx, change(second, logged(off))))
	w.done(w.ModifyVpnTunnelOptions(ctx, change(first, logged(on))))
	found, err := w.DescribeVpnConnections(ctx, &ec2.DescribeVpnConnectionsInput{VpnConnectionIds: []string{*c.VpnConnectionId}})
	w.done(found, err)
	options := found.VpnConnections[0].Options.TunnelOptions
	if a, b := options[0].LogOptions.CloudWatchLogOptions, options[1].LogOptions.CloudWatchLogOptions; !*a.LogEnabled || *a.LogOutputFormat != "text" || *a.LogGroupArn != group || *b.LogEnabled {
		w.t.Errorf("want the log of the first tunnel in text, got %+v and %+v", a, b)
	}
}
