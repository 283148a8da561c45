package office

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
)

// Identity says who is there and makes the night batch's session.
type Identity interface {
	account.Who
	GetFederationToken(context.Context, *sts.GetFederationTokenInput, ...func(*sts.Options)) (*sts.GetFederationTokenOutput, error)
}

// Directories makes and unmakes directories.
type Directories interface {
	account.Directories
	CreateDirectory(context.Context, *directoryservice.CreateDirectoryInput, ...func(*directoryservice.Options)) (*directoryservice.CreateDirectoryOutput, error)
	DeleteDirectory(context.Context, *directoryservice.DeleteDirectoryInput, ...func(*directoryservice.Options)) (*directoryservice.DeleteDirectoryOutput, error)
	ResetUserPassword(context.Context, *directoryservice.ResetUserPasswordInput, ...func(*directoryservice.Options)) (*directoryservice.ResetUserPasswordOutput, error)
}

// People makes users and switches them off.
type People interface {
	account.People
	CreateUser(context.Context, *dsdata.CreateUserInput) (*dsdata.CreateUserOutput, error)
	DisableUser(context.Context, *dsdata.DisableUserInput) error
}

// Desktops makes and unmakes desktops.
type Desktops interface {
	account.Desktops
	account.DesktopDirectories
	DescribeWorkspaceBundles(context.Context, *workspaces.DescribeWorkspaceBundlesInput, ...func(*workspaces.Options)) (*workspaces.DescribeWorkspaceBundlesOutput, error)
	RegisterWorkspaceDirectory(context.Context, *workspaces.RegisterWorkspaceDirectoryInput, ...func(*workspaces.Options)) (*workspaces.RegisterWorkspaceDirectoryOutput, error)
	DeregisterWorkspaceDirectory(context.Context, *workspaces.DeregisterWorkspaceDirectoryInput, ...func(*workspaces.Options)) (*workspaces.DeregisterWorkspaceDirectoryOutput, error)
	CreateWorkspaces(context.Context, *workspaces.CreateWorkspacesInput, ...func(*workspaces.Options)) (*workspaces.CreateWorkspacesOutput, error)
	TerminateWorkspaces(context.Context, *workspaces.TerminateWorkspacesInput, ...func(*workspaces.Options)) (*workspaces.TerminateWorkspacesOutput, error)
}

// Hands are the clients of one caller.
type Hands struct {
	Identity    Identity
	Directories Directories
	People      People
	Desktops    Desktops
	// As are the hands of a session.
	As func(*types.Credentials) Hands
}

// handsOf returns the hands of an account.
func handsOf(a *account.Account) Hands {
	return Hands{
		Identity: a.Identity, Directories: a.Directories, People: a.People, Desktops: a.Desktops,
		As: func(c *types.Credentials) Hands { return handsOf(a.As(c)) },
	}
}
