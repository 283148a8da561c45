package patchmanager

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/store/storetest"
)

var morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

func TestStoredForms(t *testing.T) {
	const node = "mi-0123456789abcdef0"
	b := baseline{
		ID: "pb-0123456789abcdef0", Name: "n", Description: "d", OS: "CENTOS", Global: []condition{by("PRODUCT", "*")},
		Rules:    []rule{{Conditions: []condition{by("SEVERITY", "Critical")}, Level: "HIGH", After: 7, Until: "2026-11-22", NonSecurity: true}},
		Approved: []string{"a"}, Level: "LOW", NonSecurity: true, Rejected: []string{"r"}, Action: block, Sources: []source{{"s", []string{"*"}, "c"}},
		Available: "COMPLIANT", Created: morning, Modified: morning, Tags: map[string]string{"k": "v"}, Token: "t", Request: "q", Predefined: true,
	}
	storetest.Golden(t, &baselines, &b)
	storetest.Golden(t, &defaults, &standard{OS: "CENTOS", Baseline: b.ID})
	storetest.Golden(t, &groups, &group{Group: "g", OS: "CENTOS", Baseline: b.ID})
	storetest.Golden(t, &patches, &patch{
		OS: debian, Product: "Debian12", Name: "bash", Version: "5.2-1", Arch: "amd64", Repository: "bookworm-security", Section: "shells", Priority: "Required",
		Classification: "Security", Severity: "Critical", Security: true, Advisory: "DSA-1", CVEs: []string{"CVE-1"}, Released: morning, Seen: morning,
	})
	storetest.Golden(t, &states, &state{
		Node: node, Group: "g", Baseline: b.ID, Snapshot: "s", OS: debian, Operation: "Install", Reboot: "NoReboot", Began: morning, Ended: morning,
		NoReboot: morning, Interrupted: "i", Patches: []stand{{
			ID: "bash.amd64", Title: "bash 5", Classification: "Security", Severity: "Critical", State: missingPatch, Level: "HIGH", Security: true, Installed: morning, CVEs: []string{"CVE-1"},
		}},
	})
	storetest.Golden(t, &snapshots, &snapshot{Node: node, ID: "s", Token: "t", Group: "g", Product: "Debian12", Baseline: b, Made: morning})
}

// TestAWeekAfterTheRelease is the example of requirement FLT-24: critical
// updates with a delay of seven days, released on 7 July, are approved on 14
// July.
func TestAWeekAfterTheRelease(t *testing.T) {
	b := &baseline{OS: windows, Rules: []rule{{Conditions: []condition{by("CLASSIFICATION", "CriticalUpdates")}, Level: "CRITICAL", After: 7}}}
	july := func(day, hour int) time.Time { return time.Date(2026, 7, day, hour, 30, 0, 0, time.UTC) }
	update := &patch{OS: windows, Name: "KB1", Classification: "CriticalUpdates", Released: july(7, 18)}
	for _, row := range []struct {
		name string
		now  time.Time
		want types.PatchDeploymentStatus
	}{
		{"on the day of its release", july(7, 19), types.PatchDeploymentStatusPendingApproval},
		{"the evening before", july(13, 23), types.PatchDeploymentStatusPendingApproval},
		{"as soon as 14 July begins", july(14, 0).Add(-30 * time.Minute), types.PatchDeploymentStatusApproved},
		{"later", july(30, 0), types.PatchDeploymentStatusApproved},
	} {
		v := b.judge(update, row.now)
		if v.Status != row.want || !v.When.Equal(time.Date(2026, 7, 14, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: got %s at %s, want %s", row.name, v.Status, v.When, row.want)
		}
	}
	other := &patch{OS: windows, Name: "KB2", Classification: "Updates", Released: july(7, 18)}
	if v := b.judge(other, july(30, 0)); v.Status != "" {
		t.Errorf("what no rule matches: got %s", v.Status)
	}
}

func TestWhatABaselineSays(t *testing.T) {
	security := &patch{OS: "CENTOS", Name: "bash", Version: "5.1-2", Arch: "x86_64", Classification: "Security", Severity: "Critical", Security: true, Released: morning.AddDate(0, 0, -10)}
	plain := &patch{OS: "CENTOS", Name: "vim", Version: "2:9.0-1", Arch: "x86_64", Classification: "Enhancement", Released: morning.AddDate(0, 0, -10)}
	fromAll := []rule{{Conditions: []condition{by("PRODUCT", "*")}, Level: "LOW"}}
	for _, row := range []struct {
		name string
		b    baseline
		p    *patch
		want types.PatchDeploymentStatus
	}{
		{"a security update", baseline{Rules: fromAll}, security, types.PatchDeploymentStatusApproved},
		{"another update needs the word", baseline{Rules: fromAll}, plain, ""},
		{"with the word", baseline{Rules: []rule{{Conditions: fromAll[0].Conditions, NonSecurity: true}}}, plain, types.PatchDeploymentStatusApproved},
		{"a delay that is not over", baseline{Rules: []rule{{Conditions: fromAll[0].Conditions, After: 11}}}, security, types.PatchDeploymentStatusPendingApproval},
		{"of two rules the one that approves", baseline{Rules: []rule{{Conditions: fromAll[0].Conditions, After: 11}, fromAll[0]}}, security, types.PatchDeploymentStatusApproved},
		{"up to a date", baseline{Rules: []rule{{Conditions: fromAll[0].Conditions, Until: "2026-11-12"}}}, security, types.PatchDeploymentStatusApproved},
		{"after that date", baseline{Rules: []rule{{Conditions: fromAll[0].Conditions, Until: "2026-11-11"}}}, security, ""},
		{"approved by name", baseline{Approved: []string{"vim"}, NonSecurity: true}, plain, types.PatchDeploymentStatusExplicitApproved},
		{"approved by name and version without epoch", baseline{Approved: []string{"vim-9.0-1.x86_64"}, NonSecurity: true}, plain, types.PatchDeploymentStatusExplicitApproved},
		{"approved by a pattern", baseline{Approved: []string{"v*m*"}, NonSecurity: true}, plain, types.PatchDeploymentStatusExplicitApproved},
		{"approved by name, but no security update", baseline{Approved: []string{"vim"}}, plain, ""},
		{"rejected comes before approved", baseline{Approved: []string{"bash"}, Rejected: []string{"ba*"}, Rules: fromAll}, security, types.PatchDeploymentStatusExplicitRejected},
		{"global filters keep out", baseline{Global: []condition{by("SEVERITY", "Low")}, Rules: fromAll}, security, ""},
		{"but not what is approved by name", baseline{Global: []condition{by("SEVERITY", "Low")}, Approved: []string{"bash"}}, security, types.PatchDeploymentStatusExplicitApproved},
	} {
		row.b.OS = "CENTOS"
		if v := row.b.judge(row.p, morning); v.Status != row.want {
			t.Errorf("%s: got %q, want %q", row.name, v.Status, row.want)
		}
	}
}

func TestStatesOfPatches(t *testing.T) {
	b := &baseline{OS: debian, Rules: byPriority(), Rejected: []string{"telnet"}, Action: block}
	security := patch{OS: debian, Product: "Debian12", Name: "bash", Version: "2", Priority: "Required", Section: "shells", Security: true}
	other := security
	other.Security = false
	telnet := other
	telnet.Name = "telnet"
	for _, row := range []struct {
		name string
		f    found
		want string
	}{
		{"a newer version that is approved", found{patch: security, Have: "1", Newer: true}, missingPatch},
		{"a newer version that is not", found{patch: other, Have: "1", Newer: true}, installedOther},
		{"what came from the security repository", found{patch: security, Have: "2"}, installed},
		{"what came from elsewhere", found{patch: other, Have: "2"}, installedOther},
		{"an installation that failed", found{patch: security, Have: "1", Newer: true, Broken: true}, failedPatch},
		{"installed and not restarted", found{patch: security, Have: "2", Fresh: true}, pendingReboot},
		{"rejected and there", found{patch: telnet, Have: "2"}, installedReject},
	} {
		if got := b.stand(&row.f, morning); got.State != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got.State, row.want)
		}
	}
	b.Action = allowAsDependency
	if got := b.stand(&found{patch: telnet, Have: "2"}, morning); got.State != installedOther {
		t.Errorf("rejected, but allowed as a dependency: got %s", got.State)
	}
	b.Approved = []string{"nothere", "bash"}
	if got := b.absent([]*found{{patch: security}}); len(got) != 1 || got[0].State != notApplicable || got[0].ID != "nothere" {
		t.Errorf("approved and not there: got %+v", got)
	}
	install, hold := (&baseline{OS: debian, Rules: byPriority(), Rejected: []string{"telnet"}, Action: block}).plan(
		[]*found{{patch: security, Have: "1", Newer: true}, {patch: other, Have: "1", Newer: true}, {patch: telnet, Have: "1", Newer: true}}, nil, morning)
	if diff := cmp.Diff([][]string{{"bash=2"}, {"telnet"}}, [][]string{install, hold}); diff != "" {
		t.Error(diff)
	}
}

func TestSystemsOfNodes(t *testing.T) {
	for platform, want := range map[string]string{
		"Debian GNU/Linux 12": "DEBIAN Debian12", "Ubuntu 24.04": "UBUNTU Ubuntu24.04", "Amazon Linux 2023": "AMAZON_LINUX_2023 AmazonLinux2023",
		"Red Hat Enterprise Linux 9.2": "REDHAT_ENTERPRISE_LINUX RedhatEnterpriseLinux9.2", "SLES 15.5": "SUSE Suse15.5", "Plan9 4": " ",
	} {
		at := strings.LastIndexByte(platform, ' ')
		os, product := Machine{Facts: map[string]string{"PlatformName": platform[:at], "PlatformVersion": platform[at+1:]}}.system()
		if os+" "+product != want {
			t.Errorf("%s: got %s %s", platform, os, product)
		}
	}
}

func FuzzGlob(f *testing.F) {
	f.Add("ker*el-*", "kernel-5.1")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if glob(text, text) != true && !strings.Contains(text, "*") {
			t.Errorf("%q does not match itself", text)
		}
		if glob(pattern, text) && !strings.HasPrefix(text, strings.Split(pattern, "*")[0]) {
			t.Errorf("%q matches %q", pattern, text)
		}
		if !glob("*", text) {
			t.Errorf("* does not match %q", text)
		}
	})
}
