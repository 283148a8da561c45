package change

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
)

// The actions that repair a desktop as a whole.
const (
	Reboot  = "workspaces:RebootWorkspaces"
	Restore = "workspaces:RestoreWorkspace"
	Rebuild = "workspaces:RebuildWorkspaces"
)

// Repair is the input of Reboot, Restore and Rebuild.
type Repair struct {
	Desktop string    `json:"desktop"`
	Since   time.Time `json:"since"` // when the plan was made: a call before it was not the plan's
}

// repairs are the actions by their operation. A desktop says only what state it
// is in; that a repair was asked for, and is over, is in the trail. On AWS the
// trail tells it some minutes later (CloudTrail User Guide), until when a desktop
// that is well again counts as not yet repaired: only a run that was killed
// within these minutes could reboot twice, for restoring and rebuilding take
// longer and are seen in the state.
func repairs() plan.Actions {
	out := plan.Actions{}
	for action, r := range map[string]struct {
		operation string
		batch     int
	}{Reboot: {"RebootWorkspaces", account.Batch}, Restore: {"RestoreWorkspace", 1}, Rebuild: {"RebuildWorkspaces", 1}} {
		out[action] = plan.Many(r.batch,
			func(ctx context.Context, a *account.Account, asks []plan.Ask[Repair]) ([]plan.Seen, error) {
				return lookAtRepairs(ctx, a, r.operation, asks)
			},
			func(ctx context.Context, a *account.Account, asks []plan.Ask[Repair]) []error {
				return repairDesktops(ctx, a, r.operation, asks)
			},
		).Needs([]string{"cloudtrail:LookupEvents", "workspaces:DescribeWorkspaces"}, []string{action})
	}
	return out
}

// passing are the states of a desktop that is on its way.
var passing = []types.WorkspaceState{
	types.WorkspaceStatePending, types.WorkspaceStateRebooting, types.WorkspaceStateStarting, types.WorkspaceStateRebuilding,
	types.WorkspaceStateRestoring, types.WorkspaceStateStopping, types.WorkspaceStateUpdating,
}

// lookAtRepairs looks at desktops and, once for all of them, into the trail.
func lookAtRepairs(ctx context.Context, a *account.Account, operation string, asks []plan.Ask[Repair]) ([]plan.Seen, error) {
	var ids []string
	since := asks[0].Input.Since
	for _, ask := range asks {
		ids = append(ids, ask.Input.Desktop)
		if ask.Input.Since.Before(since) {
			since = ask.Input.Since
		}
	}
	now, err := account.DesktopsByID(ctx, a.Desktops, ids)
	if err != nil {
		return nil, err
	}
	events, _, err := account.Events(ctx, a.Trail, operation, since.Add(-time.Second), mostRepairs)
	if err != nil {
		return nil, err
	}
	seen := make([]plan.Seen, len(asks))
	for i, ask := range asks {
		seen[i] = seeRepair(now, events, operation, ask.Input)
	}
	return seen, nil
}

func seeRepair(now []types.Workspace, events []trailtypes.Event, operation string, r Repair) plan.Seen {
	i := slices.IndexFunc(now, func(w types.Workspace) bool { return aws.ToString(w.WorkspaceId) == r.Desktop })
	if i < 0 {
		return plan.Seen{State: plan.Drifted, Note: "the desktop is gone"}
	}
	state := now[i].State
	if slices.Contains(passing, state) {
		return plan.Seen{State: plan.Moving, Note: "the desktop is " + string(state)}
	}
	switch asked := repairAsked(events, r); {
	case !asked && state == types.WorkspaceStateStopped && operation == "RebootWorkspaces":
		return plan.Seen{State: plan.Drifted, Note: "the desktop is STOPPED: start it"}
	case !asked:
		return plan.Seen{State: plan.Todo}
	case state == types.WorkspaceStateError:
		return plan.Seen{State: plan.Moving, Note: "the desktop is in ERROR: " + aws.ToString(now[i].ErrorMessage), Failed: true}
	case state == types.WorkspaceStateUnhealthy:
		return plan.Seen{State: plan.Moving, Note: "the desktop is UNHEALTHY"}
	}
	return plan.Seen{State: plan.Done}
}

// mostRepairs bounds what is read of the trail.
const mostRepairs = 500

// repairAsked tells whether the trail has the call.
func repairAsked(events []trailtypes.Event, r Repair) bool {
	return slices.ContainsFunc(events, func(e trailtypes.Event) bool {
		return !aws.ToTime(e.EventTime).Before(r.Since.Truncate(time.Second)) && named(aws.ToString(e.CloudTrailEvent), r.Desktop)
	})
}

// named tells whether a record is of a repair of a desktop that was begun.
func named(record, desktop string) bool {
	type one struct{ WorkspaceID string }
	var c struct {
		account.Record
		RequestParameters struct {
			WorkspaceID              string
			RebootWorkspaceRequests  []one
			RebuildWorkspaceRequests []one
		}
		ResponseElements struct{ FailedRequests []one }
	}
	if json.Unmarshal([]byte(record), &c) != nil || c.ErrorCode != "" {
		return false
	}
	is := func(o one) bool { return o.WorkspaceID == desktop }
	asked := slices.ContainsFunc(append(c.RequestParameters.RebootWorkspaceRequests, c.RequestParameters.RebuildWorkspaceRequests...), is)
	return (asked || c.RequestParameters.WorkspaceID == desktop) && !slices.ContainsFunc(c.ResponseElements.FailedRequests, is)
}

func repairDesktops(ctx context.Context, a *account.Account, operation string, asks []plan.Ask[Repair]) []error {
	var failed []types.FailedWorkspaceChangeRequest
	var err error
	desktops := make([]plan.Ask[Desktop], len(asks))
	for i, ask := range asks {
		desktops[i].Input.Desktop = ask.Input.Desktop
	}
	switch operation {
	case "RebootWorkspaces":
		var out *workspaces.RebootWorkspacesOutput
		if out, err = a.Desktops.RebootWorkspaces(ctx, &workspaces.RebootWorkspacesInput{RebootWorkspaceRequests: requests[types.RebootRequest](desktops)}); err == nil {
			failed = out.FailedRequests
		}
	case "RebuildWorkspaces":
		var out *workspaces.RebuildWorkspacesOutput
		if out, err = a.Desktops.RebuildWorkspaces(ctx, &workspaces.RebuildWorkspacesInput{RebuildWorkspaceRequests: []types.RebuildRequest{{WorkspaceId: &desktops[0].Input.Desktop}}}); err == nil {
			failed = out.FailedRequests
		}
	default:
		_, err = a.Desktops.RestoreWorkspace(ctx, &workspaces.RestoreWorkspaceInput{WorkspaceId: &desktops[0].Input.Desktop})
	}
	return refused(desktops, "workspaces:"+operation, err, failed)
}

// CLI is the same by the AWS CLI.
func (r Repair) CLI(action string) string {
	switch action {
	case Reboot:
		return plan.Shell("aws", "workspaces", "reboot-workspaces", "--reboot-workspace-requests", r.Desktop)
	case Rebuild:
		return plan.Shell("aws", "workspaces", "rebuild-workspaces", "--rebuild-workspace-requests", r.Desktop)
	}
	return plan.Shell("aws", "workspaces", "restore-workspace", "--workspace-id", r.Desktop)
}
