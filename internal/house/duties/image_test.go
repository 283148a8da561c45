package duties

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/apitest"
)

// imaged gives a user's desktop a bundle of its own, of the older image.
func (f *fleet) imaged(user string) {
	f.t.Helper()
	ctx, client := f.t.Context(), workspaces.NewFromConfig(f.Config())
	f.older()
	made, err := client.CreateWorkspaceBundle(ctx, &workspaces.CreateWorkspaceBundleInput{
		BundleName: &user, BundleDescription: &user, ImageId: &f.images[0],
		ComputeType: &types.ComputeType{Name: types.ComputeStandard}, UserStorage: &types.UserStorage{Capacity: aws.String("10")}, RootStorage: &types.RootStorage{Capacity: aws.String("80")},
	})
	f.must(made, err)
	f.named[user] = *made.WorkspaceBundle.BundleId
	_, err = client.MigrateWorkspace(ctx, &workspaces.MigrateWorkspaceInput{SourceWorkspaceId: aws.String(f.desktop[user]), BundleId: made.WorkspaceBundle.BundleId})
	f.must(nil, err)
}

// older is the older of the fleet's two images, which are made when one is asked
// for.
func (f *fleet) older() string {
	f.t.Helper()
	for i := range f.images {
		if f.images[i] == "" {
			f.images[i] = f.image(workspaces.NewFromConfig(f.Config()), []string{"older", "newer"}[i])
		}
	}
	return f.images[0]
}

// image makes an image of the probed desktop.
func (f *fleet) image(client *workspaces.Client, name string) string {
	f.t.Helper()
	made, err := client.CreateWorkspaceImage(f.t.Context(), &workspaces.CreateWorkspaceImageInput{WorkspaceId: aws.String(f.desktop[probed]), Name: &name, Description: &name})
	f.must(made, err)
	apitest.Eventually(f.t, "the image", func() bool {
		out, err := client.DescribeWorkspaceImages(f.t.Context(), &workspaces.DescribeWorkspaceImagesInput{ImageIds: []string{*made.ImageId}})
		f.must(out, err)
		return len(out.Images) == 1 && out.Images[0].State == types.WorkspaceImageStateAvailable
	})
	f.settle(client)
	return *made.ImageId
}

// moved waits until nothing is on its way, and for the next second: the trail tells
// whole ones, and what was made in the one in which a bundle gets an image would
// count as made of that.
func (f *fleet) moved() {
	f.t.Helper()
	f.follow(f.settle(workspaces.NewFromConfig(f.Config())))
	f.tick()
}

// tick waits for the next second.
func (f *fleet) tick() {
	f.t.Helper()
	made := time.Now()
	apitest.Eventually(f.t, "the next second", func() bool { return time.Now().Truncate(time.Second).After(made) })
}

// group makes a group that is not there.
func (f *fleet) group(name string) {
	f.t.Helper()
	if _, fault := f.PostAs(f.Config(), "ds-data", "/Groups/CreateGroup?DirectoryId="+f.directory, map[string]any{"SAMAccountName": name}); fault != "" && fault != "ConflictException" {
		f.t.Fatalf("group %s: %s", name, fault)
	}
}
