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
	out, err := pairs(ctx, s, in.TransitGatewayRouteTableId, in.TransitGatewayAttachmentId, func(_ look, t *TransitTable, a *TransitAttachment) (*types.TransitGatewayAssociation, error) {
		i := slices.Index(t.Associations, a.ID)
		if i < 0 {
			return nil, fault("InvalidAssociation.NotFound", "Association %s/%s was deleted or does not exist.", t.ID, a.ID)
		}
		t.Associations = slices.Delete(t.Associations, i, i+1)
		return association(t, a, types.TransitGatewayAssociationStateDisassociated), nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DisassociateTransitGatewayRouteTableOutput{Association: out}, nil
}

func (s *Service) disassociateTransitGatewayRouteTableChecks(ctx context.Context, in *ec2.DisassociateTransitGatewayRouteTableInput) ([]api.Check, error) {
	return s.on(ctx, "DisassociateTransitGatewayRouteTable", thing{&transitTableNoun, in.TransitGatewayRouteTableId}, thing{&transitAttachmentNoun, in.TransitGatewayAttachmentId})
}
