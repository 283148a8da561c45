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
	for action, operation := range map[string]string{Reboot: "RebootWorkspaces", Restore: "RestoreWorkspace", Rebuild: "RebuildWorkspaces"} {
		out[action] = plan.One(
			func(ctx context.Context, a *account.Account, ask plan.Ask[Repair]) (plan.Seen, error) {
				return lookAtRepair(ctx, a, operation, ask.Input)
			},
			func(ctx context.Context, a *account.Account, ask plan.Ask[Repair]) error {
				return repairDesktop(ctx, a, operation, ask.Input.Desktop)
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

func lookAtRepair(ctx context.Context, a *account.Account, operation string, r Repair) (plan.Seen, error) {
	now, err := account.DesktopsByID(ctx, a.Desktops, []string{r.Desktop})
	if err != nil {
		return plan.Seen{}, err
	}
	if len(now) == 0 {
		return plan.Seen{State: plan.Drifted, Note: "the desktop is gone"}, nil
	}
	state := now[0].State
	if slices.Contains(passing, state) {
		return plan.Seen{State: plan.Moving, Note: "the desktop is " + string(state)}, nil
	}
	asked, err := repairAsked(ctx, a.Trail, operation, r)
	switch {
	case err != nil:
		return plan.Seen{}, err
	case !asked && state == types.WorkspaceStateStopped && operation == "RebootWorkspaces":
		return plan.Seen{State: plan.Drifted, Note: "the desktop is STOPPED: start it"}, nil
	case !asked:
		return plan.Seen{State: plan.Todo}, nil
	case state == types.WorkspaceStateError:
		return plan.Seen{State: plan.Moving, Note: "the desktop is in ERROR: " + aws.ToString(now[0].ErrorMessage), Failed: true}, nil
	case state == types.WorkspaceStateUnhealthy:
		return plan.Seen{State: plan.Moving, Note: "the desktop is UNHEALTHY"}, nil
	}
	return plan.Seen{State: plan.Done}, nil
}

// mostRepairs bounds what is read of the trail.
const mostRepairs = 500

// repairAsked tells whether the trail has the call.
func repairAsked(ctx context.Context, trail account.Trail, operation string, r Repair) (bool, error) {
	events, _, err := account.Events(ctx, trail, operation, r.Since.Add(-time.Second), mostRepairs)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(events, func(e trailtypes.Event) bool {
		return !aws.ToTime(e.EventTime).Before(r.Since.Truncate(time.Second)) && named(aws.ToString(e.CloudTrailEvent), r.Desktop)
	}), nil
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

func repairDesktop(ctx context.Context, a *account.Account, operation, id string) error {
	var failed []types.FailedWorkspaceChangeRequest
	var err error
	switch operation {
	case "RebootWorkspaces":
		var out *workspaces.RebootWorkspacesOutput
		if out, err = a.Desktops.RebootWorkspaces(ctx, &workspaces.RebootWorkspacesInput{RebootWorkspaceRequests: []types.RebootRequest{{WorkspaceId: &id}}}); err == nil {
			failed = out.FailedRequests
		}
	case "RebuildWorkspaces":
		var out *workspaces.RebuildWorkspacesOutput
		if out, err = a.Desktops.RebuildWorkspaces(ctx, &workspaces.RebuildWorkspacesInput{RebuildWorkspaceRequests: []types.RebuildRequest{{WorkspaceId: &id}}}); err == nil {
			failed = out.FailedRequests
		}
	default:
		_, err = a.Desktops.RestoreWorkspace(ctx, &workspaces.RestoreWorkspaceInput{WorkspaceId: &id})
	}
	if err != nil {
		return account.Explain("workspaces:"+operation, err)
	}
	for _, f := range failed {
		return &account.Problem{Kind: account.Other, Action: "workspaces:" + operation, Code: aws.ToString(f.ErrorCode), Message: aws.ToString(f.ErrorMessage)}
	}
	return nil
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
