package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// GetTransitGatewayRouteTablePropagations lists the propagations of a route table.
func (s *Service) GetTransitGatewayRouteTablePropagations(ctx context.Context, in *ec2.GetTransitGatewayRouteTablePropagationsInput) (*ec2.GetTransitGatewayRouteTablePropagationsOutput, error) {
	var members []string
	q := query{"GetTransitGatewayRouteTablePropagations", nil, in.Filters, in.NextToken, in.MaxResults}
	err := s.read(ctx, func(l look) error {
		t, err := liveTable(l, text(in.TransitGatewayRouteTableId))
		if err == nil {
			members = t.Propagations
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	shown, next, err := list(ctx, s, transitMembers(members), q, func(_ look, a *TransitAttachment) (types.TransitGatewayRouteTablePropagation, error) {
		return types.TransitGatewayRouteTablePropagation{
			ResourceId: &a.VPC, ResourceType: types.TransitGatewayAttachmentResourceTypeVpc, State: types.TransitGatewayPropagationStateEnabled, TransitGatewayAttachmentId: &a.ID,
		}, nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.GetTransitGatewayRouteTablePropagationsOutput{TransitGatewayRouteTablePropagations: shown, NextToken: next}, nil
}

func (s *Service) getTransitGatewayRouteTablePropagationsChecks(context.Context, *ec2.GetTransitGatewayRouteTablePropagationsInput) ([]api.Check, error) {
	return describing("GetTransitGatewayRouteTablePropagations"), nil
}
