package house_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/doctor"
	"tamachi/internal/desk/plan"
)

// TestTheLadderOfRepairs takes the rungs one after the other, each with exactly the
// policy that it prints, as if the process had been killed before it wrote anything
// down: nothing is done twice, and each outcome is shown the next time.
func TestTheLadderOfRepairs(t *testing.T) {
	o := open(t)
	broken := o.desktop()
	o.Becomes(broken, types.WorkspaceStateAvailable)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(o.World.WriteUser(broken, "mine", "1"))
	_, err := o.workspaces().CreateTags(t.Context(), &workspaces.CreateTagsInput{ResourceId: &broken, Tags: []types.Tag{{Key: new("Team"), Value: new("sales")}}})
	must(err)
	o.eventually("snapshot", func() bool {
		out, err := o.workspaces().DescribeWorkspaceSnapshots(t.Context(), &workspaces.DescribeWorkspaceSnapshotsInput{WorkspaceId: &broken})
		return err == nil && len(out.RestoreSnapshots) > 0
	})
	must(o.World.WriteRoot(broken, "etc/broken", "yes"))
	d := o.operator()
	actions := plan.Join(change.Actions(), doctor.Actions())
	policy := func(args ...string) {
		t.Helper()
		text, _ := d.run(doctor.Command, actions, append(args, "--policy")...)
		d.may(text)
	}
	fix := func(rung, operation string, calls int) {
		t.Helper()
		policy("--fix", rung)
		g := &gallery{operator: d, t: t, actions: actions}
		d.env["XDG_STATE_HOME"] = t.TempDir()
		d.want(0, "done and verified", doctor.Command, actions, broken, "--fix", rung, "--yes", "--reason", "no icons")
		id, _ := g.planned()
		g.forget()
		g.applies(0, "done and verified", id)
		if n := g.calls(operation); n != calls {
			t.Errorf("%s: want %d calls of %s, got %d", rung, calls, operation, n)
		}
	}
	policy()
	d.want(0, "nothing is found broken", doctor.Command, actions, "administrator")
	policy("--fix", "repair")
	d.want(1, "repair goes by Run Command, and the desktop cannot be asked", doctor.Command, actions, broken, "--fix", "repair")
	fix("restart", "RebootWorkspaces", 1)
	fix("restore", "RestoreWorkspace", 1)
	fix("rebuild", "RebuildWorkspaces", 1)
	if _, there := o.World.ReadRoot(broken, "etc/broken"); there {
		t.Error("want the system as it was made")
	}
	fix("recreate", "TerminateWorkspaces", 1)
	if n := len(o.lookup("CreateWorkspaces")); n != 2 {
		t.Errorf("want one desktop made in the place of the other, got %d calls", n)
	}
	out, err := o.workspaces().DescribeWorkspaces(t.Context(), &workspaces.DescribeWorkspacesInput{DirectoryId: &o.directory})
	must(err)
	if len(out.Workspaces) != 1 || *out.Workspaces[0].WorkspaceId == broken || *out.Workspaces[0].BundleId != "wsb-d12value0" {
		t.Fatalf("want a new desktop of the bundle, got %+v", out.Workspaces)
	}
	anew := *out.Workspaces[0].WorkspaceId
	tags, err := o.workspaces().DescribeTags(t.Context(), &workspaces.DescribeTagsInput{ResourceId: &anew})
	must(err)
	if len(tags.TagList) != 1 || *tags.TagList[0].Value != "sales" {
		t.Errorf("want the tags kept, got %+v", tags.TagList)
	}
	policy()
	d.want(0, "recreate  DONE", doctor.Command, actions, anew)

	// A plan that nobody can read does not hide the desktop.
	must(os.WriteFile(filepath.Join(d.env["XDG_STATE_HOME"], "tamachi", "desk", "plans", "p-0123456789.jsonl"), []byte("{\n"), 0o600))
	d.want(0, "recreate  DONE", doctor.Command, actions, anew)
}
