package image

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/desk/account"
)

// Standing is which image a desktop is on.
type Standing string

// A desktop does not tell its image: its bundle does, if the desktop was made or
// rebuilt since the bundle got that image.
const (
	Current Standing = "current" // that of its bundle
	Earlier Standing = "earlier" // one that its bundle had before
	Unclear Standing = "unclear" // its bundle was changed before what the trail still has
)

// Seat is a desktop and the image that it is on.
type Seat struct {
	Desktop   string    `json:"desktop"`
	User      string    `json:"user"`
	Directory string    `json:"directory"`
	Bundle    string    `json:"bundle"`
	Image     string    `json:"image"` // of its bundle
	Standing  Standing  `json:"standing"`
	State     string    `json:"state"`
	Connected bool      `json:"connected,omitempty"`
	Snapshot  time.Time `json:"snapshot,omitzero"` // the newest of the user volume
	Exempt    string    `json:"exempt,omitempty"`  // the tag that keeps it as it is
}

// kept is how long the trail keeps events (CloudTrail User Guide, "Working with
// CloudTrail event history").
const kept = 90 * 24 * time.Hour

// allBundles reads the account's own bundles; those of ids where there are any,
// whosever they are.
func allBundles(ctx context.Context, a *account.Account, ids ...string) ([]types.WorkspaceBundle, error) {
	var all []types.WorkspaceBundle
	in := &workspaces.DescribeWorkspaceBundlesInput{}
	read := func() error {
		return account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
			in.NextToken = token
			out, err := a.Desktops.DescribeWorkspaceBundles(ctx, in)
			if err != nil {
				return nil, account.Explain("workspaces:DescribeWorkspaceBundles", err)
			}
			all = append(all, out.Bundles...)
			return out.NextToken, nil
		})
	}
	if len(ids) == 0 {
		return all, read()
	}
	for chunk := range slices.Chunk(ids, account.Batch) {
		in = &workspaces.DescribeWorkspaceBundlesInput{BundleIds: chunk}
		if err := read(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// made are the desktops that some operations made or rebuilt since a time, with
// when.
func made(ctx context.Context, trail account.Trail, since time.Time, operations ...string) (map[string]time.Time, error) {
	out := map[string]time.Time{}
	for _, operation := range operations {
		events, _, err := account.Events(ctx, trail, operation, since.Add(-time.Second), most)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			at := aws.ToTime(e.EventTime)
			for _, id := range built(aws.ToString(e.CloudTrailEvent)) {
				if at.After(out[id]) {
					out[id] = at
				}
			}
		}
	}
	return out, nil
}

// most bounds what is read of the trail: a fleet's calls of some days.
const most = 20_000

// built are the desktops that a record tells to have been made or rebuilt.
func built(record string) (ids []string) {
	type one struct{ WorkspaceID string }
	var r struct {
		account.Record
		RequestParameters struct{ RebuildWorkspaceRequests []one }
		ResponseElements  struct {
			TargetWorkspaceID               string
			PendingRequests, FailedRequests []one
		}
	}
	if json.Unmarshal([]byte(record), &r) != nil || r.ErrorCode != "" {
		return nil
	}
	for _, w := range r.RequestParameters.RebuildWorkspaceRequests {
		if !slices.Contains(r.ResponseElements.FailedRequests, w) {
			ids = append(ids, w.WorkspaceID)
		}
	}
	for _, w := range r.ResponseElements.PendingRequests {
		ids = append(ids, w.WorkspaceID)
	}
	if r.ResponseElements.TargetWorkspaceID != "" {
		ids = append(ids, r.ResponseElements.TargetWorkspaceID)
	}
	return ids
}

// place says which image each desktop is on.
func place(ctx context.Context, a *account.Account, now time.Time, desktops []types.Workspace) ([]Seat, error) {
	var ids []string
	for _, w := range desktops {
		ids = append(ids, aws.ToString(w.BundleId))
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil, nil
	}
	bundles, err := allBundles(ctx, a, ids...)
	if err != nil {
		return nil, err
	}
	byID := map[string]types.WorkspaceBundle{}
	var since time.Time
	for _, b := range bundles {
		byID[aws.ToString(b.BundleId)] = b
		if at := aws.ToTime(b.LastUpdatedTime); changed(b) && now.Sub(at) < kept && (since.IsZero() || at.Before(since)) {
			since = at
		}
	}
	var when map[string]time.Time
	if !since.IsZero() {
		if when, err = made(ctx, a.Trail, since, "CreateWorkspaces", "MigrateWorkspace", "RebuildWorkspaces"); err != nil {
			return nil, err
		}
	}
	seats := make([]Seat, len(desktops))
	for i, w := range desktops {
		b := byID[aws.ToString(w.BundleId)]
		seats[i] = Seat{
			Desktop: aws.ToString(w.WorkspaceId), User: aws.ToString(w.UserName), Directory: aws.ToString(w.DirectoryId),
			Bundle: aws.ToString(w.BundleId), Image: aws.ToString(b.ImageId), State: string(w.State), Standing: stand(b, when[aws.ToString(w.WorkspaceId)], now),
		}
	}
	return seats, nil
}

// changed tells of a bundle that had another image before.
func changed(b types.WorkspaceBundle) bool {
	return aws.ToTime(b.LastUpdatedTime).After(aws.ToTime(b.CreationTime))
}

// stand compares when a desktop was made with when its bundle got its image. The
// trail's times are whole seconds.
func stand(b types.WorkspaceBundle, built, now time.Time) Standing {
	updated := aws.ToTime(b.LastUpdatedTime)
	switch {
	case b.BundleId == nil:
		return Unclear // the bundle is gone, and what it had is not known
	case !changed(b):
		return Current
	case !built.IsZero() && !built.Before(updated.Truncate(time.Second)):
		return Current
	case now.Sub(updated) >= kept:
		return Unclear
	}
	return Earlier
}

// ofBundle reads the desktops of a bundle.
func ofBundle(ctx context.Context, a *account.Account, bundle string) ([]types.Workspace, error) {
	in := &workspaces.DescribeWorkspacesInput{BundleId: &bundle}
	var all []types.Workspace
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		in.NextToken = token
		out, err := a.Desktops.DescribeWorkspaces(ctx, in)
		if err != nil {
			return nil, account.Explain("workspaces:DescribeWorkspaces", err)
		}
		all = append(all, out.Workspaces...)
		return out.NextToken, nil
	})
	slices.SortFunc(all, func(x, y types.Workspace) int {
		return cmp.Compare(aws.ToString(x.WorkspaceId), aws.ToString(y.WorkspaceId))
	})
	return all, err
}

// connected are those of some desktops where somebody works now.
func connected(ctx context.Context, a *account.Account, ids []string) (map[string]bool, error) {
	out := map[string]bool{}
	for chunk := range slices.Chunk(ids, account.Batch) {
		found, err := a.Desktops.DescribeWorkspacesConnectionStatus(ctx, &workspaces.DescribeWorkspacesConnectionStatusInput{WorkspaceIds: chunk})
		if err != nil {
			return nil, account.Explain("workspaces:DescribeWorkspacesConnectionStatus", err)
		}
		for _, s := range found.WorkspacesConnectionStatus {
			out[aws.ToString(s.WorkspaceId)] = s.ConnectionState == types.ConnectionStateConnected
		}
	}
	return out, nil
}

// snapshots reads when each user volume was kept last.
func snapshots(ctx context.Context, a *account.Account, seats []Seat) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(account.AtOnce)
	for i := range seats {
		g.Go(func() error {
			out, err := a.Desktops.DescribeWorkspaceSnapshots(ctx, &workspaces.DescribeWorkspaceSnapshotsInput{WorkspaceId: &seats[i].Desktop})
			if err != nil {
				return account.Explain("workspaces:DescribeWorkspaceSnapshots", err)
			}
			// A plane keeps the user volume as it is, and has snapshots to restore from only.
			for _, s := range append(out.RebuildSnapshots, out.RestoreSnapshots...) {
				if at := aws.ToTime(s.SnapshotTime); at.After(seats[i].Snapshot) {
					seats[i].Snapshot = at.UTC()
				}
			}
			return nil
		})
	}
	return g.Wait()
}
