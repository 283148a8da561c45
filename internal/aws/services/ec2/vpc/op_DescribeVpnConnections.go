package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeVpnConnections lists VPN connections.
func (s *Service) DescribeVpnConnections(ctx context.Context, in *ec2.DescribeVpnConnectionsInput) (*ec2.DescribeVpnConnectionsOutput, error) {
	q := query{"DescribeVpnConnections", in.VpnConnectionIds, in.Filters, nil, new(int32(whole))}
	shown, _, err := list(ctx, s, &vpnConnectionNoun, q, func(l look, r *VPNConnection) (types.VpnConnection, error) { return r.describe(), nil })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeVpnConnectionsOutput{VpnConnections: shown}, nil
}

func (s *Service) describeVpnConnectionsChecks(context.Context, *ec2.DescribeVpnConnectionsInput) ([]api.Check, error) {
	return describing("DescribeVpnConnections"), nil
}
