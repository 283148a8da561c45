package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteVpnConnectionRoute takes a range from behind a customer gateway.
func (s *Service) DeleteVpnConnectionRoute(ctx context.Context, in *ec2.DeleteVpnConnectionRouteInput) (*ec2.DeleteVpnConnectionRouteOutput, error) {
	err := s.changeRoutes(ctx, in.VpnConnectionId, in.DestinationCidrBlock, func(c *VPNConnection, cidr string) error {
		i := slices.Index(c.Routes, cidr)
		if i < 0 {
			return fault("InvalidRoute.NotFound", "The specified route %s does not exist for VPN connection %s", cidr, c.ID)
		}
		c.Routes = slices.Delete(c.Routes, i, i+1)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteVpnConnectionRouteOutput{}, nil
}

func (s *Service) deleteVpnConnectionRouteChecks(ctx context.Context, in *ec2.DeleteVpnConnectionRouteInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteVpnConnectionRoute", thing{&vpnConnectionNoun, in.VpnConnectionId})
}
