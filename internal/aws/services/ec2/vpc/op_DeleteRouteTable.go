package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteRouteTable deletes a route table that no subnet has.
func (s *Service) DeleteRouteTable(ctx context.Context, in *ec2.DeleteRouteTableInput) (*ec2.DeleteRouteTableOutput, error) {
	err := s.change(ctx, func(l look) error {
		t, err := routeTableNoun.get(l, text(in.RouteTableId))
		if err != nil {
			return err
		}
		if len(t.Associations) > 0 {
			return fault("DependencyViolation", "The routeTable '%s' has dependencies and cannot be deleted.", t.ID)
		}
		return routeTableNoun.remove(l, t)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteRouteTableOutput{}, nil
}

func (s *Service) deleteRouteTableChecks(ctx context.Context, in *ec2.DeleteRouteTableInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteRouteTable", thing{&routeTableNoun, in.RouteTableId})
}
