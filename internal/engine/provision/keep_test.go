package provision_test

import (
	"errors"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/fake"
)

// copied waits for a desktop's first copy and returns its time.
func (p *plane) copied(id string) (at time.Time) {
	p.t.Helper()
	waitFor(p.t, "a copy of "+id, func() bool {
		out, err := p.room.DescribeWorkspaceSnapshots(p.call(), &sdk.DescribeWorkspaceSnapshotsInput{WorkspaceId: &id})
		if err != nil {
			p.t.Fatal(err)
		}
		if len(out.RestoreSnapshots) == 0 {
			return false
		}
		at = *out.RestoreSnapshots[0].SnapshotTime
		return true
	})
	return at
}

func (p *plane) modify(id string, change types.WorkspaceProperties) {
	p.t.Helper()
	if _, err := p.room.ModifyWorkspaceProperties(p.call(), &sdk.ModifyWorkspacePropertiesInput{WorkspaceId: &id, WorkspaceProperties: &change}); err != nil {
		p.t.Fatal(err)
	}
}

func TestARestoreBringsBothVolumesBack(t *testing.T) {
	p := open(t)
	p.run()
	id := p.create("fujita.kouhei")[0]
	p.becomes(id, "AVAILABLE")
	p.copied(id)
	if err := errors.Join(p.world.WriteRoot(id, "etc", "broken"), p.world.WriteUser(id, "profile", "broken")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.room.RestoreWorkspace(p.call(), &sdk.RestoreWorkspaceInput{WorkspaceId: &id}); err != nil {
		t.Fatal(err)
	}
	p.becomes(id, "AVAILABLE")
	_, root := p.world.ReadRoot(id, "etc")
	_, user := p.world.ReadUser(id, "profile")
	if root || user {
		t.Errorf("want both volumes as they were, got root %v, user %v", root, user)
	}
}

func TestACopyIsMadeEveryTwelveHours(t *testing.T) {
	p := open(t)
	p.run()
	id := p.create("fujita.kouhei")[0]
	p.becomes(id, "AVAILABLE")
	first := p.copied(id)
	p.clock.Advance(12*time.Hour - time.Second)
	if next, err := p.room.Upkeep(t.Context()); err != nil || !next.Equal(first.Add(12*time.Hour)) {
		t.Fatalf("want the next copy twelve hours after %v, got %v, %v", first, next, err)
	}
	p.clock.Advance(time.Second)
	if _, err := p.room.Upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the second copy", func() bool { return p.copied(id).Equal(first.Add(12 * time.Hour)) })
}

// A copy that fails leaves the desktop as it is, and is tried again in an hour.
func TestACopyThatFailsIsTriedAgain(t *testing.T) {
	p := open(t)
	p.world.Fail(fake.Keep, 1, desktops.ErrNoSpace)
	p.run()
	id := p.create("fujita.kouhei")[0]
	p.becomes(id, "AVAILABLE")
	waitFor(t, "the time of the next try", func() bool {
		next, err := p.room.Upkeep(t.Context())
		return err == nil && next.Equal(p.clock.Now().Add(time.Hour))
	})
	if _, err := p.room.RestoreWorkspace(p.call(), &sdk.RestoreWorkspaceInput{WorkspaceId: &id}); err == nil {
		t.Error("want a restore refused without a copy")
	}
	p.clock.Advance(time.Hour)
	if _, err := p.room.Upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.copied(id)
}

func TestSizesChangeWhileADesktopRunsAndWhileItIsStopped(t *testing.T) {
	p := open(t)
	p.run()
	id := p.create("fujita.kouhei")[0]
	p.becomes(id, "AVAILABLE")
	p.modify(id, types.WorkspaceProperties{ComputeTypeName: types.ComputePower})
	p.becomes(id, "AVAILABLE")
	if u, err := p.ports.Provider.Usage(t.Context(), id); err != nil || u.CPUs != 4 || u.MemoryLimit != 16<<30 {
		t.Errorf("want 4 processors and 16 GiB at once, got %+v, %v", u, err)
	}
	p.ask("stop", id)
	p.becomes(id, "STOPPED")
	p.modify(id, types.WorkspaceProperties{UserVolumeSizeGib: new(int32(100))})
	w := p.becomes(id, "STOPPED")
	if u, err := p.ports.Provider.Usage(t.Context(), id); err != nil || u.User.Size != 100<<30 || *w.WorkspaceProperties.UserVolumeSizeGib != 100 {
		t.Errorf("want 100 GiB of user volume, got %+v, %v", u, err)
	}
	p.world.Fail(fake.Resize, 1, desktops.ErrNoSpace)
	p.modify(id, types.WorkspaceProperties{ComputeTypeName: types.ComputePowerpro})
	waitFor(t, "the failure of a change", func() bool { return deref(p.look(id).ErrorCode) == "Desktop.NoSpace" })
	if w := p.look(id); w.State != types.WorkspaceStateStopped || w.WorkspaceProperties.ComputeTypeName != types.ComputePower || len(w.ModificationStates) != 0 {
		t.Errorf("want the desktop as it was, got %+v", w)
	}
}
