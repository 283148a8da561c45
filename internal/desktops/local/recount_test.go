package local_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/local/volume"
	"tamachi/internal/desktops/local/volume/btrfs"
)

// The kernel gives counting up where a destroyed subvolume shares too deep a tree
// with another; with the depth set to nothing each is too deep.
func TestLimitsHoldAgainAfterTheKernelGaveCountingUp(t *testing.T) {
	folder := apart(t, "")
	if folder == "" {
		return
	}
	at := mountImage(t, folder, "btrfs", "mkfs.btrfs", "-q")
	if err := btrfs.TurnQuotasOn(at); err != nil {
		t.Fatal(err)
	}
	_, uuid, err := btrfs.Identify(at)
	if err != nil {
		t.Fatal(err)
	}
	words := filepath.Join("/sys/fs/btrfs", uuid, "qgroups")
	counts := func() bool {
		text, err := os.ReadFile(filepath.Join(words, "inconsistent"))
		return err == nil && strings.TrimSpace(string(text)) == "0"
	}
	waitFor(t, "the first count", counts)

	storage := volume.Subvolumes{}
	for name, ask := range map[string]func(path string) error{
		"when it is asked how much is used": func(path string) error { _, err := storage.Used(t.Context(), path); return err },
		"when a volume is bound":            func(path string) error { return storage.Fit(t.Context(), path, 2) },
	} {
		t.Run(name, func(t *testing.T) {
			folder, err := os.MkdirTemp(at, "row")
			if err != nil {
				t.Fatal(err)
			}
			bound, gone := filepath.Join(folder, "bound"), filepath.Join(folder, "gone")
			if err := storage.Make(t.Context(), bound, volume.User, 2, 1000); err != nil {
				t.Fatal(err)
			}
			for i := range 2000 { // a tree of more than one block
				if err := os.WriteFile(filepath.Join(bound, strconv.Itoa(i)), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := storage.Copy(t.Context(), bound, gone, 2); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(words, "drop_subtree_threshold"), []byte("0"), 0); err != nil {
				t.Fatal(err)
			}
			parent, err := os.Open(folder)
			if err != nil {
				t.Fatal(err)
			}
			defer parent.Close()
			if ok, err := btrfs.Destroy(parent, "gone"); err != nil || !ok {
				t.Fatalf("destroy: got %t, %v", ok, err)
			}
			waitFor(t, "the kernel to give up", func() bool {
				if err := btrfs.Sync(at); err != nil {
					t.Fatal(err)
				}
				return !counts()
			})
			if err := ask(bound); err != nil {
				t.Fatal(err)
			}
			waitFor(t, "the second count", counts)
			if err := reserve(filepath.Join(bound, "within"), 1<<30); err != nil {
				t.Errorf("1 GiB of 2: %v", err)
			}
			if err := reserve(filepath.Join(bound, "beyond"), 3<<30); !errors.Is(err, unix.EDQUOT) {
				t.Errorf("3 GiB more: want no room, got %v", err)
			}
		})
	}
}

// reserve makes a file with room for so many bytes.
func reserve(path string, bytes int64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Fallocate(int(f.Fd()), 0, 0, bytes)
}
