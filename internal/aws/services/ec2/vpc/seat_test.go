package vpc_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	wstypes "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ec2/vpc"
	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/id"
	"tamachi/internal/netpath"
	"tamachi/internal/store"
)

// TestDesktopsHaveInterfacesInSubnets gives a desktop of a directory in a
// customer's network its place, which is then seen by all who ask.
func TestDesktopsHaveInterfacesInSubnets(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	network := w.network("10.2.0.0/16")
	first, second := w.subnet(network, "10.2.1.0/28"), w.subnet(network, "10.2.2.0/28")
	directory, group := w.directory(*network, *first, *second)
	ws := w.desktop(directory)
	if ws.SubnetId == nil || ws.IpAddress == nil || *ws.SubnetId != *first && *ws.SubnetId != *second {
		t.Fatalf("got %+v", ws)
	}
	found, err := w.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{Filters: by("group-name", directory+"_workspacesMembers")})
	w.done(found, err)
	if len(found.NetworkInterfaces) != 1 {
		t.Fatalf("got %+v", found.NetworkInterfaces)
	}
	i := found.NetworkInterfaces[0]
	if *i.PrivateIpAddress != *ws.IpAddress || *i.SubnetId != *ws.SubnetId || !strings.HasPrefix(*i.Description, "Created By Amazon Workspaces for AWS Account ID ") {
		t.Errorf("got %+v of %+v", i, ws)
	}
	if len(i.Groups) != 1 || *i.Groups[0].GroupId != group {
		t.Errorf("want the group of the directory, %s, got %+v", group, i.Groups)
	}
	w.no("InvalidNetworkInterfaceID.NotFound")(w.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{NetworkInterfaceIds: []string{"eni-01234567"}}))
	shown, err := w.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{SubnetIds: []string{*ws.SubnetId}})
	w.done(shown, err)
	if *shown.Subnets[0].AvailableIpAddressCount != 10 {
		t.Errorf("want 10 addresses left, got %d", *shown.Subnets[0].AvailableIpAddressCount)
	}
	w.no("DependencyViolation")(w.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: ws.SubnetId}))
	w.no("DependencyViolation")(w.DeleteSecurityGroup(ctx, &ec2.DeleteSecurityGroupInput{GroupId: &group}))
	w.done(w.CreateTags(ctx, &ec2.CreateTagsInput{Resources: []string{*i.NetworkInterfaceId}, Tags: []types.Tag{{Key: new("Team"), Value: new("sales")}}}))
	for _, filter := range [][]types.Filter{
		by("private-ip-address", *ws.IpAddress), by("subnet-id", *ws.SubnetId), by("vpc-id", *network), by("group-id", group), by("status", "in-use"), by("tag:Team", "sales"),
		by("requester-managed", "true"), by("interface-type", "interface"), by("description", "Created By Amazon Workspaces*"), by("network-interface-id", *i.NetworkInterfaceId),
	} {
		found, err := w.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{Filters: filter})
		w.done(found, err)
		if len(found.NetworkInterfaces) != 1 {
			t.Errorf("filter %s: got %+v", *filter[0].Name, found.NetworkInterfaces)
		}
	}
	w.no("InvalidParameterValue")(w.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{Filters: by("colour", "red")}))
	w.gone(*ws.WorkspaceId)
	found, err = w.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{})
	w.done(found, err)
	if len(found.NetworkInterfaces) != 0 {
		t.Errorf("the desktop is gone, its interface is there: %+v", found.NetworkInterfaces)
	}
	rule := []types.IpPermission{{IpProtocol: new("tcp"), FromPort: new(int32(445)), ToPort: new(int32(445)), UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &group}}}}
	files, err := w.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{GroupName: new("files"), Description: new("files"), VpcId: network})
	w.done(files, err)
	w.done(w.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: files.GroupId, IpPermissions: rule}))
	w.deregister(directory)
	w.done(w.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{group}})) // the rule names it
	w.done(w.RevokeSecurityGroupIngress(ctx, &ec2.RevokeSecurityGroupIngressInput{GroupId: files.GroupId, IpPermissions: rule}))
	if again := w.register(directory); again != group {
		t.Errorf("registered again, want the group that is there, %s, got %s", group, again)
	}
	w.deregister(directory)
	w.no("InvalidGroup.NotFound")(w.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{group}}))
}

// nobody else has machines in subnets.
type nobody struct{}

func (nobody) Houses(*store.Tx, store.Scope, string) (bool, error) { return false, nil }

// rooms is a room over a store of its own.
func rooms(t *testing.T) (*vpc.Service, *store.Store) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{Clock: clock.Real{}, Rehearse: true}, vpc.Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return vpc.New(st, id.Random(), clock.Real{}, nobody{}), st
}

func TestASubnetWithoutAFreeAddressRefusesSeats(t *testing.T) {
	s, _ := rooms(t)
	sc := store.In("111122223333", "ap-northeast-1")
	ctx := caller(t, sc)
	made, err := s.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("10.2.0.0/16")})
	if err != nil {
		t.Fatal(err)
	}
	sub, err := s.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: made.Vpc.VpcId, CidrBlock: new("10.2.1.0/28")})
	if err != nil {
		t.Fatal(err)
	}
	subnet := *sub.Subnet.SubnetId
	seen := map[string]bool{}
	for n := range 11 {
		desktop := "ws-00000000" + string(rune('a'+n))
		a, err := s.Seat(ctx, sc, subnet, desktop, []string{"sg-01234567"})
		again, twice := s.Seat(ctx, sc, subnet, desktop, nil)
		if err != nil || twice != nil || a != again || seen[a.String()] {
			t.Fatalf("seat %d: got %s, %v, then %s, %v", n, a, err, again, twice)
		}
		seen[a.String()] = true
	}
	if a, err := s.Seat(ctx, sc, subnet, "ws-00000000z", nil); !errors.Is(err, desktops.ErrFull) {
		t.Errorf("want ErrFull, got %s, %v", a, err)
	}
	if a, err := s.Seat(ctx, sc, "subnet-01234567", "ws-00000000y", nil); err != nil || a.IsValid() {
		t.Errorf("a subnet that is only a name: want no address, got %s, %v", a, err)
	}
	if a, err := s.Seat(ctx, sc, "subnet-01234567", "ws-00000000y", []string{"sg-01234567"}); !errors.Is(err, desktops.ErrNoSubnet) {
		t.Errorf("a subnet that was deleted: want ErrNoSubnet, got %s, %v", a, err)
	}
	if err := s.Vacate(ctx, sc, "ws-00000000a"); err != nil {
		t.Fatal(err)
	}
	if a, err := s.Seat(ctx, sc, subnet, "ws-00000000z", nil); err != nil || !seen[a.String()] {
		t.Errorf("want the address that was given back, got %s, %v", a, err)
	}
	n, err := s.Networks(ctx)
	if err != nil || len(n.Seats) != 11 || len(n.World.Networks) != 1 {
		t.Fatalf("got %+v, %v", n, err)
	}
	joinedByTransit(ctx, t, s, made.Vpc.VpcId, sub.Subnet.SubnetId)
	end := netpath.End{Address: n.Seats[0].Addr}
	if p := netpath.Find(&n.World, netpath.Packet{From: end, To: netpath.End{Address: n.Seats[1].Addr}, Protocol: netpath.TCP, Port: 445}); len(p) == 0 {
		t.Error("want a path between seats")
	}
}

// joinedByTransit joins the network with another by a transit gateway, and wants
// both to be told.
func joinedByTransit(ctx context.Context, t *testing.T, s *vpc.Service, network, subnet *string) {
	t.Helper()
	hub, err := s.CreateTransitGateway(ctx, &ec2.CreateTransitGatewayInput{})
	if err != nil {
		t.Fatal(err)
	}
	other, err := s.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("10.3.0.0/16")})
	if err != nil {
		t.Fatal(err)
	}
	there, err := s.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: other.Vpc.VpcId, CidrBlock: new("10.3.1.0/24")})
	if err != nil {
		t.Fatal(err)
	}
	for vpc, sub := range map[*string]*string{network: subnet, other.Vpc.VpcId: there.Subnet.SubnetId} {
		_, err := s.CreateTransitGatewayVpcAttachment(ctx, &ec2.CreateTransitGatewayVpcAttachmentInput{TransitGatewayId: hub.TransitGateway.TransitGatewayId, VpcId: vpc, SubnetIds: []string{*sub}})
		if err != nil {
			t.Fatal(err)
		}
	}
	n, err := s.Networks(ctx)
	if err != nil || len(n.World.Networks) != 2 || len(n.World.Transits) != 1 || len(n.World.Transits[0].Attachments) != 2 || len(n.World.Transits[0].Tables[0].Routes) != 2 {
		t.Errorf("want both networks and the gateway between them, got %+v, %v", n.World, err)
	}
}

func caller(t *testing.T, sc store.Scope) context.Context {
	return api.WithCall(t.Context(), &api.Call{Account: sc.Account, Region: sc.Region, Time: time.Now(), Caller: api.Caller{Type: api.IAMUser, Account: sc.Account}})
}

// directory makes a directory in two subnets and registers it for desktops; it
// returns the id of the security group that they will have.
func (w wired) directory(network string, subnets ...string) (id, group string) {
	w.t.Helper()
	ctx := w.t.Context()
	made, err := directoryservice.NewFromConfig(w.plane.Config()).CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: new("corp.example.com"), Password: new("Passw0rd!Passw0rd"), Size: dstypes.DirectorySizeSmall,
		VpcSettings: &dstypes.DirectoryVpcSettings{VpcId: &network, SubnetIds: subnets},
	})
	w.done(made, err)
	return *made.DirectoryId, w.register(*made.DirectoryId)
}

// register registers a directory for desktops; it returns the id of the security
// group that they will have.
func (w wired) register(directory string) (group string) {
	w.t.Helper()
	c, ctx := workspaces.NewFromConfig(w.plane.Config()), w.t.Context()
	w.until("the directory is registered", func() bool {
		_, err := c.RegisterWorkspaceDirectory(ctx, &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: &directory})
		return err == nil
	})
	out, err := c.DescribeWorkspaceDirectories(ctx, &workspaces.DescribeWorkspaceDirectoriesInput{})
	w.done(out, err)
	if out.Directories[0].WorkspaceSecurityGroupId == nil {
		w.t.Fatalf("want a security group, got %+v", out.Directories[0])
	}
	return *out.Directories[0].WorkspaceSecurityGroupId
}

// deregister ends what register began.
func (w wired) deregister(directory string) {
	w.t.Helper()
	w.done(workspaces.NewFromConfig(w.plane.Config()).DeregisterWorkspaceDirectory(w.t.Context(), &workspaces.DeregisterWorkspaceDirectoryInput{DirectoryId: &directory}))
}

// desktop makes a desktop and waits until it is AVAILABLE.
func (w wired) desktop(directory string) (ws wstypes.Workspace) {
	w.t.Helper()
	c := workspaces.NewFromConfig(w.plane.Config())
	made, err := c.CreateWorkspaces(w.t.Context(), &workspaces.CreateWorkspacesInput{Workspaces: []wstypes.WorkspaceRequest{
		{DirectoryId: &directory, UserName: new("Administrator"), BundleId: new("wsb-d12value0")},
	}})
	w.done(made, err)
	if len(made.PendingRequests) != 1 {
		w.t.Fatalf("got %+v", made.FailedRequests)
	}
	w.until("the desktop is there", func() bool {
		out, err := c.DescribeWorkspaces(w.t.Context(), &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{*made.PendingRequests[0].WorkspaceId}})
		w.done(out, err)
		ws = out.Workspaces[0]
		return ws.State == wstypes.WorkspaceStateAvailable
	})
	return ws
}

// gone terminates a desktop and waits until it is not listed.
func (w wired) gone(id string) {
	w.t.Helper()
	c := workspaces.NewFromConfig(w.plane.Config())
	w.done(c.TerminateWorkspaces(w.t.Context(), &workspaces.TerminateWorkspacesInput{TerminateWorkspaceRequests: []wstypes.TerminateRequest{{WorkspaceId: &id}}}))
	w.until("the desktop is gone", func() bool {
		out, err := c.DescribeWorkspaces(w.t.Context(), &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{id}})
		w.done(out, err)
		return len(out.Workspaces) == 0
	})
}

func (w wired) until(what string, ok func() bool) {
	w.t.Helper()
	tick, late := time.NewTicker(20*time.Millisecond), time.After(20*time.Second)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-late:
			w.t.Fatalf("want within 20 s: %s", what)
		}
	}
}

// TestSeatsOfALargeNetworkAreFoundAtOnce gives and takes many seats: the lowest
// free address is found without a look at those of others.
func TestSeatsOfALargeNetworkAreFoundAtOnce(t *testing.T) {
	s, _ := rooms(t)
	sc := store.In("111122223333", "ap-northeast-1")
	ctx := caller(t, sc)
	made, err := s.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("10.2.0.0/16")})
	if err != nil {
		t.Fatal(err)
	}
	sub, err := s.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: made.Vpc.VpcId, CidrBlock: new("10.2.0.0/20")})
	if err != nil {
		t.Fatal(err)
	}
	seat := func(desktop int, want string) {
		t.Helper()
		if a, err := s.Seat(ctx, sc, *sub.Subnet.SubnetId, fmt.Sprintf("ws-many%05d", desktop), nil); err != nil || a.String() != want {
			t.Fatalf("seat %d: want %s, got %s, %v", desktop, want, a, err)
		}
	}
	for n := range 600 {
		seat(n, fmt.Sprintf("10.2.%d.%d", (n+4)/256, (n+4)%256))
	}
	for _, n := range []int{300, 17, 599} {
		if err := s.Vacate(ctx, sc, fmt.Sprintf("ws-many%05d", n)); err != nil {
			t.Fatal(err)
		}
	}
	seat(700, "10.2.0.21")
	seat(17, "10.2.1.48")
	seat(701, "10.2.2.91")
	seat(702, "10.2.2.92")
}
