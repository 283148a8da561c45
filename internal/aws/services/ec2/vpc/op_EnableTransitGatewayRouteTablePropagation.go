package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// EnableTransitGatewayRouteTablePropagation lets the ranges of an attachment appear in a route table by themselves.
func (s *Service) EnableTransitGatewayRouteTablePropagation(ctx context.Context, in *ec2.EnableTransitGatewayRouteTablePropagationInput) (*ec2.EnableTransitGatewayRouteTablePropagationOutput, error) {
	if in.TransitGatewayRouteTableAnnouncementId != nil {
		return nil, fault("UnsupportedOperation", "Route tables have no announcements.")
	}
	out, err := pairs(ctx, s, in.TransitGatewayRouteTableId, in.TransitGatewayAttachmentId, func(_ look, t *TransitTable, a *TransitAttachment) (*types.TransitGatewayPropagation, error) {
		if slices.Contains(t.Propagations, a.ID) {
			return nil, fault("TransitGatewayRouteTablePropagation.Duplicate", "Propagation %s/%s already exists.", t.ID, a.ID)
		}
		t.Propagations = append(t.Propagations, a.ID)
		return propagation(t, a, types.TransitGatewayPropagationStateEnabled), nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.EnableTransitGatewayRouteTablePropagationOutput{Propagation: out}, nil
}

func (s *Service) enableTransitGatewayRouteTablePropagationChecks(ctx context.Context, in *ec2.EnableTransitGatewayRouteTablePropagationInput) ([]api.Check, error) {
	return s.on(ctx, "EnableTransitGatewayRouteTablePropagation", thing{&transitTableNoun, in.TransitGatewayRouteTableId}, thing{&transitAttachmentNoun, in.TransitGatewayAttachmentId})
}
