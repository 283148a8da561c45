package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// CreateVpnConnectionRoute says that a range lies behind a customer gateway.
func (s *Service) CreateVpnConnectionRoute(ctx context.Context, in *ec2.CreateVpnConnectionRouteInput) (*ec2.CreateVpnConnectionRouteOutput, error) {
	p, err := block(text(in.DestinationCidrBlock), "destinationCidrBlock")
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, func(l look) error {
		c, err := liveVPNConnection(l, text(in.VpnConnectionId))
		if err != nil {
			return err
		}
		if !c.StaticOnly {
			return fault("UnsupportedOperation", "Static routes are not supported for VPN connections that use BGP.")
		}
		if !slices.Contains(c.Routes, p.String()) {
			c.Routes = append(c.Routes, p.String())
		}
		return vpnConnectionNoun.put(l, c)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateVpnConnectionRouteOutput{}, nil
}

func (s *Service) createVpnConnectionRouteChecks(ctx context.Context, in *ec2.CreateVpnConnectionRouteInput) ([]api.Check, error) {
	return s.on(ctx, "CreateVpnConnectionRoute", thing{&vpnConnectionNoun, in.VpnConnectionId})
}
