package duties

import (
	"bufio"
	"context"
	"net/http"
	"os/exec"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/apitest"
)

// TestDutiesOfAStrangersAWS runs each duty against moto_server, an AWS that is
// not ours, on machines that have it. What that endpoint can answer is right, and
// what it cannot is said.
func TestDutiesOfAStrangersAWS(t *testing.T) {
	f, cfg := stranger(t)
	if f == nil {
		return
	}
	f.seedStranger(cfg)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	got := make([]said, len(reads))
	var all sync.WaitGroup
	for i, d := range reads {
		args := append(d.args(f), "--profile", "stranger")
		all.Go(func() { got[i] = terminal(t, f.at).run(ctx, args...) })
	}
	all.Wait()
	for i, d := range reads {
		t.Run(d.name, func(t *testing.T) {
			want := regexp.MustCompile(d.stranger)
			if got[i].code > 1 || d.stranger == "" || !want.MatchString(got[i].out+got[i].errs) {
				t.Errorf("want it to say %q, got %s", d.stranger, got[i])
			}
		})
	}
}

// stranger is moto_server as the profile "stranger"; nil where a machine has none.
func stranger(t *testing.T) (*fleet, aws.Config) {
	t.Helper()
	program, err := exec.LookPath("moto_server")
	if err != nil {
		t.Log("moto_server is not on PATH: nothing to compare with")
		return nil, aws.Config{}
	}
	f := &fleet{t: t, desktop: map[string]string{}, at: time.Now().UTC()}
	endpoint := f.startStranger(program)
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: &endpoint, HTTPClient: &http.Client{Transport: &apitest.Steady{}},
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	}
	keys, err := cfg.Credentials.Retrieve(t.Context())
	f.must(keys, err)
	configure(t).add("stranger", keys, cfg.Region, endpoint)
	return f, cfg
}

var listening = regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)`)

// startStranger starts moto_server, which chooses its port, and waits until it
// says which.
func (f *fleet) startStranger(program string) (endpoint string) {
	f.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "-H", "127.0.0.1", "-p", "0")
	out, err := cmd.StderrPipe()
	f.must(out, err)
	f.must(nil, cmd.Start())
	said := make(chan struct{})
	f.t.Cleanup(func() {
		stop()
		<-said
		_ = cmd.Wait()
	})
	at := make(chan string, 1)
	go func() {
		defer close(said)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if m := listening.FindStringSubmatch(lines.Text()); m != nil {
				at <- m[1]
			}
		}
		close(at)
	}()
	endpoint = <-at
	if endpoint == "" {
		f.t.Fatal("moto_server ended before it listened")
	}
	return endpoint
}

// seedStranger makes a directory and three desktops by the SDK.
func (f *fleet) seedStranger(cfg aws.Config) {
	f.t.Helper()
	ctx := f.t.Context()
	subnets, err := ec2.NewFromConfig(cfg).DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{})
	f.must(subnets, err)
	d, err := directoryservice.NewFromConfig(cfg).CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: aws.String("corp.example.com"), Password: aws.String("Passw0rd!x"), Size: dstypes.DirectorySizeSmall,
		VpcSettings: &dstypes.DirectoryVpcSettings{VpcId: subnets.Subnets[0].VpcId, SubnetIds: []string{*subnets.Subnets[0].SubnetId, *subnets.Subnets[1].SubnetId}},
	})
	f.must(d, err)
	f.directory, f.bundle = *d.DirectoryId, "wsb-bh8rsxt14"
	_, err = iam.NewFromConfig(cfg).CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("workspaces_DefaultRole"), AssumeRolePolicyDocument: aws.String("{}")})
	f.must(nil, err)
	client := workspaces.NewFromConfig(cfg)
	f.must(client.RegisterWorkspaceDirectory(ctx, &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: d.DirectoryId}))
	in := &workspaces.CreateWorkspacesInput{}
	for n := range 3 {
		in.Workspaces = append(in.Workspaces, types.WorkspaceRequest{DirectoryId: d.DirectoryId, UserName: aws.String(user(n)), BundleId: &f.bundle})
	}
	out, err := client.CreateWorkspaces(ctx, in)
	f.must(out, err)
	for _, w := range out.PendingRequests {
		f.desktop[*w.UserName] = *w.WorkspaceId
	}
	f.feed = f.write("takeda.hanako,Takeda,Hanako,active,"+f.bundle+",Sales", user(2)+",Kato,Jiro,left,,")
	if len(f.desktop) != 3 {
		f.t.Fatalf("want three desktops, got %+v", out)
	}
	for i, name := range []string{"older", "newer"} {
		made, err := client.CreateWorkspaceImage(ctx, &workspaces.CreateWorkspaceImageInput{
			WorkspaceId: aws.String(f.desktop[probed]), Name: &name, Description: &name,
			Tags: []types.Tag{{Key: aws.String("Name"), Value: &name}}, // moto_server lists no tags any more where an image has none
		})
		f.must(made, err)
		f.images[i] = *made.ImageId
	}
}
