package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// AttachVpnGateway attaches a VPN gateway to a network that has none.
func (s *Service) AttachVpnGateway(ctx context.Context, in *ec2.AttachVpnGatewayInput) (*ec2.AttachVpnGatewayOutput, error) {
	err := s.change(ctx, func(l look) error {
		g, err := liveVPNGateway(l, text(in.VpnGatewayId))
		if err != nil {
			return err
		}
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		there, err := vpnGatewayNoun.in(l, v.ID)
		if err != nil {
			return err
		}
		if g.VPC != "" && g.VPC != v.ID || len(there) > 0 && there[0].ID != g.ID {
			return fault("VpnGatewayAttachmentLimitExceeded", "Only one VPN gateway can be attached to a VPC, and a VPN gateway to one VPC.")
		}
		g.VPC = v.ID
		return vpnGatewayNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AttachVpnGatewayOutput{VpcAttachment: &types.VpcAttachment{State: types.AttachmentStatusAttached, VpcId: in.VpcId}}, nil
}

func (s *Service) attachVpnGatewayChecks(ctx context.Context, in *ec2.AttachVpnGatewayInput) ([]api.Check, error) {
	return s.on(ctx, "AttachVpnGateway", thing{&vpnGatewayNoun, in.VpnGatewayId}, thing{&vpcNoun, in.VpcId})
}
