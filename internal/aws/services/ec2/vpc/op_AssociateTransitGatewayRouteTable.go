package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// AssociateTransitGatewayRouteTable sends what comes from an attachment by a route table.
func (s *Service) AssociateTransitGatewayRouteTable(ctx context.Context, in *ec2.AssociateTransitGatewayRouteTableInput) (*ec2.AssociateTransitGatewayRouteTableOutput, error) {
	var out types.TransitGatewayAssociation
	err := s.change(ctx, func(l look) error {
		return s.pairs(l, in.TransitGatewayRouteTableId, in.TransitGatewayAttachmentId, func(t *TransitTable, a *TransitAttachment) error {
			out = types.TransitGatewayAssociation{
				ResourceId: &a.VPC, ResourceType: types.TransitGatewayAttachmentResourceTypeVpc, State: types.TransitGatewayAssociationStateAssociated, TransitGatewayAttachmentId: &a.ID, TransitGatewayRouteTableId: &t.ID,
			}
			had, err := associated(l, a)
			if err != nil {
				return err
			}
			if had != nil {
				return fault("Resource.AlreadyAssociated", "Transit Gateway Attachment %s is already associated to a route table.", a.ID)
			}
			t.Associations = append(t.Associations, a.ID)
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AssociateTransitGatewayRouteTableOutput{Association: &out}, nil
}

func (s *Service) associateTransitGatewayRouteTableChecks(ctx context.Context, in *ec2.AssociateTransitGatewayRouteTableInput) ([]api.Check, error) {
	return s.on(ctx, "AssociateTransitGatewayRouteTable", thing{&transitTableNoun, in.TransitGatewayRouteTableId}, thing{&transitAttachmentNoun, in.TransitGatewayAttachmentId})
}

// pairs changes a table about an attachment of its own transit gateway.
func (s *Service) pairs(l look, table, attachment *string, change func(t *TransitTable, a *TransitAttachment) error) error {
	t, err := liveTable(l, text(table))
	if err != nil {
		return err
	}
	a, err := liveAttachment(l, text(attachment))
	if err != nil {
		return err
	}
	if a.Transit != t.Transit {
		return fault("InvalidParameterValue", "%s and %s belong to different transit gateways.", t.ID, a.ID)
	}
	if err := change(t, a); err != nil {
		return err
	}
	return transitTableNoun.put(l, t)
}
