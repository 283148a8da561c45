package vpc_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// hub is a transit gateway with two networks attached to it.
type hub struct {
	wired
	id, table            *string
	first, second        *string // networks
	attach, attachSecond *string
}

func (w wired) hub() hub {
	w.t.Helper()
	ctx := w.t.Context()
	made, err := w.CreateTransitGateway(ctx, &ec2.CreateTransitGatewayInput{Description: new("hub"), TagSpecifications: tagged(types.ResourceTypeTransitGateway, "Name", "hub")})
	w.done(made, err)
	h := hub{wired: w, id: made.TransitGateway.TransitGatewayId, table: made.TransitGateway.Options.AssociationDefaultRouteTableId, first: w.network("10.2.0.0/16"), second: w.network("10.3.0.0/16")}
	join := func(vpc *string, cidr string) *string {
		out, err := w.CreateTransitGatewayVpcAttachment(ctx, &ec2.CreateTransitGatewayVpcAttachmentInput{TransitGatewayId: h.id, VpcId: vpc, SubnetIds: []string{*w.subnet(vpc, cidr)}})
		w.done(out, err)
		return out.TransitGatewayVpcAttachment.TransitGatewayAttachmentId
	}
	h.attach, h.attachSecond = join(h.first, "10.2.1.0/24"), join(h.second, "10.3.1.0/24")
	return h
}

// search finds routes of a table.
func (h hub) search(table *string, name, value string) []types.TransitGatewayRoute {
	h.t.Helper()
	out, err := h.SearchTransitGatewayRoutes(h.t.Context(), &ec2.SearchTransitGatewayRoutesInput{TransitGatewayRouteTableId: table, Filters: by(name, value)})
	h.done(out, err)
	return out.Routes
}

// TestTransitGatewaysOverASocket makes a gateway, attaches networks, and takes
// all of it apart.
func TestTransitGatewaysOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	h := w.hub()
	w.no("InvalidParameterValue")(w.CreateTransitGateway(ctx, &ec2.CreateTransitGatewayInput{Options: &types.TransitGatewayRequestOptions{AmazonSideAsn: new(int64(7))}}))
	for _, f := range [][]types.Filter{by("transit-gateway-id", *h.id), by("state", "available"), by("options.amazon-side-asn", "64512"), by("options.default-route-table-association", "enable"), by("tag:Name", "hub")} {
		found, err := w.DescribeTransitGateways(ctx, &ec2.DescribeTransitGatewaysInput{Filters: f})
		w.done(found, err)
		if len(found.TransitGateways) != 1 || *found.TransitGateways[0].Description != "hub" {
			t.Errorf("filter %s: got %+v", *f[0].Name, found.TransitGateways)
		}
	}
	w.says("InvalidTransitGatewayID.NotFound", "Transit Gateway tgw-01234567 was deleted or does not exist.")(w.DescribeTransitGateways(ctx, &ec2.DescribeTransitGatewaysInput{TransitGatewayIds: []string{"tgw-01234567"}}))
	w.no("DuplicateTransitGatewayAttachment")(w.CreateTransitGatewayVpcAttachment(ctx, &ec2.CreateTransitGatewayVpcAttachmentInput{TransitGatewayId: h.id, VpcId: h.first, SubnetIds: []string{"subnet-01234567"}}))
	for _, f := range [][]types.Filter{by("vpc-id", *h.first), by("transit-gateway-attachment-id", *h.attach)} {
		found, err := w.DescribeTransitGatewayVpcAttachments(ctx, &ec2.DescribeTransitGatewayVpcAttachmentsInput{Filters: f})
		w.done(found, err)
		if len(found.TransitGatewayVpcAttachments) != 1 || found.TransitGatewayVpcAttachments[0].State != types.TransitGatewayAttachmentStateAvailable {
			t.Errorf("filter %s: got %+v", *f[0].Name, found.TransitGatewayVpcAttachments)
		}
	}
	w.no("InvalidTransitGatewayAttachmentID.NotFound")(w.DescribeTransitGatewayVpcAttachments(ctx, &ec2.DescribeTransitGatewayVpcAttachmentsInput{TransitGatewayAttachmentIds: []string{"tgw-attach-01234567"}}))
	every, err := w.DescribeTransitGatewayAttachments(ctx, &ec2.DescribeTransitGatewayAttachmentsInput{Filters: by("association.transit-gateway-route-table-id", *h.table)})
	w.done(every, err)
	if len(every.TransitGatewayAttachments) != 2 || every.TransitGatewayAttachments[0].ResourceType != types.TransitGatewayAttachmentResourceTypeVpc {
		t.Errorf("got %+v", every.TransitGatewayAttachments)
	}
	w.no("InvalidTransitGatewayAttachmentID.NotFound")(w.DescribeTransitGatewayAttachments(ctx, &ec2.DescribeTransitGatewayAttachmentsInput{TransitGatewayAttachmentIds: []string{"tgw-attach-01234567"}}))

	tables, err := w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: by("vpc-id", *h.first)})
	w.done(tables, err)
	table := tables.RouteTables[0].RouteTableId
	w.done(w.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: table, DestinationCidrBlock: new("10.3.0.0/16"), TransitGatewayId: h.id}))
	if r := w.routeOf(table, "10.3.0.0/16"); r.State != types.RouteStateActive || *r.TransitGatewayId != *h.id {
		t.Errorf("got %+v", r)
	}
	w.no("DependencyViolation")(w.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: h.first}))
	w.no("IncorrectState")(w.DeleteTransitGateway(ctx, &ec2.DeleteTransitGatewayInput{TransitGatewayId: h.id}))
	for _, id := range []*string{h.attach, h.attachSecond} {
		w.done(w.DeleteTransitGatewayVpcAttachment(ctx, &ec2.DeleteTransitGatewayVpcAttachmentInput{TransitGatewayAttachmentId: id}))
		w.no("InvalidTransitGatewayAttachmentID.NotFound")(w.DeleteTransitGatewayVpcAttachment(ctx, &ec2.DeleteTransitGatewayVpcAttachmentInput{TransitGatewayAttachmentId: id}))
	}
	left, err := w.DescribeTransitGatewayVpcAttachments(ctx, &ec2.DescribeTransitGatewayVpcAttachmentsInput{Filters: by("state", "deleted")})
	w.done(left, err)
	if len(left.TransitGatewayVpcAttachments) != 2 {
		t.Errorf("got %+v", left.TransitGatewayVpcAttachments)
	}
	if r := w.routeOf(table, "10.3.0.0/16"); r.State != types.RouteStateBlackhole {
		t.Errorf("the attachment is gone, and the route is %+v", r)
	}
	w.done(w.DeleteTransitGateway(ctx, &ec2.DeleteTransitGatewayInput{TransitGatewayId: h.id}))
	w.no("InvalidTransitGatewayID.NotFound")(w.DeleteTransitGateway(ctx, &ec2.DeleteTransitGatewayInput{TransitGatewayId: h.id}))
	found, err := w.DescribeTransitGateways(ctx, &ec2.DescribeTransitGatewaysInput{TransitGatewayIds: []string{*h.id}})
	w.done(found, err)
	if found.TransitGateways[0].State != types.TransitGatewayStateDeleted {
		t.Errorf("got %+v", found.TransitGateways[0])
	}
}

// TestTransitRouteTablesOverASocket associates an attachment with a table of its
// own, with routes that were made and routes that come by themselves.
func TestTransitRouteTablesOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	h := w.hub()
	made, err := w.CreateTransitGatewayRouteTable(ctx, &ec2.CreateTransitGatewayRouteTableInput{TransitGatewayId: h.id})
	w.done(made, err)
	w.no("InvalidTransitGatewayID.NotFound")(w.CreateTransitGatewayRouteTable(ctx, &ec2.CreateTransitGatewayRouteTableInput{TransitGatewayId: new("tgw-01234567")}))
	table := made.TransitGatewayRouteTable.TransitGatewayRouteTableId
	for _, row := range []struct {
		filter []types.Filter
		want   *string
	}{{by("default-association-route-table", "true"), h.table}, {by("default-propagation-route-table", "false"), table}, {by("transit-gateway-route-table-id", *table), table}} {
		found, err := w.DescribeTransitGatewayRouteTables(ctx, &ec2.DescribeTransitGatewayRouteTablesInput{Filters: row.filter})
		w.done(found, err)
		if len(found.TransitGatewayRouteTables) != 1 || *found.TransitGatewayRouteTables[0].TransitGatewayRouteTableId != *row.want {
			t.Errorf("filter %s: got %+v", *row.filter[0].Name, found.TransitGatewayRouteTables)
		}
	}
	w.no("InvalidRouteTableID.NotFound")(w.DescribeTransitGatewayRouteTables(ctx, &ec2.DescribeTransitGatewayRouteTablesInput{TransitGatewayRouteTableIds: []string{"tgw-rtb-01234567"}}))
	if got := h.search(h.table, "type", "propagated"); len(got) != 2 || *got[0].DestinationCidrBlock != "10.2.0.0/16" {
		t.Errorf("want the ranges of both networks, got %+v", got)
	}
	w.no("Resource.AlreadyAssociated")(w.AssociateTransitGatewayRouteTable(ctx, &ec2.AssociateTransitGatewayRouteTableInput{TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: h.attach}))
	w.done(w.DisassociateTransitGatewayRouteTable(ctx, &ec2.DisassociateTransitGatewayRouteTableInput{TransitGatewayRouteTableId: h.table, TransitGatewayAttachmentId: h.attach}))
	w.no("InvalidAssociation.NotFound")(w.DisassociateTransitGatewayRouteTable(ctx, &ec2.DisassociateTransitGatewayRouteTableInput{TransitGatewayRouteTableId: h.table, TransitGatewayAttachmentId: h.attach}))
	w.done(w.AssociateTransitGatewayRouteTable(ctx, &ec2.AssociateTransitGatewayRouteTableInput{TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: h.attach}))
	had, err := w.GetTransitGatewayRouteTableAssociations(ctx, &ec2.GetTransitGatewayRouteTableAssociationsInput{TransitGatewayRouteTableId: table})
	w.done(had, err)
	if len(had.Associations) != 1 || *had.Associations[0].TransitGatewayAttachmentId != *h.attach {
		t.Errorf("got %+v", had.Associations)
	}
	w.no("InvalidRouteTableID.NotFound")(w.GetTransitGatewayRouteTableAssociations(ctx, &ec2.GetTransitGatewayRouteTableAssociationsInput{TransitGatewayRouteTableId: new("tgw-rtb-01234567")}))
	w.no("IncorrectState")(w.DeleteTransitGatewayRouteTable(ctx, &ec2.DeleteTransitGatewayRouteTableInput{TransitGatewayRouteTableId: table}))
	w.no("OperationNotPermitted")(w.DeleteTransitGatewayRouteTable(ctx, &ec2.DeleteTransitGatewayRouteTableInput{TransitGatewayRouteTableId: h.table}))

	w.done(w.EnableTransitGatewayRouteTablePropagation(ctx, &ec2.EnableTransitGatewayRouteTablePropagationInput{TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: h.attachSecond}))
	w.no("TransitGatewayRouteTablePropagation.Duplicate")(w.EnableTransitGatewayRouteTablePropagation(ctx, &ec2.EnableTransitGatewayRouteTablePropagationInput{TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: h.attachSecond}))
	came, err := w.GetTransitGatewayRouteTablePropagations(ctx, &ec2.GetTransitGatewayRouteTablePropagationsInput{TransitGatewayRouteTableId: table})
	w.done(came, err)
	if len(came.TransitGatewayRouteTablePropagations) != 1 || *came.TransitGatewayRouteTablePropagations[0].ResourceId != *h.second {
		t.Errorf("got %+v", came.TransitGatewayRouteTablePropagations)
	}
	w.no("InvalidRouteTableID.NotFound")(w.GetTransitGatewayRouteTablePropagations(ctx, &ec2.GetTransitGatewayRouteTablePropagationsInput{TransitGatewayRouteTableId: new("tgw-rtb-01234567")}))
	w.done(w.DisableTransitGatewayRouteTablePropagation(ctx, &ec2.DisableTransitGatewayRouteTablePropagationInput{TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: h.attachSecond}))
	w.no("TransitGatewayRouteTablePropagation.NotFound")(w.DisableTransitGatewayRouteTablePropagation(ctx, &ec2.DisableTransitGatewayRouteTablePropagationInput{TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: h.attachSecond}))
	came, err = w.GetTransitGatewayRouteTablePropagations(ctx, &ec2.GetTransitGatewayRouteTablePropagationsInput{TransitGatewayRouteTableId: table})
	w.done(came, err)
	if len(came.TransitGatewayRouteTablePropagations) != 0 {
		t.Errorf("got %+v", came.TransitGatewayRouteTablePropagations)
	}

	w.done(w.CreateTransitGatewayRoute(ctx, &ec2.CreateTransitGatewayRouteInput{TransitGatewayRouteTableId: table, DestinationCidrBlock: new("10.3.0.0/16"), TransitGatewayAttachmentId: h.attachSecond}))
	w.no("RouteAlreadyExists")(w.CreateTransitGatewayRoute(ctx, &ec2.CreateTransitGatewayRouteInput{TransitGatewayRouteTableId: table, DestinationCidrBlock: new("10.3.0.0/16"), Blackhole: new(true)}))
	w.no("InvalidParameterCombination")(w.CreateTransitGatewayRoute(ctx, &ec2.CreateTransitGatewayRouteInput{TransitGatewayRouteTableId: table, DestinationCidrBlock: new("10.9.0.0/16")}))
	if got := h.search(table, "route-search.exact-match", "10.3.0.0/16"); len(got) != 1 || got[0].State != types.TransitGatewayRouteStateActive || got[0].Type != types.TransitGatewayRouteTypeStatic {
		t.Errorf("got %+v", got)
	}
	w.no("MissingParameter")(w.SearchTransitGatewayRoutes(ctx, &ec2.SearchTransitGatewayRoutesInput{TransitGatewayRouteTableId: table, Filters: []types.Filter{}}))
	w.no("InvalidRouteTableID.NotFound")(w.SearchTransitGatewayRoutes(ctx, &ec2.SearchTransitGatewayRoutesInput{TransitGatewayRouteTableId: new("tgw-rtb-01234567"), Filters: by("state", "active")}))
	w.done(w.ReplaceTransitGatewayRoute(ctx, &ec2.ReplaceTransitGatewayRouteInput{TransitGatewayRouteTableId: table, DestinationCidrBlock: new("10.3.0.0/16"), Blackhole: new(true)}))
	w.no("InvalidRoute.NotFound")(w.ReplaceTransitGatewayRoute(ctx, &ec2.ReplaceTransitGatewayRouteInput{TransitGatewayRouteTableId: table, DestinationCidrBlock: new("10.9.0.0/16"), Blackhole: new(true)}))
	if got := h.search(table, "state", "blackhole"); len(got) != 1 {
		t.Errorf("got %+v", got)
	}
	w.done(w.DeleteTransitGatewayRoute(ctx, &ec2.DeleteTransitGatewayRouteInput{TransitGatewayRouteTableId: table, DestinationCidrBlock: new("10.3.0.0/16")}))
	w.no("InvalidRoute.NotFound")(w.DeleteTransitGatewayRoute(ctx, &ec2.DeleteTransitGatewayRouteInput{TransitGatewayRouteTableId: table, DestinationCidrBlock: new("10.3.0.0/16")}))
	if got := h.search(table, "type", "static"); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
	w.done(w.DisassociateTransitGatewayRouteTable(ctx, &ec2.DisassociateTransitGatewayRouteTableInput{TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: h.attach}))
	w.done(w.DeleteTransitGatewayRouteTable(ctx, &ec2.DeleteTransitGatewayRouteTableInput{TransitGatewayRouteTableId: table}))
	w.no("InvalidRouteTableID.NotFound")(w.DeleteTransitGatewayRouteTable(ctx, &ec2.DeleteTransitGatewayRouteTableInput{TransitGatewayRouteTableId: table}))
	w.done(w.DescribeTransitGatewayRouteTables(ctx, &ec2.DescribeTransitGatewayRouteTablesInput{}))
}
