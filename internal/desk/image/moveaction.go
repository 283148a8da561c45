package image

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/settings"
)

// Renewal is the input of Rebuild: the desktop is built anew of its bundle, which
// has the image by then.
type Renewal struct {
	Desktop string `json:"desktop"`
	Bundle  string `json:"bundle"`
	Image   string `json:"image"`
}

// Which is a bundle: by its id, or by its name where it is yet to be made.
type Which struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// Move is the input of Migrate. A migrated desktop has another id, so it is known
// by its user, who can have one in a directory.
type Move struct {
	Directory string `json:"directory"`
	User      string `json:"user"`
	From      Which  `json:"from"`
	Into      Which  `json:"into"`
}

// Back is the input that undoes it.
func (m Move) Back() Move { return Move{m.Directory, m.User, m.Into, m.From} }

// Trial is the input of CheckCanary.
type Trial struct {
	Directory string              `json:"directory"`
	User      string              `json:"user"`
	Want      settings.Acceptance `json:"want"`
}

// resting are the states in which a desktop can be given another image.
var resting = []types.WorkspaceState{
	types.WorkspaceStateAvailable, types.WorkspaceStateStopped, types.WorkspaceStateUnhealthy, types.WorkspaceStateError,
}

const inUse = "somebody works there now; the next apply takes it"

// seeRebuilt tells a rebuild that the plan wants from one that was before: it is
// in the trail after the bundle got its image.
func seeRebuilt(ctx context.Context, a *account.Account, asks []plan.Ask[Renewal]) ([]plan.Seen, error) {
	var ids []string
	for _, ask := range asks {
		ids = append(ids, ask.Input.Desktop)
	}
	now, err := account.DesktopsByID(ctx, a.Desktops, ids)
	if err != nil {
		return nil, err
	}
	busy, err := connected(ctx, a, ids)
	if err != nil {
		return nil, err
	}
	bundles, err := allBundles(ctx, a, asks[0].Input.Bundle) // one plan, one bundle
	if err != nil {
		return nil, err
	}
	var b types.WorkspaceBundle
	if len(bundles) > 0 {
		b = bundles[0]
	}
	var when map[string]time.Time
	rests := func(w types.Workspace) bool { return slices.Contains(resting, w.State) }
	if slices.ContainsFunc(now, rests) {
		if when, err = made(ctx, a.Trail, aws.ToTime(b.LastUpdatedTime), "RebuildWorkspaces"); err != nil {
			return nil, err
		}
	}
	seen := make([]plan.Seen, len(asks))
	for i, ask := range asks {
		k := slices.IndexFunc(now, func(w types.Workspace) bool { return aws.ToString(w.WorkspaceId) == ask.Input.Desktop })
		if k < 0 {
			seen[i] = plan.Seen{State: plan.Drifted, Note: "the desktop is gone"}
			continue
		}
		seen[i] = compareRebuilt(ask.Input, now[k], b, when[ask.Input.Desktop], busy[ask.Input.Desktop])
	}
	return seen, nil
}

func compareRebuilt(r Renewal, w types.Workspace, b types.WorkspaceBundle, built time.Time, busy bool) plan.Seen {
	again := !built.IsZero() && !built.Before(aws.ToTime(b.LastUpdatedTime).Truncate(time.Second))
	switch {
	case aws.ToString(b.BundleId) != r.Bundle || aws.ToString(w.BundleId) != r.Bundle:
		return plan.Seen{State: plan.Drifted, Note: "the desktop is of bundle " + aws.ToString(w.BundleId)}
	case aws.ToString(b.ImageId) != r.Image:
		return plan.Seen{State: plan.Drifted, Note: "the bundle has the image " + aws.ToString(b.ImageId)}
	case w.State == types.WorkspaceStateTerminating || w.State == types.WorkspaceStateTerminated:
		return plan.Seen{State: plan.Drifted, Note: "the desktop is gone"}
	case !slices.Contains(resting, w.State):
		return plan.Seen{State: plan.Moving, Note: "the desktop is " + string(w.State)}
	case again && w.State == types.WorkspaceStateError:
		return plan.Seen{State: plan.Moving, Failed: true, Note: "the desktop is in ERROR: " + aws.ToString(w.ErrorMessage)}
	case again && w.State == types.WorkspaceStateUnhealthy:
		return plan.Seen{State: plan.Moving, Note: "the desktop is UNHEALTHY"}
	case again:
		return plan.Seen{State: plan.Done}
	case busy:
		return plan.Seen{State: plan.Later, Note: inUse}
	}
	return plan.Seen{State: plan.Todo}
}

func rebuild(ctx context.Context, a *account.Account, asks []plan.Ask[Renewal]) []error {
	errs := make([]error, len(asks))
	for i, ask := range asks {
		out, err := a.Desktops.RebuildWorkspaces(ctx, &workspaces.RebuildWorkspacesInput{
			RebuildWorkspaceRequests: []types.RebuildRequest{{WorkspaceId: &ask.Input.Desktop}}, // it takes one
		})
		if err != nil {
			errs[i] = account.Explain("workspaces:RebuildWorkspaces", err)
			continue
		}
		for _, f := range out.FailedRequests {
			errs[i] = &account.Problem{Kind: account.Other, Action: "workspaces:RebuildWorkspaces", Code: aws.ToString(f.ErrorCode), Message: aws.ToString(f.ErrorMessage)}
		}
	}
	return errs
}

// id is the id of a bundle; "" where there is none of the name.
func (w Which) id(ctx context.Context, a *account.Account) (string, error) {
	if w.ID != "" {
		return w.ID, nil
	}
	b, err := byName(ctx, a, w.Name)
	if err != nil || b == nil {
		return "", err
	}
	return aws.ToString(b.BundleId), nil
}

// ends are the two bundles of a plan's moves, which all have the same.
func (m Move) ends(ctx context.Context, a *account.Account) (from, into string, err error) {
	if from, err = m.From.id(ctx, a); err != nil {
		return "", "", err
	}
	into, err = m.Into.id(ctx, a)
	return from, into, err
}

func seeMigrated(ctx context.Context, a *account.Account, asks []plan.Ask[Move]) ([]plan.Seen, error) {
	from, into, err := asks[0].Input.ends(ctx, a)
	if err != nil {
		return nil, err
	}
	all := make([][]types.Workspace, len(asks))
	var ids []string
	for i, ask := range asks {
		if all[i], err = account.DesktopsOfUser(ctx, a.Desktops, ask.Input.Directory, ask.Input.User); err != nil {
			return nil, err
		}
		for _, w := range all[i] {
			ids = append(ids, aws.ToString(w.WorkspaceId))
		}
	}
	busy, err := connected(ctx, a, ids)
	if err != nil {
		return nil, err
	}
	seen := make([]plan.Seen, len(asks))
	for i := range asks {
		seen[i] = compareMigrated(all[i], from, into, busy)
	}
	return seen, nil
}

// compareMigrated looks at a user's desktops: the old one waits in MAINTENANCE
// until the new one is there.
func compareMigrated(all []types.Workspace, from, into string, busy map[string]bool) plan.Seen {
	of := func(bundle string) *types.Workspace {
		i := slices.IndexFunc(all, func(w types.Workspace) bool { return aws.ToString(w.BundleId) == bundle })
		if i < 0 || bundle == "" {
			return nil
		}
		return &all[i]
	}
	old, now := of(from), of(into)
	switch {
	case now != nil && now.State == types.WorkspaceStateError:
		return plan.Seen{State: plan.Moving, Failed: true, Note: aws.ToString(now.WorkspaceId) + " is in ERROR: " + aws.ToString(now.ErrorMessage)}
	case now != nil && old == nil && (now.State == types.WorkspaceStateAvailable || now.State == types.WorkspaceStateStopped):
		return plan.Seen{State: plan.Done, Note: aws.ToString(now.WorkspaceId)}
	case now != nil:
		return plan.Seen{State: plan.Moving, Note: aws.ToString(now.WorkspaceId) + " is " + string(now.State)}
	case old == nil:
		return plan.Seen{State: plan.Drifted, Note: "the user has no desktop of bundle " + from}
	case into == "":
		return plan.Seen{State: plan.Drifted, Note: "there is no bundle to migrate to"}
	case !slices.Contains(resting, old.State):
		return plan.Seen{State: plan.Moving, Note: aws.ToString(old.WorkspaceId) + " is " + string(old.State)}
	case busy[aws.ToString(old.WorkspaceId)]:
		return plan.Seen{State: plan.Later, Note: inUse}
	}
	return plan.Seen{State: plan.Todo}
}

func migrate(ctx context.Context, a *account.Account, asks []plan.Ask[Move]) []error {
	from, into, err := asks[0].Input.ends(ctx, a)
	if err != nil {
		return slices.Repeat([]error{err}, len(asks))
	}
	errs := make([]error, len(asks))
	for i, ask := range asks {
		errs[i] = migrateOne(ctx, a, ask.Input, from, into)
	}
	return errs
}

func migrateOne(ctx context.Context, a *account.Account, m Move, from, into string) error {
	all, err := account.DesktopsOfUser(ctx, a.Desktops, m.Directory, m.User)
	if err != nil {
		return err
	}
	for _, w := range all {
		if aws.ToString(w.BundleId) == from {
			_, err := a.Desktops.MigrateWorkspace(ctx, &workspaces.MigrateWorkspaceInput{SourceWorkspaceId: w.WorkspaceId, BundleId: &into})
			return explained("workspaces:MigrateWorkspace", err)
		}
	}
	return errors.New("the user has no desktop of bundle " + from)
}

// seeCanary checks a desktop of the new image by itself: inventory and patch state
// may still be of what was there before. One that does not answer yet is waited
// for.
func seeCanary(ctx context.Context, a *account.Account, ask plan.Ask[Trial], now time.Time) (plan.Seen, error) {
	all, err := account.DesktopsOfUser(ctx, a.Desktops, ask.Input.Directory, ask.Input.User)
	if err != nil {
		return plan.Seen{}, err
	}
	if len(all) == 0 {
		return plan.Seen{State: plan.Drifted, Note: "the desktop is gone"}, nil
	}
	f := Facts{At: now, Desktop: aws.ToString(all[0].WorkspaceId)}
	wait := func(why string) (plan.Seen, error) { return plan.Seen{State: plan.Moving, Note: why}, nil }
	if all[0].State != types.WorkspaceStateAvailable {
		return wait("the desktop is " + string(all[0].State))
	}
	f.Node, err = probe.Translate(ctx, a.Nodes, all[0])
	if none, ok := errors.AsType[*probe.NoNode](err); ok {
		return wait(none.Error())
	}
	if err != nil {
		return plan.Seen{}, err
	}
	want := ask.Input.Want
	want.Patches = settings.Patches{}
	if err := f.probe(ctx, a.Nodes, want); err != nil {
		return plan.Seen{}, err
	}
	if f.Unprobed != "" {
		return wait(f.Unprobed)
	}
	if missing := judge(f, want).Missing(); len(missing) > 0 {
		return plan.Seen{State: plan.Moving, Failed: true, Note: "not accepted: " + names(missing)}, nil
	}
	return plan.Seen{State: plan.Done, Note: "accepted"}, nil
}

func noCanary(context.Context, *account.Account, plan.Ask[Trial]) error {
	return errors.New("a check changes nothing")
}
