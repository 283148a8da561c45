package workspaces_test

import (
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/services/workspaces"
	"tamachi/internal/desktops"
)

// TestWaitingTimesOfAWS changes sizes as often as one likes, and as often as AWS
// lets one.
func TestWaitingTimesOfAWS(t *testing.T) {
	bigger, smaller := types.WorkspaceProperties{ComputeTypeName: types.ComputePower}, types.WorkspaceProperties{ComputeTypeName: types.ComputeStandard}
	root, more := types.WorkspaceProperties{RootVolumeSizeGib: new(int32(175))}, types.WorkspaceProperties{RootVolumeSizeGib: new(int32(200))}
	user := types.WorkspaceProperties{UserVolumeSizeGib: new(int32(100))}
	for _, row := range []struct {
		name   string
		first  types.WorkspaceProperties
		second types.WorkspaceProperties
		after  time.Duration
		strict bool
		want   string
	}{
		{"nothing waits by default", bigger, smaller, time.Minute, false, ""},
		{"a smaller compute type waits 30 days", bigger, smaller, 30*24*time.Hour - time.Minute, true, "InvalidResourceStateException"},
		{"and not longer", bigger, smaller, 30 * 24 * time.Hour, true, ""},
		{"a larger one waits 6 hours", bigger, types.WorkspaceProperties{ComputeTypeName: types.ComputePowerpro}, 6*time.Hour - time.Minute, true, "InvalidResourceStateException"},
		{"and no longer", bigger, types.WorkspaceProperties{ComputeTypeName: types.ComputePowerpro}, 6 * time.Hour, true, ""},
		{"a root volume waits 6 hours", root, more, 5 * time.Hour, true, "InvalidResourceStateException"},
		{"then it grows", root, more, 6 * time.Hour, true, ""},
		{"a volume does not wait for the compute type", bigger, user, time.Minute, true, ""},
		{"a running mode never waits", bigger, types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop}, time.Minute, true, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := open(t)
			p.strict = workspaces.Strict{On: row.strict, Desktops: 1}
			p.begins()
			p.register()
			id := p.desktop("fujita.kouhei", types.RunningModeAlwaysOn)
			p.settle(id, desktops.Outcome{})
			modify := func(w types.WorkspaceProperties) string {
				return p.as(account, "ModifyWorkspaceProperties", &sdk.ModifyWorkspacePropertiesInput{WorkspaceId: &id, WorkspaceProperties: &w})
			}
			if w := row.first; w.RootVolumeSizeGib != nil { // 175 GB of root want 100 GB of user
				same(t, "the user volume", "", modify(user))
				p.settle(id, desktops.Outcome{})
			}
			same(t, "the first change", "", modify(row.first))
			p.settle(id, desktops.Outcome{})
			p.clock.Advance(row.after)
			same(t, "the second", row.want, modify(row.second))
		})
	}
}

// TestQuotaOfDesktops makes more desktops than the account may have.
func TestQuotaOfDesktops(t *testing.T) {
	p := open(t)
	p.strict = workspaces.Strict{On: true, Desktops: 2}
	p.begins()
	p.register()
	var requests []types.WorkspaceRequest
	for _, user := range []string{"nobody.here", "fujita.kouhei", "nakamura.yuri", "Sato.Hanako"} {
		requests = append(requests, types.WorkspaceRequest{DirectoryId: new(corp), BundleId: new(standard), UserName: &user})
	}
	out := p.create(requests...)
	same(t, "made", 2, len(out.PendingRequests))
	var codes []string
	for _, f := range out.FailedRequests {
		codes = append(codes, *f.WorkspaceRequest.UserName+" "+*f.ErrorCode)
	}
	same(t, "refused, and why", []string{"nobody.here ResourceNotFound.User", "Sato.Hanako ResourceLimitExceededException"}, codes)
	id := *out.PendingRequests[0].WorkspaceId
	p.settle(id, desktops.Outcome{})
	must[sdk.TerminateWorkspacesOutput](p, "TerminateWorkspaces", &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}}})
	p.settle(id, desktops.Outcome{})
	same(t, "made in the place of one that is gone", 1, len(p.create(requests[3]).PendingRequests))
}
