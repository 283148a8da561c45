package apitest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
)

// Corp makes the directory corp.example.com, registers it for desktops and
// returns its id.
func (p *Plane) Corp() string {
	p.t.Helper()
	ctx := p.t.Context()
	made, err := directoryservice.NewFromConfig(p.Config()).CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: aws.String("corp.example.com"), Password: aws.String("Sesame-Open-1"), Size: dstypes.DirectorySizeSmall,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	in := &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: made.DirectoryId}
	if _, err := workspaces.NewFromConfig(p.Config()).RegisterWorkspaceDirectory(ctx, in); err != nil {
		p.t.Fatal(err)
	}
	return *made.DirectoryId
}
