package change

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
)

// The actions that let a desktop rest, and that end it.
const (
	StopDesktop      = "workspaces:StopWorkspaces"
	StartDesktop     = "workspaces:StartWorkspaces"
	TerminateDesktop = "workspaces:TerminateWorkspaces"
)

// OwnerTag is the tag that says who answers for a desktop beside its user.
const OwnerTag = "tamachi:owner"

// Desktop is the input of StopDesktop, StartDesktop and TerminateDesktop.
type Desktop struct {
	Desktop string `json:"desktop"`
}

// CLI is the same by the AWS CLI.
func (d Desktop) CLI(action string) string {
	switch action {
	case StartDesktop:
		return plan.Shell("aws", "workspaces", "start-workspaces", "--start-workspace-requests", d.Desktop)
	case StopDesktop:
		return plan.Shell("aws", "workspaces", "stop-workspaces", "--stop-workspace-requests", d.Desktop)
	}
	return Old{Desktop: d.Desktop}.CLI()
}

func rests() plan.Actions {
	read := []string{"workspaces:DescribeWorkspaces"}
	return plan.Actions{
		StopDesktop:      plan.Many(account.Batch, seeState(types.WorkspaceStateStopped), stop).Needs(read, []string{StopDesktop}),
		StartDesktop:     plan.Many(account.Batch, seeState(types.WorkspaceStateAvailable), start).Needs(read, []string{StartDesktop}),
		TerminateDesktop: plan.Many(account.Batch, seeState(types.WorkspaceStateTerminated), terminate).Needs(read, []string{TerminateDesktop}),
	}
}

// TerminateOne ends one desktop.
func TerminateOne(ctx context.Context, a *account.Account, id string) error {
	return terminate(ctx, a, []plan.Ask[Desktop]{{Input: Desktop{id}}})[0]
}

// seeState compares desktops with the state that they are to be in. One that is
// gone has been terminated, or can be neither stopped nor started.
func seeState(want types.WorkspaceState) func(context.Context, *account.Account, []plan.Ask[Desktop]) ([]plan.Seen, error) {
	return func(ctx context.Context, a *account.Account, asks []plan.Ask[Desktop]) ([]plan.Seen, error) {
		var ids []string
		for _, ask := range asks {
			ids = append(ids, ask.Input.Desktop)
		}
		now, err := account.DesktopsByID(ctx, a.Desktops, ids)
		if err != nil {
			return nil, err
		}
		seen := make([]plan.Seen, len(asks))
		for i, ask := range asks {
			k := slices.IndexFunc(now, func(w types.Workspace) bool { return aws.ToString(w.WorkspaceId) == ask.Input.Desktop })
			state := types.WorkspaceStateTerminated
			if k >= 0 {
				state = now[k].State
			}
			seen[i] = compare(state, want)
		}
		return seen, nil
	}
}

func compare(now, want types.WorkspaceState) plan.Seen {
	gone := now == types.WorkspaceStateTerminated || now == types.WorkspaceStateTerminating
	switch {
	case now == want || gone && want == types.WorkspaceStateTerminated:
		return plan.Seen{State: plan.Done}
	case gone:
		return plan.Seen{State: plan.Drifted, Note: "the desktop is gone"}
	case want == types.WorkspaceStateTerminated:
		return plan.Seen{State: plan.Todo}
	}
	switch now {
	case types.WorkspaceStateAvailable, types.WorkspaceStateStopped, types.WorkspaceStateUnhealthy:
		return plan.Seen{State: plan.Todo}
	case types.WorkspaceStateError:
		return plan.Seen{State: plan.Drifted, Note: "the desktop is in ERROR"}
	default:
		return plan.Seen{State: plan.Moving, Note: "the desktop is " + string(now)}
	}
}

func terminate(ctx context.Context, a *account.Account, asks []plan.Ask[Desktop]) []error {
	out, err := a.Desktops.TerminateWorkspaces(ctx, &workspaces.TerminateWorkspacesInput{TerminateWorkspaceRequests: requests[types.TerminateRequest](asks)})
	if err != nil {
		return refused(asks, TerminateDesktop, err, nil)
	}
	return refused(asks, "", nil, out.FailedRequests)
}

func stop(ctx context.Context, a *account.Account, asks []plan.Ask[Desktop]) []error {
	out, err := a.Desktops.StopWorkspaces(ctx, &workspaces.StopWorkspacesInput{StopWorkspaceRequests: requests[types.StopRequest](asks)})
	if err != nil {
		return refused(asks, StopDesktop, err, nil)
	}
	return refused(asks, "", nil, out.FailedRequests)
}

func start(ctx context.Context, a *account.Account, asks []plan.Ask[Desktop]) []error {
	out, err := a.Desktops.StartWorkspaces(ctx, &workspaces.StartWorkspacesInput{StartWorkspaceRequests: requests[types.StartRequest](asks)})
	if err != nil {
		return refused(asks, StartDesktop, err, nil)
	}
	return refused(asks, "", nil, out.FailedRequests)
}

// requests names the desktops of asks. The SDK has a type for each verb, all of
// one form.
func requests[R types.RebootRequest | types.StartRequest | types.StopRequest | types.TerminateRequest](asks []plan.Ask[Desktop]) []R {
	list := make([]R, len(asks))
	for i := range asks {
		list[i] = R(types.StartRequest{WorkspaceId: &asks[i].Input.Desktop})
	}
	return list
}

// refused is one error for each request: that of the call, or its own.
func refused(asks []plan.Ask[Desktop], action string, err error, failed []types.FailedWorkspaceChangeRequest) []error {
	if err != nil {
		return slices.Repeat([]error{account.Explain(action, err)}, len(asks))
	}
	errs := make([]error, len(asks))
	for _, f := range failed {
		for i, ask := range asks {
			if aws.ToString(f.WorkspaceId) == ask.Input.Desktop {
				errs[i] = fmt.Errorf("%s: %s", aws.ToString(f.ErrorCode), aws.ToString(f.ErrorMessage))
			}
		}
	}
	return errs
}
