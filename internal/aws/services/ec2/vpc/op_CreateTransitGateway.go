package vpc

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateTransitGateway makes a transit gateway, and its default route table unless it is to have none.
func (s *Service) CreateTransitGateway(ctx context.Context, in *ec2.CreateTransitGatewayInput) (*ec2.CreateTransitGatewayOutput, error) {
	g, err := s.transitGateway(in)
	if err != nil {
		return nil, err
	}
	var out types.TransitGateway
	err = s.change(ctx, func(l look) error {
		for _, sweep := range []func(look) error{transitGatewayNoun.sweep, transitAttachmentNoun.sweep, transitTableNoun.sweep} {
			if err := sweep(l); err != nil {
				return err
			}
		}
		g.CreatedAt = l.now
		if g.Associates || g.Propagates {
			t := &TransitTable{Head: Head{ID: transitTableNoun.newID(s)}, Transit: g.ID, CreatedAt: l.now}
			g.Table = t.ID
			if err := transitTableNoun.put(l, t); err != nil {
				return err
			}
		}
		out = g.describe(l)
		return transitGatewayNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateTransitGatewayOutput{TransitGateway: &out}, nil
}

func (s *Service) createTransitGatewayChecks(ctx context.Context, in *ec2.CreateTransitGatewayInput) ([]api.Check, error) {
	return s.making(ctx, "CreateTransitGateway", &transitGatewayNoun, in.TagSpecifications)
}

// transitGateway reads what a call asks for.
func (s *Service) transitGateway(in *ec2.CreateTransitGatewayInput) (*TransitGateway, error) {
	tags, err := specified(in.TagSpecifications, &transitGatewayNoun)
	if err != nil {
		return nil, err
	}
	g := &TransitGateway{Head: Head{transitGatewayNoun.newID(s), tags}, Description: text(in.Description), ASN: 64512, Associates: true, Propagates: true}
	o := in.Options
	if o == nil {
		return g, nil
	}
	if o.MulticastSupport == types.MulticastSupportValueEnable || len(o.TransitGatewayCidrBlocks) > 0 || o.AutoAcceptSharedAttachments == types.AutoAcceptSharedAttachmentsValueEnable {
		return nil, fault("UnsupportedOperation", "A transit gateway has no multicast, address ranges or shared attachments.")
	}
	g.NoDNS, g.NoECMP = o.DnsSupport == types.DnsSupportValueDisable, o.VpnEcmpSupport == types.VpnEcmpSupportValueDisable
	g.References = o.SecurityGroupReferencingSupport == types.SecurityGroupReferencingSupportValueEnable
	if o.AmazonSideAsn != nil {
		g.ASN = *o.AmazonSideAsn
	}
	if !private(g.ASN) {
		return nil, badValue(strconv.FormatInt(g.ASN, 10), "amazonSideAsn", "The ASN must be in the range 64512 to 65534, or 4200000000 to 4294967294.")
	}
	g.Associates = o.DefaultRouteTableAssociation != types.DefaultRouteTableAssociationValueDisable
	g.Propagates = o.DefaultRouteTablePropagation != types.DefaultRouteTablePropagationValueDisable
	return g, nil
}
