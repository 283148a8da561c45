package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DetachVpnGateway takes a VPN gateway from its network; routes to it are black holes then.
func (s *Service) DetachVpnGateway(ctx context.Context, in *ec2.DetachVpnGatewayInput) (*ec2.DetachVpnGatewayOutput, error) {
	err := s.change(ctx, func(l look) error {
		g, err := liveVPNGateway(l, text(in.VpnGatewayId))
		if err != nil {
			return err
		}
		if g.VPC == "" || g.VPC != text(in.VpcId) {
			return fault("InvalidVpnGatewayAttachment.NotFound", "The attachment with vpn gateway ID '%s' and vpc ID '%s' does not exist", g.ID, text(in.VpcId))
		}
		g.VPC = ""
		return vpnGatewayNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DetachVpnGatewayOutput{}, nil
}

func (s *Service) detachVpnGatewayChecks(ctx context.Context, in *ec2.DetachVpnGatewayInput) ([]api.Check, error) {
	return s.on(ctx, "DetachVpnGateway", thing{&vpnGatewayNoun, in.VpnGatewayId}, thing{&vpcNoun, in.VpcId})
}
