package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteVpnGateway deletes a VPN gateway that is attached to no network and has no connection.
func (s *Service) DeleteVpnGateway(ctx context.Context, in *ec2.DeleteVpnGatewayInput) (*ec2.DeleteVpnGatewayOutput, error) {
	err := s.change(ctx, func(l look) error {
		g, err := liveVPNGateway(l, text(in.VpnGatewayId))
		if err != nil {
			return err
		}
		used, err := holding(l, func(c *VPNConnection) bool { return c.Gateway == g.ID })
		if err != nil {
			return err
		}
		if used || g.VPC != "" {
			return fault("IncorrectState", "The VPN gateway is in use.")
		}
		g.DeletedAt = l.now
		return vpnGatewayNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteVpnGatewayOutput{}, nil
}

func (s *Service) deleteVpnGatewayChecks(ctx context.Context, in *ec2.DeleteVpnGatewayInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteVpnGateway", thing{&vpnGatewayNoun, in.VpnGatewayId})
}
