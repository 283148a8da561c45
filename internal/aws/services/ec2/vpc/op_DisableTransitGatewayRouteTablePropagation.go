package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DisableTransitGatewayRouteTablePropagation takes the ranges of an attachment out of a route table.
func (s *Service) DisableTransitGatewayRouteTablePropagation(ctx context.Context, in *ec2.DisableTransitGatewayRouteTablePropagationInput) (*ec2.DisableTransitGatewayRouteTablePropagationOutput, error) {
	if in.TransitGatewayRouteTableAnnouncementId != nil {
		return nil, fault("UnsupportedOperation", "Route tables have no announcements.")
	}
	out, err := pairs(ctx, s, in.TransitGatewayRouteTableId, in.TransitGatewayAttachmentId, func(_ look, t *TransitTable, a *TransitAttachment) (*types.TransitGatewayPropagation, error) {
		i := slices.Index(t.Propagations, a.ID)
		if i < 0 {
			return nil, fault("TransitGatewayRouteTablePropagation.NotFound", "Propagation %s/%s was deleted or does not exist.", t.ID, a.ID)
		}
		t.Propagations = slices.Delete(t.Propagations, i, i+1)
		return propagation(t, a, types.TransitGatewayPropagationStateDisabled), nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DisableTransitGatewayRouteTablePropagationOutput{Propagation: out}, nil
}

func (s *Service) disableTransitGatewayRouteTablePropagationChecks(ctx context.Context, in *ec2.DisableTransitGatewayRouteTablePropagationInput) ([]api.Check, error) {
	return s.on(ctx, "DisableTransitGatewayRouteTablePropagation", thing{&transitTableNoun, in.TransitGatewayRouteTableId}, thing{&transitAttachmentNoun, in.TransitGatewayAttachmentId})
}
