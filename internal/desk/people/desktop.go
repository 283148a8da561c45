package people

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
)

const (
	createDesktop = "workspaces:CreateWorkspaces"
	removeDesktop = "workspaces:TerminateWorkspaces/User"
	tagDesktop    = "workspaces:CreateTags"
	untagDesktop  = "workspaces:DeleteTags"
)

// seat is the input of the actions about a person's desktop.
type seat struct {
	Directory string `json:"directory"`
	Account   string `json:"account"`
	Bundle    string `json:"bundle,omitempty"`
	Mode      string `json:"mode,omitempty"`
	Minutes   int32  `json:"minutes,omitempty"`
}

// tagged is the input of the actions about a desktop's tag.
type tagged struct {
	Desktop string `json:"desktop"`
	Key     string `json:"key"`
	Value   string `json:"value"`
}

func desktopActions() plan.Actions {
	read := []string{"workspaces:DescribeWorkspaces"}
	tags := []string{"workspaces:DescribeTags"}
	return plan.Actions{
		// CreateWorkspaces has no client token: what was asked for is found by
		// its user.
		createDesktop: plan.Many(account.Batch, seeSeats, makeSeats).Needs(read, []string{"workspaces:CreateWorkspaces"}),
		removeDesktop: plan.One(seeRemoved, doRemove).Needs(read, []string{"workspaces:TerminateWorkspaces"}),
		migrateDesktop: plan.One(seeMigrated, doMigrate).Needs(
			[]string{"workspaces:DescribeWorkspaces", "workspaces:DescribeWorkspacesConnectionStatus"}, []string{"workspaces:MigrateWorkspace"},
		),
		tagDesktop:   plan.One(seeTag(true), doTag).Needs(tags, []string{"workspaces:CreateTags"}),
		untagDesktop: plan.One(seeTag(false), doUntag).Needs(tags, []string{"workspaces:DeleteTags"}),
	}
}

func seeSeats(ctx context.Context, a *account.Account, asks []plan.Ask[seat]) ([]plan.Seen, error) {
	seen := make([]plan.Seen, len(asks))
	for i, ask := range asks {
		found, err := account.DesktopsOfUser(ctx, a.Desktops, ask.Input.Directory, ask.Input.Account)
		if err != nil {
			return nil, err
		}
		seen[i] = seeSeat(found, ask.Input)
	}
	return seen, nil
}

func seeSeat(found []types.Workspace, s seat) plan.Seen {
	if len(found) == 0 {
		return plan.Seen{State: plan.Todo}
	}
	w := found[0]
	switch {
	case aws.ToString(w.BundleId) != s.Bundle:
		return plan.Seen{State: plan.Drifted, Note: "the user has " + aws.ToString(w.WorkspaceId) + " of bundle " + aws.ToString(w.BundleId)}
	case w.State == types.WorkspaceStateError:
		return plan.Seen{State: plan.Drifted, Failed: true, Note: aws.ToString(w.WorkspaceId) + " is in ERROR: " + aws.ToString(w.ErrorMessage)}
	case w.State == types.WorkspaceStateAvailable || w.State == types.WorkspaceStateStopped:
		return plan.Seen{State: plan.Done, Note: aws.ToString(w.WorkspaceId)}
	}
	return plan.Seen{State: plan.Moving, Note: aws.ToString(w.WorkspaceId) + " is " + string(w.State)}
}

func makeSeats(ctx context.Context, a *account.Account, asks []plan.Ask[seat]) []error {
	in := &workspaces.CreateWorkspacesInput{}
	for _, ask := range asks {
		r := types.WorkspaceRequest{DirectoryId: aws.String(ask.Input.Directory), UserName: aws.String(ask.Input.Account), BundleId: aws.String(ask.Input.Bundle)}
		r.WorkspaceProperties = &types.WorkspaceProperties{RunningMode: types.RunningMode(ask.Input.Mode)}
		if ask.Input.Minutes > 0 {
			r.WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes = aws.Int32(ask.Input.Minutes)
		}
		in.Workspaces = append(in.Workspaces, r)
	}
	out, err := a.Desktops.CreateWorkspaces(ctx, in)
	if err != nil {
		return slices.Repeat([]error{account.Explain("workspaces:CreateWorkspaces", err)}, len(asks))
	}
	errs := make([]error, len(asks))
	for _, f := range out.FailedRequests {
		for i, ask := range asks {
			if f.WorkspaceRequest != nil && aws.ToString(f.WorkspaceRequest.UserName) == ask.Input.Account {
				errs[i] = fmt.Errorf("%s: %s", aws.ToString(f.ErrorCode), aws.ToString(f.ErrorMessage))
			}
		}
	}
	return errs
}

func seeRemoved(ctx context.Context, a *account.Account, ask plan.Ask[seat]) (plan.Seen, error) {
	found, err := account.DesktopsOfUser(ctx, a.Desktops, ask.Input.Directory, ask.Input.Account)
	if err != nil || len(found) > 0 {
		return plan.Seen{State: plan.Todo}, err
	}
	return plan.Seen{State: plan.Done}, nil
}

func doRemove(ctx context.Context, a *account.Account, ask plan.Ask[seat]) error {
	found, err := account.DesktopsOfUser(ctx, a.Desktops, ask.Input.Directory, ask.Input.Account)
	if err != nil {
		return err
	}
	for _, w := range found {
		if aws.ToString(w.BundleId) != ask.Input.Bundle {
			continue
		}
		if err := change.TerminateOne(ctx, a, aws.ToString(w.WorkspaceId)); err != nil {
			return err
		}
	}
	return nil
}

func seeTag(want bool) func(context.Context, *account.Account, plan.Ask[tagged]) (plan.Seen, error) {
	return func(ctx context.Context, a *account.Account, ask plan.Ask[tagged]) (plan.Seen, error) {
		out, err := a.Desktops.DescribeTags(ctx, &workspaces.DescribeTagsInput{ResourceId: &ask.Input.Desktop})
		if err != nil {
			return plan.Seen{}, account.Explain("workspaces:DescribeTags", err)
		}
		has := slices.ContainsFunc(out.TagList, func(t types.Tag) bool {
			return aws.ToString(t.Key) == ask.Input.Key && aws.ToString(t.Value) == ask.Input.Value
		})
		if has == want {
			return plan.Seen{State: plan.Done}, nil
		}
		return plan.Seen{State: plan.Todo}, nil
	}
}

func doTag(ctx context.Context, a *account.Account, ask plan.Ask[tagged]) error {
	_, err := a.Desktops.CreateTags(ctx, &workspaces.CreateTagsInput{
		ResourceId: &ask.Input.Desktop, Tags: []types.Tag{{Key: &ask.Input.Key, Value: &ask.Input.Value}},
	})
	return explained("workspaces:CreateTags", err)
}

func doUntag(ctx context.Context, a *account.Account, ask plan.Ask[tagged]) error {
	_, err := a.Desktops.DeleteTags(ctx, &workspaces.DeleteTagsInput{ResourceId: &ask.Input.Desktop, TagKeys: []string{ask.Input.Key}})
	return explained("workspaces:DeleteTags", err)
}
