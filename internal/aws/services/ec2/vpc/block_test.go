package vpc_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// further gives a network a further range.
func (w wired) further(vpc *string, cidr string) (*string, error) {
	out, err := w.AssociateVpcCidrBlock(w.t.Context(), &ec2.AssociateVpcCidrBlockInput{VpcId: vpc, CidrBlock: &cidr})
	if err != nil {
		return nil, err
	}
	return out.CidrBlockAssociation.AssociationId, nil
}

// A network takes a further range, in which subnets lie, and gives it up when
// none does.
func TestNetworksTakeFurtherRanges(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	network := w.network("10.2.0.0/16")
	w.no("InvalidSubnet.Range")(w.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: network, CidrBlock: new("10.5.1.0/24")}))
	id, err := w.further(network, "10.5.7.9/16")
	w.done(id, err)
	found, err := w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: by("cidr-block-association.association-id", *id)})
	w.done(found, err)
	if len(found.Vpcs) != 1 || *found.Vpcs[0].VpcId != *network || *found.Vpcs[0].CidrBlock != "10.2.0.0/16" || len(found.Vpcs[0].CidrBlockAssociationSet) != 2 {
		t.Fatalf("got %+v", found.Vpcs)
	}
	if b := found.Vpcs[0].CidrBlockAssociationSet[1]; *b.CidrBlock != "10.5.0.0/16" || b.CidrBlockState.State != types.VpcCidrBlockStateCodeAssociated {
		t.Errorf("got %+v", b)
	}
	subnet := w.subnet(network, "10.5.1.0/24")
	w.says("InvalidCidrBlock.InUse", "The vpc "+*network+" currently has a subnet within CIDR block 10.5.0.0/16")(w.DisassociateVpcCidrBlock(ctx, &ec2.DisassociateVpcCidrBlockInput{AssociationId: id}))
	tables, err := w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: by("vpc-id", *network)})
	w.done(tables, err)
	local := slices.ContainsFunc(tables.RouteTables[0].Routes, func(r types.Route) bool { return *r.DestinationCidrBlock == "10.5.0.0/16" && *r.GatewayId == "local" })
	if !local {
		t.Errorf("the further range has no route: %+v", tables.RouteTables[0].Routes)
	}
	w.done(w.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: subnet}))
	ended, err := w.DisassociateVpcCidrBlock(ctx, &ec2.DisassociateVpcCidrBlockInput{AssociationId: id})
	w.done(ended, err)
	if b := ended.CidrBlockAssociation; *ended.VpcId != *network || b.CidrBlockState.State != types.VpcCidrBlockStateCodeDisassociated {
		t.Errorf("got %+v", ended)
	}
	w.says("InvalidVpcCidrBlockAssociationID.NotFound", "The vpc CIDR block association ID '"+*id+"' does not exist")(w.DisassociateVpcCidrBlock(ctx, &ec2.DisassociateVpcCidrBlockInput{AssociationId: id}))
	first := found.Vpcs[0].CidrBlockAssociationSet[0].AssociationId
	w.says("OperationNotPermitted", "The vpc CIDR block with association ID "+*first+" may not be disassociated. It is the primary IPv4 CIDR block of the VPC")(
		w.DisassociateVpcCidrBlock(ctx, &ec2.DisassociateVpcCidrBlockInput{AssociationId: first}))
}

// What AWS's table of restrictions keeps from a network, and what is somebody
// else's already.
func TestFurtherRangesThatNetworksCannotHave(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	restricted := func(cidr string) string {
		return "The CIDR '" + cidr + "' is restricted. Use a CIDR from the same private address range as the current VPC CIDR, or use a publicly-routable CIDR. " +
			"For additional restrictions, see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"
	}
	for first, rows := range map[string]map[string]string{
		"10.1.0.0/16":    {"172.16.0.0/16": restricted("172.16.0.0/16"), "192.168.0.0/24": restricted("192.168.0.0/24"), "10.0.0.0/24": restricted("10.0.0.0/24"), "198.19.1.0/24": restricted("198.19.1.0/24"), "10.9.0.0/16": "", "100.64.0.0/16": "", "203.0.112.0/20": ""},
		"172.20.0.0/16":  {"172.31.0.0/16": restricted("172.31.0.0/16"), "10.0.0.0/16": restricted("10.0.0.0/16"), "172.21.0.0/16": ""},
		"192.168.0.0/24": {"192.168.1.0/24": "", "192.168.0.128/25": "The CIDR '192.168.0.128/25' conflicts with another CIDR block of the VPC."},
		"198.19.0.0/20":  {"10.1.0.0/16": restricted("10.1.0.0/16"), "198.19.16.0/20": "", "100.64.0.0/16": ""},
		"100.65.0.0/16":  {"10.1.0.0/16": restricted("10.1.0.0/16"), "198.19.16.0/20": restricted("198.19.16.0/20"), "100.66.0.0/16": "", "10.0.0.0/8": "The CIDR '10.0.0.0/8' is invalid."},
	} {
		network := w.network(first)
		for cidr, text := range rows {
			_, err := w.further(network, cidr)
			if text == "" {
				w.done(nil, err)
			} else {
				w.says("InvalidVpc.Range", text)(nil, err)
			}
		}
	}
	network := w.network("10.2.0.0/16")
	w.no("MissingParameter")(w.AssociateVpcCidrBlock(ctx, &ec2.AssociateVpcCidrBlockInput{VpcId: network}))
	w.no("UnsupportedOperation")(w.AssociateVpcCidrBlock(ctx, &ec2.AssociateVpcCidrBlockInput{VpcId: network, AmazonProvidedIpv6CidrBlock: new(true)}))
	w.no("InvalidVpcID.NotFound")(w.further(new("vpc-01234567"), "10.5.0.0/16"))

	files := w.network("10.3.0.0/16")
	_, err := w.further(files, "10.6.0.0/16")
	w.done(nil, err)
	joined, err := w.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: network, PeerVpcId: files})
	w.done(joined, err)
	pcx := joined.VpcPeeringConnection.VpcPeeringConnectionId
	w.done(w.AcceptVpcPeeringConnection(ctx, &ec2.AcceptVpcPeeringConnectionInput{VpcPeeringConnectionId: pcx}))
	tables, err := w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: by("vpc-id", *network)})
	w.done(tables, err)
	table := tables.RouteTables[0].RouteTableId
	w.done(w.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: table, DestinationCidrBlock: new("10.7.0.0/24"), VpcPeeringConnectionId: pcx}))
	_, err = w.further(network, "10.6.128.0/17")
	w.says("InvalidVpc.Range", "The CIDR '10.6.128.0/17' conflicts with the other side of "+*pcx+".")(nil, err)
	_, err = w.further(network, "10.7.0.0/16")
	w.says("InvalidVpc.Range", "The CIDR '10.7.0.0/16' conflicts with the route to 10.7.0.0/24 in "+*table+".")(nil, err)
	_, err = w.further(network, "10.7.0.0/25") // smaller than the route
	w.done(nil, err)
}

// A connection is refused for any range that both networks have, and shows all
// ranges of both.
func TestPeeringSeesFurtherRanges(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	one, other := w.network("10.2.0.0/16"), w.network("10.3.0.0/16")
	id, err := w.further(other, "10.2.0.0/17")
	w.done(id, err)
	ask := &ec2.CreateVpcPeeringConnectionInput{VpcId: one, PeerVpcId: other}
	made, err := w.CreateVpcPeeringConnection(ctx, ask)
	w.done(made, err)
	if code := made.VpcPeeringConnection.Status.Code; code != types.VpcPeeringConnectionStateReasonCodeFailed {
		t.Errorf("want a failed connection of networks with the same addresses, got %s", code)
	}
	w.done(w.DisassociateVpcCidrBlock(ctx, &ec2.DisassociateVpcCidrBlockInput{AssociationId: id}))
	_, err = w.further(other, "10.4.0.0/16")
	w.done(nil, err)
	made, err = w.CreateVpcPeeringConnection(ctx, ask)
	w.done(made, err)
	if set := made.VpcPeeringConnection.AccepterVpcInfo.CidrBlockSet; len(set) != 2 || *set[1].CidrBlock != "10.4.0.0/16" {
		t.Errorf("got %+v", set)
	}
	found, err := w.DescribeVpcPeeringConnections(ctx, &ec2.DescribeVpcPeeringConnectionsInput{Filters: by("accepter-vpc-info.cidr-block", "10.4.0.0/16")})
	w.done(found, err)
	if len(found.VpcPeeringConnections) != 1 {
		t.Errorf("got %+v", found.VpcPeeringConnections)
	}
}

// Each side of a connection says for itself what the other may do, once it is
// active.
func TestOptionsOfPeeringConnections(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	one, far := w.network("10.2.0.0/16"), wired{w.in("us-east-1"), t, w.plane}
	other := far.network("10.3.0.0/16")
	made, err := w.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: one, PeerVpcId: other, PeerRegion: new("us-east-1")})
	w.done(made, err)
	id, names := made.VpcPeeringConnection.VpcPeeringConnectionId, &types.PeeringConnectionOptionsRequest{AllowDnsResolutionFromRemoteVpc: new(true)}
	ours := &ec2.ModifyVpcPeeringConnectionOptionsInput{VpcPeeringConnectionId: id, RequesterPeeringConnectionOptions: names}
	theirs := &ec2.ModifyVpcPeeringConnectionOptionsInput{VpcPeeringConnectionId: id, AccepterPeeringConnectionOptions: names}
	w.says("OperationNotPermitted", "Peering "+*id+" is not active. Peering options can be added only to active peerings.")(w.ModifyVpcPeeringConnectionOptions(ctx, ours))
	w.done(far.AcceptVpcPeeringConnection(ctx, &ec2.AcceptVpcPeeringConnectionInput{VpcPeeringConnectionId: id}))
	out, err := w.ModifyVpcPeeringConnectionOptions(ctx, ours)
	w.done(out, err)
	if !*out.RequesterPeeringConnectionOptions.AllowDnsResolutionFromRemoteVpc || out.AccepterPeeringConnectionOptions != nil {
		t.Errorf("got %+v", out)
	}
	w.says("OperationNotPermitted", "Accepter's VPC Peering connection options cannot be modified for a different region")(w.ModifyVpcPeeringConnectionOptions(ctx, theirs))
	w.no("MissingParameter")(w.ModifyVpcPeeringConnectionOptions(ctx, &ec2.ModifyVpcPeeringConnectionOptionsInput{VpcPeeringConnectionId: id}))
	found, err := far.DescribeVpcPeeringConnections(ctx, &ec2.DescribeVpcPeeringConnectionsInput{VpcPeeringConnectionIds: []string{*id}})
	w.done(found, err)
	c := found.VpcPeeringConnections[0]
	if !*c.RequesterVpcInfo.PeeringOptions.AllowDnsResolutionFromRemoteVpc || *c.AccepterVpcInfo.PeeringOptions.AllowDnsResolutionFromRemoteVpc {
		t.Errorf("seen from the other side: %+v, %+v", c.RequesterVpcInfo.PeeringOptions, c.AccepterVpcInfo.PeeringOptions)
	}
}
