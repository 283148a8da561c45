package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// CreateVpnConnectionRoute says that a range lies behind a customer gateway.
func (s *Service) CreateVpnConnectionRoute(ctx context.Context, in *ec2.CreateVpnConnectionRouteInput) (*ec2.CreateVpnConnectionRouteOutput, error) {
	err := s.changeRoutes(ctx, in.VpnConnectionId, in.DestinationCidrBlock, func(c *VPNConnection, cidr string) error {
		if !c.StaticOnly {
			return fault("UnsupportedOperation", "Static routes are not supported for VPN connections that use BGP.")
		}
		if !slices.Contains(c.Routes, cidr) {
			c.Routes = append(c.Routes, cidr)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateVpnConnectionRouteOutput{}, nil
}

func (s *Service) createVpnConnectionRouteChecks(ctx context.Context, in *ec2.CreateVpnConnectionRouteInput) ([]api.Check, error) {
	return s.on(ctx, "CreateVpnConnectionRoute", thing{&vpnConnectionNoun, in.VpnConnectionId})
}
