package house_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	workspaces "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/agent"
	"tamachi/internal/aws/services/ssm/amazon"
)

// given are the parameters of one run.
type given map[string]string

// trial is how a document is tried on a node with Linux.
type trial struct {
	given given
	want  types.CommandInvocationStatus
	says  string // in the output of its steps
}

// machineTools are the programs that no node of this test has, whatever the
// machine under it has.
var machineTools = []string{"docker", "pwsh", "ansible-playbook", "salt-call", "chef-client", "inspec", "amazon-cloudwatch-agent-ctl"}

// linux are the documents that run on Linux, each with a trial. What a machine
// has not, they say.
var linux = map[string]trial{
	"AWS-RunShellScript":           {given{"commands": "echo hello"}, "Success", "hello"},
	"AWS-Noop":                     {given{}, "Success", ""},
	"AWS-RunPowerShellScript":      {given{"commands": "Get-Date"}, "Failed", "no PowerShell (pwsh)"},
	"AWS-RunDocument":              {given{"sourceType": "SSMDocument", "sourceInfo": `{"name":"AWS-RunShellScript"}`, "documentParameters": `{"commands":["echo inner"]}`}, "Success", "inner"},
	"AWS-RunRemoteScript":          {given{"sourceType": "HTTP", "sourceInfo": `{"url":"https://ssm.{region}.{domain}/_tamachi/ca.pem"}`, "commandLine": "head -n 1 ca.pem"}, "Success", "BEGIN CERTIFICATE"},
	"AWS-UpdateSSMAgent":           {given{}, "Success", "is up to date"},
	"AWS-ConfigureAWSPackage":      {given{"action": "Install", "name": "none"}, "Failed", "failed to retrieve package document"},
	"AWS-ConfigureDocker":          {given{"action": "Install"}, "Failed", "Docker is not on this node"},
	"AWS-RunDockerAction":          {given{"action": "Ps"}, "Failed", "Docker is not on this node"},
	"AmazonCloudWatch-ManageAgent": {given{"action": "status"}, "Failed", "the CloudWatch agent is not on this node"},
	"AWS-RunAnsiblePlaybook":       {given{"playbook": "- hosts: all"}, "Failed", "ansible-playbook is not on this node"},
	"AWS-RunSaltState":             {given{"state": "x: []"}, "Failed", "salt-call is not on this node"},
	"AWS-ApplyAnsiblePlaybooks":    {given{"SourceInfo": `{"path":"https://s3.amazonaws.com/none/x"}`, "InstallDependencies": "False"}, "Failed", "s3://none/x"},
	"AWS-ApplyChefRecipes":         {given{"SourceType": "HTTP", "SourceInfo": `{"url":"https://ssm.{region}.{domain}/_tamachi/ca.pem"}`, "RunList": "recipe[a::b]"}, "Failed", "chef-client is not on this node"},
	"AWS-RunInspecChecks":          {given{"sourceInfo": `{"path":"https://s3.amazonaws.com/none/x"}`}, "Failed", "s3://none/x"},
	"Tamachi-TopProcesses":         {given{"count": "3"}, "Success", "MemTotal"},
	"Tamachi-DnsAndRoutes":         {given{}, "Success", "name servers:"},
	"Tamachi-LogonLog":             {given{}, "Success", "failed:"},
	"Tamachi-UpdateHistory":        {given{"count": "2"}, "Success", ""},
	"Tamachi-Disk":                 {given{"folder": "{folder}"}, "Success", "largest below"},
	"Tamachi-RepairProfile":        {given{"user": "root"}, "Failed", "/root is no profile"},
	"Tamachi-NetworkCheck":         {given{"host": "127.0.0.1", "port": "{port}"}, "Success", "answers on port"},
	"Tamachi-TimeSync":             {given{}, "Success", "T"},
	"Tamachi-Sessions":             {given{}, "Success", ""},
	"Tamachi-ServiceErrors":        {given{"count": "2"}, "Success", ""},
}

// windows are the documents that are for Windows, with what they require.
var windows = map[string]given{
	"AWS-InstallApplication":            {"source": "https://example.test/a.msi"},
	"AWS-InstallPowerShellModule":       {},
	"AWS-ConfigureCloudWatch":           {},
	"AWS-JoinDirectoryServiceDomain":    {"directoryId": "d-1234567890", "directoryName": "corp.example.test"},
	"AWS-ConfigureWindowsUpdate":        {},
	"AWS-FindWindowsUpdates":            {},
	"AWS-InstallMissingWindowsUpdates":  {},
	"AWS-InstallSpecificWindowsUpdates": {"KbArticleIds": "KB123456"},
	"AWS-InstallWindowsUpdates":         {"Action": "Scan"},
	"AWS-ListWindowsInventory":          {},
}

// elsewhere are the documents that are tried where what they drive is tested.
var elsewhere = []string{
	"AWS-ApplyPatchBaseline", "AWS-GatherSoftwareInventory", "AWS-RefreshAssociation",
	"AWS-RunPatchBaseline", "AWS-RunPatchBaselineAssociation", "AWS-RunPatchBaselineWithHooks", "AWS-PatchInstanceWithRollback",
}

// equipped runs the agent of a desktop with few programs on its path; it
// returns the plane's domain.
func (o *office) equipped(desktop string) (domain string) {
	o.t.Helper()
	spec, ok := o.World.Spec(desktop)
	if !ok {
		o.t.Fatalf("the provider has no desktop %s", desktop)
	}
	bin := o.t.TempDir()
	for _, folder := range []string{"/usr/bin", "/bin", "/usr/sbin", "/sbin"} {
		programs, err := os.ReadDir(folder)
		if err != nil {
			o.t.Fatal(err)
		}
		for _, p := range programs {
			if !slices.Contains(machineTools, p.Name()) {
				_ = os.Symlink(filepath.Join(folder, p.Name()), filepath.Join(bin, p.Name())) // the first of a name
			}
		}
	}
	o.knowTester(bin)
	o.Hire(agent.Config{
		Region: spec.Node.Region, Domain: spec.Node.Domain,
		ActivationID: spec.Node.ActivationID, ActivationCode: spec.Node.ActivationCode,
		Environment: []string{"PATH=" + bin, "HOME=/root", "LANG=C.UTF-8", "TZ=UTC"},
	})
	return spec.Node.Domain
}

// knowTester makes a user known to scripts, with a profile that needs repair.
func (o *office) knowTester(bin string) {
	o.t.Helper()
	o.profile = filepath.Join(o.t.TempDir(), "tester")
	text := "#!/bin/sh\n[ \"$2\" = tester ] || exec /usr/bin/getent \"$@\"\n" +
		"echo tester:x:" + strconv.Itoa(os.Getuid()) + ":" + strconv.Itoa(os.Getgid()) + "::" + o.profile + ":/bin/sh\n"
	_ = os.Remove(filepath.Join(bin, "getent")) // the link to the machine's
	for _, err := range []error{
		os.WriteFile(filepath.Join(bin, "getent"), []byte(text), 0o755),
		os.Mkdir(o.profile, 0o700), os.Chmod(o.profile, 0o777),
		os.WriteFile(filepath.Join(o.profile, ".Xauthority"), nil, 0o600),
	} {
		if err != nil {
			o.t.Fatal(err)
		}
	}
}

// repaired wants the profile to be looked at, mended, and in order then.
func (o *office) repaired(node, domain string) {
	o.t.Helper()
	for _, row := range []struct {
		mode string
		want types.CommandInvocationStatus
		says string
	}{
		{"Check", "Failed", "others may write to " + o.profile},
		{"Repair", "Success", "mended"},
		{"Check", "Success", "in order"},
	} {
		command, err := o.order("Tamachi-RepairProfile", node, domain, given{"user": "tester", "mode": row.mode})
		if err != nil {
			o.t.Fatal(err)
		}
		if status, said := o.outcome(command); status != row.want || !strings.Contains(said, row.says) {
			o.t.Errorf("%s of a profile: %s with\n%s", row.mode, status, said)
		}
	}
	if info, err := os.Stat(o.profile); err != nil || info.Mode().Perm() != 0o755 {
		o.t.Errorf("the profile has the mode %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(filepath.Join(o.profile, ".Xauthority")); !os.IsNotExist(err) {
		o.t.Errorf("the empty .Xauthority is still there: %v", err)
	}
}

// order sends a document to a node.
func (o *office) order(document, node, domain string, g given) (string, error) {
	spec := strings.NewReplacer(
		"{region}", o.Config().Region, "{domain}", domain, "{folder}", o.t.TempDir(),
		"{port}", o.HTTP()[strings.LastIndexByte(o.HTTP(), ':')+1:],
	)
	in := &ssm.SendCommandInput{DocumentName: &document, InstanceIds: []string{node}, Parameters: map[string][]string{}}
	for k, v := range g {
		in.Parameters[k] = []string{spec.Replace(v)}
	}
	out, err := ssm.NewFromConfig(o.Config()).SendCommand(o.t.Context(), in)
	if err != nil {
		return "", err
	}
	return *out.Command.CommandId, nil
}

// outcome waits for a command's end and returns what its steps said.
func (o *office) outcome(command string) (status types.CommandInvocationStatus, said string) {
	o.t.Helper()
	o.eventually("command to end", func() bool {
		out, err := ssm.NewFromConfig(o.Config()).ListCommandInvocations(o.t.Context(), &ssm.ListCommandInvocationsInput{CommandId: &command, Details: true})
		if err != nil || len(out.CommandInvocations) != 1 {
			return false
		}
		i := out.CommandInvocations[0]
		status, said = i.Status, ""
		for _, p := range i.CommandPlugins {
			said += aws.ToString(p.Name) + ": " + aws.ToString(p.Output) + "\n"
		}
		return !slices.Contains([]types.CommandInvocationStatus{"Pending", "InProgress", "Delayed"}, status)
	})
	return status, said
}

// TestEveryDocumentOfAmazonIsTried runs those for Linux on a node and has those
// for Windows refused.
func TestEveryDocumentOfAmazonIsTried(t *testing.T) {
	o := open(t)
	desktop := o.desktop()
	o.Becomes(desktop, workspaces.WorkspaceStateAvailable)
	domain := o.equipped(desktop)
	var node string
	o.eventually("node to be online", func() bool {
		for n, status := range o.nodes() {
			if status == "Online" {
				node = n
			}
		}
		return node != ""
	})
	client := ssm.NewFromConfig(o.Config())
	for _, d := range amazon.Documents() {
		if d.Type != "Command" && d.Type != "Policy" || slices.Contains(elsewhere, d.Name) {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			described, err := client.DescribeDocument(t.Context(), &ssm.DescribeDocumentInput{Name: &d.Name})
			if err != nil || *described.Document.Owner != "Amazon" || aws.ToString(described.Document.Description) == "" {
				t.Fatalf("described as %+v, %v", described, err)
			}
			if g, ok := windows[d.Name]; ok {
				if !slices.Equal(described.Document.PlatformTypes, []types.PlatformType{types.PlatformTypeWindows}) {
					t.Errorf("is for %v", described.Document.PlatformTypes)
				}
				_, err := o.order(d.Name, node, domain, g)
				if refused := (*types.UnsupportedPlatformType)(nil); !errors.As(err, &refused) {
					t.Errorf("on Linux: %v, want UnsupportedPlatformType", err)
				}
				return
			}
			row, ok := linux[d.Name]
			if !ok {
				t.Fatal("it has no trial")
			}
			if !slices.Contains(described.Document.PlatformTypes, types.PlatformTypeLinux) {
				t.Errorf("is for %v", described.Document.PlatformTypes)
			}
			command, err := o.order(d.Name, node, domain, row.given)
			if err != nil {
				t.Fatal(err)
			}
			if status, said := o.outcome(command); status != row.want || !strings.Contains(said, row.says) {
				t.Errorf("ended %s with\n%s\nwant %s with %q", status, said, row.want, row.says)
			}
		})
	}
	o.repaired(node, domain)
	for _, row := range []struct {
		platform string
		some     string
		not      string
	}{
		{"Windows", "AWS-FindWindowsUpdates", "AWS-RunShellScript"},
		{"Linux", "AWS-RunShellScript", "AWS-FindWindowsUpdates"},
	} {
		var names []string
		pages := ssm.NewListDocumentsPaginator(client, &ssm.ListDocumentsInput{Filters: []types.DocumentKeyValuesFilter{
			{Key: aws.String("Owner"), Values: []string{"Amazon"}}, {Key: aws.String("PlatformTypes"), Values: []string{row.platform}},
		}})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range page.DocumentIdentifiers {
				names = append(names, *d.Name)
			}
		}
		if !slices.Contains(names, row.some) || slices.Contains(names, row.not) {
			t.Errorf("for %s: %v", row.platform, names)
		}
	}
}
