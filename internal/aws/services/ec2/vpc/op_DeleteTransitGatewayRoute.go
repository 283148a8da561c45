package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DeleteTransitGatewayRoute deletes a static route.
func (s *Service) DeleteTransitGatewayRoute(ctx context.Context, in *ec2.DeleteTransitGatewayRouteInput) (*ec2.DeleteTransitGatewayRouteOutput, error) {
	p, err := block(text(in.DestinationCidrBlock), "destinationCidrBlock")
	if err != nil {
		return nil, err
	}
	var out types.TransitGatewayRoute
	err = s.change(ctx, func(l look) error {
		t, err := liveTable(l, text(in.TransitGatewayRouteTableId))
		if err != nil {
			return err
		}
		i := t.route(p)
		if i < 0 {
			return fault("InvalidRoute.NotFound", "Route %s was not found in Transit Gateway Route Table %s.", p, t.ID)
		}
		if out, err = t.Routes[i].describe(l); err != nil {
			return err
		}
		out.State = types.TransitGatewayRouteStateDeleted
		t.Routes = slices.Delete(t.Routes, i, i+1)
		return transitTableNoun.put(l, t)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteTransitGatewayRouteOutput{Route: &out}, nil
}

func (s *Service) deleteTransitGatewayRouteChecks(ctx context.Context, in *ec2.DeleteTransitGatewayRouteInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteTransitGatewayRoute", thing{&transitTableNoun, in.TransitGatewayRouteTableId})
}
