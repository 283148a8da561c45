package vpc

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// ModifyTransitGateway changes the description and the options of a transit
// gateway; what is not said stays.
func (s *Service) ModifyTransitGateway(ctx context.Context, in *ec2.ModifyTransitGatewayInput) (*ec2.ModifyTransitGatewayOutput, error) {
	var out types.TransitGateway
	err := s.change(ctx, func(l look) error {
		g, err := liveTransit(l, text(in.TransitGatewayId))
		if err != nil {
			return err
		}
		if in.Description != nil {
			g.Description = *in.Description
		}
		if o := in.Options; o != nil {
			if err := g.modify(o); err != nil {
				return err
			}
			if err := s.defaultTables(l, g, o); err != nil {
				return err
			}
		}
		out = g.describe(l)
		return transitGatewayNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ModifyTransitGatewayOutput{TransitGateway: &out}, nil
}

func (s *Service) modifyTransitGatewayChecks(ctx context.Context, in *ec2.ModifyTransitGatewayInput) ([]api.Check, error) {
	things := []thing{{&transitGatewayNoun, in.TransitGatewayId}}
	if o := in.Options; o != nil {
		things = append(things, thing{&transitTableNoun, o.AssociationDefaultRouteTableId}, thing{&transitTableNoun, o.PropagationDefaultRouteTableId})
	}
	return s.on(ctx, "ModifyTransitGateway", things...)
}

// modify changes what a transit gateway is said to support.
func (g *TransitGateway) modify(o *types.ModifyTransitGatewayOptions) error {
	if len(o.AddTransitGatewayCidrBlocks) > 0 || len(o.RemoveTransitGatewayCidrBlocks) > 0 || o.AutoAcceptSharedAttachments == types.AutoAcceptSharedAttachmentsValueEnable ||
		o.EncryptionSupport == types.EncryptionSupportOptionValueEnable {
		return fault("UnsupportedOperation", "A transit gateway has no address ranges, shared attachments or encryption control.")
	}
	if o.AmazonSideAsn != nil {
		g.ASN = *o.AmazonSideAsn
	}
	if !private(g.ASN) {
		return badValue(strconv.FormatInt(g.ASN, 10), "amazonSideAsn", "The ASN must be in the range 64512 to 65534, or 4200000000 to 4294967294.")
	}
	if o.DnsSupport != "" {
		g.NoDNS = o.DnsSupport == types.DnsSupportValueDisable
	}
	if o.VpnEcmpSupport != "" {
		g.NoECMP = o.VpnEcmpSupport == types.VpnEcmpSupportValueDisable
	}
	if o.SecurityGroupReferencingSupport != "" {
		g.References = o.SecurityGroupReferencingSupport == types.SecurityGroupReferencingSupportValueEnable
	}
	return nil
}

// defaultTables changes which route tables new attachments get. One that is
// wanted and not there is made.
func (s *Service) defaultTables(l look, g *TransitGateway, o *types.ModifyTransitGatewayOptions) error {
	if o.DefaultRouteTableAssociation != "" {
		g.Associates = o.DefaultRouteTableAssociation == types.DefaultRouteTableAssociationValueEnable
	}
	if o.DefaultRouteTablePropagation != "" {
		g.Propagates = o.DefaultRouteTablePropagation == types.DefaultRouteTablePropagationValueEnable
	}
	for _, id := range []*string{o.AssociationDefaultRouteTableId, o.PropagationDefaultRouteTableId} {
		if id == nil {
			continue
		}
		t, err := liveTable(l, *id)
		if err != nil {
			return err
		}
		if t.Transit != g.ID {
			return fault("InvalidParameterValue", "%s and %s belong to different transit gateways.", t.ID, g.ID)
		}
	}
	if id := o.AssociationDefaultRouteTableId; id != nil {
		g.Into, g.Table = g.into(), *id
	}
	if id := o.PropagationDefaultRouteTableId; id != nil {
		g.Into = *id
	}
	if g.Table != "" || !g.Associates && !g.Propagates {
		return nil
	}
	t := &TransitTable{Head: Head{ID: transitTableNoun.newID(s)}, Transit: g.ID, CreatedAt: l.now}
	g.Table = t.ID
	return transitTableNoun.put(l, t)
}
