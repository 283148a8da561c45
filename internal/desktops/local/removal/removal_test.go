package removal_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/local/removal"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "in-a-mount-namespace" {
		if err := mounted(os.Args[2], os.Args[3]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// mounted tries to remove trees with mounts in them. It runs in a mount
// namespace of its own, so that nothing stays mounted whatever happens.
func mounted(kind, dir string) error {
	tree, trash, elsewhere := filepath.Join(dir, "tree"), filepath.Join(dir, "trash"), filepath.Join(dir, "elsewhere")
	at := filepath.Join(tree, "a", "b c")
	if err := errors.Join(os.MkdirAll(at, 0o755), os.Mkdir(elsewhere, 0o755), os.WriteFile(filepath.Join(elsewhere, "precious"), []byte("x"), 0o600)); err != nil {
		return err
	}
	switch kind {
	case "below": // a bind mount of the same device, which a device number does not betray
		if err := unix.Mount(elsewhere, at, "", unix.MS_BIND, ""); err != nil {
			return err
		}
	case "at":
		if err := unix.Mount(elsewhere, tree, "", unix.MS_BIND, ""); err != nil {
			return err
		}
	case "late": // mounted when the tree is in the trash already
		if err := removal.Discard(tree, trash); err != nil {
			return err
		}
		if err := unix.Mount(elsewhere, filepath.Join(trash, "tree.0", "a", "b c"), "", unix.MS_BIND, ""); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(trash, "rest", "of it"), 0o755); err != nil {
		return err
	}
	err := removal.Tree(tree, trash)
	if !errors.Is(err, removal.ErrMounted) {
		return fmt.Errorf("want ErrMounted, got %w", err)
	}
	if kind == "late" {
		if _, err := os.Stat(filepath.Join(trash, "rest")); !os.IsNotExist(err) {
			return fmt.Errorf("the rest of the trash must go: %w", err)
		}
	} else {
		if _, err := os.Stat(tree); err != nil {
			return fmt.Errorf("a refused tree must stay where it is: %w", err)
		}
	}
	if _, err := os.Stat(filepath.Join(elsewhere, "precious")); err != nil {
		return fmt.Errorf("the other side of the mount: %w", err)
	}
	return nil
}

func TestATreeWithAMountInItIsRefusedAndTheOtherSideSurvives(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("this test mounts folders and needs root; run it with sudo")
	}
	for _, kind := range []string{"below", "at", "late"} {
		t.Run("a mount "+kind, func(t *testing.T) {
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			cmd := exec.CommandContext(t.Context(), self, "in-a-mount-namespace", kind, dir)
			cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
			if _, err := os.Stat(filepath.Join(dir, "elsewhere", "precious")); err != nil {
				t.Errorf("the other side of the mount: %v", err)
			}
		})
	}
}

func TestAStubbornTreeIsRemovedAndNothingOutside(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(dir, "outside")
	tree, trash := filepath.Join(dir, "tree"), filepath.Join(dir, "trash")
	if err := errors.Join(os.Mkdir(outside, 0o755), os.WriteFile(filepath.Join(outside, "kept"), []byte("x"), 0o600), os.MkdirAll(tree, 0o755)); err != nil {
		t.Fatal(err)
	}
	deep := tree
	for range 40 {
		deep = filepath.Join(deep, "d", "deep.1", "d")
		if len(deep) > 3000 {
			break
		}
	}
	err := errors.Join(
		os.MkdirAll(deep, 0o755),
		os.WriteFile(filepath.Join(deep, "leaf"), nil, 0o400),
		os.Symlink(outside, filepath.Join(tree, "link")),
		os.Symlink("/", filepath.Join(deep, "root")),
		os.Link(filepath.Join(outside, "kept"), filepath.Join(tree, "hard")),
		unix.Mkfifo(filepath.Join(tree, "pipe"), 0o600),
		os.Mkdir(filepath.Join(tree, "closed"), 0o000),
		os.Mkdir(filepath.Join(tree, "\n\\040"), 0o755),
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := removal.Tree(tree, trash); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{tree, filepath.Join(trash, "tree.0")} {
		if _, err := os.Lstat(gone); !os.IsNotExist(err) {
			t.Errorf("want %s gone, got %v", gone, err)
		}
	}
	if left, err := os.ReadDir(trash); err != nil || len(left) != 0 {
		t.Errorf("want an empty trash, got %v, %v", left, err)
	}
	if text, err := os.ReadFile(filepath.Join(outside, "kept")); err != nil || string(text) != "x" {
		t.Errorf("the file behind the links: want it kept, got %q, %v", text, err)
	}
}

func TestWhatIsNotThereIsRemovedAlready(t *testing.T) {
	dir := t.TempDir()
	if err := removal.Tree(filepath.Join(dir, "nothing"), filepath.Join(dir, "trash")); err != nil {
		t.Error(err)
	}
	if err := removal.Empty(filepath.Join(dir, "trash")); err != nil {
		t.Error(err)
	}
	link := filepath.Join(dir, "trash")
	if err := os.Symlink("/", link); err != nil {
		t.Fatal(err)
	}
	if err := removal.Empty(link); err == nil || strings.Contains(err.Error(), "EXDEV") {
		t.Errorf("a trash that is a link: want it refused, got %v", err)
	}
}

// Two desktops that end at the same time share a trash.
func TestTreesCanBeRemovedAtTheSameTime(t *testing.T) {
	for range 4 {
		dir := t.TempDir()
		trash := filepath.Join(dir, "trash")
		for tree := range 4 {
			for i := range 30 {
				folder := filepath.Join(dir, fmt.Sprint("tree", tree), fmt.Sprint("a", i), "b", "c")
				if err := errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(filepath.Join(folder, "file"), nil, 0o600)); err != nil {
					t.Fatal(err)
				}
			}
		}
		var all sync.WaitGroup
		for tree := range 4 {
			all.Go(func() {
				if err := removal.Tree(filepath.Join(dir, fmt.Sprint("tree", tree)), trash); err != nil {
					t.Errorf("remove tree %d beside the others: %v", tree, err)
				}
			})
		}
		all.Wait()
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != 1 {
			t.Fatalf("want the trash alone, got %v, %v", left, err)
		}
		if rest, err := os.ReadDir(trash); err != nil || len(rest) != 0 {
			t.Fatalf("want an empty trash, got %v, %v", rest, err)
		}
	}
}
