package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeVpnGateways lists VPN gateways.
func (s *Service) DescribeVpnGateways(ctx context.Context, in *ec2.DescribeVpnGatewaysInput) (*ec2.DescribeVpnGatewaysOutput, error) {
	q := query{"DescribeVpnGateways", in.VpnGatewayIds, in.Filters, nil, new(int32(whole))}
	shown, _, err := list(ctx, s, &vpnGatewayNoun, q, func(l look, r *VPNGateway) (types.VpnGateway, error) { return r.describe(), nil })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeVpnGatewaysOutput{VpnGateways: shown}, nil
}

func (s *Service) describeVpnGatewaysChecks(context.Context, *ec2.DescribeVpnGatewaysInput) ([]api.Check, error) {
	return describing("DescribeVpnGateways"), nil
}
