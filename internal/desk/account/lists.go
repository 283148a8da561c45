package account

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"golang.org/x/sync/errgroup"
)

// AtOnce is how many calls a duty has under way at a time.
const AtOnce = 4

// Fleet reads the directories that are registered for desktops, and the desktops of
// each. Where the directories may not be read, the desktops are one list, and
// missed says why.
func Fleet(ctx context.Context, directories DesktopDirectories, api Desktops) (registered []types.WorkspaceDirectory, desktops []types.Workspace, missed, err error) {
	registered, missed = AllDesktopDirectories(ctx, directories)
	var ids []string
	for _, d := range registered {
		ids = append(ids, aws.ToString(d.DirectoryId))
	}
	desktops, err = AllDesktops(ctx, api, ids)
	return registered, desktops, missed, err
}

// Batch is how many desktops one call may name.
// Source: WorkSpaces API Reference, DescribeWorkspaces, TerminateWorkspaces,
// CreateWorkspaces.
const Batch = 25

// AllDesktops reads every desktop, sorted by id. A page holds 25, so with
// several directories their lists are read side by side. A desktop that moved
// from one page to the next while they were read is there once.
func AllDesktops(ctx context.Context, api Desktops, directories []string) ([]types.Workspace, error) {
	if len(directories) < 2 {
		directories = []string{""}
	}
	lists := make([][]types.Workspace, len(directories))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(AtOnce)
	for i, id := range directories {
		g.Go(func() (err error) {
			lists[i], err = desktopsOf(ctx, api, id)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b types.Workspace) int {
		return cmp.Compare(aws.ToString(a.WorkspaceId), aws.ToString(b.WorkspaceId))
	})
	return slices.CompactFunc(all, func(a, b types.Workspace) bool {
		return aws.ToString(a.WorkspaceId) == aws.ToString(b.WorkspaceId)
	}), nil
}

func desktopsOf(ctx context.Context, api Desktops, directory string) ([]types.Workspace, error) {
	in := &workspaces.DescribeWorkspacesInput{Limit: aws.Int32(Batch)}
	if directory != "" {
		in.DirectoryId = &directory
	}
	return list(ctx, "workspaces:DescribeWorkspaces", func(ctx context.Context, token *string) ([]types.Workspace, *string, error) {
		in.NextToken = token
		out, err := api.DescribeWorkspaces(ctx, in)
		if err != nil {
			return nil, nil, err
		}
		return out.Workspaces, out.NextToken, nil
	})
}

// DesktopsOfUser reads a user's desktops in a directory, but for those that are
// on their way out.
func DesktopsOfUser(ctx context.Context, api Desktops, directory, user string) ([]types.Workspace, error) {
	out, err := api.DescribeWorkspaces(ctx, &workspaces.DescribeWorkspacesInput{DirectoryId: &directory, UserName: &user})
	if err != nil {
		return nil, Explain("workspaces:DescribeWorkspaces", err)
	}
	return slices.DeleteFunc(out.Workspaces, func(w types.Workspace) bool {
		return w.State == types.WorkspaceStateTerminated || w.State == types.WorkspaceStateTerminating
	}), nil
}

// DesktopsByID reads desktops by id, 25 a call. Those that are gone are not in
// the answer.
func DesktopsByID(ctx context.Context, api Desktops, ids []string) ([]types.Workspace, error) {
	var all []types.Workspace
	for chunk := range slices.Chunk(ids, Batch) {
		out, err := api.DescribeWorkspaces(ctx, &workspaces.DescribeWorkspacesInput{WorkspaceIds: chunk})
		if err != nil {
			return nil, Explain("workspaces:DescribeWorkspaces", err)
		}
		all = append(all, out.Workspaces...)
	}
	return all, nil
}

// list reads all pages of a list. An error names the action.
func list[T any](ctx context.Context, action string, page func(ctx context.Context, token *string) (items []T, next *string, err error)) ([]T, error) {
	var all []T
	err := Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		items, next, err := page(ctx, token)
		all = append(all, items...)
		return next, err
	})
	if err != nil {
		return nil, Explain(action, err)
	}
	return all, nil
}

// AllDesktopDirectories reads the directories that are registered for desktops.
func AllDesktopDirectories(ctx context.Context, api DesktopDirectories) ([]types.WorkspaceDirectory, error) {
	return list(ctx, "workspaces:DescribeWorkspaceDirectories", func(ctx context.Context, token *string) ([]types.WorkspaceDirectory, *string, error) {
		out, err := api.DescribeWorkspaceDirectories(ctx, &workspaces.DescribeWorkspaceDirectoriesInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Directories, out.NextToken, nil
	})
}

// AllDirectories reads the account's directories.
func AllDirectories(ctx context.Context, api Directories) ([]dstypes.DirectoryDescription, error) {
	return list(ctx, "ds:DescribeDirectories", func(ctx context.Context, token *string) ([]dstypes.DirectoryDescription, *string, error) {
		out, err := api.DescribeDirectories(ctx, &directoryservice.DescribeDirectoriesInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.DirectoryDescriptions, out.NextToken, nil
	})
}

// AllConnections reads when each desktop's user was connected.
func AllConnections(ctx context.Context, api Connections) ([]types.WorkspaceConnectionStatus, error) {
	return list(ctx, "workspaces:DescribeWorkspacesConnectionStatus", func(ctx context.Context, token *string) ([]types.WorkspaceConnectionStatus, *string, error) {
		out, err := api.DescribeWorkspacesConnectionStatus(ctx, &workspaces.DescribeWorkspacesConnectionStatusInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.WorkspacesConnectionStatus, out.NextToken, nil
	})
}

// Events reads the trail's records of one operation, newest first, from a time
// on, and no more than limit of them; cut tells that there were more.
func Events(ctx context.Context, api Trail, name string, since time.Time, limit int) (all []trailtypes.Event, cut bool, err error) {
	in := &cloudtrail.LookupEventsInput{
		LookupAttributes: []trailtypes.LookupAttribute{{
			AttributeKey: trailtypes.LookupAttributeKeyEventName, AttributeValue: &name,
		}},
		StartTime:  &since,
		MaxResults: aws.Int32(50),
	}
	err = Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		in.NextToken = token
		out, err := api.LookupEvents(ctx, in)
		if err != nil {
			return nil, err
		}
		all = append(all, out.Events...)
		if len(all) >= limit && out.NextToken != nil {
			cut = true
			return nil, nil
		}
		return out.NextToken, nil
	})
	if err != nil {
		return nil, false, Explain("cloudtrail:LookupEvents", err)
	}
	return all, cut, nil
}
