package change

import (
	"cmp"
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
)

// RunningMode is the name of the action that changes a desktop's running mode.
const RunningMode = "workspaces:ModifyWorkspaceProperties/RunningMode"

// Mode is the input of RunningMode: how it is to be, and how the plan found it.
type Mode struct {
	Desktop string `json:"desktop"`
	Want    Billed `json:"want"`
	Was     Billed `json:"was"`
}

// Billed is a running mode with its timeout.
type Billed struct {
	Mode    string `json:"mode"`
	Minutes int32  `json:"minutes,omitempty"` // of AUTO_STOP, in steps of 60
}

// CLI is the same by the AWS CLI.
func (m Mode) CLI() string {
	properties := "RunningMode=" + m.Want.Mode
	if m.Want.Minutes > 0 {
		properties += ",RunningModeAutoStopTimeoutInMinutes=" + strconv.Itoa(int(m.Want.Minutes))
	}
	return plan.Shell("aws", "workspaces", "modify-workspace-properties", "--workspace-id", m.Desktop, "--workspace-properties", properties)
}

// Back is the input that undoes it.
func (m Mode) Back() Mode { return Mode{Desktop: m.Desktop, Want: m.Was, Was: m.Want} }

// Actions are the actions of this package.
func Actions() plan.Actions {
	return plan.Join(memberships(), repairs(), replacements(), rests(), sizes(), plan.Actions{
		RunningMode: plan.Many(account.Batch, lookAtModes, changeModes).Needs(
			[]string{"workspaces:DescribeWorkspaces"}, []string{"workspaces:ModifyWorkspaceProperties"},
		),
	})
}

func lookAtModes(ctx context.Context, a *account.Account, asks []plan.Ask[Mode]) ([]plan.Seen, error) {
	var ids []string
	for _, ask := range asks {
		ids = append(ids, ask.Input.Desktop)
	}
	now, err := account.DesktopsByID(ctx, a.Desktops, ids)
	if err != nil {
		return nil, err
	}
	byID := map[string]types.Workspace{}
	for _, w := range now {
		byID[aws.ToString(w.WorkspaceId)] = w
	}
	seen := make([]plan.Seen, len(asks))
	for i, ask := range asks {
		seen[i] = seeMode(byID, ask.Input)
	}
	return seen, nil
}

// seeMode compares a desktop with what is wished for it.
func seeMode(byID map[string]types.Workspace, m Mode) plan.Seen {
	w, there := byID[m.Desktop]
	switch {
	case !there || w.State == types.WorkspaceStateTerminated || w.State == types.WorkspaceStateTerminating:
		return plan.Seen{State: plan.Drifted, Note: "the desktop is gone"}
	case m.Want.is(w):
		return plan.Seen{State: plan.Done}
	case !m.Was.is(w):
		now := billed(w)
		return plan.Seen{State: plan.Drifted, Note: "running mode is " + cmp.Or(now.Mode, "unknown") + " " + strconv.Itoa(int(now.Minutes)) + " now"}
	case w.State == types.WorkspaceStateAvailable || w.State == types.WorkspaceStateStopped:
		return plan.Seen{State: plan.Todo}
	case w.State == types.WorkspaceStateError:
		return plan.Seen{State: plan.Drifted, Note: "the desktop is in ERROR"}
	}
	return plan.Seen{State: plan.Moving, Note: "the desktop is " + string(w.State)}
}

func billed(w types.Workspace) Billed {
	if w.WorkspaceProperties == nil {
		return Billed{}
	}
	return Billed{string(w.WorkspaceProperties.RunningMode), aws.ToInt32(w.WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes)}
}

// is compares the timeout only where the mode has one.
func (b Billed) is(w types.Workspace) bool {
	now := billed(w)
	return now.Mode == b.Mode && (b.Mode != string(types.RunningModeAutoStop) || b.Minutes == 0 || now.Minutes == b.Minutes)
}

func changeModes(ctx context.Context, a *account.Account, asks []plan.Ask[Mode]) []error {
	errs := make([]error, len(asks))
	for i, ask := range asks {
		p := &types.WorkspaceProperties{RunningMode: types.RunningMode(ask.Input.Want.Mode)}
		if ask.Input.Want.Minutes > 0 {
			p.RunningModeAutoStopTimeoutInMinutes = aws.Int32(ask.Input.Want.Minutes)
		}
		_, err := a.Desktops.ModifyWorkspaceProperties(ctx, &workspaces.ModifyWorkspacePropertiesInput{
			WorkspaceId: aws.String(ask.Input.Desktop), WorkspaceProperties: p,
		})
		if err != nil {
			errs[i] = account.Explain("workspaces:ModifyWorkspaceProperties", err)
		}
	}
	return errs
}
