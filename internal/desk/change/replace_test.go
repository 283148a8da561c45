package change

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/plan"
)

func TestTheNewDesktopIsKnownByItsUser(t *testing.T) {
	desktop := func(id string, state types.WorkspaceState, bundle string) types.Workspace {
		return types.Workspace{
			WorkspaceId: &id, State: state, BundleId: &bundle, ErrorMessage: aws.String("no room"),
			WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop},
		}
	}
	n := New{Old: "ws-old", Request: Request{Bundle: "wsb-1", RunningMode: "AUTO_STOP"}}
	for _, row := range []struct {
		name   string
		found  []types.Workspace
		want   plan.State
		failed bool
		note   string
	}{
		{"nothing is there", nil, plan.Todo, false, ""},
		{"the old one is on its way out", []types.Workspace{desktop("ws-old", "TERMINATING", "wsb-1")}, plan.Todo, false, ""},
		{"it is being made", []types.Workspace{desktop("ws-new", "PENDING", "wsb-1")}, plan.Moving, false, "ws-new is PENDING"},
		{"it is there as asked", []types.Workspace{desktop("ws-new", "AVAILABLE", "wsb-1")}, plan.Done, false, "ws-new is AVAILABLE"},
		{"it is another than was asked", []types.Workspace{desktop("ws-new", "AVAILABLE", "wsb-2")}, plan.Drifted, false, "ws-new is AVAILABLE: not as asked: bundle wsb-2, AUTO_STOP"},
		{"it met an error", []types.Workspace{desktop("ws-new", "ERROR", "wsb-1")}, plan.Moving, true, "ws-new is ERROR: no room"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := compareNew(row.found, n); got.State != row.want || got.Failed != row.failed || got.Note != row.note {
				t.Errorf("want %s, %t, %q, got %+v", row.want, row.failed, row.note, got)
			}
		})
	}
}
