package house_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/apitest"
)

// office is a whole plane with one registered directory, seen by its
// administrator.
type office struct {
	*apitest.Plane
	profile   string // of a user whom scripts know
	t         *testing.T
	directory string
}

func open(t *testing.T) *office { return openOn(t, apitest.Options{}) }

func openOn(t *testing.T, options apitest.Options) *office {
	t.Helper()
	o := &office{Plane: apitest.Start(t, options), t: t}
	o.directory = o.Corp()
	return o
}

// workspaces is a client of the plane as it runs now: its address changes with
// a restart.
func (o *office) workspaces() *workspaces.Client { return workspaces.NewFromConfig(o.Config()) }

// desktop makes the administrator's.
func (o *office) desktop() string {
	o.t.Helper()
	out, err := o.workspaces().CreateWorkspaces(o.t.Context(), &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: &o.directory, BundleId: new("wsb-d12value0"), UserName: new("administrator"),
	}}})
	if err != nil || len(out.PendingRequests) != 1 {
		o.t.Fatalf("create a desktop: %v, %+v", err, out)
	}
	return *out.PendingRequests[0].WorkspaceId
}

func (o *office) terminate(id string) {
	o.t.Helper()
	out, err := o.workspaces().TerminateWorkspaces(o.t.Context(), &workspaces.TerminateWorkspacesInput{
		TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}},
	})
	if err != nil || len(out.FailedRequests) != 0 {
		o.t.Fatalf("terminate %s: %v, %+v", id, err, out)
	}
}

func (o *office) eventually(what string, holds func() bool) {
	o.t.Helper()
	apitest.Eventually(o.t, "the "+what, holds)
}
