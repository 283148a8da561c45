package duties

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/agent/simulator"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desktops/fake"
	"tamachi/internal/engine/provision"
	"tamachi/internal/id"
)

// fleet is a plane with a directory, people and their desktops, one of which is
// a managed node that answers probes.
type fleet struct {
	*apitest.Plane
	t         testing.TB
	directory string
	bundle    string
	desktop   map[string]string // by user
	named     map[string]string // by user: the bundle that is not the fleet's, or the range of addresses
	far       string            // the peering connection with another network
	former    map[string]string // by what was a user's desktop before
	nodes     map[string]string // managed nodes, by user
	images    [2]string         // an older and a newer one
	swept     []string          // users whose desktops stop by themselves too late
	region    string            // where it is not the plane's
	feed      string            // file of the personnel department
	at        time.Time
}

func (f *fleet) must(_ any, err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func user(n int) string { return fmt.Sprintf("user.%02d", n) }

// probed is who has the desktop that is a node.
var probed = user(0)

// open makes a fleet of so many seats. The desktop of the last is in ERROR.
func open(t testing.TB, seats int) *fleet {
	t.Helper()
	f := &fleet{Plane: apitest.Start(t, apitest.Options{}), t: t}
	began := time.Now().UTC()
	f.furnish(seats)
	f.manage(probed)
	f.feed = f.write("takeda.hanako,Takeda,Hanako,active,"+f.bundle+",Sales;Office", user(1)+",Ito,Ichiro,active,,Sales", user(2)+",Kato,Jiro,left,,")
	// Metrics of five minutes come when these are over, which may be in a test: none
	// of the fleet's is from before this moment.
	f.at = began.Truncate(5 * time.Minute)
	return f
}

// Config is that of the plane's operator in the fleet's Region.
func (f *fleet) Config() aws.Config {
	cfg := f.Plane.Config()
	cfg.Region = cmp.Or(f.region, cfg.Region)
	return cfg
}

// furnish makes the directory, its people and their desktops.
func (f *fleet) furnish(seats int) {
	f.t.Helper()
	f.desktop, f.named, f.former, f.nodes = map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}
	ctx, cfg := f.t.Context(), f.Config()
	subnets, err := ec2.NewFromConfig(cfg).DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{})
	f.must(subnets, err)
	d, err := directoryservice.NewFromConfig(cfg).CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: aws.String("corp.example.com"), Password: aws.String("Secret-1234"), Size: dstypes.DirectorySizeSmall,
		VpcSettings: &dstypes.DirectoryVpcSettings{VpcId: subnets.Subnets[0].VpcId, SubnetIds: []string{*subnets.Subnets[0].SubnetId, *subnets.Subnets[1].SubnetId}},
	})
	f.must(d, err)
	f.directory = *d.DirectoryId
	client := workspaces.NewFromConfig(cfg)
	f.must(client.RegisterWorkspaceDirectory(ctx, &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: &f.directory}))
	bundles, err := client.DescribeWorkspaceBundles(ctx, &workspaces.DescribeWorkspaceBundlesInput{Owner: aws.String("AMAZON")})
	f.must(bundles, err)
	f.bundle = *bundles.Bundles[0].BundleId
	f.people(seats)
	f.seats(client, seats)
	f.network(client)
}

// people are the users of the directory, and the groups of whom the feed knows.
func (f *fleet) people(seats int) {
	f.t.Helper()
	ctx, people := f.t.Context(), dsdata.New(f.Config())
	for n := range seats {
		f.must(people.CreateUser(ctx, &dsdata.CreateUserInput{DirectoryID: f.directory, SAMAccountName: user(n)}))
	}
	for _, group := range []string{"Sales", "Office"} {
		f.group(group)
	}
}

// seats gives everybody a desktop. That of the last is made by a provider which
// fails.
func (f *fleet) seats(client *workspaces.Client, seats int) {
	f.t.Helper()
	ctx := f.t.Context()
	for n := 0; n < seats; n += account.Batch {
		in := &workspaces.CreateWorkspacesInput{}
		for k := n; k < min(n+account.Batch, seats-1); k++ {
			in.Workspaces = append(in.Workspaces, types.WorkspaceRequest{DirectoryId: &f.directory, UserName: aws.String(user(k)), BundleId: &f.bundle})
		}
		f.create(client, in)
	}
	f.settle(client)
	for n := range provision.Tries {
		f.World.Fail(fake.Create, n+1, errors.New("no room"))
	}
	f.create(client, &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{DirectoryId: &f.directory, UserName: aws.String(user(seats - 1)), BundleId: &f.bundle}}})
	f.follow(f.settle(client))
	f.must(client.CreateTags(ctx, &workspaces.CreateTagsInput{
		ResourceId: aws.String(f.desktop[user(2)]), Tags: []types.Tag{{Key: aws.String("tamachi:kept-until"), Value: aws.String("2020-01-01")}},
	}))
}

func (f *fleet) create(client *workspaces.Client, in *workspaces.CreateWorkspacesInput) {
	f.t.Helper()
	if len(in.Workspaces) == 0 {
		return
	}
	made, err := client.CreateWorkspaces(f.t.Context(), in)
	f.must(made, err)
	if len(made.FailedRequests) > 0 {
		f.t.Fatalf("desktops: %+v", made.FailedRequests)
	}
}

// connected waits until so many of the desktops have somebody connected.
func (f *fleet) connected(want int) {
	f.t.Helper()
	apitest.Eventually(f.t, "the users of "+f.region, func() bool {
		out, err := workspaces.NewFromConfig(f.Config()).DescribeWorkspacesConnectionStatus(f.t.Context(), &workspaces.DescribeWorkspacesConnectionStatusInput{})
		f.must(out, err)
		n := 0
		for _, s := range out.WorkspacesConnectionStatus {
			if s.ConnectionState == types.ConnectionStateConnected {
				n++
			}
		}
		return n == want
	})
}

// follow learns which desktop is whose.
func (f *fleet) follow(all []types.Workspace) {
	for _, w := range all {
		if was := f.desktop[*w.UserName]; was != "" && was != *w.WorkspaceId {
			f.former[was] = *w.UserName
		}
		f.desktop[*w.UserName] = *w.WorkspaceId
	}
}

// settle waits until no desktop is on its way.
func (f *fleet) settle(client *workspaces.Client) (all []types.Workspace) {
	f.t.Helper()
	apitest.Eventually(f.t, "the desktops", func() bool {
		all = nil
		list := workspaces.NewDescribeWorkspacesPaginator(client, &workspaces.DescribeWorkspacesInput{})
		for list.HasMorePages() {
			page, err := list.NextPage(f.t.Context())
			f.must(page, err)
			all = append(all, page.Workspaces...)
		}
		return !slices.ContainsFunc(all, func(w types.Workspace) bool {
			return !slices.Contains([]types.WorkspaceState{types.WorkspaceStateAvailable, types.WorkspaceStateError, types.WorkspaceStateStopped}, w.State)
		})
	})
	return all
}

// network lets the office's address in, and no other.
func (f *fleet) network(client *workspaces.Client) {
	f.t.Helper()
	ctx := f.t.Context()
	g, err := client.CreateIpGroup(ctx, &workspaces.CreateIpGroupInput{
		GroupName: aws.String("office"), UserRules: []types.IpRuleItem{{IpRule: aws.String("203.0.113.0/24")}},
	})
	f.must(g, err)
	f.must(client.AssociateIpGroups(ctx, &workspaces.AssociateIpGroupsInput{DirectoryId: &f.directory, GroupIds: []string{*g.GroupId}}))
}

// open lets every address in.
func (f *fleet) open() {
	f.t.Helper()
	client := workspaces.NewFromConfig(f.Config())
	all, err := client.DescribeIpGroups(f.t.Context(), &workspaces.DescribeIpGroupsInput{})
	f.must(all, err)
	for _, g := range all.Result {
		_, err := client.DisassociateIpGroups(f.t.Context(), &workspaces.DisassociateIpGroupsInput{DirectoryId: &f.directory, GroupIds: []string{*g.GroupId}})
		f.must(nil, err)
	}
}

// answer is what the node answers to every probe: the sections of all of them.
const answer = "@@cpus\n2\n@@uptime\n7200\n@@memory\nMemTotal:\t4000000\nMemAvailable:\t2000000\n@@disk\n/\t95%\n@@top\n150\t99\t1000\tyes\n" +
	"@@dns\n192.0.2.1\n@@name\n10.3.0.10\n@@port\nsilent\n@@session\nXvnc\n@@shell\nopenbox\n@@profile\nowner\t/home/user/.profile\n@@done\n"

// manage makes a user's desktop a managed node by its computer's name.
func (f *fleet) manage(user string) {
	f.t.Helper()
	w, err := workspaces.NewFromConfig(f.Config()).DescribeWorkspaces(f.t.Context(), &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{f.desktop[user]}})
	f.must(w, err)
	ca, err := os.ReadFile(f.Access().CAFile)
	f.must(ca, err)
	at := strings.TrimPrefix(f.HTTP(), "http://")
	world, err := simulator.NewWorld(simulator.Config{
		Region: f.Access().Region, Domain: "tamachi.internal", Port: 4566, CA: ca, Clock: clock.Real{}, IDs: id.Random(),
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, at)
		},
	})
	f.must(world, err)
	activation, code := f.Activation()
	n, err := world.Register(f.t.Context(), activation, code)
	f.must(n, err)
	_, err = n.Renew(f.t.Context())
	f.must(nil, err)
	f.must(nil, n.Call(f.t.Context(), "ssm", "AmazonSSM.UpdateInstanceInformation", map[string]string{
		"InstanceId": n.ID, "AgentName": "amazon-ssm-agent", "AgentVersion": "3.3.987.0", "AgentStatus": "Active",
		"PlatformName": "Debian GNU/Linux", "PlatformType": "Linux", "PlatformVersion": "12", "ComputerName": *w.Workspaces[0].ComputerName,
	}, nil))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx, simulator.Behaviour{Output: answer}) }()
	f.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			f.t.Errorf("the node ended with %v", err)
		}
		world.Close()
	})
	f.nodes[user] = n.ID
	f.Online(len(f.nodes))
}

// proposal writes a policy that is attached to nobody.
func (f *fleet) proposal() (file string) {
	f.t.Helper()
	file = filepath.Join(f.t.TempDir(), "proposal.json")
	f.must(nil, os.WriteFile(file, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"ds:DeleteDirectory","Resource":"*"}}`), 0o600))
	return file
}

// list writes an acceptance list of which the probed desktop lacks something.
func (f *fleet) list() (file string) {
	f.t.Helper()
	file = filepath.Join(f.t.TempDir(), "acceptance.yaml")
	f.must(nil, os.WriteFile(file, []byte("patches: {within: 720h}\nprograms: [{name: Writer, version: 7.2}]\nprobes: [{name: greeting, shell: echo good morning, want: '^good'}]\n"), 0o600))
	return file
}

// write writes a feed of the personnel department.
func (f *fleet) write(rows ...string) (file string) {
	f.t.Helper()
	file = filepath.Join(f.t.TempDir(), "people.csv")
	f.must(nil, os.WriteFile(file, []byte("account,surname,given,state,bundle,groups\n"+strings.Join(rows, "\n")+"\n"), 0o600))
	return file
}
