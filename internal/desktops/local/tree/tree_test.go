package tree_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/local/tree"
)

// must ends a test at a failed step of its preparation.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func stat(t *testing.T, path string) unix.Stat_t {
	t.Helper()
	var st unix.Stat_t
	must(t, unix.Lstat(path, &st))
	return st
}

// furnished is a folder with one of each kind of thing.
func furnished(t *testing.T) string {
	dir := filepath.Join(t.TempDir(), "from")
	must(t, os.Mkdir(dir, 0o755))
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.WriteFile(at("plain"), []byte("content"), 0o640))
	must(t, os.Chown(at("plain"), 1000100, 1000200))
	must(t, os.WriteFile(at("tool"), []byte("#!"), 0o755))
	must(t, os.Chown(at("tool"), 1000000, 1000000))
	must(t, unix.Chmod(at("tool"), 0o4755))
	must(t, os.Link(at("plain"), at("second name")))
	must(t, os.Symlink("/etc/shadow", at("link")))
	must(t, unix.Mkfifo(at("pipe"), 0o620))
	must(t, unix.Mknod(at("gone"), unix.S_IFCHR, 0))
	must(t, unix.Mknod(at("null"), unix.S_IFCHR|0o666, int(unix.Mkdev(1, 3))))
	must(t, os.Mkdir(at("sub"), 0o1777))
	must(t, unix.Chmod(at("sub"), 0o1777))
	must(t, unix.Setxattr(at("sub"), "trusted.overlay.opaque", []byte("y"), 0))
	must(t, unix.Setxattr(at("sub"), "trusted.overlay.origin", []byte("whatever"), 0))
	must(t, os.WriteFile(at("sub/日本語 name"), nil, 0o600))
	f, err := os.Create(at("holes"))
	must(t, err)
	_, err = f.WriteAt([]byte("far"), 64<<20)
	must(t, errors.Join(err, f.Close()))
	return dir
}

func TestACopyHasAllThatMeansSomething(t *testing.T) {
	from, to := furnished(t), filepath.Join(t.TempDir(), "to")
	must(t, tree.Copy(t.Context(), from, to, 0))
	for _, name := range []string{".", "plain", "tool", "second name", "link", "pipe", "gone", "sub", "sub/日本語 name", "holes"} {
		was, is := stat(t, filepath.Join(from, name)), stat(t, filepath.Join(to, name))
		if was.Mode != is.Mode || was.Uid != is.Uid || was.Gid != is.Gid || was.Rdev != is.Rdev || was.Mtim != is.Mtim {
			t.Errorf("%s: want %+v, got %+v", name, was, is)
		}
		if was.Mode&unix.S_IFMT == unix.S_IFREG && was.Size != is.Size {
			t.Errorf("%s: want %d bytes, got %d", name, was.Size, is.Size)
		}
	}
	if a, b := stat(t, filepath.Join(to, "plain")), stat(t, filepath.Join(to, "second name")); a.Ino != b.Ino {
		t.Error("want both names to be of one file")
	}
	if is := stat(t, filepath.Join(to, "holes")); is.Blocks*512 > 1<<20 {
		t.Errorf("want the hole to stay one, got %d bytes on the disk", is.Blocks*512)
	}
	if text, err := os.ReadFile(filepath.Join(to, "holes")); err != nil || !bytes.HasSuffix(text, []byte("\x00far")) {
		t.Errorf("want the bytes behind the hole, got %v", err)
	}
	if target, err := os.Readlink(filepath.Join(to, "link")); err != nil || target != "/etc/shadow" {
		t.Errorf("want the link as it was, got %q, %v", target, err)
	}
	value := make([]byte, 16)
	if n, err := unix.Getxattr(filepath.Join(to, "sub"), "trusted.overlay.opaque", value); err != nil || string(value[:n]) != "y" {
		t.Errorf("want the folder opaque, got %q, %v", value[:max(n, 0)], err)
	}
	if _, err := unix.Getxattr(filepath.Join(to, "sub"), "trusted.overlay.origin", value); !errors.Is(err, unix.ENODATA) {
		t.Errorf("want no note about another layer, got %v", err)
	}
	if _, err := os.Lstat(filepath.Join(to, "null")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("want no device, got %v", err)
	}
}

func TestOwnersAreShiftedEverywhere(t *testing.T) {
	from, to := furnished(t), filepath.Join(t.TempDir(), "to")
	capability := make([]byte, 24) // revision 3 with the desktop's root
	binary.LittleEndian.PutUint32(capability, 0x03000001)
	binary.LittleEndian.PutUint32(capability[4:], 1<<unix.CAP_NET_RAW)
	binary.LittleEndian.PutUint32(capability[20:], 1000000)
	must(t, unix.Setxattr(filepath.Join(from, "tool"), "security.capability", capability, 0))
	must(t, tree.Copy(t.Context(), from, to, -1000000))
	for name, want := range map[string][2]uint32{"plain": {100, 200}, "tool": {0, 0}, ".": {0, 0}} {
		if is := stat(t, filepath.Join(to, name)); is.Uid != want[0] || is.Gid != want[1] {
			t.Errorf("%s: want owner and group %v, got %d and %d", name, want, is.Uid, is.Gid)
		}
	}
	if is := stat(t, filepath.Join(to, "tool")); is.Mode&0o7777 != 0o4755 {
		t.Errorf("want set-user-id kept, got %o", is.Mode)
	}
	value := make([]byte, 64)
	n, err := unix.Getxattr(filepath.Join(to, "tool"), "security.capability", value)
	if err != nil || n != 20 || binary.LittleEndian.Uint32(value) != 0x02000001 {
		t.Errorf("want a capability of the machine's root, got % x, %v", value[:max(n, 0)], err)
	}
}

func TestWhatIsNoTreeIsRefused(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Symlink("/etc", filepath.Join(dir, "link")))
	must(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	deep, err := os.OpenRoot(dir)
	must(t, err)
	defer deep.Close()
	must(t, nest(filepath.Join(dir, "deep"), 1100))
	t.Cleanup(func() { must(t, unnest(filepath.Join(dir, "deep"))) })
	for name, want := range map[string]error{"link": unix.ENOTDIR, "file": unix.ENOTDIR, "none": os.ErrNotExist, "deep": tree.ErrDeep} {
		to := filepath.Join(t.TempDir(), "to")
		if err := tree.Copy(t.Context(), filepath.Join(dir, name), to, 0); !errors.Is(err, want) {
			t.Errorf("copy of %s: want %v, got %v", name, want, err)
		}
		if name == "deep" {
			must(t, unnest(to))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := tree.Copy(ctx, furnished(t), filepath.Join(t.TempDir(), "to"), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("copy under an ended context: want its error, got %v", err)
	}
}

// nest makes folders within folders, deeper than a path may be long.
func nest(path string, levels int) error {
	if err := os.Mkdir(path, 0o700); err != nil {
		return err
	}
	at, err := unix.Open(path, unix.O_PATH|unix.O_DIRECTORY, 0)
	for i := 0; err == nil && i < levels; i++ {
		err = unix.Mkdirat(at, "d", 0o700)
		next := -1
		if err == nil {
			next, err = unix.Openat(at, "d", unix.O_PATH|unix.O_DIRECTORY, 0)
		}
		_ = unix.Close(at)
		at = next
	}
	return errors.Join(err, unix.Close(at))
}

// unnest removes them from the top: each level is taken out and emptied.
func unnest(path string) error {
	for {
		below := filepath.Join(path, "d")
		if _, err := os.Lstat(below); err != nil {
			return os.RemoveAll(path)
		}
		aside := path + ".aside"
		if err := os.Rename(below, aside); err != nil {
			return err
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
		if err := os.Rename(aside, path); err != nil {
			return err
		}
	}
}

func TestSizeCountsWhatIsOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "one"), []byte(strings.Repeat("x", 1<<20)), 0o600))
	must(t, os.Link(filepath.Join(dir, "one"), filepath.Join(dir, "again")))
	must(t, os.Symlink("/", filepath.Join(dir, "everything")))
	must(t, os.Mkdir(filepath.Join(dir, "sub"), 0o700))
	must(t, os.Truncate(filepath.Join(dir, "one"), 1<<30))
	n, err := tree.Size(t.Context(), dir)
	if err != nil || n < 1<<20 || n > 2<<20 {
		t.Errorf("want about a mebibyte, got %d, %v", n, err)
	}
}
