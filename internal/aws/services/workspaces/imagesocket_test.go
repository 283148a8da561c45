package workspaces_test

import (
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

const (
	noImage  = "wsi-zzzzzzzzz"
	noBundle = "wsb-zzzzzzzzz"
)

// imageOverTheSocket makes an image of a desktop.
func (w wired) imageOverTheSocket(id string) string {
	w.t.Helper()
	ctx := w.t.Context()
	create := func(id, name string) (*sdk.CreateWorkspaceImageOutput, error) {
		return w.CreateWorkspaceImage(ctx, &sdk.CreateWorkspaceImageInput{WorkspaceId: &id, Name: &name, Description: new("as of November")})
	}
	made, err := create(id, "golden")
	w.done(made, err)
	w.no("ResourceNotFoundException")(create("ws-zzzzzzzzz", "other"))
	w.becomes(id, types.WorkspaceStateAvailable)
	w.no("ResourceAlreadyExistsException")(create(id, "golden"))
	if i := w.imaged(*made.ImageId); i.State != types.WorkspaceImageStateAvailable || *i.Name != "golden" {
		w.t.Errorf("got %+v", i)
	}
	return *made.ImageId
}

func (w wired) imaged(id string) types.WorkspaceImage {
	w.t.Helper()
	out, err := w.DescribeWorkspaceImages(w.t.Context(), &sdk.DescribeWorkspaceImagesInput{ImageIds: []string{id, noImage}})
	if err != nil || len(out.Images) != 1 {
		w.t.Fatalf("image %s: %+v, %v", id, out, err)
	}
	return out.Images[0]
}

// TestImagesAndBundlesOverASocket makes, shares, copies and deletes them.
func TestImagesAndBundlesOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	w.done(w.RegisterWorkspaceDirectory(ctx, &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: &w.directory}))
	id := w.createOverTheSocket(new(standard))
	image := w.imageOverTheSocket(id)
	w.no("ValidationException")(w.DescribeWorkspaceImages(ctx, &sdk.DescribeWorkspaceImagesInput{NextToken: new("bogus")}))

	share := func(image string, allow bool) (any, error) {
		return w.UpdateWorkspaceImagePermission(ctx, &sdk.UpdateWorkspaceImagePermissionInput{ImageId: &image, SharedAccountId: new("444455556666"), AllowCopyImage: &allow})
	}
	shares := func(want int) {
		t.Helper()
		out, err := w.DescribeWorkspaceImagePermissions(ctx, &sdk.DescribeWorkspaceImagePermissionsInput{ImageId: &image})
		w.done(out, err)
		if len(out.ImagePermissions) != want {
			t.Errorf("want %d shares, got %+v", want, out.ImagePermissions)
		}
	}
	w.done(share(image, true))
	shares(1)
	w.no("ResourceNotFoundException")(share(noImage, true))
	w.no("ResourceNotFoundException")(w.DescribeWorkspaceImagePermissions(ctx, &sdk.DescribeWorkspaceImagePermissionsInput{ImageId: new(noImage)}))
	w.no("ResourceAssociatedException")(w.DeleteWorkspaceImage(ctx, &sdk.DeleteWorkspaceImageInput{ImageId: &image}))
	w.done(share(image, false))
	shares(0)

	copied, err := w.CopyWorkspaceImage(ctx, &sdk.CopyWorkspaceImageInput{Name: new("copy"), SourceImageId: &image, SourceRegion: new(w.plane.Access().Region)})
	w.done(copied, err)
	w.imaged(*copied.ImageId)
	w.no("ResourceNotFoundException")(w.CopyWorkspaceImage(ctx, &sdk.CopyWorkspaceImageInput{Name: new("copy2"), SourceImageId: new(noImage), SourceRegion: new(w.plane.Access().Region)}))
	w.bundleOverTheSocket(image, *copied.ImageId)
	migrate := func(id, bundle string) (*sdk.MigrateWorkspaceOutput, error) {
		return w.MigrateWorkspace(ctx, &sdk.MigrateWorkspaceInput{SourceWorkspaceId: &id, BundleId: &bundle})
	}
	w.no("ResourceNotFoundException")(migrate(id, noBundle))
	moved, err := migrate(id, "wsb-d12power0")
	w.done(moved, err)
	w.becomes(*moved.TargetWorkspaceId, types.WorkspaceStateAvailable)
	w.becomes(id, "")
	for _, one := range []*string{&image, copied.ImageId} {
		w.done(w.DeleteWorkspaceImage(ctx, &sdk.DeleteWorkspaceImageInput{ImageId: one}))
		if out, err := w.DescribeWorkspaceImages(ctx, &sdk.DescribeWorkspaceImagesInput{ImageIds: []string{*one}}); err != nil || len(out.Images) != 0 {
			t.Errorf("want the image gone, got %+v, %v", out, err)
		}
	}
	w.no("InvalidResourceStateException")(w.DeleteWorkspaceImage(ctx, &sdk.DeleteWorkspaceImageInput{ImageId: &image}))
}

func (w wired) bundleOverTheSocket(image, other string) {
	w.t.Helper()
	ctx := w.t.Context()
	in := sdk.CreateWorkspaceBundleInput{
		BundleName: new("sales"), BundleDescription: new("for sales"), ImageId: &image, Tags: []types.Tag{{Key: new("Team"), Value: new("sales")}},
		ComputeType: &types.ComputeType{Name: types.ComputeStandard}, UserStorage: &types.UserStorage{Capacity: new("200")},
	}
	made, err := w.CreateWorkspaceBundle(ctx, &in)
	w.done(made, err)
	b := made.WorkspaceBundle
	if *b.RootStorage.Capacity != "175" || *b.UserStorage.Capacity != "200" || time.Since(*b.CreationTime) > time.Hour {
		w.t.Errorf("got %+v", b)
	}
	w.no("ResourceAlreadyExistsException")(w.CreateWorkspaceBundle(ctx, &in))
	missing, odd := in, in
	missing.ImageId = new(noImage)
	w.no("ResourceNotFoundException")(w.CreateWorkspaceBundle(ctx, &missing))
	odd.BundleName, odd.UserStorage = new("odd"), &types.UserStorage{Capacity: new("60")}
	w.no("InvalidParameterValuesException")(w.CreateWorkspaceBundle(ctx, &odd))

	update := func(bundle string) (any, error) {
		return w.UpdateWorkspaceBundle(ctx, &sdk.UpdateWorkspaceBundleInput{BundleId: &bundle, ImageId: &other})
	}
	w.done(update(*b.BundleId))
	w.no("ResourceNotFoundException")(update(noBundle))
	w.no("ResourceNotFoundException")(update(standard)) // it is not the account's
	own, err := w.DescribeWorkspaceBundles(ctx, &sdk.DescribeWorkspaceBundlesInput{})
	w.done(own, err)
	if len(own.Bundles) != 1 || *own.Bundles[0].ImageId != other || *own.Bundles[0].Owner != w.plane.Access().Account {
		w.t.Errorf("want the bundle with its new image, got %+v", own.Bundles)
	}
	w.no("ResourceAssociatedException")(w.DeleteWorkspaceImage(ctx, &sdk.DeleteWorkspaceImageInput{ImageId: &other}))
	w.done(w.DeleteWorkspaceBundle(ctx, &sdk.DeleteWorkspaceBundleInput{BundleId: b.BundleId}))
	w.no("ResourceNotFoundException")(w.DeleteWorkspaceBundle(ctx, &sdk.DeleteWorkspaceBundleInput{BundleId: b.BundleId}))
	if out, err := w.DescribeWorkspaceBundles(ctx, &sdk.DescribeWorkspaceBundlesInput{BundleIds: []string{*b.BundleId}}); err != nil || len(out.Bundles) != 0 {
		w.t.Errorf("want the bundle gone, got %+v, %v", out, err)
	}
}
