package workspaces_test

import (
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
)

// stopsAt is when a desktop is to stop by itself; zero if it is not.
func (p *plane) stopsAt(id string) time.Time {
	p.t.Helper()
	idle, err := p.room.Idle(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	for _, d := range idle {
		if d.ID == id && d.Account == account && d.Region == region {
			return d.StopsAt
		}
	}
	return time.Time{}
}

func TestTheTimeToStopCountsFromTheDisconnect(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	want := func(when string, at time.Time) {
		t.Helper()
		if got := p.stopsAt(id); !got.Equal(at) {
			t.Errorf("%s: want it to stop at %v, got %v", when, at, got)
		}
	}
	want("while it is made", time.Time{})
	p.clock.Advance(time.Minute)
	p.settle(id, desktops.Outcome{})
	want("when nobody has come yet", p.clock.Now().Add(time.Hour))
	p.clock.Advance(time.Minute)
	end := p.begin(id)
	p.clock.Advance(3 * time.Hour)
	want("while somebody is connected", time.Time{})
	end()
	want("after the disconnect", p.clock.Now().Add(time.Hour))

	p.begin(id) // and the plane is killed
	p.clock.Advance(5 * time.Hour)
	p.begins()
	want("after the plane's restart", p.clock.Now().Add(time.Hour))

	must[sdk.StopWorkspacesOutput](p, "StopWorkspaces", &sdk.StopWorkspacesInput{StopWorkspaceRequests: []types.StopRequest{{WorkspaceId: &id}}})
	want("while it is stopping", time.Time{})
	p.settle(id, desktops.Outcome{})
	want("when it is stopped", time.Time{})
}

func TestOnlyAutoStopStopsByItself(t *testing.T) {
	p := open(t)
	p.register()
	for user, mode := range map[string]types.RunningMode{"fujita.kouhei": types.RunningModeAlwaysOn, "takeda.hanako": types.RunningModeManual} {
		p.hire(user)
		id := p.desktop(user, mode)
		p.settle(id, desktops.Outcome{})
		if got := p.stopsAt(id); !got.IsZero() {
			t.Errorf("%s: want it never to stop by itself, got %v", mode, got)
		}
	}
}

// The longest timeout that the API can say is thousands of years.
func TestTheLongestTimeoutNeverComes(t *testing.T) {
	p := open(t)
	p.register()
	r := request("fujita.kouhei")
	r.WorkspaceProperties = &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop, RunningModeAutoStopTimeoutInMinutes: new(int32(2147483640))}
	id := *p.create(r).PendingRequests[0].WorkspaceId
	p.settle(id, desktops.Outcome{})
	if got := p.stopsAt(id); got.Sub(p.clock.Now()) < 200*365*24*time.Hour {
		t.Errorf("want it to stop in more than two hundred years, got %v", got)
	}
}
