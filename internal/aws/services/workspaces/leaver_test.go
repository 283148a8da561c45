package workspaces_test

import (
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
)

// TestDrillOfALeaversDesktop finds the desktop of somebody who left, which runs
// for nobody: AUTO_STOP ends that in an hour, and from the next month on it costs
// by the hour.
func TestDrillOfALeaversDesktop(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAlwaysOn)
	p.settle(id, desktops.Outcome{})
	p.clock.Advance(48 * time.Hour)
	idle := func() []desktops.Idle {
		t.Helper()
		all, err := p.room.Idle(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	same(t, "ALWAYS_ON never stops by itself", 0, len(idle()))
	must[sdk.ModifyWorkspacePropertiesOutput](p, "ModifyWorkspaceProperties", &sdk.ModifyWorkspacePropertiesInput{
		WorkspaceId: &id, WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop, RunningModeAutoStopTimeoutInMinutes: new(int32(60))},
	})
	found := idle()
	if len(found) != 1 || found[0].ID != id || found[0].StopsAt.After(p.clock.Now().Add(time.Hour)) {
		t.Fatalf("want it to stop within an hour, got %+v", found)
	}
	p.clock.Advance(time.Hour)
	must[sdk.StopWorkspacesOutput](p, "StopWorkspaces", &sdk.StopWorkspacesInput{StopWorkspaceRequests: []types.StopRequest{{WorkspaceId: &id}}})
	p.settle(id, desktops.Outcome{})
	p.clock.Advance(30 * 24 * time.Hour) // into the next month

	use := func(month time.Month) desktops.MonthOfUse {
		t.Helper()
		all, _, err := p.room.Usage(t.Context(), account, region, time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC), id, "", 10)
		if err != nil || len(all) != 1 {
			t.Fatalf("use of %s: %+v, %v", month, all, err)
		}
		return all[0]
	}
	november, december := use(time.November), use(time.December)
	same(t, "hours in November", 49*time.Hour, november.Running)
	same(t, "the month that is paid for has no hours of its own", map[string]time.Duration(nil), november.Hourly)
	same(t, "the fee of ALWAYS_ON in December", true, december.MonthlyFrom.IsZero())
	same(t, "the small fee from the month's begin", time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), december.HourlyFrom)
	same(t, "hours in December", time.Duration(0), december.Running)
}
