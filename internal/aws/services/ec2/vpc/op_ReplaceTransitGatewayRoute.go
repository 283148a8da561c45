package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// ReplaceTransitGatewayRoute lets a static route lead elsewhere.
func (s *Service) ReplaceTransitGatewayRoute(ctx context.Context, in *ec2.ReplaceTransitGatewayRouteInput) (*ec2.ReplaceTransitGatewayRouteOutput, error) {
	out, err := s.setTransitRoute(ctx, in.TransitGatewayRouteTableId, in.TransitGatewayAttachmentId, in.DestinationCidrBlock, in.Blackhole, func(t *TransitTable, i int, r TransitRoute) error {
		if i < 0 {
			return fault("InvalidRoute.NotFound", "Route %s was not found in Transit Gateway Route Table %s.", r.CIDR, t.ID)
		}
		t.Routes[i] = r
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ReplaceTransitGatewayRouteOutput{Route: out}, nil
}

func (s *Service) replaceTransitGatewayRouteChecks(ctx context.Context, in *ec2.ReplaceTransitGatewayRouteInput) ([]api.Check, error) {
	return s.on(ctx, "ReplaceTransitGatewayRoute", thing{&transitTableNoun, in.TransitGatewayRouteTableId})
}
