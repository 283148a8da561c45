package workspaces_test

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/services/workspaces"
)

// TestUsersOfAConnectedDirectoryAreAskedFor creates desktops for people whom
// the plane does not keep.
func TestUsersOfAConnectedDirectoryAreAskedFor(t *testing.T) {
	p := open(t)
	const ad = "d-0000000007"
	p.office.facts[ad] = workspaces.DirectoryFacts{Name: "ad.example.com", Type: "AD_CONNECTOR", UserName: "svc.connect", Active: true}
	p.office.abroad[ad] = []string{"Kato.Ken"}
	must[sdk.RegisterWorkspaceDirectoryOutput](p, "RegisterWorkspaceDirectory", &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new(ad)})
	shown := must[sdk.DescribeWorkspaceDirectoriesOutput](p, "DescribeWorkspaceDirectories", &sdk.DescribeWorkspaceDirectoriesInput{DirectoryIds: []string{ad}})
	if d := shown.Directories[0]; *d.CustomerUserName != "svc.connect" || d.DirectoryType != types.WorkspaceDirectoryTypeAdConnector {
		t.Errorf("want the customer's service account, got %+v", d)
	}
	create := func(name string) *sdk.CreateWorkspacesOutput {
		t.Helper()
		return must[sdk.CreateWorkspacesOutput](p, "CreateWorkspaces", &sdk.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{
			{DirectoryId: new(ad), BundleId: new("wsb-d12value0"), UserName: &name},
		}})
	}
	if out := create("nobody"); len(out.FailedRequests) != 1 || *out.FailedRequests[0].ErrorCode != "ResourceNotFound.User" {
		t.Errorf("nobody: want ResourceNotFound.User, got %+v", out)
	}
	if out := create("kato.ken"); len(out.PendingRequests) != 1 || *out.PendingRequests[0].UserName != "Kato.Ken" {
		t.Errorf("want Kato.Ken as the directory writes it, got %+v", out)
	}
	p.office.abroad[ad] = nil
	if out := create("sato.aki"); len(out.FailedRequests) != 1 || *out.FailedRequests[0].ErrorCode != "ResourceUnavailable.Directory" {
		t.Errorf("while it is away: want ResourceUnavailable.Directory, got %+v", out)
	}
}
