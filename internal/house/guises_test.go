package house_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/clock"
	"tamachi/internal/desktops"
)

// TestGroupsAndPoliciesReachTheDesktop: at its creation, when its person comes,
// and with its next start.
func TestGroupsAndPoliciesReachTheDesktop(t *testing.T) {
	l := openLodge(t, clock.Real{}.Now())
	l.person("fujita.kouhei", "Correct-Horse-7")
	join := func(group, member string) {
		t.Helper()
		l.Do("ds-data", "AddGroupMember", &directoryservicedata.AddGroupMemberInput{DirectoryId: &l.directory, GroupName: &group, MemberName: &member})
	}
	for _, g := range []string{"Sales", "Office", "Wallpaper-Free"} {
		l.Do("ds-data", "CreateGroup", &directoryservicedata.CreateGroupInput{DirectoryId: &l.directory, SAMAccountName: &g})
	}
	join("Sales", "fujita.kouhei")
	join("Office", "Sales")
	policy := func(in map[string]any) {
		t.Helper()
		if out, fault := l.tamachi("CreateDesktopPolicy", in); fault != "" {
			t.Fatalf("%s: %v", fault, out)
		}
	}
	policy(map[string]any{"Name": "company", "Scope": "DIRECTORY", "Settings": map[string]any{
		"Wallpaper": "/usr/share/company.png", "LogonScript": "/netlogon/drives.sh", "AllowedSoftware": []string{"firefox"},
	}})
	policy(map[string]any{"Name": "free", "Scope": "GROUP", "Target": "Wallpaper-Free", "Settings": map[string]any{"Wallpaper": "UNMANAGED"}})
	made := l.Do("workspaces", "CreateWorkspaces", &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: &l.directory, BundleId: new("wsb-d12value0"), UserName: new("fujita.kouhei"),
		WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop},
	}}}).(*workspaces.CreateWorkspacesOutput)
	id := *made.PendingRequests[0].WorkspaceId
	l.Becomes(id, types.WorkspaceStateAvailable)
	if spec, ok := l.World.Spec(id); !ok || len(spec.Node.Directory) != 2 || spec.Node.Directory[0] != l.directory+".ap-northeast-1.tamachi.internal" || !strings.Contains(spec.Node.Directory[1], ".") {
		t.Errorf("by which names it finds its directory: got %q", spec.Node.Directory)
	}
	guise := func() desktops.Guise {
		t.Helper()
		spec, ok := l.World.Spec(id)
		if !ok {
			t.Fatal("the desktop is gone")
		}
		return spec.Guise
	}
	if g := guise(); !slices.Equal(g.Groups, []string{"Sales", "Office"}) || g.Wallpaper != "/usr/share/company.png" ||
		g.LogonScript != "/netlogon/drives.sh" || !slices.Equal(g.Software, []string{"firefox"}) {
		t.Errorf("at its creation: got %+v", g)
	}
	out, fault := l.tamachi("ExplainDesktopPolicies", map[string]any{"UserName": "Fujita.Kouhei"})
	if fault != "" {
		t.Fatal(fault)
	}
	if on, _ := out["Desktops"].([]any); len(on) != 1 || on[0].(map[string]any)["WorkspaceId"] != id || len(on[0].(map[string]any)["Settings"].([]any)) != 3 {
		t.Errorf("how it was carried out: got %v", out["Desktops"])
	}

	join("Wallpaper-Free", "fujita.kouhei")
	v := l.visitor()
	if status, out := v.signIn(l.door, "fujita.kouhei", "Correct-Horse-7"); status != http.StatusNoContent {
		t.Fatalf("sign in: got %d, %v", status, out)
	}
	if status, _ := v.ask(http.MethodPost, "mine/"+id, nil); status != http.StatusNoContent {
		t.Fatalf("open the desktop: got %d", status)
	}
	if g := guise(); !slices.Contains(g.Groups, "Wallpaper-Free") || g.Wallpaper != "" {
		t.Errorf("when its person comes: got %+v", g)
	}

	l.Do("ds-data", "RemoveGroupMember", &directoryservicedata.RemoveGroupMemberInput{DirectoryId: &l.directory, GroupName: new("Sales"), MemberName: new("fujita.kouhei")})
	l.Do("workspaces", "RebootWorkspaces", &workspaces.RebootWorkspacesInput{RebootWorkspaceRequests: []types.RebootRequest{{WorkspaceId: &id}}})
	l.eventually("desktop to start with the groups of now", func() bool { return slices.Equal(guise().Groups, []string{"Wallpaper-Free"}) })
	l.Becomes(id, types.WorkspaceStateAvailable)
}
