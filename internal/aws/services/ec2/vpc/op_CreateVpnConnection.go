package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateVpnConnection joins a customer gateway with a VPN gateway or a transit gateway.
func (s *Service) CreateVpnConnection(ctx context.Context, in *ec2.CreateVpnConnectionInput) (*ec2.CreateVpnConnectionOutput, error) {
	c, err := s.vpnConnection(in)
	if err != nil {
		return nil, err
	}
	var out types.VpnConnection
	err = s.change(ctx, func(l look) error {
		if err := c.joinable(l); err != nil {
			return err
		}
		there, err := vpnConnectionNoun.all(l)
		if err != nil {
			return err
		}
		for _, o := range there {
			if o.DeletedAt.IsZero() && o.Customer == c.Customer && o.Gateway == c.Gateway && o.Transit == c.Transit && o.StaticOnly == c.StaticOnly {
				out = o.describe()
				return nil
			}
		}
		if err := vpnConnectionNoun.sweep(l); err != nil {
			return err
		}
		c.CreatedAt = l.now
		out = c.describe()
		return vpnConnectionNoun.put(l, c)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateVpnConnectionOutput{VpnConnection: &out}, nil
}

func (s *Service) createVpnConnectionChecks(ctx context.Context, in *ec2.CreateVpnConnectionInput) ([]api.Check, error) {
	return s.making(ctx, "CreateVpnConnection", &vpnConnectionNoun, in.TagSpecifications, thing{&customerGatewayNoun, in.CustomerGatewayId}, thing{&vpnGatewayNoun, in.VpnGatewayId})
}

// vpnConnection reads what a call asks for.
func (s *Service) vpnConnection(in *ec2.CreateVpnConnectionInput) (*VPNConnection, error) {
	if text(in.Type) != string(types.GatewayTypeIpsec1) {
		return nil, badValue(text(in.Type), "type", "The type must be ipsec.1.")
	}
	if in.TransitGatewayId != nil || in.VpnConcentratorId != nil || in.PreSharedKeyStorage != nil {
		return nil, fault("UnsupportedOperation", "VPN connections lead to VPN gateways only, and have no keys.")
	}
	if in.VpnGatewayId == nil {
		return nil, fault("MissingParameter", "The request must contain the parameter vpnGatewayId or transitGatewayId")
	}
	tags, err := specified(in.TagSpecifications, &vpnConnectionNoun)
	if err != nil {
		return nil, err
	}
	c := &VPNConnection{Head: Head{vpnConnectionNoun.newID(s), tags}, Customer: text(in.CustomerGatewayId), Gateway: text(in.VpnGatewayId)}
	if o := in.Options; o != nil {
		if yes(o.EnableAcceleration) || o.TunnelInsideIpVersion == types.TunnelInsideIpVersionIpv6 {
			return nil, fault("UnsupportedOperation", "Connections have no tunnels of their own here: no acceleration and no IPv6.")
		}
		if c.Logs, err = tunnelLogs(o.TunnelOptions); err != nil {
			return nil, err
		}
		c.StaticOnly, c.Local, c.Remote = yes(o.StaticRoutesOnly), text(o.LocalIpv4NetworkCidr), text(o.RemoteIpv4NetworkCidr)
		for name, cidr := range map[string]string{"localIpv4NetworkCidr": c.Local, "remoteIpv4NetworkCidr": c.Remote} {
			if cidr == "" {
				continue
			}
			if _, err := block(cidr, name); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// joinable refuses ends that are not there.
func (c *VPNConnection) joinable(l look) error {
	g, err := customerGatewayNoun.get(l, c.Customer)
	if err == nil && !g.DeletedAt.IsZero() {
		err = customerGatewayNoun.unknown(c.Customer)
	}
	if err != nil {
		return err
	}
	_, err = liveVPNGateway(l, c.Gateway)
	return err
}
