package workspaces_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/apitest"
)

// wired is a whole plane with an SDK client of the room, over a socket.
type wired struct {
	*sdk.Client
	t         *testing.T
	plane     *apitest.Plane
	directory string
}

func overASocket(t *testing.T) wired {
	t.Helper()
	p := apitest.Start(t, apitest.Options{})
	out, err := directoryservice.NewFromConfig(p.Config()).CreateDirectory(t.Context(), &directoryservice.CreateDirectoryInput{
		Name: new("corp.example.com"), Password: new("Sesame-123"), Size: dstypes.DirectorySizeSmall,
	})
	if err != nil {
		t.Fatalf("create a directory: %v", err)
	}
	return wired{sdk.NewFromConfig(p.Config()), t, p, *out.DirectoryId}
}

// done wants success.
func (w wired) done(_ any, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// no wants an error code.
func (w wired) no(code string) func(any, error) {
	return func(_ any, err error) {
		w.t.Helper()
		if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != code {
			w.t.Errorf("want %s, got %v", code, err)
		}
	}
}

// becomes polls until a desktop has the state; "" is gone.
func (w wired) becomes(id string, state types.WorkspaceState) types.Workspace {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		out, err := w.DescribeWorkspaces(ctx, &sdk.DescribeWorkspacesInput{WorkspaceIds: []string{id}})
		if err != nil {
			w.t.Fatalf("wait for %s of %s: %v", state, id, err)
		}
		var got types.Workspace
		if len(out.Workspaces) > 0 {
			got = out.Workspaces[0]
		}
		if got.State == state {
			return got
		}
		if got.State == types.WorkspaceStateError {
			w.t.Fatalf("%s failed: %s: %s", id, deref(got.ErrorCode), deref(got.ErrorMessage))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			w.t.Fatalf("%s is %s (%s), want %s", id, got.State, deref(got.ErrorMessage), state)
		}
	}
}

// TestEveryRowOverASocket runs each operation well and badly by the SDK, and
// looks at what it changed.
func TestEveryRowOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	w.no("ResourceNotFoundException")(w.RegisterWorkspaceDirectory(ctx, &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new("d-ffffffffff")}))
	w.done(w.RegisterWorkspaceDirectory(ctx, &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: &w.directory}))
	w.no("ResourceAlreadyExistsException")(w.RegisterWorkspaceDirectory(ctx, &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: &w.directory}))
	dirs, err := w.DescribeWorkspaceDirectories(ctx, &sdk.DescribeWorkspaceDirectoriesInput{DirectoryIds: []string{w.directory}})
	w.done(dirs, err)
	if len(dirs.Directories) != 1 || dirs.Directories[0].State != types.WorkspaceDirectoryStateRegistered {
		t.Errorf("registered directories: %+v", dirs.Directories)
	}
	w.no("InvalidParameterValuesException")(w.DescribeWorkspaceDirectories(ctx, &sdk.DescribeWorkspaceDirectoriesInput{NextToken: new("bogus")}))
	bundles, err := w.DescribeWorkspaceBundles(ctx, &sdk.DescribeWorkspaceBundlesInput{Owner: new("AMAZON")})
	w.done(bundles, err)
	w.no("InvalidParameterValuesException")(w.DescribeWorkspaceBundles(ctx, &sdk.DescribeWorkspaceBundlesInput{Owner: new("AMAZON"), BundleIds: []string{standard}}))
	id := w.createOverTheSocket(bundles.Bundles[0].BundleId)

	w.done(w.CreateTags(ctx, &sdk.CreateTagsInput{ResourceId: &id, Tags: []types.Tag{{Key: new("Team"), Value: new("it")}, {Key: new("Floor"), Value: new("3")}}}))
	w.no("ResourceNotFoundException")(w.CreateTags(ctx, &sdk.CreateTagsInput{ResourceId: new("ws-zzzzzzzzz"), Tags: []types.Tag{{Key: new("Team")}}}))
	w.done(w.DeleteTags(ctx, &sdk.DeleteTagsInput{ResourceId: &id, TagKeys: []string{"Floor"}}))
	w.no("ResourceNotFoundException")(w.DeleteTags(ctx, &sdk.DeleteTagsInput{ResourceId: new("ws-zzzzzzzzz"), TagKeys: []string{"Floor"}}))
	tags, err := w.DescribeTags(ctx, &sdk.DescribeTagsInput{ResourceId: &id})
	w.done(tags, err)
	if len(tags.TagList) != 1 || *tags.TagList[0].Key != "Team" || *tags.TagList[0].Value != "it" {
		t.Errorf("tags: %+v, want Team=it", tags.TagList)
	}
	w.no("ResourceNotFoundException")(w.DescribeTags(ctx, &sdk.DescribeTagsInput{ResourceId: new("ws-zzzzzzzzz")}))
	w.no("InvalidParameterValuesException")(w.DescribeWorkspaces(ctx, &sdk.DescribeWorkspacesInput{UserName: new("Administrator")}))
	status, err := w.DescribeWorkspacesConnectionStatus(ctx, &sdk.DescribeWorkspacesConnectionStatusInput{WorkspaceIds: []string{id, "ws-zzzzzzzzz"}})
	w.done(status, err)
	if c := status.WorkspacesConnectionStatus; len(c) != 1 || c[0].ConnectionState != types.ConnectionStateDisconnected || c[0].LastKnownUserConnectionTimestamp != nil {
		t.Errorf("connections: %+v, want one that is disconnected and never was", c)
	}
	w.no("InvalidParameterValuesException")(w.DescribeWorkspacesConnectionStatus(ctx, &sdk.DescribeWorkspacesConnectionStatusInput{NextToken: new("bogus")}))
	w.no("OperationNotSupportedException")(w.DeregisterWorkspaceDirectory(ctx, &sdk.DeregisterWorkspaceDirectoryInput{DirectoryId: &w.directory}))
	w.verbsOverTheSocket(id)

	w.done(w.DeregisterWorkspaceDirectory(ctx, &sdk.DeregisterWorkspaceDirectoryInput{DirectoryId: &w.directory}))
	w.no("ResourceNotFoundException")(w.DeregisterWorkspaceDirectory(ctx, &sdk.DeregisterWorkspaceDirectoryInput{DirectoryId: &w.directory}))
	w.done(directoryservice.NewFromConfig(w.plane.Config()).DeleteDirectory(ctx, &directoryservice.DeleteDirectoryInput{DirectoryId: &w.directory}))
}

// createOverTheSocket makes a desktop for the only user that every directory
// has.
func (w wired) createOverTheSocket(bundle *string) string {
	w.t.Helper()
	request := types.WorkspaceRequest{DirectoryId: &w.directory, BundleId: bundle, UserName: new("administrator"), WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop}}
	nobody := request
	nobody.UserName = new("nobody.here")
	out, err := w.CreateWorkspaces(w.t.Context(), &sdk.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{request, nobody}})
	w.done(out, err)
	if len(out.PendingRequests) != 1 || len(out.FailedRequests) != 1 || *out.FailedRequests[0].ErrorCode != "ResourceNotFound.User" {
		w.t.Fatalf("want one pending and one unknown user, got %+v", out)
	}
	many := make([]types.WorkspaceRequest, 26)
	for i := range many {
		many[i] = request
	}
	w.no("ValidationException")(w.CreateWorkspaces(w.t.Context(), &sdk.CreateWorkspacesInput{Workspaces: many}))
	id := *out.PendingRequests[0].WorkspaceId
	if got := w.becomes(id, types.WorkspaceStateAvailable); *got.UserName != "Administrator" || deref(got.IpAddress) == "" {
		w.t.Errorf("the desktop: %+v", got)
	}
	return id
}

func (w wired) verbsOverTheSocket(id string) {
	w.t.Helper()
	ctx, bad := w.t.Context(), new("i-0123456789abcdef0")
	w.done(w.StopWorkspaces(ctx, &sdk.StopWorkspacesInput{StopWorkspaceRequests: []types.StopRequest{{WorkspaceId: &id}}}))
	w.becomes(id, types.WorkspaceStateStopped)
	w.no("ValidationException")(w.StopWorkspaces(ctx, &sdk.StopWorkspacesInput{StopWorkspaceRequests: []types.StopRequest{{WorkspaceId: bad}}}))
	w.done(w.StartWorkspaces(ctx, &sdk.StartWorkspacesInput{StartWorkspaceRequests: []types.StartRequest{{WorkspaceId: &id}}}))
	w.becomes(id, types.WorkspaceStateAvailable)
	w.no("ValidationException")(w.StartWorkspaces(ctx, &sdk.StartWorkspacesInput{StartWorkspaceRequests: []types.StartRequest{{WorkspaceId: bad}}}))
	w.done(w.RebootWorkspaces(ctx, &sdk.RebootWorkspacesInput{RebootWorkspaceRequests: []types.RebootRequest{{WorkspaceId: &id}}}))
	w.becomes(id, types.WorkspaceStateAvailable)
	w.no("ValidationException")(w.RebootWorkspaces(ctx, &sdk.RebootWorkspacesInput{RebootWorkspaceRequests: []types.RebootRequest{{WorkspaceId: bad}}}))
	w.done(w.RebuildWorkspaces(ctx, &sdk.RebuildWorkspacesInput{RebuildWorkspaceRequests: []types.RebuildRequest{{WorkspaceId: &id}}}))
	w.becomes(id, types.WorkspaceStateAvailable)
	w.no("ValidationException")(w.RebuildWorkspaces(ctx, &sdk.RebuildWorkspacesInput{RebuildWorkspaceRequests: []types.RebuildRequest{{WorkspaceId: &id}, {WorkspaceId: &id}}}))
	maintain := func(id string, to types.TargetWorkspaceState) (any, error) {
		return w.ModifyWorkspaceState(ctx, &sdk.ModifyWorkspaceStateInput{WorkspaceId: &id, WorkspaceState: to})
	}
	w.done(maintain(id, types.TargetWorkspaceStateAdminMaintenance))
	w.becomes(id, types.WorkspaceStateAdminMaintenance)
	w.no("InvalidResourceStateException")(maintain(id, types.TargetWorkspaceStateAdminMaintenance))
	w.no("ResourceNotFoundException")(maintain("ws-zzzzzzzzz", types.TargetWorkspaceStateAvailable))
	w.done(maintain(id, types.TargetWorkspaceStateAvailable))
	w.becomes(id, types.WorkspaceStateAvailable)
	w.sizesOverTheSocket(id)
	w.done(w.TerminateWorkspaces(ctx, &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}}}))
	w.becomes(id, "")
	w.no("ValidationException")(w.TerminateWorkspaces(ctx, &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: bad}}}))
}

// sizesOverTheSocket changes a desktop, and puts it back to its snapshot.
func (w wired) sizesOverTheSocket(id string) {
	w.t.Helper()
	ctx := w.t.Context()
	change := func(id string, p types.WorkspaceProperties) (any, error) {
		return w.ModifyWorkspaceProperties(ctx, &sdk.ModifyWorkspacePropertiesInput{WorkspaceId: &id, WorkspaceProperties: &p})
	}
	w.done(change(id, types.WorkspaceProperties{ComputeTypeName: types.ComputePowerpro}))
	if got := w.becomes(id, types.WorkspaceStateAvailable).WorkspaceProperties; got.ComputeTypeName != types.ComputePowerpro {
		w.t.Errorf("want POWERPRO, got %+v", got)
	}
	w.done(change(id, types.WorkspaceProperties{RunningMode: types.RunningModeAlwaysOn}))
	if got := w.becomes(id, types.WorkspaceStateAvailable).WorkspaceProperties; got.RunningMode != types.RunningModeAlwaysOn || got.RunningModeAutoStopTimeoutInMinutes != nil {
		w.t.Errorf("want ALWAYS_ON, got %+v", got)
	}
	w.no("InvalidParameterValuesException")(change(id, types.WorkspaceProperties{UserVolumeSizeGib: new(int32(1))}))
	w.no("UnsupportedWorkspaceConfigurationException")(change(id, types.WorkspaceProperties{ComputeTypeName: types.ComputeGraphics}))
	w.no("ResourceNotFoundException")(change("ws-zzzzzzzzz", types.WorkspaceProperties{RunningMode: types.RunningModeAlwaysOn}))

	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		kept, err := w.DescribeWorkspaceSnapshots(ctx, &sdk.DescribeWorkspaceSnapshotsInput{WorkspaceId: &id})
		w.done(kept, err)
		if len(kept.RestoreSnapshots) == 1 {
			break
		}
		<-tick.C
	}
	w.no("ResourceNotFoundException")(w.DescribeWorkspaceSnapshots(ctx, &sdk.DescribeWorkspaceSnapshotsInput{WorkspaceId: new("ws-zzzzzzzzz")}))
	w.done(w.RestoreWorkspace(ctx, &sdk.RestoreWorkspaceInput{WorkspaceId: &id}))
	w.becomes(id, types.WorkspaceStateAvailable)
	w.no("ResourceNotFoundException")(w.RestoreWorkspace(ctx, &sdk.RestoreWorkspaceInput{WorkspaceId: new("ws-zzzzzzzzz")}))
}
