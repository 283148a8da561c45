package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteVpnConnectionRoute takes a range from behind a customer gateway.
func (s *Service) DeleteVpnConnectionRoute(ctx context.Context, in *ec2.DeleteVpnConnectionRouteInput) (*ec2.DeleteVpnConnectionRouteOutput, error) {
	p, err := block(text(in.DestinationCidrBlock), "destinationCidrBlock")
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, func(l look) error {
		c, err := liveVPNConnection(l, text(in.VpnConnectionId))
		if err != nil {
			return err
		}
		i := slices.Index(c.Routes, p.String())
		if i < 0 {
			return fault("InvalidRoute.NotFound", "The specified route %s does not exist for VPN connection %s", p, c.ID)
		}
		c.Routes = slices.Delete(c.Routes, i, i+1)
		return vpnConnectionNoun.put(l, c)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteVpnConnectionRouteOutput{}, nil
}

func (s *Service) deleteVpnConnectionRouteChecks(ctx context.Context, in *ec2.DeleteVpnConnectionRouteInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteVpnConnectionRoute", thing{&vpnConnectionNoun, in.VpnConnectionId})
}
