package provision_test

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/fake"
)

// image makes an image of a desktop and waits until both are done.
func (p *plane) image(id, name string) types.WorkspaceImage {
	p.t.Helper()
	made, err := p.room.CreateWorkspaceImage(p.call(), &sdk.CreateWorkspaceImageInput{WorkspaceId: &id, Name: &name, Description: &name})
	if err != nil {
		p.t.Fatal(err)
	}
	p.becomes(id, "AVAILABLE")
	out, err := p.room.DescribeWorkspaceImages(p.call(), &sdk.DescribeWorkspaceImagesInput{ImageIds: []string{*made.ImageId}})
	if err != nil || len(out.Images) != 1 {
		p.t.Fatalf("got %+v, %v", out, err)
	}
	return out.Images[0]
}

func TestADesktopOfAnImageHasItsRootVolume(t *testing.T) {
	p := open(t)
	p.run()
	id := p.create("fujita.kouhei")[0]
	p.becomes(id, "AVAILABLE")
	if err := p.world.WriteRoot(id, "etc/office", "v1"); err != nil {
		t.Fatal(err)
	}
	i := p.image(id, "golden")
	if i.State != types.WorkspaceImageStateAvailable {
		t.Fatalf("got %+v", i)
	}
	b, err := p.room.CreateWorkspaceBundle(p.call(), &sdk.CreateWorkspaceBundleInput{
		BundleName: new("sales"), BundleDescription: new("sales"), ImageId: i.ImageId,
		ComputeType: &types.ComputeType{Name: types.ComputePower}, UserStorage: &types.UserStorage{Capacity: new("50")},
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.room.CreateWorkspaces(p.call(), &sdk.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{DirectoryId: new(corp), BundleId: b.WorkspaceBundle.BundleId, UserName: new("nakamura.yuri")}}})
	if err != nil || len(out.PendingRequests) != 1 {
		t.Fatalf("got %+v, %v", out, err)
	}
	other := *out.PendingRequests[0].WorkspaceId
	p.becomes(other, "AVAILABLE")
	if got, _ := p.world.ReadRoot(other, "etc/office"); got != "v1" {
		t.Errorf("want the image's file, got %q", got)
	}
	if _, err := p.room.DeleteWorkspaceBundle(p.call(), &sdk.DeleteWorkspaceBundleInput{BundleId: b.WorkspaceBundle.BundleId}); err == nil {
		t.Error("want a bundle with desktops kept")
	}
}

func TestAnImageThatCannotBeMadeSaysWhy(t *testing.T) {
	p := open(t)
	p.world.Fail(fake.Capture, 1, desktops.ErrNoSpace)
	p.run()
	id := p.create("fujita.kouhei")[0]
	p.becomes(id, "AVAILABLE")
	if i := p.image(id, "golden"); i.State != types.WorkspaceImageStateError || deref(i.ErrorCode) != "Desktop.NoSpace" {
		t.Errorf("got %+v", i)
	}
}

// An image that was deleted is given up, but not while a copy of it is left.
func TestADeletedImageIsGivenUp(t *testing.T) {
	p := open(t)
	p.run()
	id := p.create("fujita.kouhei")[0]
	p.becomes(id, "AVAILABLE")
	i := p.image(id, "golden")
	copied, err := p.room.CopyWorkspaceImage(p.call(), &sdk.CopyWorkspaceImageInput{Name: new("copy"), SourceImageId: i.ImageId, SourceRegion: new(region)})
	if err != nil {
		t.Fatal(err)
	}
	gone := func() bool {
		_, left, err := p.room.GivenUp(t.Context())
		return err == nil && len(left) == 0
	}
	for n, image := range []*string{i.ImageId, copied.ImageId} {
		if _, err := p.room.DeleteWorkspaceImage(p.call(), &sdk.DeleteWorkspaceImageInput{ImageId: image}); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "the image's record to be removed", gone)
		_, err := p.ports.Provider.Rebuild(t.Context(), id, *i.ImageId)
		if discarded := err != nil; discarded != (n == 1) {
			t.Errorf("after %d deletions: want the image given up: %v, got %v", n+1, n == 1, err)
		}
		if _, err := p.ports.Provider.Rebuild(t.Context(), id, "office"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAMigratedDesktopKeepsItsUserVolume(t *testing.T) {
	for _, failing := range []bool{false, true} {
		p := open(t)
		p.run()
		id := p.create("fujita.kouhei")[0]
		p.becomes(id, "AVAILABLE")
		if err := p.world.WriteUser(id, "letter", "dear"); err != nil {
			t.Fatal(err)
		}
		if failing {
			p.world.Fail(fake.Create, 1, desktops.ErrNoSpace)
		}
		out, err := p.room.MigrateWorkspace(p.call(), &sdk.MigrateWorkspaceInput{SourceWorkspaceId: &id, BundleId: new("wsb-d12power0")})
		if err != nil {
			t.Fatal(err)
		}
		stays, goes := *out.TargetWorkspaceId, id
		if failing {
			stays, goes = goes, stays
		}
		p.becomes(goes, "")
		p.becomes(stays, "AVAILABLE")
		if got, _ := p.world.ReadUser(stays, "letter"); got != "dear" {
			t.Errorf("failing %v: want the letter in %s, got %q", failing, stays, got)
		}
		if p.inspect(goes) != "" {
			t.Errorf("failing %v: want %s destroyed", failing, goes)
		}
		p.stop()
	}
}
