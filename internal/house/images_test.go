package house_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/spf13/cobra"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/image"
	"tamachi/internal/desk/plan"
	"tamachi/internal/id"
)

// operator runs duties of the desk with the policies that they print, and nothing
// else.
type operator struct {
	*office
	env map[string]string
}

// operator makes a user whose keys the environment has.
func (o *office) operator() *operator {
	o.t.Helper()
	ctx, rights := o.t.Context(), iam.NewFromConfig(o.Config())
	if _, err := rights.CreateUser(ctx, &iam.CreateUserInput{UserName: new("desk")}); err != nil {
		o.t.Fatal(err)
	}
	key, err := rights.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: new("desk")})
	if err != nil {
		o.t.Fatal(err)
	}
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": *o.Config().BaseEndpoint, "AWS_REGION": o.Config().Region, "AWS_PROFILE": "", "AWS_SESSION_TOKEN": "",
		"AWS_ACCESS_KEY_ID": *key.AccessKey.AccessKeyId, "AWS_SECRET_ACCESS_KEY": *key.AccessKey.SecretAccessKey,
		"AWS_CONFIG_FILE": filepath.Join(o.t.TempDir(), "none"), "AWS_SHARED_CREDENTIALS_FILE": filepath.Join(o.t.TempDir(), "none"),
	} {
		o.t.Setenv(name, value)
	}
	return &operator{o, map[string]string{"XDG_STATE_HOME": o.t.TempDir(), "LC_ALL": "C"}}
}

// file writes a file of the operator's, and returns its path.
func (o *operator) file(name, content string) string {
	o.t.Helper()
	path := filepath.Join(o.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		o.t.Fatal(err)
	}
	return path
}

// may gives the operator the policies and takes the others away.
func (o *operator) may(documents ...string) {
	o.t.Helper()
	rights := iam.NewFromConfig(o.Config())
	for i, name := range []string{"one", "two"} {
		document := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:CreateUser","Resource":"*"}]}`
		if i < len(documents) {
			document = documents[i]
		}
		if _, err := rights.PutUserPolicy(o.t.Context(), &iam.PutUserPolicyInput{UserName: new("desk"), PolicyName: &name, PolicyDocument: &document}); err != nil {
			o.t.Fatal(err)
		}
	}
}

// run runs a command of the desk.
func (o *operator) run(command func(account.World, plan.Actions) *cobra.Command, actions plan.Actions, args ...string) (out string, code int) {
	o.t.Helper()
	var b bytes.Buffer
	c := command(account.World{Getenv: func(name string) string { return o.env[name] }, Clock: clock.Real{}, Location: time.UTC}, actions)
	c.SetArgs(args)
	c.SetOut(&b)
	c.SetErr(&b)
	c.SetIn(strings.NewReader(""))
	if err := c.ExecuteContext(o.t.Context()); err != nil {
		b.WriteString(err.Error())
		code = 1
		if coded, ok := err.(interface{ ExitCode() int }); ok { //nolint:errorlint // it is returned as it is
			code = coded.ExitCode()
		}
	}
	return b.String(), code
}

// want runs a command and tells what is not as wanted.
func (o *operator) want(code int, says string, command func(account.World, plan.Actions) *cobra.Command, actions plan.Actions, args ...string) string {
	o.t.Helper()
	out, got := o.run(command, actions, args...)
	if got != code || !strings.Contains(out, says) || strings.Contains(out, "AccessDenied") {
		o.t.Errorf("%v: want exit %d and %q, got %d and\n%s", args, code, says, got, out)
	}
	return out
}

// imageOf makes an image of a desktop.
func (o *office) imageOf(desktop, name string) string {
	o.t.Helper()
	made, err := o.workspaces().CreateWorkspaceImage(o.t.Context(), &workspaces.CreateWorkspaceImageInput{WorkspaceId: &desktop, Name: &name, Description: &name})
	if err != nil {
		o.t.Fatal(err)
	}
	o.eventually("image", func() bool {
		out, err := o.workspaces().DescribeWorkspaceImages(o.t.Context(), &workspaces.DescribeWorkspaceImagesInput{ImageIds: []string{*made.ImageId}})
		return err == nil && len(out.Images) == 1 && out.Images[0].State == types.WorkspaceImageStateAvailable
	})
	o.Becomes(desktop, types.WorkspaceStateAvailable)
	return *made.ImageId
}

// TestImageCheck checks an image by the desktop that it was made of, whose agent
// is a real one, with the policy that the duty prints.
func TestImageCheck(t *testing.T) {
	o := open(t)
	master := o.desktop()
	o.Becomes(master, types.WorkspaceStateAvailable)
	o.agentOf(master, id.Random())
	node := o.Online(1)[0]
	made := o.imageOf(master, "golden")
	_, err := ssm.NewFromConfig(o.Config()).PutInventory(t.Context(), &ssm.PutInventoryInput{InstanceId: &node, Items: []ssmtypes.InventoryItem{{
		TypeName: aws.String("AWS:Application"), SchemaVersion: aws.String("1.1"), CaptureTime: aws.String("2026-11-23T00:00:00Z"),
		Content: []map[string]string{{"Name": "google-chrome-stable", "Version": "130.0.1-1", "Architecture": "amd64", "Publisher": "x", "InstalledTime": "2026-01-01T00:00:00Z"}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	d := o.operator()
	policy, _ := d.run(image.Command, nil, "check", "--policy")
	d.may(policy)
	list := d.file("list.yaml", `
patches: {within: 0s}
programs: [{name: Chrome, any: ["google-chrome*"], version: "120"}]
probes: [{name: greeting, shell: echo good morning, want: '^good'}]
`)
	d.want(0, "accepted: 2 items", image.Command, nil, "check", made, "--list", list)
	d.want(1, "not accepted: patches, Chrome, greeting", image.Command, nil, "check", master, "--list",
		d.file("list.yaml", "programs: [{name: Chrome, any: [google-chrome-stable], version: \"131\"}]\nprobes: [{name: greeting, shell: echo good morning, want: evening}]\n"))
	d.want(1, `"name": "patches"`, image.Command, nil, "check", node, "--json")
	d.want(1, "there is no image wsi-000000000", image.Command, nil, "check", "wsi-000000000")
	d.want(2, "line 1: unknown key \"program\"", image.Command, nil, "check", made, "--list", d.file("list.yaml", "program: []\n"))
	d.want(2, "want an image", image.Command, nil, "check", "golden")
	d.may(strings.ReplaceAll(policy, "ssm:ListInventoryEntries", "ssm:ListCommands"))
	d.want(1, "ssm:ListInventoryEntries", image.Command, nil, "check", node)
	d.may(policy)
	o.terminate(master)
	o.Becomes(master, "")
	d.want(1, "マスター "+master+" はもうない", image.Command, nil, "check", made, "--lang", "ja")
	d.want(1, "there is no managed node mi-00000000000000000", image.Command, nil, "check", made, "--master", "mi-00000000000000000")
}
