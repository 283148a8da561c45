package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteRoute deletes a route.
func (s *Service) DeleteRoute(ctx context.Context, in *ec2.DeleteRouteInput) (*ec2.DeleteRouteOutput, error) {
	p, err := destination(in.DestinationCidrBlock, in.DestinationIpv6CidrBlock, in.DestinationPrefixListId)
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, func(l look) error {
		return s.changeTable(l, in.RouteTableId, func(t *RouteTable) error {
			v, err := vpcNoun.get(l, t.VPC)
			if err != nil {
				return err
			}
			if v.has(p) {
				return fault("InvalidParameterValue", "cannot remove local route %s in route table %s", p, t.ID)
			}
			i := t.route(p)
			if i < 0 {
				return fault("InvalidRoute.NotFound", "no route with destination-cidr-block %s in route table %s", p, t.ID)
			}
			t.Routes = slices.Delete(t.Routes, i, i+1)
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteRouteOutput{}, nil
}

func (s *Service) deleteRouteChecks(ctx context.Context, in *ec2.DeleteRouteInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteRoute", thing{&routeTableNoun, in.RouteTableId})
}
