package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// pageSize is how many items a list gives when no Limit is asked for.
const pageSize = 25

// DescribeWorkspaceDirectories lists registered directories in the order of
// their ids. Unknown ids are left out, as on AWS.
func (s *Service) DescribeWorkspaceDirectories(ctx context.Context, in *workspaces.DescribeWorkspaceDirectoriesInput) (*workspaces.DescribeWorkspaceDirectoriesOutput, error) {
	if len(in.DirectoryIds) > 0 && (len(in.Filters) > 0 || len(in.WorkspaceDirectoryNames) > 0) {
		return nil, invalid("You can specify DirectoryIds, WorkspaceDirectoryNames or Filters, but only one of them.")
	}
	after, err := after("DescribeWorkspaceDirectories", in.NextToken)
	if err != nil {
		return nil, err
	}
	call := api.CallFrom(ctx)
	var all []*Directory
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		all, err = directories.List(tx, store.In(call.Place()), store.Page{After: after})
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &workspaces.DescribeWorkspaceDirectoriesOutput{Directories: []types.WorkspaceDirectory{}}
	limit := limitOf(in.Limit)
	for _, d := range all {
		shown := d.describe(call.Account)
		if !wanted(in, d.ID, shown) {
			continue
		}
		if len(out.Directories) == limit {
			last := text(out.Directories[limit-1].DirectoryId)
			out.NextToken = new(api.Token("DescribeWorkspaceDirectories", last))
			break
		}
		out.Directories = append(out.Directories, shown)
	}
	return out, nil
}

func wanted(in *workspaces.DescribeWorkspaceDirectoriesInput, id string, d types.WorkspaceDirectory) bool {
	if len(in.DirectoryIds) > 0 && !slices.Contains(in.DirectoryIds, id) {
		return false
	}
	if len(in.WorkspaceDirectoryNames) > 0 && !slices.Contains(in.WorkspaceDirectoryNames, text(d.WorkspaceDirectoryName)) {
		return false
	}
	for _, f := range in.Filters {
		value := string(d.UserIdentityType)
		if f.Name == types.DescribeWorkspaceDirectoriesFilterNameWorkspaceType {
			value = string(d.WorkspaceType)
		}
		if !slices.Contains(f.Values, value) {
			return false
		}
	}
	return true
}

func (s *Service) describeWorkspaceDirectoriesChecks(context.Context, *workspaces.DescribeWorkspaceDirectoriesInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspaceDirectories"), nil
}

// after reads the NextToken of an operation.
func after(operation string, token *string) (string, error) {
	if token == nil {
		return "", nil
	}
	key, ok := api.After(operation, *token)
	if !ok {
		return "", invalid("The specified NextToken is invalid.")
	}
	return key, nil
}

func limitOf(limit *int32) int {
	if limit == nil {
		return pageSize
	}
	return int(*limit)
}
