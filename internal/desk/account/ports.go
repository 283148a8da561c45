package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/desk/account/dsdata"
)

// Who says whose credentials these are.
type Who interface {
	GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error)
}

// Desktops reads desktops.
type Desktops interface {
	DescribeWorkspaces(context.Context, *workspaces.DescribeWorkspacesInput, ...func(*workspaces.Options)) (*workspaces.DescribeWorkspacesOutput, error)
}

// DesktopDirectories reads the directories that are registered for desktops.
type DesktopDirectories interface {
	DescribeWorkspaceDirectories(context.Context, *workspaces.DescribeWorkspaceDirectoriesInput, ...func(*workspaces.Options)) (*workspaces.DescribeWorkspaceDirectoriesOutput, error)
}

// Connections reads when users were connected.
type Connections interface {
	DescribeWorkspacesConnectionStatus(context.Context, *workspaces.DescribeWorkspacesConnectionStatusInput, ...func(*workspaces.Options)) (*workspaces.DescribeWorkspacesConnectionStatusOutput, error)
}

// Directories reads directories.
type Directories interface {
	DescribeDirectories(context.Context, *directoryservice.DescribeDirectoriesInput, ...func(*directoryservice.Options)) (*directoryservice.DescribeDirectoriesOutput, error)
}

// Trail reads the events of the last 90 days.
type Trail interface {
	LookupEvents(context.Context, *cloudtrail.LookupEventsInput, ...func(*cloudtrail.Options)) (*cloudtrail.LookupEventsOutput, error)
}

// People reads the users of a directory.
type People interface {
	DescribeUser(context.Context, *dsdata.DescribeUserInput) (*dsdata.DescribeUserOutput, error)
}

var (
	_ Who                = (*sts.Client)(nil)
	_ Desktops           = (*workspaces.Client)(nil)
	_ DesktopDirectories = (*workspaces.Client)(nil)
	_ Connections        = (*workspaces.Client)(nil)
	_ Directories        = (*directoryservice.Client)(nil)
	_ Trail              = (*cloudtrail.Client)(nil)
	_ People             = (*dsdata.Client)(nil)
)
