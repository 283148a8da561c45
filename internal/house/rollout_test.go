package house_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/spf13/cobra"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/image"
	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/settings"
	"tamachi/internal/id"
	mails "tamachi/internal/notify/fake"
)

// gallery is an office whose people have desktops of one bundle, and a master with
// a newer image.
type gallery struct {
	*operator
	t        *testing.T
	master   string
	image    string // the newer one
	bundle   string
	desktops []string // sorted by user
	said     *mails.Recorder
	actions  plan.Actions
}

const settled = `
people: {user.0: {mail: user.0@corp.example.com}, user.1: {mail: user.1@corp.example.com}}
outbox: outbox
acceptance:
  patches: {within: 0s}
  probes: [{name: greeting, shell: echo good morning, want: '^good'}]
`

func openGallery(t *testing.T, people int) *gallery {
	t.Helper()
	o := open(t)
	g := &gallery{t: t, said: mails.New()}
	g.master = o.desktop()
	o.Becomes(g.master, types.WorkspaceStateAvailable)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(o.World.WriteRoot(g.master, "etc/version", "1"))
	first := o.imageOf(g.master, "first")
	must(o.World.WriteRoot(g.master, "etc/version", "2"))
	g.image = o.imageOf(g.master, "second")
	made, err := o.workspaces().CreateWorkspaceBundle(t.Context(), &workspaces.CreateWorkspaceBundleInput{
		BundleName: new("standard"), BundleDescription: new("standard"), ImageId: &first,
		ComputeType: &types.ComputeType{Name: types.ComputeStandard}, UserStorage: &types.UserStorage{Capacity: new("10")}, RootStorage: &types.RootStorage{Capacity: new("80")},
	})
	must(err)
	g.bundle = *made.WorkspaceBundle.BundleId
	for n := range people {
		name := fmt.Sprintf("user.%d", n)
		_, err := dsdata.New(o.Config()).CreateUser(t.Context(), &dsdata.CreateUserInput{DirectoryID: o.directory, SAMAccountName: name})
		must(err)
		out, err := o.workspaces().CreateWorkspaces(t.Context(), &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
			DirectoryId: &o.directory, BundleId: &g.bundle, UserName: &name,
		}}})
		must(err)
		g.desktops = append(g.desktops, *out.PendingRequests[0].WorkspaceId)
	}
	for n, desktop := range g.desktops {
		o.Becomes(desktop, types.WorkspaceStateAvailable)
		must(o.World.WriteUser(desktop, "mine", fmt.Sprint(n)))
		o.eventually("snapshot", func() bool {
			out, err := o.workspaces().DescribeWorkspaceSnapshots(t.Context(), &workspaces.DescribeWorkspaceSnapshotsInput{WorkspaceId: &desktop})
			return err == nil && len(out.RestoreSnapshots) > 0
		})
	}
	g.operator = o.operator()
	g.env["TAMACHI_DESK"] = g.file("desk.yaml", settled)
	w := account.World{Getenv: func(name string) string { return g.env[name] }, Clock: clock.Real{}, Location: time.UTC}
	ways := notice.Ways{Open: func(*settings.Settings) (notice.Senders, error) { return notice.Senders{File: g.said}, nil }}
	g.actions = plan.Join(image.Actions(clock.Real{}), notice.Actions(w, ways))
	return g
}

// allowed gives the operator what the duty says that it needs, and nothing else.
func (g *gallery) allowed(apply bool) {
	g.t.Helper()
	args := []string{"rollout", "--policy"}
	if apply {
		args = append(args, "--apply")
	}
	policy, _ := g.run(image.Command, g.actions, args...)
	g.may(policy)
}

func (g *gallery) image2(want int, says string, args ...string) string {
	g.t.Helper()
	return g.want(want, says, image.Command, g.actions, args...)
}

func (g *gallery) applies(want int, says, id string) string {
	g.t.Helper()
	return g.want(want, says, func(w account.World, a plan.Actions) *cobra.Command { return plan.Command(w, a) }, g.actions, "apply", id, "--yes")
}

// calls counts the calls of an operation in the trail.
func (g *gallery) calls(operation string) (n int) {
	for _, record := range g.lookup(operation) {
		if !strings.Contains(record, "errorCode") {
			n++
		}
	}
	return n
}

// planned is the id of the newest plan, and its file.
func (g *gallery) planned() (id, file string) {
	g.t.Helper()
	found, err := filepath.Glob(filepath.Join(g.env["XDG_STATE_HOME"], "tamachi", "desk", "plans", "*.jsonl"))
	if err != nil || len(found) != 1 {
		g.t.Fatalf("want one plan, got %v, %v", found, err)
	}
	return strings.TrimSuffix(filepath.Base(found[0]), ".jsonl"), found[0]
}

// forget takes away what was written down of an apply, as if the process had been
// killed before it could write anything; what it returns brings it back.
func (g *gallery) forget() (remember func()) {
	g.t.Helper()
	_, file := g.planned()
	b, err := os.ReadFile(file)
	if err != nil {
		g.t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			g.t.Fatal(err)
		}
	}
	first, _, _ := strings.Cut(string(b), "\n")
	write(first + "\n")
	return func() { write(string(b)) }
}

// version is what a desktop has of its image.
func (g *gallery) version(desktop string) string {
	got, _ := g.World.ReadRoot(desktop, "etc/version")
	return got
}

// TestRolloutByRebuild brings a new image to five desktops, one of them in use,
// with exactly the policy that the duty prints: the people are told, a canary is
// checked by a real agent, homes are kept, nothing is done twice.
func TestRolloutByRebuild(t *testing.T) {
	g := openGallery(t, 5)
	g.agentOf(g.desktops[1], id.Random())
	g.Online(1)
	// The trail tells whole seconds: what was made in the one in which the bundle is
	// changed would count as made after that.
	made := time.Now()
	g.eventually("next second", func() bool { return time.Now().Truncate(time.Second).After(made) })
	guest := g.Screen(g.Browser(g.Access().Region, g.desktops[3]), g.desktops[3])
	g.eventually("user to be connected", func() bool { return g.connection(g.desktops[3]).ConnectionState == types.ConnectionStateConnected })
	args := []string{"rollout", g.image, "--bundle", g.bundle, "--window", "", "--canary", "user.1", "--wave", "2", "--reason", "patches of November"}
	g.allowed(false)
	shown := g.image2(1, "8 steps, 1 of them can be undone", args...)
	for _, part := range []string{"tell the users of 5 desktops", "user.1  rebuild with", "canary", "wave 5", "lost for good", "the way back is: tamachi image rollout"} {
		if !strings.Contains(shown, part) {
			t.Errorf("want %q in\n%s", part, shown)
		}
	}
	id, _ := g.planned()
	g.allowed(true)
	g.applies(1, "skipped: somebody works there now", id)
	for n, want := range []string{"2", "2", "2", "1", "2"} {
		if got := g.version(g.desktops[n]); got != want {
			t.Errorf("user.%d: want image %s, got %s", n, want, got)
		}
		if got, _ := g.World.ReadUser(g.desktops[n], "mine"); got != fmt.Sprint(n) {
			t.Errorf("user.%d: want the home kept, got %q", n, got)
		}
	}
	if told := g.said.Sent(); len(told) != 2 || !strings.Contains(told[0].Text, "5 desktops get the new image second") || !strings.Contains(told[0].Text, "patches of November") {
		t.Errorf("want two people told, got %+v", told)
	}
	policy, _ := g.run(image.Command, g.actions, "who", "--policy")
	g.may(policy)
	who := g.image2(1, "on an earlier one", "who")
	if strings.Count(who, "on it") != 2+4+1 { // two sums, four of the bundle, the master
		t.Errorf("want four on the new image, got\n%s", who)
	}

	// The user leaves; nothing that was done is known any more, and none is done twice.
	guest.CloseNow() //nolint:errcheck // it is the end of it
	g.eventually("user to be gone", func() bool { return g.connection(g.desktops[3]).ConnectionState == types.ConnectionStateDisconnected })
	g.forget()
	g.allowed(true)
	g.applies(0, "8 steps done and verified", id)
	if got := g.version(g.desktops[3]); got != "2" {
		t.Errorf("want the last one on the new image, got %s", got)
	}
	if n := g.calls("RebuildWorkspaces"); n != 5 {
		t.Errorf("want five rebuilds, got %d", n)
	}
	g.image2(0, "nothing to do", args...)
	g.may(policy)
	g.image2(0, "on it", "who", g.image)
}

// TestRolloutByMigrate makes a new bundle, migrates whoever has no exemption tag,
// and goes all the way back.
func TestRolloutByMigrate(t *testing.T) {
	g := openGallery(t, 3)
	if _, err := g.workspaces().CreateTags(t.Context(), &workspaces.CreateTagsInput{ResourceId: &g.desktops[2], Tags: []types.Tag{{Key: new("Tamachi:Keep"), Value: new("")}}}); err != nil {
		t.Fatal(err)
	}
	g.env["TAMACHI_DESK"] = g.file("desk.yaml", "people: {}\n")
	g.allowed(false)
	shown := g.image2(1, "nobody is told", "rollout", g.image, "--bundle", g.bundle, "--how", "migrate", "--name", "december", "--window", "", "--canary", "user.1")
	exempt := g.desktops[2]
	g.desktops = g.desktops[:2]
	if !strings.Contains(shown, exempt+" of user.2 is exempt by its tag Tamachi:Keep") {
		t.Errorf("want the exempt desktop named, got\n%s", shown)
	}
	id, _ := g.planned()
	g.allowed(true)
	g.applies(0, "3 steps done and verified", id)
	known := g.forget()
	g.applies(0, "3 steps done and verified", id)
	known()
	if n := g.calls("MigrateWorkspace"); n != 2 {
		t.Errorf("want two migrations, got %d", n)
	}
	if got := g.version(exempt); got != "1" {
		t.Errorf("want the exempt desktop as it was, got version %s", got)
	}
	g.stand("2", func(n int, w types.Workspace) bool { return *w.WorkspaceId != g.desktops[n] && *w.BundleId != g.bundle })
	g.want(0, "3 steps done and verified", plan.Command, g.actions, "undo", id, "--yes")
	g.stand("1", func(_ int, w types.Workspace) bool { return *w.BundleId == g.bundle })
	left, err := g.workspaces().DescribeWorkspaceBundles(t.Context(), &workspaces.DescribeWorkspaceBundlesInput{})
	if err != nil || len(left.Bundles) != 1 {
		t.Errorf("want the new bundle gone, got %+v, %v", left, err)
	}
}

// TestACanaryThatIsNotAccepted ends a rollout before anybody else is touched.
func TestACanaryThatIsNotAccepted(t *testing.T) {
	g := openGallery(t, 2)
	g.agentOf(g.desktops[0], id.Random())
	g.Online(1)
	g.env["TAMACHI_DESK"] = g.file("desk.yaml", strings.Replace(settled, "'^good'", "'^evening'", 1))
	g.allowed(true)
	out := g.image2(1, "failed: not accepted: greeting", "rollout", g.image, "--bundle", g.bundle, "--window", "", "--canary", "user.0", "--apply", "--yes")
	if !strings.Contains(out, "3 done, 1 failed, 0 skipped, 0 taken back, 1 not begun") || g.version(g.desktops[0]) != "2" || g.version(g.desktops[1]) != "1" {
		t.Errorf("want the canary alone on the new image, got\n%s", out)
	}
	for _, wrong := range [][]string{
		{"rollout", g.image},
		{"rollout", "ws-1", "--bundle", g.bundle},
		{"rollout", g.image, "--bundle", g.bundle, "--window", "night"},
		{"rollout", g.image, "--bundle", g.bundle, "--wave", "0"},
		{"rollout", g.image, "--bundle", g.bundle, "--how", "magic"},
	} {
		g.image2(2, "", wrong...)
	}
	g.image2(1, "is a bundle of AWS's", "rollout", g.image, "--bundle", "wsb-d12value0", "--how", "rebuild")
	g.image2(1, "there is no bundle wsb-000000000", "rollout", g.image, "--bundle", "wsb-000000000")
}

// stand wants each user to have one desktop of an image's version, with the home.
func (g *gallery) stand(version string, also func(int, types.Workspace) bool) {
	g.t.Helper()
	for n, w := range g.ofUsers(len(g.desktops)) {
		mine, _ := g.World.ReadUser(*w.WorkspaceId, "mine")
		if g.version(*w.WorkspaceId) != version || mine != fmt.Sprint(n) || !also(n, w) {
			g.t.Errorf("user.%d: want version %s with the home, got %s of %s with %s and %q", n, version, *w.WorkspaceId, *w.BundleId, g.version(*w.WorkspaceId), mine)
		}
	}
}

// ofUsers are the users' desktops now.
func (g *gallery) ofUsers(n int) (out []types.Workspace) {
	g.t.Helper()
	for i := range n {
		found, err := g.workspaces().DescribeWorkspaces(g.t.Context(), &workspaces.DescribeWorkspacesInput{DirectoryId: &g.directory, UserName: aws.String(fmt.Sprintf("user.%d", i))})
		if err != nil || len(found.Workspaces) != 1 {
			g.t.Fatalf("user.%d: want one desktop, got %+v, %v", i, found, err)
		}
		out = append(out, found.Workspaces[0])
	}
	return out
}
