package e2e

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// readTable is the look at a table that every block of routes makes.
func (n *network) readTable(address string) types.RouteTable {
	n.Helper()
	out, err := n.ec2().DescribeRouteTables(n.Context(), &ec2.DescribeRouteTablesInput{RouteTableIds: []string{*n.id(address)}})
	n.done("DescribeRouteTables", err)
	return out.RouteTables[0]
}

// table is an aws_route_table of the office without routes of its own.
func (n *network) table(address string) *resource {
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().CreateRouteTable(n.Context(), &ec2.CreateRouteTableInput{
				VpcId: n.id("aws_vpc.office"), ClientToken: new("terraform-" + address), TagSpecifications: named(types.ResourceTypeRouteTable, address),
			})
			n.done("CreateRouteTable", err)
			n.made(address, out.RouteTable.RouteTableId)
			n.readTable(address)
		},
		read: func() attributes {
			t := n.readTable(address)
			return attributes{"vpc_id": n.ref(t.VpcId), "owner_id": *t.OwnerId, "propagating_vgws": len(t.PropagatingVgws), "tags": ec2Tags(t.Tags)}
		},
		update: func() { n.rename(address, address+"-2") },
		destroy: func() {
			for _, a := range n.readTable(address).Associations {
				n.Errorf("%s is associated still: %s", address, *a.RouteTableAssociationId)
			}
			_, err := n.ec2().DeleteRouteTable(n.Context(), &ec2.DeleteRouteTableInput{RouteTableId: n.id(address)})
			n.done("DeleteRouteTable", err)
			_, err = n.ec2().DescribeRouteTables(n.Context(), &ec2.DescribeRouteTablesInput{RouteTableIds: []string{*n.id(address)}})
			n.gone("DescribeRouteTables", "InvalidRouteTableID.NotFound", err)
		},
		want:    attributes{"vpc_id": "aws_vpc.office", "owner_id": n.account, "propagating_vgws": 0, "tags": tags{"Name": address}},
		changed: attributes{"tags": tags{"Name": address + "-2"}},
	}
}

// route is an aws_route. The provider finds it by its destination in the table.
func (n *network) route(address, table, cidr, target string) *resource {
	find := func() *types.Route {
		for _, r := range n.readTable(table).Routes {
			if aws.ToString(r.DestinationCidrBlock) == cidr && r.Origin == types.RouteOriginCreateRoute {
				return &r
			}
		}
		return nil
	}
	return &resource{
		name: address,
		create: func() {
			in := &ec2.CreateRouteInput{RouteTableId: n.id(table), DestinationCidrBlock: &cidr}
			*map[string]**string{
				"aws_internet_gateway.office": &in.GatewayId, "aws_nat_gateway.office": &in.NatGatewayId, "aws_vpc_peering_connection.files": &in.VpcPeeringConnectionId,
			}[target] = n.id(target)
			_, err := n.ec2().CreateRoute(n.Context(), in)
			n.done("CreateRoute", err)
			n.wait("DescribeRouteTables until it is there", 5*time.Minute, func() bool { return find() != nil })
		},
		read: func() attributes {
			r := find()
			if r == nil {
				return attributes{}
			}
			state := attributes{"state": r.State}
			for _, id := range []*string{r.GatewayId, r.NatGatewayId, r.VpcPeeringConnectionId} {
				if id != nil {
					state["target"] = n.ref(id)
				}
			}
			return state
		},
		destroy: func() {
			find()
			_, err := n.ec2().DeleteRoute(n.Context(), &ec2.DeleteRouteInput{RouteTableId: n.id(table), DestinationCidrBlock: &cidr})
			n.done("DeleteRoute", err)
			n.wait("DescribeRouteTables until it is gone", 5*time.Minute, func() bool { return find() == nil })
		},
		want: attributes{"state": types.RouteStateActive, "target": target},
	}
}

// association is an aws_route_table_association, found by a filter.
func (n *network) association(address, table, subnet string) *resource {
	find := func() *types.RouteTableAssociation {
		id := *n.id(address)
		out, err := n.ec2().DescribeRouteTables(n.Context(), &ec2.DescribeRouteTablesInput{Filters: []types.Filter{filter("association.route-table-association-id", id)}})
		n.done("DescribeRouteTables", err)
		for _, t := range out.RouteTables {
			for _, a := range t.Associations {
				if *a.RouteTableAssociationId == id {
					return &a
				}
			}
		}
		return nil
	}
	read := func() attributes {
		a := find()
		return attributes{"route_table_id": n.ref(a.RouteTableId), "subnet_id": n.ref(a.SubnetId), "gateway_id": aws.ToString(a.GatewayId)}
	}
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().AssociateRouteTable(n.Context(), &ec2.AssociateRouteTableInput{RouteTableId: n.id(table), SubnetId: n.id(subnet)})
			n.done("AssociateRouteTable", err)
			n.made(address, out.AssociationId)
			n.wait("associated", 5*time.Minute, func() bool {
				a := find()
				return a != nil && a.AssociationState.State == types.RouteTableAssociationStateCodeAssociated
			})
		},
		read: read,
		destroy: func() {
			read()
			_, err := n.ec2().DisassociateRouteTable(n.Context(), &ec2.DisassociateRouteTableInput{AssociationId: n.id(address)})
			n.done("DisassociateRouteTable", err)
			n.wait("disassociated", 5*time.Minute, func() bool { return find() == nil })
		},
		want: attributes{"route_table_id": table, "subnet_id": subnet, "gateway_id": ""},
	}
}

// peering is an aws_vpc_peering_connection that accepts itself.
func (n *network) peering(address string) *resource {
	find := func() types.VpcPeeringConnection {
		out, err := n.ec2().DescribeVpcPeeringConnections(n.Context(), &ec2.DescribeVpcPeeringConnectionsInput{VpcPeeringConnectionIds: []string{*n.id(address)}})
		n.done("DescribeVpcPeeringConnections", err)
		return out.VpcPeeringConnections[0]
	}
	until := func(code types.VpcPeeringConnectionStateReasonCode) {
		n.wait(string(code), time.Minute, func() bool { return find().Status.Code == code })
	}
	options := func(of *types.VpcPeeringConnectionVpcInfo) bool {
		return of.PeeringOptions != nil && aws.ToBool(of.PeeringOptions.AllowDnsResolutionFromRemoteVpc)
	}
	allow := func(in ec2.ModifyVpcPeeringConnectionOptionsInput) {
		in.VpcPeeringConnectionId = n.id(address)
		_, err := n.ec2().ModifyVpcPeeringConnectionOptions(n.Context(), &in)
		n.done("ModifyVpcPeeringConnectionOptions", err)
	}
	names := func(on bool) *types.PeeringConnectionOptionsRequest {
		return &types.PeeringConnectionOptionsRequest{AllowDnsResolutionFromRemoteVpc: &on}
	}
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().CreateVpcPeeringConnection(n.Context(), &ec2.CreateVpcPeeringConnectionInput{
				VpcId: n.id("aws_vpc.office"), PeerVpcId: n.id("aws_vpc.files"), TagSpecifications: named(types.ResourceTypeVpcPeeringConnection, "files"),
			})
			n.done("CreateVpcPeeringConnection", err)
			n.made(address, out.VpcPeeringConnection.VpcPeeringConnectionId)
			until(types.VpcPeeringConnectionStateReasonCodePendingAcceptance)
			_, err = n.ec2().AcceptVpcPeeringConnection(n.Context(), &ec2.AcceptVpcPeeringConnectionInput{VpcPeeringConnectionId: n.id(address)})
			n.done("AcceptVpcPeeringConnection", err)
			until(types.VpcPeeringConnectionStateReasonCodeActive)
			allow(ec2.ModifyVpcPeeringConnectionOptionsInput{AccepterPeeringConnectionOptions: names(false), RequesterPeeringConnectionOptions: names(true)})
			n.wait("the options", time.Minute, func() bool { return options(find().RequesterVpcInfo) })
		},
		read: func() attributes {
			p := find()
			return attributes{
				"vpc_id": n.ref(p.RequesterVpcInfo.VpcId), "peer_vpc_id": n.ref(p.AccepterVpcInfo.VpcId), "accept_status": p.Status.Code,
				"peer_region": *p.AccepterVpcInfo.Region, "peer_owner_id": *p.AccepterVpcInfo.OwnerId,
				"accepter": options(p.AccepterVpcInfo), "requester": options(p.RequesterVpcInfo), "tags": ec2Tags(p.Tags),
			}
		},
		update: func() {
			allow(ec2.ModifyVpcPeeringConnectionOptionsInput{AccepterPeeringConnectionOptions: names(true)})
			n.wait("the options", time.Minute, func() bool { return options(find().AccepterVpcInfo) })
		},
		destroy: func() {
			_, err := n.ec2().DeleteVpcPeeringConnection(n.Context(), &ec2.DeleteVpcPeeringConnectionInput{VpcPeeringConnectionId: n.id(address)})
			n.done("DeleteVpcPeeringConnection", err)
			until(types.VpcPeeringConnectionStateReasonCodeDeleted) // which the provider takes for gone
		},
		want: attributes{
			"vpc_id": "aws_vpc.office", "peer_vpc_id": "aws_vpc.files", "accept_status": types.VpcPeeringConnectionStateReasonCodeActive,
			"peer_region": n.config.Region, "peer_owner_id": n.account, "accepter": false, "requester": true, "tags": tags{"Name": "files"},
		},
		changed: attributes{"accepter": true},
	}
}
