package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// GetTransitGatewayRouteTablePropagations lists the propagations of a route table.
func (s *Service) GetTransitGatewayRouteTablePropagations(ctx context.Context, in *ec2.GetTransitGatewayRouteTablePropagationsInput) (*ec2.GetTransitGatewayRouteTablePropagationsOutput, error) {
	q := query{"GetTransitGatewayRouteTablePropagations", nil, in.Filters, in.NextToken, in.MaxResults}
	of := func(t *TransitTable) []string { return t.Propagations }
	shown, next, err := members(ctx, s, q, in.TransitGatewayRouteTableId, of, func(a *TransitAttachment) types.TransitGatewayRouteTablePropagation {
		return types.TransitGatewayRouteTablePropagation{
			ResourceId: &a.VPC, ResourceType: types.TransitGatewayAttachmentResourceTypeVpc, State: types.TransitGatewayPropagationStateEnabled, TransitGatewayAttachmentId: &a.ID,
		}
	})
	if err != nil {
		return nil, err
	}
	return &ec2.GetTransitGatewayRouteTablePropagationsOutput{TransitGatewayRouteTablePropagations: shown, NextToken: next}, nil
}

func (s *Service) getTransitGatewayRouteTablePropagationsChecks(context.Context, *ec2.GetTransitGatewayRouteTablePropagationsInput) ([]api.Check, error) {
	return describing("GetTransitGatewayRouteTablePropagations"), nil
}
