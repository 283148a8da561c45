package vpc

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// VPNConnection joins a customer gateway with a VPN gateway or a transit gateway.
// It is state: nothing here speaks IPsec, so its tunnels are down, and there is no
// configuration for a device to be told.
type VPNConnection struct {
	Head
	Customer   string
	Gateway    string   `json:",omitempty"` // vgw-...
	Transit    string   `json:",omitempty"` // tgw-...
	StaticOnly bool     `json:",omitempty"`
	Local      string   `json:",omitempty"` // range of the customer's side; empty is all
	Remote     string   `json:",omitempty"` // range of the network's side; empty is all
	Routes     []string `json:",omitempty"` // ranges behind the customer gateway
	CreatedAt  time.Time
	DeletedAt  time.Time   `json:",omitzero"`
	Logs       []TunnelLog `json:",omitempty"` // by tunnel
}

var vpnConnections = store.Table[VPNConnection]{Name: "ec2.vpnconnections", Reach: store.Regional, Key: func(c *VPNConnection) string { return c.ID }}

var vpnConnectionNoun = noun[VPNConnection]{
	table: &vpnConnections, prefix: "vpn", arn: "vpn-connection", code: "InvalidVpnConnectionID.", text: "The vpnConnection ID '%s' does not exist",
	head: func(c *VPNConnection) *Head { return &c.Head }, facts: vpnConnectionFacts,
	gone: func(c *VPNConnection, now time.Time) bool { return past(c.DeletedAt, now) },
}

func vpnConnectionFacts(l look, c *VPNConnection, filter string) ([]string, bool, error) {
	switch filter {
	case "customer-gateway-id":
		return []string{c.Customer}, true, nil
	case "state":
		return []string{string(stateOf(c.DeletedAt))}, true, nil
	case "option.static-routes-only":
		return []string{word(c.StaticOnly)}, true, nil
	case "route.destination-cidr-block":
		return c.Routes, true, nil
	case "bgp-asn":
		g, err := customerGatewayNoun.get(l, c.Customer)
		if err != nil {
			return nil, true, unlessModelled(err)
		}
		return []string{g.ASN}, true, nil
	case "vpn-connection-id":
		return []string{c.ID}, true, nil
	case "type":
		return []string{string(types.GatewayTypeIpsec1)}, true, nil
	case "vpn-gateway-id":
		return given(c.Gateway), true, nil
	case "transit-gateway-id":
		return given(c.Transit), true, nil
	case "customer-gateway-configuration":
		return nil, true, nil
	}
	return nil, false, nil
}

func (c *VPNConnection) describe() types.VpnConnection {
	out := types.VpnConnection{
		VpnConnectionId: &c.ID, CustomerGatewayId: &c.Customer, VpnGatewayId: api.Optional(c.Gateway), TransitGatewayId: api.Optional(c.Transit), Category: new("VPN"),
		State: stateOf(c.DeletedAt), Type: types.GatewayTypeIpsec1, Tags: tagList(c.Tags), Routes: []types.VpnStaticRoute{}, VgwTelemetry: c.telemetry(),
		GatewayAssociationState: types.GatewayAssociationStateAssociated,
		Options: &types.VpnConnectionOptions{
			StaticRoutesOnly: &c.StaticOnly, EnableAcceleration: new(false), TunnelInsideIpVersion: types.TunnelInsideIpVersionIpv4, OutsideIpAddressType: new("PublicIpv4"),
			LocalIpv4NetworkCidr: new(cmp.Or(c.Local, everywhere)), RemoteIpv4NetworkCidr: new(cmp.Or(c.Remote, everywhere)), TunnelOptions: c.tunnelOptions(),
		},
	}
	for _, r := range c.Routes {
		out.Routes = append(out.Routes, types.VpnStaticRoute{DestinationCidrBlock: new(r), State: types.VpnStateAvailable, Source: types.VpnStaticRouteSourceStatic})
	}
	return out
}

// liveVPNConnection finds a connection that was not deleted.
func liveVPNConnection(l look, id string) (*VPNConnection, error) {
	c, err := vpnConnectionNoun.get(l, id)
	if err == nil && !c.DeletedAt.IsZero() {
		err = vpnConnectionNoun.unknown(id)
	}
	return c, err
}

// holding tells whether a connection that was not deleted is one that is meant.
func holding(l look, meant func(*VPNConnection) bool) (bool, error) {
	all, err := vpnConnectionNoun.all(l)
	for _, c := range all {
		if c.DeletedAt.IsZero() && meant(c) {
			return true, err
		}
	}
	return false, err
}

// changeRoutes changes the ranges behind the customer gateway of a connection.
func (s *Service) changeRoutes(ctx context.Context, connection, cidr *string, change func(c *VPNConnection, cidr string) error) error {
	p, err := block(text(cidr), "destinationCidrBlock")
	if err != nil {
		return err
	}
	return s.change(ctx, func(l look) error {
		c, err := liveVPNConnection(l, text(connection))
		if err != nil {
			return err
		}
		if err := change(c, p.String()); err != nil {
			return err
		}
		return vpnConnectionNoun.put(l, c)
	})
}
