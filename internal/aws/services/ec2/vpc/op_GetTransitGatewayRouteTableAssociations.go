package vpc

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// GetTransitGatewayRouteTableAssociations lists the associations of a route table.
func (s *Service) GetTransitGatewayRouteTableAssociations(ctx context.Context, in *ec2.GetTransitGatewayRouteTableAssociationsInput) (*ec2.GetTransitGatewayRouteTableAssociationsOutput, error) {
	var members []string
	q := query{"GetTransitGatewayRouteTableAssociations", nil, in.Filters, in.NextToken, in.MaxResults}
	err := s.read(ctx, func(l look) error {
		t, err := liveTable(l, text(in.TransitGatewayRouteTableId))
		if err == nil {
			members = t.Associations
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	shown, next, err := list(ctx, s, transitMembers(members), q, func(_ look, a *TransitAttachment) (types.TransitGatewayRouteTableAssociation, error) {
		return types.TransitGatewayRouteTableAssociation{
			ResourceId: &a.VPC, ResourceType: types.TransitGatewayAttachmentResourceTypeVpc, State: types.TransitGatewayAssociationStateAssociated, TransitGatewayAttachmentId: &a.ID,
		}, nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.GetTransitGatewayRouteTableAssociationsOutput{Associations: shown, NextToken: next}, nil
}

func (s *Service) getTransitGatewayRouteTableAssociationsChecks(context.Context, *ec2.GetTransitGatewayRouteTableAssociationsInput) ([]api.Check, error) {
	return describing("GetTransitGatewayRouteTableAssociations"), nil
}

// transitMembers is the noun of attachments of which some only are there.
func transitMembers(ids []string) *noun[TransitAttachment] {
	n := transitAttachmentNoun
	n.gone = func(a *TransitAttachment, _ time.Time) bool { return !slices.Contains(ids, a.ID) }
	return &n
}
