package house_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/spf13/cobra"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/linetest"
	"tamachi/internal/desk/login"
	"tamachi/internal/desk/morning"
)

const seats = 55 // three pages

// seat gives people of a new directory a desktop each.
func seat(t *testing.T, p *apitest.Plane) {
	t.Helper()
	ctx, cfg := t.Context(), p.Config()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	d, err := directoryservice.NewFromConfig(cfg).CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: aws.String("corp.example.com"), Password: aws.String("Secret-1234"), Size: dstypes.DirectorySizeSmall,
	})
	must(err)
	client, people := workspaces.NewFromConfig(cfg), dsdata.New(cfg)
	_, err = client.RegisterWorkspaceDirectory(ctx, &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: d.DirectoryId})
	must(err)
	bundles, err := client.DescribeWorkspaceBundles(ctx, &workspaces.DescribeWorkspaceBundlesInput{Owner: aws.String("AMAZON")})
	must(err)
	var wanted []types.WorkspaceRequest
	for n := range seats {
		name := fmt.Sprintf("user.%02d", n)
		_, err := people.CreateUser(ctx, &dsdata.CreateUserInput{DirectoryID: *d.DirectoryId, SAMAccountName: name})
		must(err)
		wanted = append(wanted, types.WorkspaceRequest{DirectoryId: d.DirectoryId, UserName: &name, BundleId: bundles.Bundles[0].BundleId})
		if len(wanted) == account.Batch || n == seats-1 {
			made, err := client.CreateWorkspaces(ctx, &workspaces.CreateWorkspacesInput{Workspaces: wanted})
			must(err)
			if len(made.FailedRequests) > 0 {
				t.Fatalf("desktops: %+v", made.FailedRequests)
			}
			wanted = nil
		}
	}
	for busy := true; busy; {
		busy = false
		list := workspaces.NewDescribeWorkspacesPaginator(client, &workspaces.DescribeWorkspacesInput{})
		for list.HasMorePages() {
			page, err := list.NextPage(ctx)
			must(err)
			for _, w := range page.Workspaces {
				busy = busy || w.State == types.WorkspaceStatePending
			}
		}
		must(account.Pause(ctx, 20*time.Millisecond))
	}
}

// duty is a command that says something over a line.
type duty struct {
	name    string
	command func(account.World) *cobra.Command
	args    []string
	pages   bool // it reads a list of several
}

func (d duty) run(t *testing.T, home string) (out, errs string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	env := map[string]string{"XDG_STATE_HOME": home, "LC_ALL": "C"}
	c := d.command(account.World{Getenv: func(name string) string { return env[name] }, Clock: clock.Real{}, Location: time.UTC})
	c.SetArgs(append([]string{"--profile", filepath.Base(home), "--call-timeout", "300ms"}, d.args...))
	c.SetOut(&stdout)
	c.SetErr(&stderr)
	c.SetIn(strings.NewReader(""))
	if err := c.ExecuteContext(t.Context()); err != nil {
		stderr.WriteString(err.Error())
		code = 1
		if coded, ok := err.(interface{ ExitCode() int }); ok {
			code = coded.ExitCode()
		}
	}
	return stdout.String(), stderr.String(), code
}

// Over a bad line the duties say the same as over a good one, or that they could
// not know; never something else, and never nothing for ever.
func TestDutiesOverABadLine(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	seat(t, p)
	duties := []duty{
		{"morning", morning.Command, nil, true},
		{"diagnose login", login.Command, []string{"user.54"}, false},
	}
	// Each line is a profile of its own.
	keys, err := p.Config().Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var config strings.Builder
	for _, fault := range append([]linetest.Fault{linetest.None}, linetest.All...) {
		line := linetest.Between(t, *p.Config().BaseEndpoint, fault)
		fmt.Fprintf(&config, "[profile %s]\naws_access_key_id = %s\naws_secret_access_key = %s\nregion = %s\nendpoint_url = %s\n",
			strings.ReplaceAll("line "+string(fault), " ", "-"), keys.AccessKeyID, keys.SecretAccessKey, p.Config().Region, line.URL)
	}
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": filepath.Join(dir, "config"), "AWS_SHARED_CREDENTIALS_FILE": filepath.Join(dir, "none"), "AWS_ENDPOINT_URL": "",
		"AWS_PROFILE": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	home := func(fault linetest.Fault) string {
		return filepath.Join(t.TempDir(), strings.ReplaceAll("line "+string(fault), " ", "-"))
	}
	for _, d := range duties {
		good, errs, want := d.run(t, home(linetest.None))
		if errs != "" || good == "" {
			t.Fatalf("%s over a clean line: exit %d, %s\n%s", d.name, want, errs, good)
		}
		for _, fault := range linetest.All {
			t.Run(d.name+", the line "+string(fault), func(t *testing.T) {
				t.Parallel()
				out, errs, code := d.run(t, home(fault))
				switch {
				case fault == linetest.Circle && d.pages:
					if code != 1 || !strings.Contains(out+errs, "lead in a circle") {
						t.Errorf("want exit 1 and the reason, got %d, %s%s", code, out, errs)
					}
				case code != want || out != good:
					t.Errorf("want exit %d and\n%s\ngot %d and\n%s%s", want, good, code, out, errs)
				}
			})
		}
	}
}
