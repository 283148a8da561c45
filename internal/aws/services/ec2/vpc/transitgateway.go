package vpc

import (
	"cmp"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TransitGateway joins networks that are attached to it.
type TransitGateway struct {
	Head
	Description string `json:",omitempty"`
	ASN         int64
	Table       string    `json:",omitempty"` // its default route table
	Into        string    `json:",omitempty"` // that of propagation, where it is another
	Associates  bool      `json:",omitempty"` // new attachments are associated with it
	Propagates  bool      `json:",omitempty"` // and their routes go there
	CreatedAt   time.Time // in UTC
	DeletedAt   time.Time `json:",omitzero"`
	// What it is said to support. Nothing here has public names, runs BGP or is
	// outside of its own network's groups, so that only the words are kept.
	NoDNS      bool `json:",omitempty"`
	NoECMP     bool `json:",omitempty"`
	References bool `json:",omitempty"` // to security groups of other networks
}

// into is the route table to which new attachments propagate.
func (g *TransitGateway) into() string { return cmp.Or(g.Into, g.Table) }

var transitGateways = store.Table[TransitGateway]{Name: "ec2.transitgateways", Reach: store.Regional, Key: func(g *TransitGateway) string { return g.ID }}

var transitGatewayNoun = noun[TransitGateway]{
	table: &transitGateways, prefix: "tgw", arn: "transit-gateway", code: "InvalidTransitGatewayID.", text: "Transit Gateway %s was deleted or does not exist.",
	head: func(g *TransitGateway) *Head { return &g.Head }, facts: transitGatewayFacts,
	gone: func(g *TransitGateway, now time.Time) bool { return past(g.DeletedAt, now) },
}

// transitState is the state of what is there at once and goes at once.
func transitState(deleted time.Time) string {
	if deleted.IsZero() {
		return "available"
	}
	return "deleted"
}

func transitGatewayFacts(l look, g *TransitGateway, filter string) ([]string, bool, error) {
	o := g.options()
	switch filter {
	case "transit-gateway-id":
		return []string{g.ID}, true, nil
	case "state":
		return []string{transitState(g.DeletedAt)}, true, nil
	case "options.amazon-side-asn":
		return []string{strconv.FormatInt(g.ASN, 10)}, true, nil
	case "options.association-default-route-table-id":
		return given(text(o.AssociationDefaultRouteTableId)), true, nil
	case "options.propagation-default-route-table-id":
		return given(text(o.PropagationDefaultRouteTableId)), true, nil
	case "options.default-route-table-association":
		return []string{string(o.DefaultRouteTableAssociation)}, true, nil
	case "options.default-route-table-propagation":
		return []string{string(o.DefaultRouteTablePropagation)}, true, nil
	case "options.auto-accept-shared-attachments":
		return []string{string(o.AutoAcceptSharedAttachments)}, true, nil
	case "options.dns-support":
		return []string{string(o.DnsSupport)}, true, nil
	case "options.vpn-ecmp-support":
		return []string{string(o.VpnEcmpSupport)}, true, nil
	}
	return nil, false, nil
}

func (g *TransitGateway) options() *types.TransitGatewayOptions {
	out := &types.TransitGatewayOptions{
		AmazonSideAsn: &g.ASN, AutoAcceptSharedAttachments: types.AutoAcceptSharedAttachmentsValueDisable, DnsSupport: types.DnsSupportValue(able(!g.NoDNS)),
		MulticastSupport: types.MulticastSupportValueDisable, VpnEcmpSupport: types.VpnEcmpSupportValue(able(!g.NoECMP)),
		SecurityGroupReferencingSupport: types.SecurityGroupReferencingSupportValue(able(g.References)),
		DefaultRouteTableAssociation:    types.DefaultRouteTableAssociationValueDisable, DefaultRouteTablePropagation: types.DefaultRouteTablePropagationValueDisable,
	}
	if g.Associates {
		out.DefaultRouteTableAssociation, out.AssociationDefaultRouteTableId = types.DefaultRouteTableAssociationValueEnable, &g.Table
	}
	if g.Propagates {
		out.DefaultRouteTablePropagation, out.PropagationDefaultRouteTableId = types.DefaultRouteTablePropagationValueEnable, new(g.into())
	}
	return out
}

// able is how transit gateways write yes and no.
func able(b bool) string {
	if b {
		return "enable"
	}
	return "disable"
}

func (g *TransitGateway) describe(l look) types.TransitGateway {
	return types.TransitGateway{
		TransitGatewayId: &g.ID, TransitGatewayArn: new(arn.New("ec2", l.sc.Region, l.sc.Account, "transit-gateway/"+g.ID).String()), OwnerId: &l.sc.Account,
		Description: api.Optional(g.Description), State: types.TransitGatewayState(transitState(g.DeletedAt)), CreationTime: &g.CreatedAt, Options: g.options(), Tags: tagList(g.Tags),
	}
}

// liveTransit finds a transit gateway that was not deleted.
func liveTransit(l look, id string) (*TransitGateway, error) {
	g, err := transitGatewayNoun.get(l, id)
	if err == nil && !g.DeletedAt.IsZero() {
		err = transitGatewayNoun.unknown(id)
	}
	return g, err
}
