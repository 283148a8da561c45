package apitest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
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

// Becomes waits until a desktop has a state, "" when it is gone.
func (p *Plane) Becomes(id string, state types.WorkspaceState) (now types.Workspace) {
	p.t.Helper()
	signer := p.Signer()
	client := workspaces.NewFromConfig(p.Config(), func(o *workspaces.Options) { o.HTTPSignerV4 = signer })
	Eventually(p.t, "the desktop to be "+string(state), func() bool {
		out, err := client.DescribeWorkspaces(p.t.Context(), &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{id}})
		if err != nil {
			p.t.Fatal(err)
		}
		now = types.Workspace{}
		if len(out.Workspaces) > 0 {
			now = out.Workspaces[0]
		}
		return now.State == state
	})
	return now
}

// Image makes an image of a desktop and waits for it.
func (p *Plane) Image(desktop, name string) string {
	p.t.Helper()
	desks := workspaces.NewFromConfig(p.Config())
	made, err := desks.CreateWorkspaceImage(p.t.Context(), &workspaces.CreateWorkspaceImageInput{WorkspaceId: &desktop, Name: &name, Description: &name})
	if err != nil {
		p.t.Fatal(err)
	}
	Eventually(p.t, "the image", func() bool {
		out, err := desks.DescribeWorkspaceImages(p.t.Context(), &workspaces.DescribeWorkspaceImagesInput{ImageIds: []string{*made.ImageId}})
		if err != nil {
			p.t.Fatal(err)
		}
		return len(out.Images) == 1 && out.Images[0].State == types.WorkspaceImageStateAvailable
	})
	return *made.ImageId
}
