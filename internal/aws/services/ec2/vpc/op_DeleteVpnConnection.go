package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteVpnConnection deletes a VPN connection.
func (s *Service) DeleteVpnConnection(ctx context.Context, in *ec2.DeleteVpnConnectionInput) (*ec2.DeleteVpnConnectionOutput, error) {
	err := s.change(ctx, func(l look) error {
		c, err := liveVPNConnection(l, text(in.VpnConnectionId))
		if err != nil {
			return err
		}
		c.DeletedAt = l.now
		return vpnConnectionNoun.put(l, c)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteVpnConnectionOutput{}, nil
}

func (s *Service) deleteVpnConnectionChecks(ctx context.Context, in *ec2.DeleteVpnConnectionInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteVpnConnection", thing{&vpnConnectionNoun, in.VpnConnectionId})
}
