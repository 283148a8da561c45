package e2e

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/agent"
	"tamachi/internal/aws/apitest"
)

// root is a Debian of a few packages: dpkg and apt with folders of their own,
// and a repository beside it. Nothing of the machine is touched.
type root struct {
	t    *testing.T
	dir  string
	long bool // the agent's folder is too long for a socket

	programs string // the folder of the node's programs; empty is the machine's
}

func newRoot(t *testing.T) *root {
	t.Helper()
	r := &root{t: t, dir: t.TempDir()}
	for _, d := range []string{
		"var/lib/dpkg/updates", "var/lib/dpkg/info", "var/lib/dpkg/triggers", "var/lib/apt/lists/partial", "var/cache/apt/archives/partial",
		"etc/apt/apt.conf.d", "etc/apt/preferences.d", "var/log/apt", "state",
	} {
		r.must(os.MkdirAll(r.path(d), 0o755))
	}
	r.write("var/lib/dpkg/status", "")
	r.write("sockets", "")
	r.write("etc/apt/sources.list", fmt.Sprintf("deb [trusted=yes] file:%[1]s bookworm main\ndeb [trusted=yes] file:%[1]s bookworm-security main\n", r.path("repo")))
	r.write("apt.conf", fmt.Sprintf(`Dir::State "%[1]s/var/lib/apt"; Dir::State::status "%[1]s/var/lib/dpkg/status"; Dir::Cache "%[1]s/var/cache/apt";
Dir::Etc "%[1]s/etc/apt"; Dir::Log "%[1]s/var/log/apt"; APT::Architecture "amd64"; APT::Architectures { "amd64"; }; APT::Sandbox::User "root";
DPkg::Options { "--root=%[1]s"; "--force-not-root"; "--force-bad-path"; };
`, r.dir))
	return r
}

func (r *root) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *root) path(name string) string { return filepath.Join(r.dir, name) }

func (r *root) write(name, text string) {
	r.t.Helper()
	r.must(os.MkdirAll(filepath.Dir(r.path(name)), 0o755))
	r.must(os.WriteFile(r.path(name), []byte(text), 0o600))
}

func (r *root) run(program string, args ...string) string {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), program, args...)
	cmd.Env = append(r.environment(), "DEBIAN_FRONTEND=noninteractive")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
	return string(out)
}

func (r *root) environment() []string {
	return []string{
		"PATH=" + cmp.Or(r.programs, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), "HOME=" + r.dir, "LC_ALL=C",
		"SSM_PATCH_SOCKETS=" + r.path("sockets"), "APT_CONFIG=" + r.path("apt.conf"), "DPKG_ADMINDIR=" + r.path("var/lib/dpkg"), "SSM_PATCH_STATE=" + r.path("state"), "AWS_SHARED_CREDENTIALS_FILE=" + r.path(".aws/credentials"),
	}
}

// build makes a package and returns its file.
func (r *root) build(suite, name, version string, script ...string) string {
	r.t.Helper()
	from := fmt.Sprintf("build/%s_%s", name, version)
	r.write(from+"/DEBIAN/control", fmt.Sprintf("Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: Test <test@example.com>\nSection: utils\nPriority: optional\nDescription: a test\n", name, version))
	r.write(from+"/usr/share/"+name, version+"\n")
	r.must(os.Chmod(r.path(from), 0o755))
	for _, s := range script {
		r.write(from+"/DEBIAN/postinst", s)
		r.must(os.Chmod(r.path(from+"/DEBIAN/postinst"), 0o755))
	}
	file := r.path(fmt.Sprintf("repo/pool/%s/%s_%s_amd64.deb", suite, name, version))
	r.must(os.MkdirAll(filepath.Dir(file), 0o755))
	r.run("dpkg-deb", "--root-owner-group", "-b", r.path(from), file)
	return file
}

// publish writes the repository's lists.
func (r *root) publish() {
	r.t.Helper()
	for _, suite := range []string{"bookworm", "bookworm-security"} {
		files, err := filepath.Glob(r.path("repo/pool/" + suite + "/*.deb"))
		r.must(err)
		var list strings.Builder
		for _, file := range files {
			body, err := os.ReadFile(file)
			r.must(err)
			rel, err := filepath.Rel(r.path("repo"), file)
			r.must(err)
			fmt.Fprintf(&list, "%s\nFilename: %s\nSize: %d\nSHA256: %x\n\n", strings.TrimSpace(r.run("dpkg-deb", "-f", file)), rel, len(body), sha256.Sum256(body))
		}
		text := list.String()
		r.write("repo/dists/"+suite+"/main/binary-amd64/Packages", text)
		r.write("repo/dists/"+suite+"/Release", fmt.Sprintf("Suite: %[1]s\nCodename: %[1]s\nArchitectures: amd64\nComponents: main\nDate: Sun, 22 Nov 2026 08:00:00 UTC\nSHA256:\n %[2]x %[3]d main/binary-amd64/Packages\n",
			suite, sha256.Sum256([]byte(text)), len(text)))
	}
}

// version is what dpkg has installed.
func (r *root) version(name string) string {
	r.t.Helper()
	return r.run("dpkg-query", "-W", "-f", "${Version}", name)
}

// reboot makes what the script noted look as if it was of an earlier start of
// the machine.
func (r *root) reboot() {
	r.t.Helper()
	for _, name := range []string{"state/run.json", "state/pending.json"} {
		text, err := os.ReadFile(r.path(name))
		if os.IsNotExist(err) {
			continue
		}
		r.must(err)
		var v map[string]any
		r.must(json.Unmarshal(text, &v))
		v["boot"] = "an earlier one"
		text, err = json.Marshal(v)
		r.must(err)
		r.write(name, string(text))
	}
}

// patient is a node in a root of its own, run by our agent.
type patient struct {
	*ssm.Client
	*root
	plane  *apitest.Plane
	config agent.Config
	node   string
	asked  chan struct{}
	stop   func()
}

func newPatient(t *testing.T, r *root, tags ...string) *patient {
	t.Helper()
	p := &patient{root: r, plane: apitest.Start(t, apitest.Options{}), asked: make(chan struct{}, 1)}
	p.Client = ssm.NewFromConfig(p.plane.Config())
	folder := t.TempDir()
	if r.long {
		folder = filepath.Join(folder, strings.Repeat("long", 25))
	}
	activation, code := p.plane.Activation(tags...)
	p.config = agent.Config{
		Folder: folder, Environment: append(r.environment(), "AWS_ENDPOINT_URL_SSM="+p.plane.Access().HTTP), ActivationID: activation, ActivationCode: code,
		Reboot: func(context.Context) error { p.asked <- struct{}{}; return nil },
	}
	p.start()
	p.node = p.plane.Online(1)[0]
	return p
}

func (p *patient) start() { p.stop = p.plane.Hire(p.config) }

// send sends a document.
func (p *patient) send(document string, parameters map[string][]string) string {
	p.t.Helper()
	out, err := p.SendCommand(p.t.Context(), &ssm.SendCommandInput{DocumentName: &document, InstanceIds: []string{p.node}, Parameters: parameters})
	p.must(err)
	return *out.Command.CommandId
}

// wait returns what the step of a command wrote, when it ended as wanted.
func (p *patient) wait(command string, want types.CommandInvocationStatus) string {
	p.t.Helper()
	var text string
	apitest.Eventually(p.t, "command "+command+" to be "+string(want), func() bool {
		out, err := p.ListCommandInvocations(p.t.Context(), &ssm.ListCommandInvocationsInput{CommandId: &command, Details: true})
		p.must(err)
		if len(out.CommandInvocations) != 1 {
			return false
		}
		i := out.CommandInvocations[0]
		text = ""
		for _, plugin := range i.CommandPlugins {
			text += aws.ToString(plugin.Output)
		}
		switch i.Status {
		case types.CommandInvocationStatusPending, types.CommandInvocationStatusInProgress, types.CommandInvocationStatusDelayed:
			return false
		}
		if i.Status != want {
			p.t.Fatalf("command %s is %s:\n%s", command, i.Status, text)
		}
		return true
	})
	return text
}

func (p *patient) patch(operation, reboot string) string {
	p.t.Helper()
	return p.wait(p.send("AWS-RunPatchBaseline", map[string][]string{"Operation": {operation}, "RebootOption": {reboot}}), types.CommandInvocationStatusSuccess)
}

// states are those of the node's patches by name.
func (p *patient) states() map[string]string {
	p.t.Helper()
	out, err := p.DescribeInstancePatches(p.t.Context(), &ssm.DescribeInstancePatchesInput{InstanceId: &p.node})
	p.must(err)
	found := map[string]string{}
	for _, one := range out.Patches {
		found[strings.TrimSuffix(*one.KBId, ".amd64")] = string(one.State)
	}
	return found
}

func (p *patient) wantStates(want ...string) {
	p.t.Helper()
	got := p.states()
	for _, w := range want {
		name, state, _ := strings.Cut(w, " ")
		if got[name] != state {
			p.t.Errorf("%s is %q, want %s", name, got[name], state)
		}
	}
}

func (p *patient) summary() types.InstancePatchState {
	p.t.Helper()
	out, err := p.DescribeInstancePatchStates(p.t.Context(), &ssm.DescribeInstancePatchStatesInput{InstanceIds: []string{p.node}})
	p.must(err)
	if len(out.InstancePatchStates) != 1 {
		p.t.Fatalf("got %d states", len(out.InstancePatchStates))
	}
	return out.InstancePatchStates[0]
}

// cli runs the real CLI.
func (p *patient) cli(args ...string) string {
	p.t.Helper()
	a := p.plane.Access()
	cmd := exec.CommandContext(p.t.Context(), "aws", append(append([]string{"ssm"}, args...), "--endpoint-url", a.HTTP, "--region", a.Region, "--output", "text")...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "AWS_ACCESS_KEY_ID=" + a.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + a.SecretAccessKey, "AWS_PAGER="}
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("aws ssm %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestANodeIsPatched scans and installs on a real node, with a baseline that
// its patch group chooses.
func TestANodeIsPatched(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	for _, one := range []string{"secure", "plain", "banned", "good"} {
		r.run("dpkg", "--root="+r.dir, "--force-not-root", "--force-bad-path", "-i", r.build("bookworm", one, "1.0"))
	}
	r.build("bookworm-security", "secure", "2.0")
	r.build("bookworm", "plain", "1.1")
	r.build("bookworm-security", "banned", "2.0")
	r.publish()
	p := newPatient(t, r, "Patch Group", "desks")
	baseline := p.cli("create-patch-baseline", "--name", "desks", "--operating-system", "DEBIAN", "--rejected-patches", "banned", "--rejected-patches-action", "BLOCK",
		"--approved-patches", "nothere", "--approval-rules", "PatchRules=[{PatchFilterGroup={PatchFilters=[{Key=PRIORITY,Values=[Optional]}]},ApproveAfterDays=0,ComplianceLevel=HIGH}]", "--query", "BaselineId")
	p.cli("register-patch-baseline-for-patch-group", "--baseline-id", baseline, "--patch-group", "desks")

	said := p.patch("Scan", "NoReboot")
	if !strings.Contains(said, "baseline "+baseline) || !strings.Contains(said, "MISSING: 1") {
		t.Errorf("got %s", said)
	}
	p.wantStates("secure MISSING", "plain INSTALLED_OTHER", "banned INSTALLED_REJECTED", "good INSTALLED_OTHER", "nothere NOT_APPLICABLE")
	if s := p.summary(); *s.BaselineId != baseline || *s.PatchGroup != "desks" || s.Operation != types.PatchOperationTypeScan || s.MissingCount != 1 {
		t.Errorf("got %+v", s)
	}
	if got := p.cli("list-compliance-items", "--resource-ids", p.node, "--filters", "Key=ComplianceType,Values=Patch", "Key=Status,Values=NON_COMPLIANT", "--query", "ComplianceItems[].[Id,Severity]"); got != "banned.amd64\tUNSPECIFIED\nsecure.amd64\tHIGH" {
		t.Errorf("got %q", got)
	}
	if got := p.cli("describe-available-patches", "--filters", "Key=PRODUCT,Values=*", "--query", "Patches[].[Name,Version,Repository]"); !strings.Contains(got, "secure\t2.0\tbookworm-security") || !strings.Contains(got, "plain\t1.1\tbookworm") {
		t.Errorf("got %q", got)
	}
	if got := p.cli("describe-effective-patches-for-patch-baseline", "--baseline-id", baseline, "--query", "EffectivePatches[].[Patch.Name,PatchStatus.DeploymentStatus]"); got != "banned\tEXPLICIT_REJECTED\nsecure\tAPPROVED" {
		t.Errorf("got %q", got)
	}

	p.wantSnapshot(baseline)
	p.wantOwnOnly()
	p.patch("Install", "NoReboot")
	if r.version("secure") != "2.0" || r.version("plain") != "1.0" || r.version("banned") != "1.0" {
		t.Errorf("got secure %s, plain %s, banned %s", r.version("secure"), r.version("plain"), r.version("banned"))
	}
	p.wantStates("secure INSTALLED_PENDING_REBOOT", "plain INSTALLED_OTHER", "banned INSTALLED_REJECTED")
	if s := p.summary(); s.LastNoRebootInstallOperationTime == nil || *s.InstalledPendingRebootCount != 1 {
		t.Errorf("got %+v", s)
	}
	r.reboot()
	p.wait(p.send("AWS-RunPatchBaselineAssociation", map[string][]string{"Operation": {"Scan"}}), types.CommandInvocationStatusSuccess)
	p.wantStates("secure INSTALLED")
	p.wait(p.send("AWS-RunPatchBaselineWithHooks", map[string][]string{"Operation": {"Scan"}}), types.CommandInvocationStatusSuccess)
	if said := p.wait(p.send("AWS-ApplyPatchBaseline", map[string][]string{"Operation": {"Scan"}}), types.CommandInvocationStatusFailed); !strings.Contains(said, "is for Windows") {
		t.Errorf("got %s", said)
	}
	group, err := p.DescribePatchGroupState(t.Context(), &ssm.DescribePatchGroupStateInput{PatchGroup: aws.String("desks")})
	if err != nil || group.Instances != 1 || group.InstancesWithInstalledPatches != 1 || *group.InstancesWithInstalledRejectedPatches != 1 {
		t.Errorf("got %+v, %v", group, err)
	}
}

// wantSnapshot fixes the baseline for a run and reads it where the answer says.
func (p *patient) wantSnapshot(baseline string) {
	p.t.Helper()
	out, err := p.GetDeployablePatchSnapshotForInstance(p.t.Context(), &ssm.GetDeployablePatchSnapshotForInstanceInput{
		InstanceId: &p.node, SnapshotId: aws.String("11111111-2222-4333-8444-555555555555"),
	})
	p.must(err)
	ca, err := os.ReadFile(p.plane.Access().CAFile)
	p.must(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	trusting := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	defer trusting.CloseIdleConnections()
	if text := p.get(trusting, *out.SnapshotDownloadUrl, ""); !strings.Contains(text, `"patchBaselineId":"`+baseline+`"`) || *out.Product != "Debian12" {
		p.t.Errorf("got %s, %s", *out.Product, text)
	}
	if text := p.get(trusting, *out.SnapshotDownloadUrl+"0", ""); !strings.Contains(text, "not found") {
		p.t.Errorf("another token: got %s", text)
	}
}

// wantOwnOnly tries what a script on the node may not: another node, another
// call, a call that says nothing.
func (p *patient) wantOwnOnly() {
	p.t.Helper()
	local := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(p.config.Folder, "plane.sock"))
	}}}
	defer local.CloseIdleConnections()
	const form = `{"InstanceId":"%s","SnapshotId":"11111111-2222-4333-8444-555555555555","Stage":"%s","Operation":"Scan"}`
	for _, row := range []struct{ target, body, want string }{
		{"PutInstancePatches", fmt.Sprintf(form, "mi-0123456789abcdef0", "Result"), "AccessDenied"},
		{"PutInstancePatches", fmt.Sprintf(form, p.node, "Never"), "ValidationException"},
		{"PutInstancePatches", "no JSON", "SerializationException"},
		{"SendCommand", "{}", "AccessDenied"},
	} {
		if got := p.get(local, "http://agent/AmazonSSM."+row.target, row.body); !strings.Contains(got, row.want) {
			p.t.Errorf("%s %s: got %s, want %s", row.target, row.body, got, row.want)
		}
	}
}

// get reads a page, or posts a body.
func (p *patient) get(c *http.Client, url, body string) string {
	p.t.Helper()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(p.t.Context(), method, url, strings.NewReader(body))
	p.must(err)
	res, err := c.Do(r)
	p.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	p.must(err)
	return string(text)
}

// TestAnInstallRestartsTheNodeAndGoesOn follows exit code 194 through a restart
// of the node.
func TestAnInstallRestartsTheNodeAndGoesOn(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	r.run("dpkg", "--root="+r.dir, "--force-not-root", "--force-bad-path", "-i", r.build("bookworm", "secure", "1.0"))
	r.build("bookworm-security", "secure", "2.0")
	r.publish()
	p := newPatient(t, r)
	command := p.send("AWS-RunPatchBaseline", map[string][]string{"Operation": {"Install"}})
	select {
	case <-p.asked:
	case <-time.After(60 * time.Second):
		t.Fatal("nobody asked for a restart")
	}
	p.wantStates("secure INSTALLED_PENDING_REBOOT")
	p.stop()
	r.reboot()
	p.start()
	p.wait(command, types.CommandInvocationStatusSuccess)
	p.wantStates("secure INSTALLED")
	if s := p.summary(); s.OwnerInformation != nil || s.Operation != types.PatchOperationTypeInstall {
		t.Errorf("got %+v", s)
	}
}

// TestAnInterruptedInstallIsShown is requirement FLT-31: somebody restarts the
// node in the middle of an installation.
func TestAnInterruptedInstallIsShown(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	for _, one := range []string{"secure", "broken"} {
		r.run("dpkg", "--root="+r.dir, "--force-not-root", "--force-bad-path", "-i", r.build("bookworm", one, "1.0"))
	}
	r.build("bookworm-security", "secure", "2.0")
	// Its script needs a shell, which this root has not: as when power went away
	// between unpacking and configuring.
	r.build("bookworm-security", "broken", "2.0", "#!/bin/sh\nexit 0\n")
	r.publish()
	p := newPatient(t, r)
	command := p.send("AWS-RunPatchBaseline", map[string][]string{"Operation": {"Install"}, "RebootOption": {"NoReboot"}})
	p.wait(command, types.CommandInvocationStatusFailed)
	p.wantStates("secure INSTALLED_PENDING_REBOOT", "broken FAILED")
	r.write("state/run.json", `{"boot":"an earlier one","operation":"Install","began":"2026-11-22T08:00:00Z","snapshot":"s","wanted":["secure=2.0"]}`)
	said := p.patch("Scan", "NoReboot")
	const want = "interrupted: a restart cut off the Install that began 2026-11-22T08:00:00Z"
	if s := p.summary(); aws.ToString(s.OwnerInformation) != want || s.FailedCount != 1 || !strings.Contains(said, want) {
		t.Errorf("got %+v\n%s", s, said)
	}
	p.patch("Scan", "NoReboot")
	if s := p.summary(); s.OwnerInformation != nil {
		t.Errorf("a run that nobody interrupted: got %s", *s.OwnerInformation)
	}
}

// TestPatchingWithSharedCredentials takes the way of the SSM Agent, which has
// no socket for scripts but shares the node's credentials with root.
func TestPatchingWithSharedCredentials(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	r.long = true
	r.run("dpkg", "--root="+r.dir, "--force-not-root", "--force-bad-path", "-i", r.build("bookworm", "secure", "1.0"))
	r.build("bookworm-security", "secure", "2.0")
	r.publish()
	p := newPatient(t, r)
	scan := func(want types.CommandInvocationStatus) string {
		return p.wait(p.send("AWS-RunPatchBaseline", map[string][]string{"Operation": {"Scan"}}), want)
	}
	keys := func(secret string) {
		r.write(".aws/credentials", "[default]\naws_access_key_id = "+p.plane.Access().AccessKeyID+"\naws_secret_access_key = "+secret+"\n")
	}
	keys("wrong")
	if said := scan(types.CommandInvocationStatusFailed); !strings.Contains(said, "The plane answered 4") {
		t.Errorf("got %s", said)
	}
	keys(p.plane.Access().SecretAccessKey)
	scan(types.CommandInvocationStatusSuccess)
	p.wantStates("secure MISSING")
}

// TestInventoryOfANode collects on a real node.
func TestInventoryOfANode(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	r.run("dpkg", "--root="+r.dir, "--force-not-root", "--force-bad-path", "-i", r.build("bookworm", "secure", "1:2.0-3"))
	r.publish()
	p := newPatient(t, r)
	custom := filepath.Join(p.config.Folder, "inventory", "custom")
	r.must(os.MkdirAll(custom, 0o700))
	r.must(os.WriteFile(filepath.Join(custom, "rack.json"), []byte(`{"SchemaVersion":"1.0","TypeName":"Custom:Rack","Content":{"Row":"4"}}`), 0o600))
	gather := map[string][]string{"files": {`[{"Path":"` + r.path("etc/apt") + `","Pattern":["*.list"],"Recursive":true}]`}}
	said := p.wait(p.send("AWS-GatherSoftwareInventory", gather), types.CommandInvocationStatusSuccess)
	if !strings.Contains(said, "AWS:Application: 1") || !strings.Contains(said, "windowsUpdates: Windows only") {
		t.Errorf("got %s", said)
	}
	entries := func(kind, query string) string {
		return p.cli("list-inventory-entries", "--instance-id", p.node, "--type-name", kind, "--query", "Entries[].["+query+"]")
	}
	for _, row := range []struct{ kind, query, want string }{
		{"AWS:Application", "Name,Epoch,Version,Release,Architecture", "secure\t1\t2.0\t3\tx86_64"},
		{"AWS:File", "Name", "sources.list"},
		{"AWS:AWSComponent", "Name", "tamachi-agent"},
		{"Custom:Rack", "Row", "4"},
		{"AWS:InstanceInformation", "PlatformType,InstanceStatus", "Linux\tActive"},
	} {
		if got := entries(row.kind, row.query); got != row.want {
			t.Errorf("%s: got %q, want %q", row.kind, got, row.want)
		}
	}
	// The second report sends hashes only, but what changed.
	r.run("dpkg", "--root="+r.dir, "--force-not-root", "--force-bad-path", "-i", r.build("bookworm", "more", "1.0"))
	before := time.Now()
	p.wait(p.send("AWS-GatherSoftwareInventory", gather), types.CommandInvocationStatusSuccess)
	p.wantHistory(before)
	if got := p.cli("get-inventory", "--filters", "Key=AWS:Application.Name,Values=more", "Key=AWS:Application.Version,Values=2.0,Type=LessThan", "--query", "Entities[].Id"); got != p.node {
		t.Errorf("got %q", got)
	}
}

// wantHistory compares the time before the second report with now, by the
// command that is for it.
func (p *patient) wantHistory(before time.Time) {
	p.t.Helper()
	a := p.plane.Access()
	diff := func(args ...string) (string, int) {
		cmd := exec.CommandContext(p.t.Context(), binary, append([]string{"inventory", "diff"}, args...)...)
		cmd.Env = []string{"HOME=" + p.dir, "AWS_ENDPOINT_URL=" + a.HTTP, "AWS_REGION=" + a.Region, "AWS_ACCESS_KEY_ID=" + a.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + a.SecretAccessKey}
		out, err := cmd.CombinedOutput()
		if fault, ok := errors.AsType[*exec.ExitError](err); ok {
			return string(out), fault.ExitCode()
		}
		p.must(err)
		return string(out), 0
	}
	now := time.Now().Add(time.Second).UTC().Format(time.RFC3339)
	since := before.UTC().Format(time.RFC3339Nano)
	if got, code := diff(since, now, "--type", "AWS:Application", "--node", p.node); got != p.node+" AWS:Application\n+ more Version=1.0\n" || code != 1 {
		p.t.Errorf("got exit code %d and\n%s", code, got)
	}
	if got, code := diff("2026-01-01", "2026-01-02"); got != "" || code != 0 {
		p.t.Errorf("before anything was reported: got exit code %d and\n%s", code, got)
	}
	if got, code := diff(now, since); !strings.Contains(got, "ValidationException: From must be before To") || code != 1 {
		p.t.Errorf("the wrong way round: got exit code %d and\n%s", code, got)
	}
	if got, code := diff("yesterday", now); code != 2 {
		p.t.Errorf("no date: got exit code %d and\n%s", code, got)
	}
}
