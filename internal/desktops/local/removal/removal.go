// Package removal deletes the folders of desktops, and nothing else. A desktop
// tree was written by strangers and may have had things mounted into it, so:
// a tree below which anything is mounted is refused; it is renamed into a
// trash folder first, so that no one finds half of it; and every step down is
// taken with openat2 and RESOLVE_NO_XDEV, which refuses to enter a mount even
// when it is a bind mount of the same device.
package removal

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/local/volume/btrfs"
)

// ErrMounted reports a tree that was left alone because something is mounted
// at or below it.
var ErrMounted = errors.New("something is mounted there")

// Tree removes the folder path. It goes through trash, a folder of the same
// file system that it makes when needed. A path that does not exist is no
// error. After ErrMounted nothing was changed.
func Tree(path, trash string) error {
	if err := Discard(path, trash); err != nil {
		return err
	}
	return Empty(trash)
}

// Discard moves the folder path into the trash, where Empty finds it.
func Discard(path, trash string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(abs); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := refuseMounts(abs); err != nil {
		return fmt.Errorf("remove %s: %w", path, err)
	}
	if err := os.MkdirAll(trash, 0o700); err != nil {
		return err
	}
	for n := 0; ; n++ {
		to := filepath.Join(trash, filepath.Base(abs)+"."+strconv.Itoa(n))
		err := unix.Renameat2(unix.AT_FDCWD, abs, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
		if !errors.Is(err, unix.EEXIST) {
			if err != nil {
				return fmt.Errorf("move %s to the trash: %w", path, err)
			}
			return nil
		}
	}
}

// Empty removes all that is in the trash; a trash that does not exist is empty.
// Several may empty the same trash at a time: what another has removed is gone.
// What cannot be removed stays, and does not keep the rest.
func Empty(trash string) error {
	abs, err := filepath.Abs(trash)
	if err != nil {
		return err
	}
	fd, err := unix.Open(abs, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the trash %s: %w", trash, err)
	}
	top := os.NewFile(uintptr(fd), abs)
	defer top.Close()
	if abs, err = filepath.EvalSymlinks(abs); err != nil { // of the folders above it
		return err
	}
	w := walk{top: top}
	failed := map[string]error{}
	for { // trees deeper than the walk goes down come back here as new entries
		names, err := entries(top)
		if err != nil {
			return err
		}
		names = slices.DeleteFunc(names, func(name string) bool { return failed[name] != nil })
		if len(names) == 0 {
			break
		}
		for _, name := range names {
			err := mountsBelow(filepath.Join(abs, name))
			if err == nil {
				err = w.remove(top, name, 0)
			}
			if err != nil {
				failed[name] = fmt.Errorf("empty %s: %w", trash, err)
			}
		}
	}
	return errors.Join(slices.Collect(maps.Values(failed))...)
}

// deepest is how far a walk goes down before it carries a folder up to the
// trash: folders nested by the thousand would use up descriptors.
const deepest = 50

type walk struct {
	top     *os.File
	carried int
}

// remove removes an entry of a folder and all that is below it.
func (w *walk) remove(parent *os.File, name string, depth int) error {
	at := int(parent.Fd())
	err := unix.Unlinkat(at, name, 0)
	if err == nil || errors.Is(err, unix.ENOENT) {
		return nil
	}
	if !errors.Is(err, unix.EISDIR) && !errors.Is(err, unix.EPERM) {
		return fmt.Errorf("unlink %s/%s: %w", parent.Name(), name, err)
	}
	if depth == deepest {
		return w.carry(at, name)
	}
	fd, err := unix.Openat2(at, name, &unix.OpenHow{
		Flags:   unix.O_RDONLY | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_NO_XDEV | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_BENEATH,
	})
	switch {
	case errors.Is(err, unix.EXDEV):
		return fmt.Errorf("%s/%s: %w", parent.Name(), name, ErrMounted)
	case errors.Is(err, unix.ENOENT):
		return nil
	case err != nil:
		return fmt.Errorf("open %s/%s: %w", parent.Name(), name, err)
	}
	dir := os.NewFile(uintptr(fd), parent.Name()+"/"+name)
	defer dir.Close()
	if gone, err := btrfs.Destroy(parent, name); gone || err != nil { // no mount, as it could be entered
		return err
	}
	names, err := entries(dir)
	if err != nil {
		return err
	}
	for _, child := range names {
		if err := w.remove(dir, child, depth+1); err != nil {
			return err
		}
	}
	if err := unix.Unlinkat(at, name, unix.AT_REMOVEDIR); err != nil && !errors.Is(err, unix.ENOENT) {
		return fmt.Errorf("remove folder %s/%s: %w", parent.Name(), name, err)
	}
	return nil
}

// carry moves a folder up to the trash, under a name of its own.
func (w *walk) carry(at int, name string) error {
	for {
		w.carried++
		to := "deep." + strconv.Itoa(w.carried)
		err := unix.Renameat2(at, name, int(w.top.Fd()), to, unix.RENAME_NOREPLACE)
		if errors.Is(err, unix.ENOENT) {
			return nil
		}
		if !errors.Is(err, unix.EEXIST) {
			return err
		}
	}
}

// entries lists a folder from its beginning; one that was removed is empty.
func entries(dir *os.File) ([]string, error) {
	if _, err := dir.Seek(0, 0); err != nil {
		return nil, err
	}
	names, err := dir.Readdirnames(-1)
	if errors.Is(err, unix.ENOENT) {
		return nil, nil
	}
	return names, err
}

// refuseMounts returns ErrMounted if this process sees a mount at path or
// below it.
func refuseMounts(path string) error {
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	return mountsBelow(resolved)
}

// mountsBelow is refuseMounts for a path without links.
func mountsBelow(resolved string) error {
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 5 {
			return fmt.Errorf("read the list of mounts: line %q", lines.Text())
		}
		at := unescape(fields[4])
		if at == resolved || strings.HasPrefix(at, resolved+"/") {
			return fmt.Errorf("%s: %w (unmount it first)", at, ErrMounted)
		}
	}
	return lines.Err()
}

// unescape undoes the octal escapes of mountinfo: \040 is a blank.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+4 <= len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
