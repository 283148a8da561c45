package people

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
)

// migrateDesktop gives one person's desktop another bundle. That of a rollout
// moves many into one.
const migrateDesktop = "workspaces:MigrateWorkspace/User"

// migration is its input. A migrated desktop has another id, so it is known by
// its user, who can have one in a directory.
type migration struct {
	Directory string `json:"directory"`
	Account   string `json:"account"`
	From      string `json:"from"`
	Into      string `json:"into"`
}

func (m migration) back() migration { return migration{m.Directory, m.Account, m.Into, m.From} }

// seeMigrated looks at a user's desktops: while one is migrated there can be two.
func seeMigrated(ctx context.Context, a *account.Account, ask plan.Ask[migration]) (plan.Seen, error) {
	found, err := account.DesktopsOfUser(ctx, a.Desktops, ask.Input.Directory, ask.Input.Account)
	if err != nil {
		return plan.Seen{}, err
	}
	seen := compareMigrated(found, ask.Input)
	if seen.State != plan.Todo {
		return seen, nil
	}
	out, err := a.Desktops.DescribeWorkspacesConnectionStatus(ctx, &workspaces.DescribeWorkspacesConnectionStatusInput{
		WorkspaceIds: []string{aws.ToString(found[0].WorkspaceId)},
	})
	if err != nil {
		return plan.Seen{}, account.Explain("workspaces:DescribeWorkspacesConnectionStatus", err)
	}
	for _, c := range out.WorkspacesConnectionStatus {
		if c.ConnectionState == types.ConnectionStateConnected {
			return plan.Seen{State: plan.Later, Note: "somebody works there now; the next apply takes it"}, nil
		}
	}
	return seen, nil
}

func compareMigrated(found []types.Workspace, m migration) plan.Seen {
	if len(found) == 0 {
		return plan.Seen{State: plan.Drifted, Note: "the user has no desktop"}
	}
	for _, w := range found {
		id, state := aws.ToString(w.WorkspaceId), w.State
		switch rests := state == types.WorkspaceStateAvailable || state == types.WorkspaceStateStopped; {
		case len(found) == 1 && aws.ToString(w.BundleId) == m.Into && rests:
			return plan.Seen{State: plan.Done, Note: id}
		case aws.ToString(w.BundleId) == m.Into && state == types.WorkspaceStateError:
			return plan.Seen{State: plan.Drifted, Failed: true, Note: id + " is in ERROR: " + aws.ToString(w.ErrorMessage)}
		case len(found) > 1:
		case aws.ToString(w.BundleId) == m.From && rests:
			return plan.Seen{State: plan.Todo}
		case aws.ToString(w.BundleId) != m.From && aws.ToString(w.BundleId) != m.Into:
			return plan.Seen{State: plan.Drifted, Note: "the user has " + id + " of bundle " + aws.ToString(w.BundleId)}
		}
	}
	return plan.Seen{State: plan.Moving, Note: aws.ToString(found[0].WorkspaceId) + " is " + string(found[0].State)}
}

func doMigrate(ctx context.Context, a *account.Account, ask plan.Ask[migration]) error {
	found, err := account.DesktopsOfUser(ctx, a.Desktops, ask.Input.Directory, ask.Input.Account)
	if err != nil {
		return err
	}
	for _, w := range found {
		if aws.ToString(w.BundleId) == ask.Input.From {
			_, err := a.Desktops.MigrateWorkspace(ctx, &workspaces.MigrateWorkspaceInput{SourceWorkspaceId: w.WorkspaceId, BundleId: &ask.Input.Into})
			return explained("workspaces:MigrateWorkspace", err)
		}
	}
	return nil
}
