package workspaces

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeWorkspaces lists desktops in the order of their ids: all, or those of
// one filter. Ids that are unknown or of another account are left out.
func (s *Service) DescribeWorkspaces(ctx context.Context, in *workspaces.DescribeWorkspacesInput) (*workspaces.DescribeWorkspacesOutput, error) {
	if err := checkFilters(in); err != nil {
		return nil, err
	}
	after, err := after("DescribeWorkspaces", in.NextToken)
	if err != nil {
		return nil, err
	}
	limit := limitOf(in.Limit)
	var found []*Desktop
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		// One more than asked for tells whether there is a next page.
		found, err = listDesktops(tx, store.In(api.CallFrom(ctx).Place()), in, store.Page{After: after, Limit: limit + 1})
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &workspaces.DescribeWorkspacesOutput{Workspaces: []types.Workspace{}}
	if len(found) > limit {
		found = found[:limit]
		out.NextToken = new(api.Token("DescribeWorkspaces", found[limit-1].ID))
	}
	for _, d := range found {
		out.Workspaces = append(out.Workspaces, d.describe())
	}
	return out, nil
}

func (s *Service) describeWorkspacesChecks(context.Context, *workspaces.DescribeWorkspacesInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspaces"), nil
}

// checkFilters refuses filters that exclude each other.
func checkFilters(in *workspaces.DescribeWorkspacesInput) error {
	n := 0
	for _, given := range []bool{len(in.WorkspaceIds) > 0, in.DirectoryId != nil, in.BundleId != nil, in.WorkspaceName != nil} {
		if given {
			n++
		}
	}
	if n > 1 {
		return invalid("An invalid number of parameters provided with DescribeWorkspaces. Only one of the following are allowed to be specified: BundleId, DirectoryId, WorkSpaceIds, Filters.")
	}
	if in.UserName != nil && in.DirectoryId == nil {
		return invalid("The DirectoryId parameter is required when UserName is used.")
	}
	return nil
}

func listDesktops(tx *store.Tx, sc store.Scope, in *workspaces.DescribeWorkspacesInput, p store.Page) ([]*Desktop, error) {
	switch {
	case len(in.WorkspaceIds) > 0:
		return desktopsByID(tx, sc, in.WorkspaceIds, p)
	case in.UserName != nil:
		return desktopTable.By(tx, sc, "user", userKey(*in.DirectoryId, *in.UserName), p)
	case in.DirectoryId != nil:
		return desktopTable.By(tx, sc, "directory", *in.DirectoryId, p)
	case in.BundleId != nil:
		return desktopTable.By(tx, sc, "bundle", *in.BundleId, p)
	case in.WorkspaceName != nil:
		return nil, nil // only user-decoupled desktops have a name, and there are none
	}
	return desktopTable.List(tx, sc, p)
}

func desktopsByID(tx *store.Tx, sc store.Scope, ids []string, p store.Page) ([]*Desktop, error) {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, strings.Compare)
	var out []*Desktop
	for _, id := range slices.Compact(ids) {
		if id <= p.After || len(out) == p.Limit {
			continue
		}
		d, err := desktopTable.Get(tx, sc, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}
