package vpc

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/store"
)

// TransitTable says where a transit gateway sends what comes from the
// attachments that are associated with it.
type TransitTable struct {
	Head
	Transit      string
	Associations []string       `json:",omitempty"` // ids of attachments
	Propagations []string       `json:",omitempty"` // ids of attachments whose ranges appear by themselves
	Routes       []TransitRoute `json:",omitempty"`
	CreatedAt    time.Time      // in UTC
	DeletedAt    time.Time      `json:",omitzero"`
}

// TransitRoute leads to an attachment, or nowhere.
type TransitRoute struct {
	CIDR       string
	Attachment string `json:",omitempty"` // empty is a black hole
	came       bool   // by propagation
}

var transitTables = store.Table[TransitTable]{Name: "ec2.transittables", Reach: store.Regional, Key: func(t *TransitTable) string { return t.ID }}

var transitTableNoun = noun[TransitTable]{
	table: &transitTables, prefix: "tgw-rtb", arn: "transit-gateway-route-table", code: "InvalidRouteTableID.", text: "Transit Gateway Route Table %s was deleted or does not exist.",
	head: func(t *TransitTable) *Head { return &t.Head }, facts: transitTableFacts,
	gone: func(t *TransitTable, now time.Time) bool { return past(t.DeletedAt, now) },
}

func transitTableFacts(l look, t *TransitTable, filter string) ([]string, bool, error) {
	d, err := t.describe(l)
	if err != nil {
		return nil, true, err
	}
	switch filter {
	case "transit-gateway-route-table-id":
		return []string{t.ID}, true, nil
	case "transit-gateway-id":
		return []string{t.Transit}, true, nil
	case "state":
		return []string{transitState(t.DeletedAt)}, true, nil
	case "default-association-route-table":
		return []string{word(*d.DefaultAssociationRouteTable)}, true, nil
	case "default-propagation-route-table":
		return []string{word(*d.DefaultPropagationRouteTable)}, true, nil
	}
	return nil, false, nil
}

func (t *TransitTable) describe(l look) (types.TransitGatewayRouteTable, error) {
	out := types.TransitGatewayRouteTable{
		TransitGatewayRouteTableId: &t.ID, TransitGatewayId: &t.Transit, State: types.TransitGatewayRouteTableState(transitState(t.DeletedAt)), CreationTime: &t.CreatedAt,
		DefaultAssociationRouteTable: new(false), DefaultPropagationRouteTable: new(false), Tags: tagList(t.Tags),
	}
	g, err := transitGatewayNoun.get(l, t.Transit)
	if err != nil {
		return out, unlessModelled(err)
	}
	out.DefaultAssociationRouteTable, out.DefaultPropagationRouteTable = new(g.Associates && g.Table == t.ID), new(g.Propagates && g.into() == t.ID)
	return out, nil
}

// liveTable finds a table that was not deleted.
func liveTable(l look, id string) (*TransitTable, error) {
	t, err := transitTableNoun.get(l, id)
	if err == nil && !t.DeletedAt.IsZero() {
		err = transitTableNoun.unknown(id)
	}
	return t, err
}

// tablesOf are the tables of a transit gateway that were not deleted.
func tablesOf(l look, transit string) ([]*TransitTable, error) {
	all, err := transitTableNoun.all(l)
	return slices.DeleteFunc(all, func(t *TransitTable) bool { return t.Transit != transit || !t.DeletedAt.IsZero() }), err
}

// associated is the table with which an attachment is associated; nil is none.
func associated(l look, a *TransitAttachment) (*TransitTable, error) {
	all, err := tablesOf(l, a.Transit)
	i := slices.IndexFunc(all, func(t *TransitTable) bool { return slices.Contains(t.Associations, a.ID) })
	if err != nil || i < 0 {
		return nil, err
	}
	return all[i], nil
}

// route is the place of the route to exactly this range, or -1.
func (t *TransitTable) route(p netip.Prefix) int {
	return slices.IndexFunc(t.Routes, func(r TransitRoute) bool { return prefixOf(r.CIDR) == p })
}

// all are the routes that were made and those that came by themselves. To the
// same range those that were made go before (Transit Gateways guide, "Route
// evaluation order").
func (t *TransitTable) all(l look) ([]TransitRoute, error) {
	out := slices.Clone(t.Routes)
	for _, id := range t.Propagations {
		a, err := liveAttachment(l, id)
		if err != nil {
			if err = unlessModelled(err); err != nil {
				return nil, err
			}
			continue
		}
		v, err := vpcNoun.get(l, a.VPC)
		if err != nil {
			return nil, err
		}
		for _, b := range v.Blocks {
			if !slices.ContainsFunc(out, func(r TransitRoute) bool { return r.CIDR == b.CIDR }) {
				out = append(out, TransitRoute{b.CIDR, a.ID, true})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b TransitRoute) int { return compare(prefixOf(a.CIDR), prefixOf(b.CIDR)) })
	return out, nil
}

func (r TransitRoute) describe(l look) (types.TransitGatewayRoute, error) {
	out := types.TransitGatewayRoute{DestinationCidrBlock: &r.CIDR, State: types.TransitGatewayRouteStateBlackhole, Type: types.TransitGatewayRouteTypeStatic}
	if r.came {
		out.Type = types.TransitGatewayRouteTypePropagated
	}
	if r.Attachment == "" {
		return out, nil
	}
	a, err := transitAttachmentNoun.get(l, r.Attachment)
	if err != nil {
		return out, unlessModelled(err)
	}
	if a.DeletedAt.IsZero() {
		out.State = types.TransitGatewayRouteStateActive
	}
	out.TransitGatewayAttachments = []types.TransitGatewayRouteAttachment{
		{TransitGatewayAttachmentId: &a.ID, ResourceId: &a.VPC, ResourceType: types.TransitGatewayAttachmentResourceTypeVpc},
	}
	return out, nil
}

func transitRouteFacts(r types.TransitGatewayRoute, filter string) ([]string, bool) {
	var out []string
	switch filter {
	case "state":
		return []string{string(r.State)}, true
	case "type":
		return []string{string(r.Type)}, true
	case "prefix-list-id":
		return nil, true
	case "attachment.transit-gateway-attachment-id":
		for _, a := range r.TransitGatewayAttachments {
			out = append(out, *a.TransitGatewayAttachmentId)
		}
		return out, true
	case "attachment.resource-id":
		for _, a := range r.TransitGatewayAttachments {
			out = append(out, *a.ResourceId)
		}
		return out, true
	case "attachment.resource-type":
		for _, a := range r.TransitGatewayAttachments {
			out = append(out, string(a.ResourceType))
		}
		return out, true
	}
	return nil, false
}

// setTransitRoute changes the static routes of a table: set puts the one that is
// asked for where one to its range is, at i, or says why not; below zero there is
// none.
func (s *Service) setTransitRoute(ctx context.Context, table, attachment, cidr *string, blackhole *bool, set func(t *TransitTable, i int, r TransitRoute) error) (*types.TransitGatewayRoute, error) {
	var out types.TransitGatewayRoute
	err := s.change(ctx, func(l look) error {
		t, r, err := transitRoute(l, table, attachment, cidr, blackhole)
		if err != nil {
			return err
		}
		if err := set(t, t.route(prefixOf(r.CIDR)), r); err != nil {
			return err
		}
		if out, err = r.describe(l); err != nil {
			return err
		}
		return transitTableNoun.put(l, t)
	})
	return &out, err
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
