package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// AssociateTransitGatewayRouteTable sends what comes from an attachment by a route table.
func (s *Service) AssociateTransitGatewayRouteTable(ctx context.Context, in *ec2.AssociateTransitGatewayRouteTableInput) (*ec2.AssociateTransitGatewayRouteTableOutput, error) {
	out, err := pairs(ctx, s, in.TransitGatewayRouteTableId, in.TransitGatewayAttachmentId, func(l look, t *TransitTable, a *TransitAttachment) (*types.TransitGatewayAssociation, error) {
		had, err := associated(l, a)
		if err != nil {
			return nil, err
		}
		if had != nil {
			return nil, fault("Resource.AlreadyAssociated", "Transit Gateway Attachment %s is already associated to a route table.", a.ID)
		}
		t.Associations = append(t.Associations, a.ID)
		return association(t, a, types.TransitGatewayAssociationStateAssociated), nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AssociateTransitGatewayRouteTableOutput{Association: out}, nil
}

func (s *Service) associateTransitGatewayRouteTableChecks(ctx context.Context, in *ec2.AssociateTransitGatewayRouteTableInput) ([]api.Check, error) {
	return s.on(ctx, "AssociateTransitGatewayRouteTable", thing{&transitTableNoun, in.TransitGatewayRouteTableId}, thing{&transitAttachmentNoun, in.TransitGatewayAttachmentId})
}
