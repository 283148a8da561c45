package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// ReplaceTransitGatewayRoute lets a static route lead elsewhere.
func (s *Service) ReplaceTransitGatewayRoute(ctx context.Context, in *ec2.ReplaceTransitGatewayRouteInput) (*ec2.ReplaceTransitGatewayRouteOutput, error) {
	var out types.TransitGatewayRoute
	err := s.change(ctx, func(l look) error {
		t, r, err := transitRoute(l, in.TransitGatewayRouteTableId, in.TransitGatewayAttachmentId, in.DestinationCidrBlock, in.Blackhole)
		if err != nil {
			return err
		}
		i := t.route(prefixOf(r.CIDR))
		if i < 0 {
			return fault("InvalidRoute.NotFound", "Route %s was not found in Transit Gateway Route Table %s.", r.CIDR, t.ID)
		}
		t.Routes[i] = r
		if out, err = r.describe(l); err != nil {
			return err
		}
		return transitTableNoun.put(l, t)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ReplaceTransitGatewayRouteOutput{Route: &out}, nil
}

func (s *Service) replaceTransitGatewayRouteChecks(ctx context.Context, in *ec2.ReplaceTransitGatewayRouteInput) ([]api.Check, error) {
	return s.on(ctx, "ReplaceTransitGatewayRoute", thing{&transitTableNoun, in.TransitGatewayRouteTableId})
}
