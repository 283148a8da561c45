package duties

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// cut makes a route for a user to a range of the network next door, and deletes it.
func (f *fleet) cut(user string) {
	f.t.Helper()
	ctx, client := f.t.Context(), ec2.NewFromConfig(f.Config())
	own, err := client.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: []types.Filter{{Name: aws.String("is-default"), Values: []string{"true"}}}})
	f.must(own, err)
	if f.far == "" {
		f.far = f.nextDoor(client, own.Vpcs[0])
	}
	table := f.table(client, own.Vpcs[0].VpcId)
	var n int
	_, err = fmt.Sscanf(user, "user.%d", &n)
	f.must(n, err)
	f.named[user] = fmt.Sprintf("10.3.%d.0/24", n)
	_, err = client.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: table, DestinationCidrBlock: aws.String(f.named[user]), VpcPeeringConnectionId: &f.far})
	f.must(nil, err)
	_, err = client.DeleteRoute(ctx, &ec2.DeleteRouteInput{RouteTableId: table, DestinationCidrBlock: aws.String(f.named[user])})
	f.must(nil, err)
}

// nextDoor is a network that is peered with the desktops', with the way back.
func (f *fleet) nextDoor(client *ec2.Client, own types.Vpc) (peering string) {
	f.t.Helper()
	ctx, around := f.t.Context(), aws.String("10.3.0.0/16")
	made, err := client.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: around})
	f.must(made, err)
	_, err = client.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: made.Vpc.VpcId, CidrBlock: around})
	f.must(nil, err)
	peer, err := client.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: own.VpcId, PeerVpcId: made.Vpc.VpcId})
	f.must(peer, err)
	peering = *peer.VpcPeeringConnection.VpcPeeringConnectionId
	_, err = client.AcceptVpcPeeringConnection(ctx, &ec2.AcceptVpcPeeringConnectionInput{VpcPeeringConnectionId: &peering})
	f.must(nil, err)
	_, err = client.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: f.table(client, made.Vpc.VpcId), DestinationCidrBlock: own.CidrBlock, VpcPeeringConnectionId: &peering})
	f.must(nil, err)
	return peering
}

// table is the route table of a network.
func (f *fleet) table(client *ec2.Client, network *string) *string {
	f.t.Helper()
	out, err := client.DescribeRouteTables(f.t.Context(), &ec2.DescribeRouteTablesInput{Filters: []types.Filter{{Name: aws.String("vpc-id"), Values: []string{*network}}}})
	f.must(out, err)
	return out.RouteTables[0].RouteTableId
}
