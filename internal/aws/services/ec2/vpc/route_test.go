package vpc_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// routeOf is the route of a table to a range; it has no state if there is none.
func (w wired) routeOf(table *string, cidr string) types.Route {
	w.t.Helper()
	out, err := w.DescribeRouteTables(w.t.Context(), &ec2.DescribeRouteTablesInput{RouteTableIds: []string{*table}})
	w.done(out, err)
	for _, r := range out.RouteTables[0].Routes {
		if *r.DestinationCidrBlock == cidr {
			return r
		}
	}
	return types.Route{}
}

// TestRouteTablesOverASocket gives tables to subnets and takes them away.
func TestRouteTablesOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	vpc := w.network("10.2.0.0/16")
	subnet := w.subnet(vpc, "10.2.1.0/24")
	mains, err := w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: append(by("vpc-id", *vpc), by("association.main", "true")...)})
	w.done(mains, err)
	if len(mains.RouteTables) != 1 || len(mains.RouteTables[0].Routes) != 1 || *mains.RouteTables[0].Routes[0].GatewayId != "local" {
		t.Fatalf("got %+v", mains.RouteTables)
	}
	w.no("InvalidRouteTableID.NotFound")(w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{"rtb-01234567"}}))
	made, err := w.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: vpc, TagSpecifications: tagged(types.ResourceTypeRouteTable, "Name", "files")})
	w.done(made, err)
	table := made.RouteTable.RouteTableId
	w.no("InvalidVpcID.NotFound")(w.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: new("vpc-01234567")}))
	given, err := w.AssociateRouteTable(ctx, &ec2.AssociateRouteTableInput{RouteTableId: table, SubnetId: subnet})
	w.done(given, err)
	w.no("Resource.AlreadyAssociated")(w.AssociateRouteTable(ctx, &ec2.AssociateRouteTableInput{RouteTableId: table, SubnetId: subnet}))
	found, err := w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: by("association.subnet-id", *subnet)})
	w.done(found, err)
	if len(found.RouteTables) != 1 || *found.RouteTables[0].RouteTableId != *table {
		t.Errorf("got %+v", found.RouteTables)
	}
	w.says("DependencyViolation", "The routeTable '"+*table+"' has dependencies and cannot be deleted.")(w.DeleteRouteTable(ctx, &ec2.DeleteRouteTableInput{RouteTableId: table}))
	main := mains.RouteTables[0]
	w.no("InvalidParameterValue")(w.DisassociateRouteTable(ctx, &ec2.DisassociateRouteTableInput{AssociationId: main.Associations[0].RouteTableAssociationId}))
	moved, err := w.ReplaceRouteTableAssociation(ctx, &ec2.ReplaceRouteTableAssociationInput{AssociationId: given.AssociationId, RouteTableId: main.RouteTableId})
	w.done(moved, err)
	w.no("InvalidAssociationID.NotFound")(w.ReplaceRouteTableAssociation(ctx, &ec2.ReplaceRouteTableAssociationInput{AssociationId: given.AssociationId, RouteTableId: table}))
	w.done(w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: by("association.route-table-association-id", *moved.NewAssociationId)}))
	w.done(w.DisassociateRouteTable(ctx, &ec2.DisassociateRouteTableInput{AssociationId: moved.NewAssociationId}))
	found, err = w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: by("association.route-table-association-id", *moved.NewAssociationId)})
	w.done(found, err)
	if len(found.RouteTables) != 0 {
		t.Errorf("the association is still there: %+v", found.RouteTables)
	}
	w.done(w.DeleteRouteTable(ctx, &ec2.DeleteRouteTableInput{RouteTableId: table}))
	w.no("InvalidRouteTableID.NotFound")(w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{*table}}))
}

// TestRoutesOverASocket makes routes to gateways, and looks at them when their
// targets go.
func TestRoutesOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	vpc := w.network("10.2.0.0/16")
	subnet := w.subnet(vpc, "10.2.1.0/24")
	made, err := w.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: vpc})
	w.done(made, err)
	table := made.RouteTable.RouteTableId
	gateway, err := w.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{TagSpecifications: tagged(types.ResourceTypeInternetGateway, "Name", "out")})
	w.done(gateway, err)
	w.no("InvalidParameterValue")(w.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{TagSpecifications: tagged(types.ResourceTypeVpc, "Name", "out")}))
	igw := gateway.InternetGateway.InternetGatewayId
	outward := func(cidr string) *ec2.CreateRouteInput {
		return &ec2.CreateRouteInput{RouteTableId: table, DestinationCidrBlock: &cidr, GatewayId: igw}
	}
	w.says("InvalidParameterValue", "route table "+*table+" and network gateway "+*igw+" belong to different networks")(w.CreateRoute(ctx, outward("0.0.0.0/0")))
	w.done(w.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: igw, VpcId: vpc}))
	w.no("Resource.AlreadyAssociated")(w.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: igw, VpcId: vpc}))
	w.done(w.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{InternetGatewayIds: []string{*igw}}))
	w.done(w.CreateRoute(ctx, outward("0.0.0.0/0")))
	w.says("RouteAlreadyExists", "The route identified by 0.0.0.0/0 already exists.")(w.CreateRoute(ctx, outward("0.0.0.0/0")))
	w.says("RouteAlreadyExists", "The route identified by 10.2.0.0/16 already exists.")(w.CreateRoute(ctx, outward("10.2.0.0/16")))
	w.no("InvalidParameterCombination")(w.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: table, DestinationCidrBlock: new("10.9.0.0/16")}))
	if r := w.routeOf(table, "0.0.0.0/0"); r.State != types.RouteStateActive || *r.GatewayId != *igw {
		t.Errorf("got %+v", r)
	}

	address, err := w.AllocateAddress(ctx, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc})
	w.done(address, err)
	w.no("UnsupportedOperation")(w.AllocateAddress(ctx, &ec2.AllocateAddressInput{Address: new("192.0.2.1")}))
	nat, err := w.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{SubnetId: subnet, AllocationId: address.AllocationId, ClientToken: new("once")})
	w.done(nat, err)
	again, err := w.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{SubnetId: subnet, AllocationId: address.AllocationId, ClientToken: new("once")})
	w.done(again, err)
	id := nat.NatGateway.NatGatewayId
	if *again.NatGateway.NatGatewayId != *id {
		t.Errorf("a repeated call made %s beside %s", *again.NatGateway.NatGatewayId, *id)
	}
	w.no("Resource.AlreadyAssociated")(w.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{SubnetId: subnet, AllocationId: address.AllocationId}))
	w.done(nil, ec2.NewNatGatewayAvailableWaiter(w).Wait(ctx, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{*id}}, 10*time.Second))
	held, err := w.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{PublicIps: []string{*address.PublicIp}})
	w.done(held, err)
	if len(held.Addresses) != 1 || held.Addresses[0].PrivateIpAddress == nil || *held.Addresses[0].PrivateIpAddress != "10.2.1.4" {
		t.Errorf("got %+v", held.Addresses)
	}
	w.no("InvalidAllocationID.NotFound")(w.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{AllocationIds: []string{"eipalloc-01234567"}}))
	w.no("InvalidIPAddress.InUse")(w.ReleaseAddress(ctx, &ec2.ReleaseAddressInput{AllocationId: address.AllocationId}))
	w.no("DependencyViolation")(w.DetachInternetGateway(ctx, &ec2.DetachInternetGatewayInput{InternetGatewayId: igw, VpcId: vpc}))
	w.no("DependencyViolation")(w.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: subnet}))
	w.done(w.ReplaceRoute(ctx, &ec2.ReplaceRouteInput{RouteTableId: table, DestinationCidrBlock: new("0.0.0.0/0"), NatGatewayId: id}))
	w.no("InvalidParameterValue")(w.ReplaceRoute(ctx, &ec2.ReplaceRouteInput{RouteTableId: table, DestinationCidrBlock: new("10.9.0.0/16"), NatGatewayId: id}))
	if r := w.routeOf(table, "0.0.0.0/0"); r.State != types.RouteStateActive || *r.NatGatewayId != *id {
		t.Errorf("got %+v", r)
	}
	w.done(w.DeleteNatGateway(ctx, &ec2.DeleteNatGatewayInput{NatGatewayId: id}))
	w.done(nil, ec2.NewNatGatewayDeletedWaiter(w).Wait(ctx, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{*id}}, 10*time.Second))
	w.no("NatGatewayNotFound")(w.DeleteNatGateway(ctx, &ec2.DeleteNatGatewayInput{NatGatewayId: id}))
	w.no("NatGatewayNotFound")(w.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{"nat-01234567"}}))
	if r := w.routeOf(table, "0.0.0.0/0"); r.State != types.RouteStateBlackhole {
		t.Errorf("the gateway is gone, and the route is %+v", r)
	}
	w.done(w.ReleaseAddress(ctx, &ec2.ReleaseAddressInput{AllocationId: address.AllocationId}))
	w.no("InvalidAllocationID.NotFound")(w.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{AllocationIds: []string{*address.AllocationId}}))
	w.says("InvalidParameterValue", "cannot remove local route 10.2.0.0/16 in route table "+*table)(w.DeleteRoute(ctx, &ec2.DeleteRouteInput{RouteTableId: table, DestinationCidrBlock: new("10.2.0.0/16")}))
	w.done(w.DeleteRoute(ctx, &ec2.DeleteRouteInput{RouteTableId: table, DestinationCidrBlock: new("0.0.0.0/0")}))
	w.says("InvalidRoute.NotFound", "no route with destination-cidr-block 0.0.0.0/0 in route table "+*table)(w.DeleteRoute(ctx, &ec2.DeleteRouteInput{RouteTableId: table, DestinationCidrBlock: new("0.0.0.0/0")}))
	if r := w.routeOf(table, "0.0.0.0/0"); r.State != "" {
		t.Errorf("the route is still there: %+v", r)
	}
}

// TestPeeringsOverASocket joins networks of two Regions, and parts them.
func TestPeeringsOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	mine := w.network("10.2.0.0/16")
	there := w.in("us-east-1")
	theirs, err := there.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("10.3.0.0/16")})
	w.done(theirs, err)
	ask := func(peer *string) *string {
		out, err := w.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: mine, PeerVpcId: peer, PeerRegion: new("us-east-1")})
		w.done(out, err)
		return out.VpcPeeringConnection.VpcPeeringConnectionId
	}
	state := func(id *string, want types.VpcPeeringConnectionStateReasonCode) {
		t.Helper()
		for region, c := range map[string]*ec2.Client{"mine": w.Client, "theirs": there} {
			out, err := c.DescribeVpcPeeringConnections(ctx, &ec2.DescribeVpcPeeringConnectionsInput{VpcPeeringConnectionIds: []string{*id}})
			w.done(out, err)
			if got := out.VpcPeeringConnections[0].Status.Code; got != want {
				t.Errorf("%s: want %s, got %s", region, want, got)
			}
		}
	}
	w.no("MissingParameter")(w.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: mine}))
	w.no("InvalidVpcPeeringConnectionID.NotFound")(w.DescribeVpcPeeringConnections(ctx, &ec2.DescribeVpcPeeringConnectionsInput{VpcPeeringConnectionIds: []string{"pcx-01234567"}}))
	same := w.network("10.2.128.0/17")
	failed, err := w.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: mine, PeerVpcId: same})
	w.done(failed, err)
	if got := failed.VpcPeeringConnection.Status.Code; got != types.VpcPeeringConnectionStateReasonCodeFailed {
		t.Errorf("networks with the same addresses: %s", got)
	}
	first := ask(theirs.Vpc.VpcId)
	state(first, types.VpcPeeringConnectionStateReasonCodePendingAcceptance)
	w.no("OperationNotPermitted")(w.AcceptVpcPeeringConnection(ctx, &ec2.AcceptVpcPeeringConnectionInput{VpcPeeringConnectionId: first}))
	w.no("OperationNotPermitted")(w.RejectVpcPeeringConnection(ctx, &ec2.RejectVpcPeeringConnectionInput{VpcPeeringConnectionId: first}))
	w.done(there.RejectVpcPeeringConnection(ctx, &ec2.RejectVpcPeeringConnectionInput{VpcPeeringConnectionId: first}))
	state(first, types.VpcPeeringConnectionStateReasonCodeRejected)
	second := ask(theirs.Vpc.VpcId)
	w.done(there.AcceptVpcPeeringConnection(ctx, &ec2.AcceptVpcPeeringConnectionInput{VpcPeeringConnectionId: second}))
	state(second, types.VpcPeeringConnectionStateReasonCodeActive)

	tables, err := w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: by("vpc-id", *mine)})
	w.done(tables, err)
	table := tables.RouteTables[0].RouteTableId
	w.done(w.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: table, DestinationCidrBlock: new("10.3.0.0/16"), VpcPeeringConnectionId: second}))
	if r := w.routeOf(table, "10.3.0.0/16"); r.State != types.RouteStateActive {
		t.Errorf("got %+v", r)
	}
	w.no("DependencyViolation")(w.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: mine}))
	w.done(w.DeleteVpcPeeringConnection(ctx, &ec2.DeleteVpcPeeringConnectionInput{VpcPeeringConnectionId: second}))
	state(second, types.VpcPeeringConnectionStateReasonCodeDeleted)
	w.no("InvalidStateTransition")(w.DeleteVpcPeeringConnection(ctx, &ec2.DeleteVpcPeeringConnectionInput{VpcPeeringConnectionId: second}))
	if r := w.routeOf(table, "10.3.0.0/16"); r.State != types.RouteStateBlackhole {
		t.Errorf("the connection is gone, and the route is %+v", r)
	}
}
