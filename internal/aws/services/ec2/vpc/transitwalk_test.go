package vpc_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Options are told as they were asked for, with AWS's defaults: Terraform plans a
// change wherever they are not.
func TestOptionsOfTransitGateways(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	vpc := w.network("10.2.0.0/16")
	made, err := w.CreateTransitGateway(ctx, &ec2.CreateTransitGatewayInput{})
	w.done(made, err)
	g := made.TransitGateway
	if o := g.Options; o.DnsSupport != "enable" || o.VpnEcmpSupport != "enable" || o.SecurityGroupReferencingSupport != "disable" {
		t.Errorf("defaults: %+v", o)
	}
	off, err := w.CreateTransitGateway(ctx, &ec2.CreateTransitGatewayInput{Options: &types.TransitGatewayRequestOptions{DnsSupport: "disable", VpnEcmpSupport: "disable", SecurityGroupReferencingSupport: "enable"}})
	w.done(off, err)
	if o := off.TransitGateway.Options; o.DnsSupport != "disable" || o.VpnEcmpSupport != "disable" || o.SecurityGroupReferencingSupport != "enable" {
		t.Errorf("got %+v", o)
	}
	spare, err := w.CreateTransitGatewayRouteTable(ctx, &ec2.CreateTransitGatewayRouteTableInput{TransitGatewayId: g.TransitGatewayId})
	w.done(spare, err)
	table := spare.TransitGatewayRouteTable.TransitGatewayRouteTableId
	changed, err := w.ModifyTransitGateway(ctx, &ec2.ModifyTransitGatewayInput{
		TransitGatewayId: g.TransitGatewayId, Description: new("hub"), Options: &types.ModifyTransitGatewayOptions{DnsSupport: "disable", AmazonSideAsn: new(int64(64999)), PropagationDefaultRouteTableId: table},
	})
	w.done(changed, err)
	o := changed.TransitGateway.Options
	if o.DnsSupport != "disable" || o.VpnEcmpSupport != "enable" || *o.AmazonSideAsn != 64999 || *o.PropagationDefaultRouteTableId != *table || *o.AssociationDefaultRouteTableId == *table || *changed.TransitGateway.Description != "hub" {
		t.Errorf("got %+v", o)
	}
	w.no("InvalidTransitGatewayID.NotFound")(w.ModifyTransitGateway(ctx, &ec2.ModifyTransitGatewayInput{TransitGatewayId: new("tgw-01234567")}))
	w.no("InvalidParameterValue")(w.ModifyTransitGateway(ctx, &ec2.ModifyTransitGatewayInput{TransitGatewayId: off.TransitGateway.TransitGatewayId, Options: &types.ModifyTransitGatewayOptions{AssociationDefaultRouteTableId: table}}))
	w.no("OperationNotPermitted")(w.DeleteTransitGatewayRouteTable(ctx, &ec2.DeleteTransitGatewayRouteTableInput{TransitGatewayRouteTableId: table}))

	a, c := w.subnet(vpc, "10.2.1.0/24"), w.subnet(vpc, "10.2.2.0/24")
	joined, err := w.CreateTransitGatewayVpcAttachment(ctx, &ec2.CreateTransitGatewayVpcAttachmentInput{
		TransitGatewayId: g.TransitGatewayId, VpcId: vpc, SubnetIds: []string{*a}, Options: &types.CreateTransitGatewayVpcAttachmentRequestOptions{ApplianceModeSupport: "enable"},
	})
	w.done(joined, err)
	if o := joined.TransitGatewayVpcAttachment.Options; o.ApplianceModeSupport != "enable" || o.DnsSupport != "enable" || o.Ipv6Support != "disable" || o.SecurityGroupReferencingSupport != "enable" {
		t.Errorf("got %+v", o)
	}
	id := joined.TransitGatewayVpcAttachment.TransitGatewayAttachmentId
	into, err := w.GetTransitGatewayRouteTablePropagations(ctx, &ec2.GetTransitGatewayRouteTablePropagationsInput{TransitGatewayRouteTableId: table})
	w.done(into, err)
	if len(into.TransitGatewayRouteTablePropagations) != 1 {
		t.Errorf("want the attachment to propagate to the new default table, got %+v", into.TransitGatewayRouteTablePropagations)
	}
	w.no("DependencyViolation")(w.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: a}))
	moved, err := w.ModifyTransitGatewayVpcAttachment(ctx, &ec2.ModifyTransitGatewayVpcAttachmentInput{
		TransitGatewayAttachmentId: id, AddSubnetIds: []string{*c}, RemoveSubnetIds: []string{*a}, Options: &types.ModifyTransitGatewayVpcAttachmentRequestOptions{DnsSupport: "disable"},
	})
	w.done(moved, err)
	if m := moved.TransitGatewayVpcAttachment; strings.Join(m.SubnetIds, " ") != *c || m.Options.DnsSupport != "disable" || m.Options.ApplianceModeSupport != "enable" {
		t.Errorf("got %+v", m)
	}
	w.done(w.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: a}))
	w.no("InvalidParameterValue")(w.ModifyTransitGatewayVpcAttachment(ctx, &ec2.ModifyTransitGatewayVpcAttachmentInput{TransitGatewayAttachmentId: id, RemoveSubnetIds: []string{*c}}))
	w.no("InvalidTransitGatewayAttachmentID.NotFound")(w.ModifyTransitGatewayVpcAttachment(ctx, &ec2.ModifyTransitGatewayVpcAttachmentInput{TransitGatewayAttachmentId: new("tgw-attach-01234567")}))
}

// Routes are found by how their ranges lie to others, and page by page.
func TestSearchOfTransitRoutes(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	made, err := w.CreateTransitGateway(ctx, &ec2.CreateTransitGatewayInput{})
	w.done(made, err)
	table := made.TransitGateway.Options.AssociationDefaultRouteTableId
	for _, cidr := range []string{"0.0.0.0/0", "10.0.0.0/8", "10.0.1.0/29", "10.0.1.0/31", "10.1.0.0/16", "192.168.0.0/16"} {
		w.done(w.CreateTransitGatewayRoute(ctx, &ec2.CreateTransitGatewayRouteInput{TransitGatewayRouteTableId: table, DestinationCidrBlock: &cidr, Blackhole: new(true)}))
	}
	find := func(filters []types.Filter) string {
		t.Helper()
		out, err := w.SearchTransitGatewayRoutes(ctx, &ec2.SearchTransitGatewayRoutesInput{TransitGatewayRouteTableId: table, Filters: filters})
		w.done(out, err)
		var found []string
		for _, r := range out.Routes {
			found = append(found, *r.DestinationCidrBlock)
		}
		return strings.Join(found, " ")
	}
	for _, row := range []struct{ kind, value, want string }{
		{"exact-match", "10.0.0.0/8", "10.0.0.0/8"},
		{"longest-prefix-match", "10.0.1.0", "10.0.1.0/31"},
		{"longest-prefix-match", "10.1.9.9/32", "10.1.0.0/16"},
		{"longest-prefix-match", "8.8.8.8", "0.0.0.0/0"},
		{"subnet-of-match", "10.0.1.0/30", "10.0.1.0/31"},
		{"supernet-of-match", "10.0.1.0/30", "0.0.0.0/0 10.0.0.0/8 10.0.1.0/29"},
	} {
		if got := find(by("route-search."+row.kind, row.value)); got != row.want {
			t.Errorf("%s of %s: want %q, got %q", row.kind, row.value, row.want, got)
		}
	}
	if got := find(append(by("route-search.subnet-of-match", "10.0.0.0/8"), by("route-search.supernet-of-match", "10.0.1.0/29")...)); got != "10.0.0.0/8 10.0.1.0/29" {
		t.Errorf("both: got %q", got)
	}
	w.no("InvalidParameterValue")(w.SearchTransitGatewayRoutes(ctx, &ec2.SearchTransitGatewayRoutesInput{TransitGatewayRouteTableId: table, Filters: by("route-search.exact-match", "ten")}))
	page := &ec2.SearchTransitGatewayRoutesInput{TransitGatewayRouteTableId: table, Filters: by("type", "static"), MaxResults: new(int32(5))}
	one, err := w.SearchTransitGatewayRoutes(ctx, page)
	w.done(one, err)
	page.NextToken = one.NextToken
	two, err := w.SearchTransitGatewayRoutes(ctx, page)
	w.done(two, err)
	if len(one.Routes) != 5 || !*one.AdditionalRoutesAvailable || len(two.Routes) != 1 || *two.AdditionalRoutesAvailable || *two.Routes[0].DestinationCidrBlock != "192.168.0.0/16" {
		t.Errorf("pages: %+v, %+v", one, two)
	}
}
