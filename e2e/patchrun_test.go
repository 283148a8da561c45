package e2e

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// TestOverridesOfAPatchRun: a list of patches and a baseline that lie in a
// bucket take the place of the node's own baseline, and a baseline can be
// chosen by its tags.
func TestOverridesOfAPatchRun(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	for _, one := range []string{"secure", "plain", "other"} {
		r.run("dpkg", "--root="+r.dir, "--force-not-root", "--force-bad-path", "-i", r.build("bookworm", one, "1.0"))
	}
	r.build("bookworm-security", "secure", "2.0")
	r.build("bookworm", "plain", "1.1")
	r.build("bookworm", "other", "1.1")
	r.publish()
	p := newPatient(t, r)
	p.bucket("overrides", map[string]string{
		"list.yaml":      "patches:\n    -\n        id: 'plain.*'\n        title: '1.1'\n    -\n        id: 'secure.amd64'\n        title: '3.*'\n",
		"empty.yaml":     "patches: []\n",
		"baselines.json": `[{"OperatingSystem":"UBUNTU"},{"OperatingSystem":"DEBIAN","ApprovedPatches":["other"],"ApprovedPatchesEnableNonSecurity":true}]`,
	})
	run := func(want types.CommandInvocationStatus, parameters map[string][]string) string {
		parameters["RebootOption"] = []string{"NoReboot"}
		return p.wait(p.send("AWS-RunPatchBaseline", parameters), want)
	}
	if said := run(types.CommandInvocationStatusFailed, map[string][]string{"Operation": {"Install"}, "InstallOverrideList": {"s3://overrides/nothing.yaml"}}); !strings.Contains(said, "InstallOverrideList can't be read") {
		t.Errorf("a list that is not there: got %s", said)
	}
	if said := run(types.CommandInvocationStatusFailed, map[string][]string{"Operation": {"Install"}, "InstallOverrideList": {"s3://overrides/empty.yaml"}}); !strings.Contains(said, "has no patches") {
		t.Errorf("an empty list: got %s", said)
	}
	run(types.CommandInvocationStatusSuccess, map[string][]string{"Operation": {"Install"}, "InstallOverrideList": {"https://s3.ap-northeast-1.tamachi.internal/overrides/list.yaml"}})
	if r.version("plain") != "1.1" || r.version("secure") != "1.0" || r.version("other") != "1.0" {
		t.Errorf("by the list: got plain %s, secure %s, other %s", r.version("plain"), r.version("secure"), r.version("other"))
	}
	run(types.CommandInvocationStatusSuccess, map[string][]string{"Operation": {"Scan"}, "BaselineOverride": {"s3://overrides/baselines.json"}})
	p.wantStates("other MISSING", "secure INSTALLED_OTHER")
	if s := p.summary(); !strings.HasPrefix(*s.BaselineId, "pb-override-") {
		t.Errorf("got %s", *s.BaselineId)
	}
	tagged := p.cli("create-patch-baseline", "--name", "strict", "--operating-system", "DEBIAN", "--tags", "Key=env,Value=office", "--approved-patches", "plain", "--query", "BaselineId")
	p.wait(p.send("AWS-RunPatchBaselineAssociation", map[string][]string{"Operation": {"Scan"}, "BaselineTags": {"Key=env,Values=lab,office"}}), types.CommandInvocationStatusSuccess)
	if s := p.summary(); *s.BaselineId != tagged {
		t.Errorf("got %s, want %s", *s.BaselineId, tagged)
	}
	const association = "6f7d2c1e-0000-4000-8000-000000000001"
	p.wait(p.send("AWS-RunPatchBaselineAssociation", map[string][]string{"Operation": {"Scan"}, "AssociationId": {association}}), types.CommandInvocationStatusSuccess)
	if s := p.summary(); *s.BaselineId != tagged {
		t.Errorf("a scan for an association: the node's own state is that of %s, want %s as before", *s.BaselineId, tagged)
	}
	items, err := p.ListComplianceItems(t.Context(), &ssm.ListComplianceItemsInput{
		ResourceIds: []string{p.node}, Filters: []types.ComplianceStringFilter{{Key: aws.String("ComplianceType"), Values: []string{"Association"}}},
	})
	r.must(err)
	if len(items.ComplianceItems) != 1 || *items.ComplianceItems[0].Id != association || items.ComplianceItems[0].Status != types.ComplianceStatusNonCompliant {
		t.Errorf("got %+v, want the association not compliant", items.ComplianceItems)
	}
}

// TestPatchingWhileUsersAreConnected is the other half of requirement FLT-31.
func TestPatchingWhileUsersAreConnected(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	r.run("dpkg", "--root="+r.dir, "--force-not-root", "--force-bad-path", "-i", r.build("bookworm", "secure", "1.0"))
	r.build("bookworm-security", "secure", "2.0")
	r.publish()
	// As proc(5) shows the display's socket: one that listens, and one that somebody is connected to.
	r.write("sockets", "Num RefCount Protocol Flags Type St Inode Path\n0: 00000002 00000000 00010000 0001 01 7 /var/lib/tamachi-signals/display/rfb\n")
	p := newPatient(t, r)
	install := func(connected string) string {
		return p.wait(p.send("AWS-RunPatchBaseline", map[string][]string{"Operation": {"Install"}, "RebootOption": {"NoReboot"}, "ConnectedUsers": {connected}}), types.CommandInvocationStatusSuccess)
	}
	quiet, err := os.ReadFile(r.path("sockets"))
	r.must(err)
	r.write("sockets", string(quiet)+"0: 00000003 00000000 00000000 0001 03 8 /var/lib/tamachi-signals/display/rfb\n")
	if said := install("Skip"); !strings.Contains(said, "Nothing was installed, deferred: connected: ") || !strings.Contains(said, "a user of the desktop") {
		t.Errorf("got %s", said)
	}
	p.wantStates("secure MISSING")
	if s := p.summary(); !strings.HasPrefix(aws.ToString(s.OwnerInformation), "deferred: connected: ") || r.version("secure") != "1.0" {
		t.Errorf("got %+v, version %s", s, r.version("secure"))
	}
	if said := install("Warn"); !strings.Contains(said, "Connected: ") || !strings.Contains(said, "Updates are being installed on this machine.") || r.version("secure") != "2.0" {
		t.Errorf("got version %s and %s", r.version("secure"), said)
	}
	if s := p.summary(); s.OwnerInformation != nil {
		t.Errorf("got %s", *s.OwnerInformation)
	}
}

// TestHooksAroundPatches: with RebootIfNeeded the node restarts after the
// second document, and the states that are reported in the end are those after
// the restart.
func TestHooksAroundPatches(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	r.run("dpkg", "--root="+r.dir, "--force-not-root", "--force-bad-path", "-i", r.build("bookworm", "secure", "1.0"))
	r.build("bookworm-security", "secure", "2.0")
	r.publish()
	p := newPatient(t, r)
	command := p.send("AWS-RunPatchBaselineWithHooks", map[string][]string{"Operation": {"Install"}, "RebootOption": {"RebootIfNeeded"}})
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
}

// bucket makes a bucket of texts that nodes may read.
func (p *patient) bucket(name string, texts map[string]string) {
	p.t.Helper()
	ctx, client := p.t.Context(), s3.NewFromConfig(p.plane.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: &name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(p.plane.Access().Region)},
	})
	p.must(err)
	for key, text := range texts {
		_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: &name, Key: &key, Body: strings.NewReader(text)})
		p.must(err)
	}
	_, err = iam.NewFromConfig(p.plane.Config()).PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String("TestNode"), PolicyName: aws.String("overrides"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::` + name + `/*"}]}`),
	})
	p.must(err)
}
