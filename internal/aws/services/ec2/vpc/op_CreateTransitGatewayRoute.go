package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// CreateTransitGatewayRoute makes a static route to an attachment, or nowhere.
func (s *Service) CreateTransitGatewayRoute(ctx context.Context, in *ec2.CreateTransitGatewayRouteInput) (*ec2.CreateTransitGatewayRouteOutput, error) {
	out, err := s.setTransitRoute(ctx, in.TransitGatewayRouteTableId, in.TransitGatewayAttachmentId, in.DestinationCidrBlock, in.Blackhole, func(t *TransitTable, i int, r TransitRoute) error {
		if i >= 0 {
			return fault("RouteAlreadyExists", "Route %s already exists in Transit Gateway Route Table %s.", r.CIDR, t.ID)
		}
		t.Routes = append(t.Routes, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateTransitGatewayRouteOutput{Route: out}, nil
}

func (s *Service) createTransitGatewayRouteChecks(ctx context.Context, in *ec2.CreateTransitGatewayRouteInput) ([]api.Check, error) {
	return s.on(ctx, "CreateTransitGatewayRoute", thing{&transitTableNoun, in.TransitGatewayRouteTableId})
}
