package house_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/coder/websocket"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/diagnose"
	"tamachi/internal/desk/morning"
	"tamachi/internal/desk/plan"
)

// TestManyDisconnectsAreOneIncident cuts the screens of four people off in one
// minute. One of them comes back. The morning tells of one incident, and the
// reboot of the others is a plan that is seen done.
func TestManyDisconnectsAreOneIncident(t *testing.T) {
	clk := clock.NewFrozen(time.Now().UTC().Truncate(time.Minute))
	o := openOn(t, apitest.Options{Clock: clk})
	minute := func() {
		t.Helper()
		clk.Advance(time.Minute)
		if err := o.Upkeep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	desktops, screens := o.staff(t, 4), map[string]*websocket.Conn{}
	browsers := map[string]*http.Client{}
	for _, id := range desktops {
		browsers[id] = o.Browser(o.Access().Region, id)
		screens[id] = o.Screen(browsers[id], id)
	}
	state := func(id string, want types.ConnectionState) {
		t.Helper()
		o.eventually("user to be "+string(want), func() bool { return o.connection(id).ConnectionState == want })
	}
	for _, id := range desktops {
		state(id, types.ConnectionStateConnected)
	}
	minute()
	for _, id := range desktops {
		_ = screens[id].CloseNow()
		state(id, types.ConnectionStateDisconnected)
	}
	minute()
	back := o.Screen(browsers[desktops[0]], desktops[0])
	defer back.CloseNow()
	state(desktops[0], types.ConnectionStateConnected)

	c := (&yard{Plane: o.Plane, t: t}).clerk("thresholds:\n  disconnects: 4\n")
	c.world.Clock = clk
	out, code := c.run(morning.Command(c.world))
	if code != 1 {
		t.Errorf("want exit 1, got %d", code)
	}
	c.wants("morning", out, "4 sessions ended at ", ", one incident: person.0, person.1, person.2, person.3\n  where: "+o.Config().Region+": 4 of 4 desktops of "+o.directory,
		"1 of 4 connected again, 3 not: person.1, person.2, person.3\n", "reboots the 3 desktops whose users are not back")
	actions := change.Actions()
	out, code = c.run(diagnose.Command(c.world, actions), "outage", "--since", "1h", "--lang", "ja")
	if code != 1 {
		t.Errorf("want exit 1, got %d", code)
	}
	c.wants("outage in Japanese", out, "4 セッションが切断", "4 人中 1 人が再接続、3 人は未接続")
	if out, code = c.run(diagnose.Command(c.world, actions), "outage", "--since", "1h", "--fix", "--yes", "--reason", "the line was down"); code != 0 {
		t.Fatalf("want it fixed, got exit %d:\n%s", code, out)
	}
	c.wants("plan", out, "reboot the desktop of person.1", "3 steps done and verified")
	if out, code = c.run(plan.Command(c.world, actions), "list"); code != 0 {
		t.Errorf("want a list, got %d: %s", code, out)
	}
	c.wants("list of plans", out, "diagnose outage")
	out, _ = c.run(morning.Command(c.world))
	c.wants("morning after it", out, "for the stand-up: 1 put right\n", "cause: disconnected at ", "fix: reboot the desktop of person.1, and 2 more steps; 3 of 3 done by administrator")
	minute()
	minute()
	if out, code = c.run(diagnose.Command(c.world, actions), "outage", "--since", "30s"); code != 0 {
		t.Errorf("want nothing of the last half minute, got %d:\n%s", code, out)
	}
}

// staff makes people with a desktop each.
func (o *office) staff(t *testing.T, n int) (ids []string) {
	t.Helper()
	in := &workspaces.CreateWorkspacesInput{}
	for i := range n {
		name := fmt.Sprintf("person.%d", i)
		if _, err := dsdata.New(o.Config()).CreateUser(t.Context(), &dsdata.CreateUserInput{DirectoryID: o.directory, SAMAccountName: name}); err != nil {
			t.Fatal(err)
		}
		in.Workspaces = append(in.Workspaces, types.WorkspaceRequest{DirectoryId: &o.directory, BundleId: new("wsb-d12value0"), UserName: &name})
	}
	out, err := o.workspaces().CreateWorkspaces(t.Context(), in)
	if err != nil || len(out.PendingRequests) != n {
		t.Fatalf("create desktops: %v, %+v", err, out)
	}
	for _, w := range out.PendingRequests {
		o.Becomes(*w.WorkspaceId, types.WorkspaceStateAvailable)
		ids = append(ids, *w.WorkspaceId)
	}
	return ids
}
