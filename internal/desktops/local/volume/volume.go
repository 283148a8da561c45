// Package volume keeps the two volumes of a desktop on the host: as plain
// folders, or as files that hold a file system each or subvolumes of Btrfs, which
// can be no fuller than they are large.
package volume

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"tamachi/internal/desktops/local/tree"
)

// Kind tells the volumes of a desktop apart.
type Kind int

// The two volumes.
const (
	Root Kind = iota // an overlay's upper and work folder, over the image
	User             // the homes
)

// The folders in a root volume, and the one in a user volume that is a file
// system of its own.
const (
	Upper = "upper"
	Work  = "work"
	Homes = "homes"
)

// Form is what lies at a volume's path.
type Form string

// The forms of volumes.
const (
	Folder    Form = ""          // the user volume has the desktop's own ids
	Subvolume Form = "subvolume" // the user volume has a folder Homes with the ids that it shows inside
	File      Form = "file"      // a file system, which has the same in it
)

// Storage is a way to keep volumes. What it gets as owner is the first of the
// ids of a desktop.
type Storage interface {
	// Name is the word by which a desktop's record remembers its storage.
	Name() string
	// Sized tells whether a volume can be no fuller than its size.
	Sized() bool
	// Form is that of all its volumes.
	Form() Form
	// Make makes an empty volume of that many GiB at path.
	Make(ctx context.Context, path string, kind Kind, gib, owner int) error
	// Copy copies a volume that nobody changes; all owners in it move by shift.
	Copy(ctx context.Context, from, to string, shift int) error
	// Layer copies what was written into a root volume, which nobody changes,
	// to the new folder to, with the owners that it has in an image.
	Layer(ctx context.Context, from, to string, owner int) error
	// Fit makes a volume that is not in use as large as it should be.
	Fit(ctx context.Context, path string, gib int) error
	// Used is how much a volume takes on the host, in bytes.
	Used(ctx context.Context, path string) (int64, error)
}

// Folders keeps volumes as folders. They grow as long as the host has space.
type Folders struct{}

var _ Storage = Folders{}

// Name is the storage's word: desktops that are older than it have none.
func (Folders) Name() string { return "" }

// Sized says that folders have no size.
func (Folders) Sized() bool { return false }

// Form is that of folders.
func (Folders) Form() Form { return Folder }

// Make makes the folders.
func (Folders) Make(_ context.Context, path string, kind Kind, _, owner int) error {
	if err := os.Mkdir(path, 0o755); err != nil {
		return err
	}
	if kind == User {
		return os.Chown(path, owner, owner)
	}
	for _, dir := range []string{Upper, Work} {
		if err := os.Mkdir(filepath.Join(path, dir), 0o755); err != nil {
			return err
		}
	}
	return os.Chown(filepath.Join(path, Upper), owner, owner)
}

// Copy copies all files.
func (Folders) Copy(ctx context.Context, from, to string, shift int) error {
	return tree.Copy(ctx, from, to, shift)
}

// Layer copies the upper folder.
func (Folders) Layer(ctx context.Context, from, to string, owner int) error {
	return tree.Copy(ctx, filepath.Join(from, Upper), to, -owner)
}

// Fit has nothing to fit.
func (Folders) Fit(context.Context, string, int) error { return nil }

// Used goes through all files.
func (Folders) Used(ctx context.Context, path string) (int64, error) { return tree.Size(ctx, path) }

// ErrTool reports that a program is missing on the host.
type ErrTool struct{ Name string }

func (e *ErrTool) Error() string {
	return fmt.Sprintf("volumes with a size need %s (package e2fsprogs)", e.Name)
}
