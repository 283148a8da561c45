package duties

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/linetest"
)

// undoing are the calls by which what each duty does is taken back, each once, the
// last first; none is no way back. A new duty is a row here. What is done to a
// whole fleet is taken back where it is done; see wholes.
var undoing = map[string][]string{
	"joiner":                     {"TerminateWorkspaces", "RemoveGroupMember", "DeleteUser"},
	"mover":                      {"RemoveGroupMember"},
	"leaver":                     {"DeleteTags", "StartWorkspaces", "ModifyWorkspaceProperties", "ResetUserPassword"},
	"leaver who is over":         nil,
	"diagnose desktop, repair":   nil,
	"diagnose desktop, restart":  nil,
	"diagnose desktop, restore":  nil,
	"diagnose desktop, rebuild":  {"RestoreWorkspace"},
	"diagnose desktop, recreate": nil,
	"exception grant, printing":  {"RemoveGroupMember"},
	"exception grant, wallpaper": {"RemoveGroupMember"},
	"diagnose slow":              {"ModifyWorkspaceProperties"},
	"diagnose path":              {"DeleteRoute"},
	"cost sweep":                 {"ModifyWorkspaceProperties"},
	"image rollout":              {"UpdateWorkspaceBundle"},
	"desktop start":              {"StopWorkspaces"},
	"desktop stop":               {"StartWorkspaces"},
	"desktop reboot":             nil,
	"desktop auto-stop":          {"ModifyWorkspaceProperties"},
	"desktop always-on":          {"ModifyWorkspaceProperties"},
	"desktop restore":            nil,
	"desktop rebuild":            {"RestoreWorkspace"},
	"desktop terminate":          nil,
}

// alike are changes that the other tables have for another subject, or that a test
// of their own makes.
var alike = []deed{
	exempted("wallpaper"),
	{
		name: "diagnose slow", // TestASlowDesktopIsMadeLarger
		args: func(_ *fleet, subject string) []string {
			return []string{"diagnose", "slow", subject, "--fix", "resize", "--yes", "--reason", "CAD"}
		},
	},
}

// remains are the duties of which an undo leaves something, which it says.
var remains = []string{"image rollout"}

// takenBack is a change, and what became of its undo.
type takenBack struct {
	deed
	killed                 bool
	subject, profile, home string
	line                   *linetest.Line
	plan                   string
	before, after          []string
	did, undo, again       said
}

// What each duty does is taken back by `tamachi plan undo`, or nothing is and that
// is said, before and after; a second undo does nothing, and one that was killed at
// its first change goes on.
func undoOfEachChange(t *testing.T, p *profiles) {
	var runs []*takenBack
	for _, d := range slices.Concat(applies, alike) {
		back, known := undoing[d.name]
		if !known {
			t.Errorf("%s: nobody has said whether it can be taken back", d.name)
		}
		runs = append(runs, &takenBack{deed: d, home: t.TempDir()})
		if len(back) > 0 {
			runs = append(runs, &takenBack{deed: d, home: t.TempDir(), killed: true})
		}
	}
	f := open(t, 2+len(runs))
	keys, err := f.Config().Credentials.Retrieve(t.Context())
	f.must(keys, err)
	for i, r := range runs {
		r.subject, r.profile = user(1+i), fmt.Sprintf("undo-%d", i)
		if r.name == "joiner" {
			r.subject = fmt.Sprintf("new.%02d", i)
		}
		f.ready(r.name, r.subject)
		if strings.HasSuffix(r.name, "rebuild") {
			f.pictured(r.subject) // something to go back to
		}
		r.line = linetest.Between(t, *f.Config().BaseEndpoint, linetest.None)
		p.add(r.profile, keys, f.Config().Region, r.line.URL)
	}
	f.moved()
	each := func(do func(*takenBack)) {
		var all sync.WaitGroup
		for _, r := range runs {
			all.Go(func() { do(r) })
		}
		all.Wait()
		f.moved()
	}
	for _, r := range runs {
		r.before = f.standing(r.subject)
	}
	each(func(r *takenBack) {
		r.did = r.desk().run(t.Context(), append(r.args(f, r.subject), "--profile", r.profile)...)
		r.plan = planned.FindString(r.did.out + r.did.errs)
	})
	began := time.Now()
	each(func(r *takenBack) { r.takeBack(t) })
	for _, r := range runs {
		r.after = f.standing(r.subject)
	}
	each(func(r *takenBack) { r.again = r.desk().run(t.Context(), "plan", "undo", r.plan, "--yes") })
	asked := f.asked(began)
	for _, r := range runs {
		name := r.name
		if r.killed {
			name += ", killed"
		}
		t.Run(name, func(t *testing.T) { r.check(t, asked) })
	}
}

func (r *takenBack) desk() desk { return desk{home: r.home, now: clock.Real{}} }

// takeBack undoes the plan, if need be after a kill in the moment in which the first
// call of the undo is on its way.
func (r *takenBack) takeBack(t *testing.T) {
	undo := []string{"plan", "undo", r.plan, "--yes"}
	if r.killed {
		words, err := json.Marshal(undo)
		if err != nil {
			t.Error(err)
			return
		}
		c := exec.CommandContext(t.Context(), os.Args[0])
		c.Env = append(os.Environ(), asChild+"="+string(words), "XDG_STATE_HOME="+r.home)
		var once sync.Once
		started := make(chan struct{})
		r.line.On(func(operation string) {
			if operation == undoing[r.name][0] {
				once.Do(func() { <-started; _ = c.Process.Kill() })
			}
		})
		if err := c.Start(); err != nil {
			t.Error(err)
			return
		}
		close(started)
		if err := c.Wait(); err == nil || c.ProcessState.ExitCode() != -1 {
			t.Errorf("%s: want the undo killed, got %v", r.name, c.ProcessState)
		}
	}
	r.undo = r.desk().run(t.Context(), undo...)
}

func (r *takenBack) check(t *testing.T, asked map[string]int) {
	if r.did.code != 0 || r.plan == "" {
		t.Fatalf("want it done, got %s", r.did)
	}
	if said := r.did.out + r.undo.out; strings.Contains(said, "next: tamachi plan apply") {
		t.Errorf("want it said of no plan that is applied already, got %s", said)
	}
	back := undoing[r.name]
	if len(back) == 0 {
		if r.undo.code != 1 || !strings.Contains(r.undo.out, "no way back") || !strings.Contains(r.undo.errs, "has done nothing that can be undone") {
			t.Errorf("want it said that there is no way back, got %s", r.undo)
		}
		if !strings.Contains(r.did.out, " 0 of them can be undone") && !strings.Contains(r.did.out, "  no  ") {
			t.Errorf("want that said before, got %s", r.did)
		}
		return
	}
	if r.undo.code != 0 {
		t.Errorf("want it taken back, got %s", r.undo)
	}
	for _, operation := range back {
		if n := asked[operation+" "+r.subject]; n != 1 {
			t.Errorf("want %s once, got it %d times: %s%s", operation, n, r.undo, r.again)
		}
	}
	if strings.Contains(r.undo.out, "no way back") && !slices.Contains(remains, r.name) {
		t.Errorf("want nothing left of what was done, got %s", r.undo)
	}
	if left := slices.Contains(remains, r.name); left && !strings.Contains(r.undo.out, "no way back") {
		t.Errorf("want what stays said, got %s", r.undo)
	} else if !slices.Equal(r.after, r.before) {
		t.Errorf("want\n%s\nas before, got\n%s\nby %s", strings.Join(r.before, "\n"), strings.Join(r.after, "\n"), r.undo)
	}
	if r.again.code != 0 || !strings.Contains(r.again.out, "plan "+r.plan+" was taken back by plan p-") {
		t.Errorf("want the second undo do nothing, got %s", r.again)
	}
}

// standing is all that the duties change of a user: the account, groups, desktops
// and their tags, and what is the user's alone of bundles and routes.
func (f *fleet) standing(user string) []string {
	f.t.Helper()
	var out []string
	ctx, people := f.t.Context(), dsdata.New(f.Config())
	if them, err := people.DescribeUser(ctx, &dsdata.DescribeUserInput{DirectoryID: f.directory, SAMAccountName: user}); err == nil {
		out = append(out, fmt.Sprintf("enabled %t", aws.ToBool(them.Enabled)))
		groups, err := people.ListGroupsForMember(ctx, &dsdata.ListGroupsForMemberInput{DirectoryID: f.directory, SAMAccountName: user})
		f.must(groups, err)
		for _, g := range groups.Groups {
			out = append(out, "group "+g.SAMAccountName)
		}
	}
	all, tags := f.theirs(user)
	for _, w := range all {
		p := w.WorkspaceProperties
		out = append(out, fmt.Sprintf("%s %s %s %s %s %d", *w.WorkspaceId, w.State, *w.BundleId, p.ComputeTypeName, p.RunningMode, aws.ToInt32(p.RunningModeAutoStopTimeoutInMinutes)))
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, "tag "+key+"="+tags[key])
	}
	switch mine := f.named[user]; {
	case strings.HasPrefix(mine, "wsb-"):
		bundles, err := workspaces.NewFromConfig(f.Config()).DescribeWorkspaceBundles(ctx, &workspaces.DescribeWorkspaceBundlesInput{BundleIds: []string{mine}})
		f.must(bundles, err)
		out = append(out, mine+" of "+aws.ToString(bundles.Bundles[0].ImageId))
	case mine != "":
		tables, err := ec2.NewFromConfig(f.Config()).DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{})
		f.must(tables, err)
		for _, table := range tables.RouteTables {
			for _, r := range table.Routes {
				if aws.ToString(r.DestinationCidrBlock) == mine {
					out = append(out, "route "+mine)
				}
			}
		}
	}
	return out
}
