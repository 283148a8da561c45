package change

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
)

// ComputeType is the name of the action that changes a desktop's size.
const ComputeType = "workspaces:ModifyWorkspaceProperties/ComputeType"

// Size is the input of ComputeType: how large it is to be, and how large the plan
// found it.
type Size struct {
	Desktop string `json:"desktop"`
	Want    string `json:"want"`
	Was     string `json:"was"`
}

// CLI is the same by the AWS CLI.
func (s Size) CLI() string {
	return plan.Shell("aws", "workspaces", "modify-workspace-properties", "--workspace-id", s.Desktop, "--workspace-properties", "ComputeTypeName="+s.Want)
}

// Back is the input that undoes it.
func (s Size) Back() Size { return Size{Desktop: s.Desktop, Want: s.Was, Was: s.Want} }

func sizes() plan.Actions {
	return plan.Actions{
		ComputeType: plan.One(lookAtSize, changeSize).Needs([]string{"workspaces:DescribeWorkspaces"}, []string{"workspaces:ModifyWorkspaceProperties"}),
	}
}

func lookAtSize(ctx context.Context, a *account.Account, ask plan.Ask[Size]) (plan.Seen, error) {
	now, err := account.DesktopsByID(ctx, a.Desktops, []string{ask.Input.Desktop})
	if err != nil {
		return plan.Seen{}, err
	}
	i := slices.IndexFunc(now, func(w types.Workspace) bool { return aws.ToString(w.WorkspaceId) == ask.Input.Desktop })
	if i < 0 {
		return plan.Seen{State: plan.Drifted, Note: "the desktop is gone"}, nil
	}
	return seeSize(&now[i], ask.Input), nil
}

// seeSize compares a desktop with what is wished for it. While it is changed, what
// it says of its size is nothing to go by.
func seeSize(w *types.Workspace, s Size) plan.Seen {
	size := ""
	if w.WorkspaceProperties != nil {
		size = string(w.WorkspaceProperties.ComputeTypeName)
	}
	rests := w.State == types.WorkspaceStateAvailable || w.State == types.WorkspaceStateStopped
	switch {
	case w.State == types.WorkspaceStateTerminated || w.State == types.WorkspaceStateTerminating:
		return plan.Seen{State: plan.Drifted, Note: "the desktop is gone"}
	case w.State == types.WorkspaceStateError:
		return plan.Seen{State: plan.Drifted, Note: "the desktop is in ERROR"}
	case !rests || len(w.ModificationStates) > 0:
		return plan.Seen{State: plan.Moving, Note: "the desktop is " + string(w.State)}
	case size == s.Want:
		return plan.Seen{State: plan.Done}
	case size != s.Was:
		return plan.Seen{State: plan.Drifted, Note: "the size is " + cmp.Or(size, "unknown") + " now"}
	}
	return plan.Seen{State: plan.Todo}
}

func changeSize(ctx context.Context, a *account.Account, ask plan.Ask[Size]) error {
	_, err := a.Desktops.ModifyWorkspaceProperties(ctx, &workspaces.ModifyWorkspacePropertiesInput{
		WorkspaceId: aws.String(ask.Input.Desktop), WorkspaceProperties: &types.WorkspaceProperties{ComputeTypeName: types.Compute(ask.Input.Want)},
	})
	if err != nil {
		return account.Explain("workspaces:ModifyWorkspaceProperties", err)
	}
	return nil
}
