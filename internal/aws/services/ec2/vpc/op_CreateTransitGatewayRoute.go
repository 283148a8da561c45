package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateTransitGatewayRoute makes a static route to an attachment, or nowhere.
func (s *Service) CreateTransitGatewayRoute(ctx context.Context, in *ec2.CreateTransitGatewayRouteInput) (*ec2.CreateTransitGatewayRouteOutput, error) {
	var out types.TransitGatewayRoute
	err := s.change(ctx, func(l look) error {
		t, r, err := transitRoute(l, in.TransitGatewayRouteTableId, in.TransitGatewayAttachmentId, in.DestinationCidrBlock, in.Blackhole)
		if err != nil {
			return err
		}
		i := t.route(prefixOf(r.CIDR))
		if i >= 0 {
			return fault("RouteAlreadyExists", "Route %s already exists in Transit Gateway Route Table %s.", r.CIDR, t.ID)
		}
		t.Routes = append(t.Routes, r)
		if out, err = r.describe(l); err != nil {
			return err
		}
		return transitTableNoun.put(l, t)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateTransitGatewayRouteOutput{Route: &out}, nil
}

func (s *Service) createTransitGatewayRouteChecks(ctx context.Context, in *ec2.CreateTransitGatewayRouteInput) ([]api.Check, error) {
	return s.on(ctx, "CreateTransitGatewayRoute", thing{&transitTableNoun, in.TransitGatewayRouteTableId})
}

// transitRoute reads a route of a table: to an attachment, or to a black hole.
func transitRoute(l look, table, attachment, cidr *string, blackhole *bool) (*TransitTable, TransitRoute, error) {
	var r TransitRoute
	p, err := block(text(cidr), "destinationCidrBlock")
	if err != nil {
		return nil, r, err
	}
	if yes(blackhole) == (attachment != nil) {
		return nil, r, fault("InvalidParameterCombination", "The request must contain exactly one of transitGatewayAttachmentId, blackhole")
	}
	r = TransitRoute{CIDR: p.String(), Attachment: text(attachment)}
	t, err := liveTable(l, text(table))
	if err != nil || attachment == nil {
		return t, r, err
	}
	a, err := liveAttachment(l, r.Attachment)
	if err == nil && a.Transit != t.Transit {
		err = fault("InvalidParameterValue", "%s and %s belong to different transit gateways.", t.ID, a.ID)
	}
	return t, r, err
}
