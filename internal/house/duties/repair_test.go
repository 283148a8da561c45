package duties

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/linetest"
)

// regions have a fleet each: the morning looks at all of one.
var regions = []string{
	"us-east-1", "us-west-2", "ap-south-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-west-1", "eu-west-2",
}

// repair is a run of the morning that repairs, by a user who has the duty's
// policies and nothing else.
type repair struct {
	*fleet
	fault linetest.Fault
	clerk *clerk
	got   said
}

// The morning's repair ends what is in ERROR and makes it anew once, over whatever
// line, with the policies that it prints.
func repairsOverABadLine(t *testing.T, p *profiles) {
	f := open(t, 3)
	read, apply := printed(t, []string{"morning", "--policy"}), printed(t, []string{"morning", "--policy", "--fix"})
	var runs []*repair
	for i, fault := range append([]linetest.Fault{linetest.None}, linetest.All...) {
		r := &repair{fleet: &fleet{Plane: f.Plane, t: t, region: regions[i]}, fault: fault}
		r.furnish(3)
		r.clerk = r.clerkOver(p, fmt.Sprintf("repairer-%d", i), fault)
		r.clerk.may("read", read)
		r.clerk.may("apply", apply)
		runs = append(runs, r)
	}
	f.tick() // what was made until now is not the repair's
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for _, r := range runs {
		args := []string{"morning", "--fix", "--yes", "--anyway", "--reason", "there is room again", "--profile", r.clerk.profile}
		if r.fault == linetest.Silent {
			args = append(args, "--call-timeout", "1s")
		}
		all.Go(func() { r.got = desk{home: t.TempDir(), now: clock.Real{}}.run(ctx, args...) })
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
			asked := r.asked(began)
			for _, operation := range []string{"TerminateWorkspaces", "CreateWorkspaces"} {
				if n := asked[operation+" "+user(2)]; n != 1 {
					t.Errorf("want %s once, got it %d times: %s", operation, n, r.got)
				}
			}
			if all, _ := r.theirs(user(2)); r.got.code != 0 || len(all) != 1 || *all[0].WorkspaceId == r.desktop[user(2)] {
				t.Errorf("want one new desktop, got %+v and %s", all, r.got)
			}
		})
	}
}
