package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DisassociateTransitGatewayRouteTable ends an association: what comes from the attachment goes nowhere then.
func (s *Service) DisassociateTransitGatewayRouteTable(ctx context.Context, in *ec2.DisassociateTransitGatewayRouteTableInput) (*ec2.DisassociateTransitGatewayRouteTableOutput, error) {
	var out types.TransitGatewayAssociation
	err := s.change(ctx, func(l look) error {
		return s.pairs(l, in.TransitGatewayRouteTableId, in.TransitGatewayAttachmentId, func(t *TransitTable, a *TransitAttachment) error {
			out = types.TransitGatewayAssociation{
				ResourceId: &a.VPC, ResourceType: types.TransitGatewayAttachmentResourceTypeVpc, State: types.TransitGatewayAssociationStateDisassociated, TransitGatewayAttachmentId: &a.ID, TransitGatewayRouteTableId: &t.ID,
			}
			i := slices.Index(t.Associations, a.ID)
			if i < 0 {
				return fault("InvalidAssociation.NotFound", "Association %s/%s was deleted or does not exist.", t.ID, a.ID)
			}
			t.Associations = slices.Delete(t.Associations, i, i+1)
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DisassociateTransitGatewayRouteTableOutput{Association: &out}, nil
}

func (s *Service) disassociateTransitGatewayRouteTableChecks(ctx context.Context, in *ec2.DisassociateTransitGatewayRouteTableInput) ([]api.Check, error) {
	return s.on(ctx, "DisassociateTransitGatewayRouteTable", thing{&transitTableNoun, in.TransitGatewayRouteTableId}, thing{&transitAttachmentNoun, in.TransitGatewayAttachmentId})
}
