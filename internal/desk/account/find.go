package account

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// Finder reads desktops and the directories that they are in.
type Finder interface {
	Desktops
	DesktopDirectories
}

var _ Finder = (*workspaces.Client)(nil)

// Find reads the desktops that somebody names: one by its id, or all of a user,
// who may be written as people write one: OFFICE\user and user@office.example
// are user. None found is no error.
func Find(ctx context.Context, api Finder, name string) ([]types.Workspace, error) {
	if strings.HasPrefix(name, "ws-") {
		return DesktopsByID(ctx, api, []string{name})
	}
	user := User(name)
	directories, err := AllDesktopDirectories(ctx, api)
	if err != nil {
		return nil, err
	}
	var all []types.Workspace
	for _, d := range directories {
		out, err := api.DescribeWorkspaces(ctx, &workspaces.DescribeWorkspacesInput{DirectoryId: d.DirectoryId, UserName: aws.String(user)})
		if err != nil {
			return nil, Explain("workspaces:DescribeWorkspaces", err)
		}
		all = append(all, out.Workspaces...)
	}
	return all, nil
}

// User is the account name in a name as people write it.
func User(name string) string {
	if _, user, found := strings.Cut(name, `\`); found {
		name = user
	}
	user, _, _ := strings.Cut(name, "@")
	return user
}
