package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DisableVgwRoutePropagation takes the routes of a VPN gateway out of a route table.
func (s *Service) DisableVgwRoutePropagation(ctx context.Context, in *ec2.DisableVgwRoutePropagationInput) (*ec2.DisableVgwRoutePropagationOutput, error) {
	err := s.change(ctx, func(l look) error {
		return s.changeTable(l, in.RouteTableId, func(t *RouteTable) error {
			g, err := liveVPNGateway(l, text(in.GatewayId))
			if err != nil {
				return err
			}
			t.Propagating = slices.DeleteFunc(t.Propagating, func(id string) bool { return id == g.ID })
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DisableVgwRoutePropagationOutput{}, nil
}

func (s *Service) disableVgwRoutePropagationChecks(ctx context.Context, in *ec2.DisableVgwRoutePropagationInput) ([]api.Check, error) {
	return s.on(ctx, "DisableVgwRoutePropagation", thing{&routeTableNoun, in.RouteTableId}, thing{&vpnGatewayNoun, in.GatewayId})
}
