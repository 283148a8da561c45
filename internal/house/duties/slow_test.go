package duties

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/clock"
)

// prices are of sizes, each ten more a month than the one before.
func prices(t *testing.T) string {
	t.Helper()
	type cell struct{ Compute, OS, Mode, Unit, Price, Source, Date string }
	var cells []cell
	for i, compute := range []string{"VALUE", "STANDARD", "PERFORMANCE", "POWER", "POWERPRO"} {
		cells = append(cells, cell{compute, "Linux", "AlwaysOn", "Month", fmt.Sprint(10 * (i + 1)), "test", "2026-11-01"})
	}
	b, err := json.Marshal(map[string]any{"Region": "ap-northeast-1", "Currency": "USD", "Cells": cells})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (f *fleet) compute(user string) string {
	f.t.Helper()
	all, err := workspaces.NewFromConfig(f.Config()).DescribeWorkspaces(f.t.Context(), &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{f.desktop[user]}})
	f.must(all, err)
	return string(all.Workspaces[0].WorkspaceProperties.ComputeTypeName)
}

// A desktop that is too small is asked for with the evidence: people are asked
// where it costs more than the rule allows, and the rule agrees where it does not.
// Who asks has the policy of the duty and nothing else.
func TestASlowDesktopIsMadeLarger(t *testing.T) {
	f := open(t, 3)
	p := configure(t)
	c := f.clerk(p, "clerk")
	c.may("duty", printed(t, larger))
	f.somebody(p, "boss")
	d := desk{home: t.TempDir(), now: clock.Real{}}
	dir := filepath.Join(d.home, "tamachi")
	f.must(nil, os.MkdirAll(dir, 0o700))
	f.must(nil, os.WriteFile(filepath.Join(dir, "prices.json"), []byte(prices(t)), 0o600))
	rule := func(most int) {
		f.must(nil, os.WriteFile(filepath.Join(dir, "desk.yaml"), fmt.Appendf(nil, `
prices: prices.json
people: {clerk: {aws: ["arn:aws:iam::*:user/clerk"]}, boss: {aws: ["arn:aws:iam::*:user/boss"]}}
approvals: {diagnose slow: {stages: [{of: [boss]}], auto: {more: %d, times: 1}}}
`, most), 0o600))
	}
	run := func(profile string, want int, says string, args ...string) said {
		t.Helper()
		t.Setenv("AWS_PROFILE", profile)
		got := d.run(t.Context(), args...)
		if got.code != want || !strings.Contains(got.out+got.errs, says) {
			t.Fatalf("%v: want exit %d and %q, got %s", args, want, says, got)
		}
		return got
	}
	ask := []string{"diagnose", "slow", probed, "--fix", "resize", "--yes", "--reason", "CAD"}
	was := f.compute(probed)
	is := func(want bool) {
		t.Helper()
		if now := f.compute(probed); (now != was) != want {
			t.Fatalf("want it larger than %s %t, got %s", was, want, now)
		}
	}

	rule(5)
	first := planID.FindString(run("clerk", 1, "10.00 USD more a month for "+f.desktop[probed]+" is above 5", ask...).out)
	if again := planID.FindString(run("clerk", 1, "waits for boss", ask...).out); again != first || first == "" {
		t.Errorf("want one plan, got %q and %q", first, again)
	}
	var requests []struct {
		Request struct {
			ID       string
			Evidence struct {
				More     string
				Programs []string
			}
		}
	}
	f.must(nil, json.Unmarshal([]byte(run("boss", 0, "", "approval", "list", "--json").out), &requests))
	if len(requests) != 1 || requests[0].Request.Evidence.More != "10.00 USD" || len(requests[0].Request.Evidence.Programs) == 0 {
		t.Fatalf("want one request with its evidence, got %+v", requests)
	}
	run("boss", 0, "", "approval", "reject", requests[0].Request.ID, "--reason", "wait for the new budget")
	is(false)

	rule(25)
	larger := planID.FindStringSubmatch(run("clerk", 0, "agreed by the rule approvals.diagnose slow.auto: 10.00 USD more a month, within 25; 1 of 1 this month", ask...).out)[1]
	is(true)
	run("clerk", 1, "AWS takes the next change 6 hours later", ask...)

	back := planID.FindStringSubmatch(run("clerk", 1, "do not say what", "plan", "undo", larger, "--yes", "--reason", "not needed").out)[1]
	run("boss", 0, "", "plan", "approve", back)
	run("clerk", 0, "", "plan", "apply", back, "--yes")
	is(false)
	if denied := c.line.Denied(); len(denied) > 0 {
		t.Errorf("want nothing denied, got %v", denied)
	}
}
