package house_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// TestAStoppedDesktopIsMaintainedAtNight: from the third Monday on, in the night
// of Tokyo, a stopped AUTO_STOP desktop is started, stops by itself, and is left
// alone until the next month.
func TestAStoppedDesktopIsMaintainedAtNight(t *testing.T) {
	l := openLodge(t, time.Date(2101, 6, 1, 8, 0, 0, 0, time.UTC))
	l.person("fujita.kouhei", "Correct-Horse-7")
	made := l.Do("workspaces", "CreateWorkspaces", &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: &l.directory, BundleId: new("wsb-d12value0"), UserName: new("fujita.kouhei"),
		WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop},
	}}}).(*workspaces.CreateWorkspacesOutput)
	id := *made.PendingRequests[0].WorkspaceId
	state := func() types.WorkspaceState {
		out := l.Do("workspaces", "DescribeWorkspaces", &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{id}}).(*workspaces.DescribeWorkspacesOutput)
		return out.Workspaces[0].State
	}
	becomes := func(want types.WorkspaceState) {
		t.Helper()
		l.eventually(string(want), func() bool { return state() == want })
	}
	to := func(at time.Time) {
		t.Helper()
		l.clk.Advance(at.Sub(l.clk.Now()))
		if err := l.Upkeep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	becomes(types.WorkspaceStateAvailable)
	l.Do("workspaces", "StopWorkspaces", &workspaces.StopWorkspacesInput{StopWorkspaceRequests: []types.StopRequest{{WorkspaceId: &id}}})
	becomes(types.WorkspaceStateStopped)

	last := time.Date(2101, 7, 3, 4, 30, 0, 0, time.FixedZone("JST", 9*60*60)) // of the two weeks from 20 June on
	to(last)
	if s := state(); s != types.WorkspaceStateStopped {
		t.Fatalf("without maintenance mode: want it STOPPED, got %s", s)
	}
	l.Do("workspaces", "ModifyWorkspaceCreationProperties", &workspaces.ModifyWorkspaceCreationPropertiesInput{
		ResourceId: &l.directory, WorkspaceCreationProperties: &types.WorkspaceCreationProperties{EnableMaintenanceMode: new(true)},
	})
	to(last.Add(time.Minute))
	becomes(types.WorkspaceStateAvailable)
	to(last.Add(90 * time.Minute))
	becomes(types.WorkspaceStateStopped)
	to(time.Date(2101, 7, 16, 19, 30, 0, 0, time.UTC)) // the night before the third Monday
	if s := state(); s != types.WorkspaceStateStopped {
		t.Errorf("between the fortnights: want it STOPPED, got %s", s)
	}
	to(time.Date(2101, 7, 30, 19, 30, 0, 0, time.UTC)) // the last night, 04:30 in Tokyo
	becomes(types.WorkspaceStateAvailable)
}
