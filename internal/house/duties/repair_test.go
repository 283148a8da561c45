package duties

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/desk/linetest"
)

// regions have a fleet each: the morning looks at all of one.
var regions = []string{
	"us-east-1", "us-west-2", "ap-south-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-west-1", "eu-west-2",
}

// whole is a duty that changes what it finds in a whole fleet.
type whole struct {
	name     string
	args     []string
	policy   [][]string
	settings string
	seats    int
	// befall does to the fleets what the duty is to find.
	befall func(t *testing.T, clk *clock.Frozen, runs []*repair)
	// check looks at what became of one.
	check func(t *testing.T, r *repair, asked map[string]int)
}

// wholes are those duties. A new one is a row here.
var wholes = []whole{
	{
		"morning",
		[]string{"morning", "--fix", "--anyway"},
		[][]string{{"morning", "--policy"}, {"morning", "--policy", "--fix"}},
		"", 3, func(*testing.T, *clock.Frozen, []*repair) {}, madeAnew,
	},
	{
		"diagnose outage",
		[]string{"diagnose", "outage", "--since", "1h", "--fix"},
		[][]string{{"diagnose", "outage", "--policy", "--fix"}},
		"thresholds: {disconnects: 3}\n", 4, cutOff, rebooted,
	},
}

// repair is a run of such a duty in a fleet of its own, by a user who has the duty's
// policies and nothing else.
type repair struct {
	*fleet
	fault linetest.Fault
	clerk *clerk
	got   said
	undo  said // what plan undo said afterwards
}

// What a duty finds in a fleet is put right once, over whatever line, with the
// policies that the duty prints. It has no way back, which an undo says.
func repairsOverABadLine(t *testing.T, p *profiles, w whole) {
	// The plane's clock is behind first, for what befalls it takes minutes; then a
	// little ahead, so that the trail has the changes after the plans.
	clk := clock.NewFrozen(time.Now().UTC().Add(-4 * time.Minute).Truncate(time.Second))
	plane := apitest.Start(t, apitest.Options{Clock: clk})
	var policies []statements
	for _, args := range w.policy {
		policies = append(policies, printed(t, args))
	}
	var runs []*repair
	for i, fault := range append([]linetest.Fault{linetest.None}, linetest.All...) {
		r := &repair{fleet: &fleet{Plane: plane, t: t, region: regions[i]}, fault: fault}
		r.furnish(w.seats)
		r.clerk = r.clerkOver(p, fmt.Sprintf("%s-%d", strings.ReplaceAll(w.name, " ", "-"), i), fault)
		for k, policy := range policies {
			r.clerk.may(fmt.Sprint(k), policy)
		}
		runs = append(runs, r)
	}
	w.befall(t, clk, runs)
	clk.Advance(time.Since(clk.Now()) + time.Minute)
	began := clk.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for _, r := range runs {
		args := append([]string{}, w.args...)
		args = append(args, "--yes", "--reason", "there is room again", "--profile", r.clerk.profile)
		args = append(args, patience(r.fault)...)
		d := desk{home: t.TempDir(), now: clock.Real{}}
		d.set(t, w.settings)
		all.Go(func() {
			r.got = d.run(ctx, args...)
			r.undo = d.run(ctx, append([]string{"plan", "undo", planned.FindString(d.run(ctx, "plan", "list").out), "--yes"}, patience(r.fault)...)...)
		})
	}
	all.Wait()
	for _, r := range runs {
		t.Run("the line "+string(r.fault), func(t *testing.T) {
			if denied := r.clerk.line.Denied(); len(denied) > 0 {
				t.Errorf("want nothing denied, got %v", denied)
			}
			if r.fault == linetest.Circle && strings.Contains(r.got.out+r.got.errs, "lead in a circle") {
				if r.got.code == 0 {
					t.Errorf("want exit 1 of a list that was not read, got %s", r.got)
				}
				return
			}
			if r.got.code != 0 {
				t.Errorf("want it done, got %s", r.got)
			}
			if r.undo.code != 1 || !strings.Contains(r.undo.out, "no way back") || !strings.Contains(r.undo.errs, "has done nothing that can be undone") {
				t.Errorf("want it said that there is no way back, got %s", r.undo)
			}
			w.check(t, r, r.asked(began))
		})
	}
}

// set writes the settings of the desk.
func (d desk) set(t *testing.T, conf string) {
	t.Helper()
	dir := filepath.Join(d.home, "tamachi")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "desk.yaml"), []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
}

// madeAnew wants what was in ERROR ended, and made anew once.
func madeAnew(t *testing.T, r *repair, asked map[string]int) {
	for _, operation := range []string{"TerminateWorkspaces", "CreateWorkspaces"} {
		if n := asked[operation+" "+user(2)]; n != 1 {
			t.Errorf("want %s once, got it %d times: %s", operation, n, r.got)
		}
	}
	if all, _ := r.theirs(user(2)); len(all) != 1 || *all[0].WorkspaceId == r.desktop[user(2)] {
		t.Errorf("want one new desktop, got %+v and %s", all, r.got)
	}
}

// cutOff has everybody connect to their desktops, and all screens end in one minute.
func cutOff(t *testing.T, clk *clock.Frozen, runs []*repair) {
	t.Helper()
	plane := runs[0].Plane
	minute := func() {
		clk.Advance(time.Minute)
		if err := plane.Upkeep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	minute()
	var screens []*websocket.Conn
	for _, r := range runs {
		r.open()
		for n := range 3 {
			screens = append(screens, plane.Screen(plane.Browser(r.region, r.desktop[user(n)]), r.desktop[user(n)]))
		}
		r.connected(3)
	}
	minute()
	for _, s := range screens {
		_ = s.CloseNow()
	}
	for _, r := range runs {
		r.connected(0)
	}
	minute()
}

// rebooted wants each desktop that was cut off rebooted once.
func rebooted(t *testing.T, r *repair, asked map[string]int) {
	for n := range 3 {
		if times := asked["RebootWorkspaces "+user(n)]; times != 1 {
			t.Errorf("want the desktop of %s rebooted once, got it %d times: %s", user(n), times, r.got)
		}
	}
	if !strings.Contains(r.got.out, "3 sessions ended at ") {
		t.Errorf("want one incident of three sessions, got %s", r.got)
	}
}
