package house_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/clock"
)

// TestAPersonChoosesForTheirOwnDesktop: compute type, volumes and running mode
// are offered where the directory lets its people choose, and nothing else is
// taken.
func TestAPersonChoosesForTheirOwnDesktop(t *testing.T) {
	l := openLodge(t, clock.Real{}.Now())
	l.person("fujita.kouhei", "Correct-Horse-7")
	made := l.Do("workspaces", "CreateWorkspaces", &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: &l.directory, BundleId: new("wsb-d12value0"), UserName: new("fujita.kouhei"),
		WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop},
	}}}).(*workspaces.CreateWorkspacesOutput)
	id := *made.PendingRequests[0].WorkspaceId
	l.Becomes(id, types.WorkspaceStateAvailable)
	v := l.visitor()
	if status, out := v.signIn(l.door, "fujita.kouhei", "Correct-Horse-7"); status != http.StatusNoContent {
		t.Fatalf("sign in: got %d, %v", status, out)
	}
	offered := func() map[string][]string {
		t.Helper()
		_, out := v.ask(http.MethodGet, "mine", nil)
		found := map[string][]string{}
		offers, _ := out["desktops"].([]any)[0].(map[string]any)["offers"].([]any)
		for _, o := range offers {
			for _, c := range o.(map[string]any)["others"].([]any) {
				what := o.(map[string]any)["what"].(string)
				found[what] = append(found[what], c.(map[string]any)["value"].(string))
			}
		}
		return found
	}
	let := func(p types.SelfservicePermissions) {
		l.Do("workspaces", "ModifySelfservicePermissions", &workspaces.ModifySelfservicePermissionsInput{ResourceId: &l.directory, SelfservicePermissions: &p})
	}
	no := types.ReconnectEnumDisabled
	let(types.SelfservicePermissions{ChangeComputeType: no, IncreaseVolumeSize: no, SwitchRunningMode: no})
	if got := offered(); len(got) != 0 {
		t.Errorf("where the directory lets nobody choose: got %v", got)
	}
	if status, _ := v.ask(http.MethodPost, "mine/"+id+"/compute?to=POWER", nil); status != http.StatusConflict {
		t.Errorf("a choice that nobody has: want 409, got %d", status)
	}
	yes := types.ReconnectEnumEnabled
	let(types.SelfservicePermissions{ChangeComputeType: yes, IncreaseVolumeSize: yes, SwitchRunningMode: yes})
	if got := offered(); !slices.Equal(got["compute"], []string{"STANDARD", "PERFORMANCE", "POWER", "POWERPRO"}) || !slices.Equal(got["mode"], []string{"ALWAYS_ON"}) ||
		got["root"] != nil || !slices.Equal(got["user"], []string{"50", "100"}) {
		t.Errorf("offers: got %v", got)
	}
	now := func() *types.WorkspaceProperties {
		out := l.Do("workspaces", "DescribeWorkspaces", &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{id}}).(*workspaces.DescribeWorkspacesOutput)
		return out.Workspaces[0].WorkspaceProperties
	}
	for _, row := range []struct {
		name, wish string
		status     int
		holds      func(*types.WorkspaceProperties) bool
	}{
		{"more processors", "compute?to=POWER", http.StatusNoContent, func(p *types.WorkspaceProperties) bool { return p.ComputeTypeName == types.ComputePower }},
		{"a larger home", "user?to=100", http.StatusNoContent, func(p *types.WorkspaceProperties) bool { return *p.UserVolumeSizeGib == 100 }},
		{"a larger system disk, now that it can be", "root?to=175", http.StatusNoContent, func(p *types.WorkspaceProperties) bool { return *p.RootVolumeSizeGib == 175 }},
		{"always on", "mode?to=ALWAYS_ON", http.StatusNoContent, func(p *types.WorkspaceProperties) bool { return p.RunningMode == types.RunningModeAlwaysOn }},
		{"a smaller home", "user?to=50", http.StatusConflict, func(p *types.WorkspaceProperties) bool { return *p.UserVolumeSizeGib == 100 }},
		{"graphics", "compute?to=GRAPHICS", http.StatusConflict, func(p *types.WorkspaceProperties) bool { return p.ComputeTypeName == types.ComputePower }},
		{"a choice without a value", "compute", http.StatusConflict, func(p *types.WorkspaceProperties) bool { return p.ComputeTypeName == types.ComputePower }},
		{"a restart with a value", "restart?to=POWER", http.StatusConflict, func(p *types.WorkspaceProperties) bool { return true }},
	} {
		if status, out := v.ask(http.MethodPost, "mine/"+id+"/"+row.wish, nil); status != row.status {
			t.Errorf("%s: want %d, got %d, %v", row.name, row.status, status, out)
		}
		l.Becomes(id, types.WorkspaceStateAvailable)
		if p := now(); !row.holds(p) {
			t.Errorf("%s: the desktop is %+v", row.name, p)
		}
	}
}
