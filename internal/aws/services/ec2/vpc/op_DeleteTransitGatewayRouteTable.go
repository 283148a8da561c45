package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DeleteTransitGatewayRouteTable deletes a route table with which no attachment is associated.
func (s *Service) DeleteTransitGatewayRouteTable(ctx context.Context, in *ec2.DeleteTransitGatewayRouteTableInput) (*ec2.DeleteTransitGatewayRouteTableOutput, error) {
	var out types.TransitGatewayRouteTable
	err := s.change(ctx, func(l look) error {
		t, err := liveTable(l, text(in.TransitGatewayRouteTableId))
		if err != nil {
			return err
		}
		g, err := liveTransit(l, t.Transit)
		if err != nil {
			return err
		}
		if g.Associates && g.Table == t.ID || g.Propagates && g.into() == t.ID {
			return fault("OperationNotPermitted", "Default Transit Gateway Route Table %s cannot be deleted.", t.ID)
		}
		if len(t.Associations) > 0 {
			return fault("IncorrectState", "%s has non-deleted Associations.", t.ID)
		}
		t.DeletedAt = l.now
		if out, err = t.describe(l); err != nil {
			return err
		}
		return transitTableNoun.put(l, t)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteTransitGatewayRouteTableOutput{TransitGatewayRouteTable: &out}, nil
}

func (s *Service) deleteTransitGatewayRouteTableChecks(ctx context.Context, in *ec2.DeleteTransitGatewayRouteTableInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteTransitGatewayRouteTable", thing{&transitTableNoun, in.TransitGatewayRouteTableId})
}
