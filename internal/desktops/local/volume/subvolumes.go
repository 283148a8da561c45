package volume

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"tamachi/internal/desktops/local/tree"
	"tamachi/internal/desktops/local/volume/btrfs"
)

// Subvolumes keeps volumes as subvolumes of the Btrfs file system on which the
// desktops are. A copy is a snapshot: it takes no time and no room. What a volume
// refers to is bound by its quota group.
//
// As in files, a root volume has the desktop's own ids in it, and a user volume
// those that it shows inside.
type Subvolumes struct{}

var _ Storage = Subvolumes{}

// Name is the storage's word.
func (Subvolumes) Name() string { return "btrfs" }

// Sized says that the quota group of a subvolume bounds it.
func (Subvolumes) Sized() bool { return true }

// Form is that of a folder whose homes are shifted when they are mounted.
func (Subvolumes) Form() Form { return Subvolume }

// Available says why subvolumes cannot be had in a folder, or nothing. Quotas
// are a matter of the whole file system: with turn they are turned on, without it
// they must be.
func (Subvolumes) Available(folder string, turn bool) error {
	there, err := btrfs.Is(folder)
	if err != nil {
		return err
	}
	if !there {
		return fmt.Errorf("volumes as subvolumes need a Btrfs file system at %s", folder)
	}
	if turn {
		return btrfs.TurnQuotasOn(folder)
	}
	if !btrfs.Quotas(folder) {
		return fmt.Errorf("volumes as subvolumes need quotas on the Btrfs file system at %s; run: btrfs quota enable %s", folder, folder)
	}
	return nil
}

// Make makes an empty subvolume with its folders in it.
func (s Subvolumes) Make(ctx context.Context, path string, kind Kind, gib, owner int) error {
	if err := btrfs.Make(path); err != nil {
		return err
	}
	folders := map[string]int{Upper: owner, Work: 0}
	if kind == User {
		folders = map[string]int{Homes: 0}
	}
	for name, owner := range folders {
		folder := filepath.Join(path, name)
		if err := os.Mkdir(folder, 0o755); err != nil {
			return err
		}
		if err := os.Chown(folder, owner, owner); err != nil {
			return err
		}
	}
	return s.Fit(ctx, path, gib)
}

// Copy makes a snapshot. It has no bound before Fit gives it one; nobody writes
// to it until then.
func (Subvolumes) Copy(_ context.Context, from, to string, _ int) error {
	return btrfs.Snapshot(from, to)
}

// Layer copies the upper folder, whose owners are others in an image.
func (Subvolumes) Layer(ctx context.Context, from, to string, owner int) error {
	return tree.Copy(ctx, filepath.Join(from, Upper), to, -owner)
}

// Fit bounds the subvolume.
func (Subvolumes) Fit(_ context.Context, path string, gib int) error {
	return btrfs.Limit(path, size(gib))
}

// Used is what the subvolume refers to, shared with others or not, as of the last
// transaction: half a minute ago at the most. A new one has none until there was
// one. Who asks from minute to minute also keeps the limits in force.
func (Subvolumes) Used(_ context.Context, path string) (int64, error) {
	if err := btrfs.Recount(path); err != nil {
		return 0, err
	}
	used, err := btrfs.Referenced(path)
	if err == nil && used == 0 {
		if err = btrfs.Sync(path); err == nil {
			used, err = btrfs.Referenced(path)
		}
	}
	return used, err
}
