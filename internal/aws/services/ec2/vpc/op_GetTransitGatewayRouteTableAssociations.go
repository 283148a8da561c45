package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// GetTransitGatewayRouteTableAssociations lists the associations of a route table.
func (s *Service) GetTransitGatewayRouteTableAssociations(ctx context.Context, in *ec2.GetTransitGatewayRouteTableAssociationsInput) (*ec2.GetTransitGatewayRouteTableAssociationsOutput, error) {
	q := query{"GetTransitGatewayRouteTableAssociations", nil, in.Filters, in.NextToken, in.MaxResults}
	of := func(t *TransitTable) []string { return t.Associations }
	shown, next, err := members(ctx, s, q, in.TransitGatewayRouteTableId, of, func(a *TransitAttachment) types.TransitGatewayRouteTableAssociation {
		return types.TransitGatewayRouteTableAssociation{
			ResourceId: &a.VPC, ResourceType: types.TransitGatewayAttachmentResourceTypeVpc, State: types.TransitGatewayAssociationStateAssociated, TransitGatewayAttachmentId: &a.ID,
		}
	})
	if err != nil {
		return nil, err
	}
	return &ec2.GetTransitGatewayRouteTableAssociationsOutput{Associations: shown, NextToken: next}, nil
}

func (s *Service) getTransitGatewayRouteTableAssociationsChecks(context.Context, *ec2.GetTransitGatewayRouteTableAssociationsInput) ([]api.Check, error) {
	return describing("GetTransitGatewayRouteTableAssociations"), nil
}
