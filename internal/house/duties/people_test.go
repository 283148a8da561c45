package duties

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account/dsdata"
)

// feedOf writes a feed.
func feedOf(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// theirs are a user's desktops that are not gone, with their tags.
func (f *fleet) theirs(user string) (all []types.Workspace, tags map[string]string) {
	f.t.Helper()
	client := workspaces.NewFromConfig(f.Config())
	out, err := client.DescribeWorkspaces(f.t.Context(), &workspaces.DescribeWorkspacesInput{DirectoryId: &f.directory, UserName: &user})
	f.must(out, err)
	tags = map[string]string{}
	for _, w := range out.Workspaces {
		if w.State == types.WorkspaceStateTerminated || w.State == types.WorkspaceStateTerminating {
			continue
		}
		all = append(all, w)
		got, err := client.DescribeTags(f.t.Context(), &workspaces.DescribeTagsInput{ResourceId: w.WorkspaceId})
		f.must(got, err)
		for _, tag := range got.TagList {
			tags[*tag.Key] = *tag.Value
		}
	}
	return all, tags
}

func (f *fleet) enabled(user string) bool {
	f.t.Helper()
	out, err := dsdata.New(f.Config()).DescribeUser(f.t.Context(), &dsdata.DescribeUserInput{DirectoryID: f.directory, SAMAccountName: user})
	f.must(out, err)
	return aws.ToBool(out.Enabled)
}

// somebody is a user of the plane with a profile of their own, who may do
// nothing.
func (f *fleet) somebody(p *profiles, name string) {
	f.t.Helper()
	client := iam.NewFromConfig(f.Config())
	f.must(client.CreateUser(f.t.Context(), &iam.CreateUserInput{UserName: &name}))
	key, err := client.CreateAccessKey(f.t.Context(), &iam.CreateAccessKeyInput{UserName: &name})
	f.must(key, err)
	p.add(name, aws.Credentials{AccessKeyID: *key.AccessKey.AccessKeyId, SecretAccessKey: *key.AccessKey.SecretAccessKey}, f.Config().Region, *f.Config().BaseEndpoint)
}

var planID = regexp.MustCompile(`plan (p-[0-9a-f]{10})`)

// TestALeaverOverAMonth goes from the last day to the end of the desktop: the
// account off, the desktop stopped and kept, and ended only when its days are
// over and somebody else has agreed.
func TestALeaverOverAMonth(t *testing.T) {
	f := open(t, 3)
	who := user(1)
	f.must(directoryservice.NewFromConfig(f.Config()).ResetUserPassword(t.Context(), &directoryservice.ResetUserPasswordInput{
		DirectoryId: &f.directory, UserName: &who, NewPassword: aws.String("Secret-1234"),
	}))
	p := configure(t)
	keys, err := f.Config().Credentials.Retrieve(t.Context())
	f.must(keys, err)
	p.add("operator", keys, f.Config().Region, *f.Config().BaseEndpoint)
	f.somebody(p, "boss")
	now := clock.NewFrozen(f.at)
	d := desk{home: t.TempDir(), now: now}
	settings := filepath.Join(d.home, "tamachi", "desk.yaml")
	f.must(nil, os.MkdirAll(filepath.Dir(settings), 0o700))
	f.must(nil, os.WriteFile(settings, []byte(`
people: {boss: {aws: ["arn:aws:iam::*:user/boss"]}}
approvals: {leaver terminate: {reason: true, stages: [{of: [boss]}]}}
`), 0o600))
	feed := feedOf(t, "account,state\n"+who+",退職\n")
	run := func(profile string, want int, says string, args ...string) said {
		t.Helper()
		t.Setenv("AWS_PROFILE", profile)
		got := d.run(t.Context(), args...)
		if got.code != want || !strings.Contains(got.out+got.errs, says) {
			t.Fatalf("%v: want exit %d and %q, got %s", args, want, says, got)
		}
		return got
	}
	there := func(want types.WorkspaceState) {
		t.Helper()
		all, _ := f.theirs(who)
		if len(all) != 1 || all[0].State != want {
			t.Fatalf("want one desktop %s, got %+v", want, all)
		}
	}

	there(types.WorkspaceStateAvailable)
	run("operator", 0, "done and verified", "leaver", "--hr", feed, "--apply", "--yes")
	there(types.WorkspaceStateStopped)
	until := f.at.AddDate(0, 0, 30).Format(time.DateOnly)
	if _, tags := f.theirs(who); tags["tamachi:kept-until"] != until || f.enabled(who) {
		t.Errorf("want the account off and the desktop kept until %s, got %v, %t", until, tags, f.enabled(who))
	}
	run("operator", 0, "nothing to do", "leaver", "--hr", feed, "--apply", "--yes")

	end := []string{"leaver", "--hr", feed, "--terminate", "--apply", "--yes"}
	now.Advance(29 * 24 * time.Hour)
	run("operator", 0, "is kept until "+until, end...)
	there(types.WorkspaceStateStopped)
	now.Advance(2 * 24 * time.Hour)
	run("operator", 1, "--reason is wanted", end...)
	got := run("operator", 1, "waits for boss", append(end, "--reason", "left a month ago")...)
	there(types.WorkspaceStateStopped)
	id := planID.FindStringSubmatch(got.out)[1]
	run("operator", 1, "waits for boss", "plan", "apply", id, "--yes")
	run("boss", 0, "boss", "plan", "approve", id)
	there(types.WorkspaceStateStopped)
	run("operator", 0, "1 step done and verified", "plan", "apply", id, "--yes")
	if all, _ := f.theirs(who); len(all) != 0 {
		t.Errorf("want no desktop left, got %+v", all)
	}
	run("operator", 1, "nothing that can be undone", "plan", "undo", id, "--yes")
}

// TestAMoverMoves gives somebody a group, a bundle and a manager by the policies
// of the duty and nothing else, and takes it back.
func TestAMoverMoves(t *testing.T) {
	f := open(t, 3)
	who := user(1)
	bundles, err := workspaces.NewFromConfig(f.Config()).DescribeWorkspaceBundles(t.Context(), &workspaces.DescribeWorkspaceBundlesInput{Owner: aws.String("AMAZON")})
	f.must(bundles, err)
	other := *bundles.Bundles[slices.IndexFunc(bundles.Bundles, func(b types.WorkspaceBundle) bool { return *b.BundleId != f.bundle })].BundleId
	p := configure(t)
	c := f.clerk(p, "clerk")
	c.may("read", printed(t, []string{"mover", "--policy"}))
	c.may("apply", printed(t, []string{"mover", "--policy", "--apply"}))
	d := desk{home: t.TempDir(), now: clock.Real{}}
	feed := feedOf(t, "account,groups,bundle,manager\n"+who+",Sales,"+other+",boss.hiro\n")
	got := d.run(t.Context(), "mover", "--hr", feed, "--apply", "--yes", "--profile", "clerk")
	if got.code != 0 || !strings.Contains(got.out, "3 steps done and verified") || len(c.line.Denied()) > 0 {
		t.Fatalf("want it done and nothing denied, got %v and %s", c.line.Denied(), got)
	}
	if all, tags := f.theirs(who); len(all) != 1 || *all[0].BundleId != other || tags["tamachi:owner"] != "boss.hiro" {
		t.Errorf("want one desktop of bundle %s of boss.hiro, got %+v, %v", other, all, tags)
	}
	if got := d.run(t.Context(), "mover", "--hr", feed, "--profile", "clerk"); got.code != 0 || !strings.Contains(got.out, "nothing to do") {
		t.Errorf("want nothing more to do, got %s", got)
	}
}

// TestAnOwnerReleasesADesktop goes from the question to the end of the desktop
// and to the ledger, by the policies of the duty and nothing else.
func TestAnOwnerReleasesADesktop(t *testing.T) {
	f := open(t, 3)
	who := user(1)
	p := configure(t)
	f.somebody(p, "boss")
	c := f.clerk(p, "clerk")
	for _, policy := range []string{"sweep --policy", "sweep --policy --apply --released", "ledger --policy"} {
		c.may(strings.ReplaceAll(policy, " ", ""), printed(t, append([]string{"cost"}, strings.Fields(policy)...)))
	}
	now := clock.NewFrozen(f.at)
	d := desk{home: t.TempDir(), now: now}
	settings := filepath.Join(d.home, "tamachi", "desk.yaml")
	f.must(nil, os.MkdirAll(filepath.Dir(settings), 0o700))
	f.must(nil, os.WriteFile(settings, []byte("people: {boss: {mail: boss@example.com, aws: [\"arn:aws:iam::*:user/boss\"]}}\n"), 0o600))
	feed := feedOf(t, "account,state,manager\n"+who+",left,boss\n")
	run := func(profile string, want int, says string, args ...string) {
		t.Helper()
		got := d.run(t.Context(), append([]string{"cost"}, append(args, "--profile", profile)...)...)
		if got.code != want || !strings.Contains(got.out+got.errs, says) {
			t.Fatalf("%v: want exit %d and %q, got %s", args, want, says, got)
		}
	}
	day := f.at.Format(time.DateOnly)
	run("clerk", 1, "1 question with its reader", "sweep", "--hr", feed, "--ask")
	run("clerk", 1, "boss asked on "+day+", no answer yet", "sweep", "--hr", feed)
	run("clerk", 0, "nothing to do", "sweep", "--hr", feed, "--released", "--apply", "--yes")
	run("boss", 0, "counted: boss", "answer", f.desktop[who], "release")
	run("boss", 1, "was not asked about", "answer", f.desktop[who], "keep")
	run("clerk", 1, "boss releases it ("+day+")", "sweep", "--hr", feed)
	run("clerk", 0, "1 step done and verified", "sweep", "--hr", feed, "--released", "--apply", "--yes")
	if all, _ := f.theirs(who); len(all) != 0 {
		t.Errorf("want no desktop left, got %+v", all)
	}
	now.Advance(24 * time.Hour)
	run("clerk", 0, f.desktop[who]+"  TERMINATED", "ledger")
	if denied := c.line.Denied(); len(denied) > 0 {
		t.Errorf("want nothing denied, got %v", denied)
	}
}
