package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// EnableVgwRoutePropagation lets the routes of a VPN gateway appear in a route table by themselves.
func (s *Service) EnableVgwRoutePropagation(ctx context.Context, in *ec2.EnableVgwRoutePropagationInput) (*ec2.EnableVgwRoutePropagationOutput, error) {
	err := s.change(ctx, func(l look) error {
		return s.changeTable(l, in.RouteTableId, func(t *RouteTable) error {
			g, err := liveVPNGateway(l, text(in.GatewayId))
			if err != nil {
				return err
			}
			if g.VPC != t.VPC {
				return fault("Gateway.NotAttached", "resource %s is not attached to network %s", g.ID, t.VPC)
			}
			if !slices.Contains(t.Propagating, g.ID) {
				t.Propagating = append(t.Propagating, g.ID)
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return &ec2.EnableVgwRoutePropagationOutput{}, nil
}

func (s *Service) enableVgwRoutePropagationChecks(ctx context.Context, in *ec2.EnableVgwRoutePropagationInput) ([]api.Check, error) {
	return s.on(ctx, "EnableVgwRoutePropagation", thing{&routeTableNoun, in.RouteTableId}, thing{&vpnGatewayNoun, in.GatewayId})
}
