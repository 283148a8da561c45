// Package tree copies and measures the volumes of desktops. What is in them was
// written by strangers, so nothing is followed: every step down is taken with
// openat2 and RESOLVE_NO_SYMLINKS, devices and sockets are left behind, and
// what a file is, is asked of the open file.
package tree

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// ErrDeep reports a tree whose folders are nested too deep to be copied.
var ErrDeep = errors.New("folders are nested too deep")

// deepest is how far a copy goes down: each level holds two descriptors.
const deepest = 1000

// Copy copies the folder from to the new folder to: contents, owners, modes,
// times, hard links, holes, and the attributes that mean something in a
// desktop. shift is added to every owner and group. The copy is on the disk
// when Copy returns. Nobody may change from meanwhile.
func Copy(ctx context.Context, from, to string, shift int) error {
	src, err := os.OpenFile(from, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	defer src.Close()
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	dst, err := os.Open(to)
	if err != nil {
		return err
	}
	defer dst.Close()
	c := copier{shift: shift, top: dst, links: map[uint64]string{}}
	if err := c.folder(ctx, src, dst, "", 0); err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	return unix.Syncfs(int(dst.Fd()))
}

type copier struct {
	shift int
	top   *os.File          // of the copy
	links map[uint64]string // inode of a file with several names -> its path in the copy
}

// folder copies all that is in src into dst, and then what src itself is.
func (c *copier) folder(ctx context.Context, src, dst *os.File, path string, depth int) error {
	if depth > deepest {
		return fmt.Errorf("%s: %w", path, ErrDeep)
	}
	names, err := src.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.entry(ctx, src, dst, name, filepath.Join(path, name), depth); err != nil {
			return err
		}
	}
	var st unix.Stat_t
	if err := unix.Fstat(int(src.Fd()), &st); err != nil {
		return err
	}
	return c.dress(src, dst, &st)
}

// entry copies one entry of a folder.
func (c *copier) entry(ctx context.Context, src, dst *os.File, name, path string, depth int) error {
	var st unix.Stat_t
	if err := unix.Fstatat(int(src.Fd()), name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return &os.PathError{Op: "stat", Path: path, Err: err}
	}
	var err error
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		err = c.subfolder(ctx, src, dst, name, path, depth)
	case unix.S_IFREG:
		err = c.file(ctx, src, dst, name, path, &st)
	case unix.S_IFLNK:
		err = c.symlink(src, dst, name, &st)
	case unix.S_IFIFO:
		err = c.node(dst, name, &st)
	case unix.S_IFCHR:
		if st.Rdev == 0 { // an overlay's mark that the name is gone (kernel documentation, "Overlay Filesystem": whiteouts)
			err = c.node(dst, name, &st)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func (c *copier) subfolder(ctx context.Context, src, dst *os.File, name, path string, depth int) error {
	from, err := open(src, name, unix.O_DIRECTORY)
	if err != nil {
		return err
	}
	defer from.Close()
	if err := unix.Mkdirat(int(dst.Fd()), name, 0o700); err != nil {
		return err
	}
	to, err := open(dst, name, unix.O_DIRECTORY)
	if err != nil {
		return err
	}
	defer to.Close()
	return c.folder(ctx, from, to, path, depth+1)
}

func (c *copier) file(ctx context.Context, src, dst *os.File, name, path string, st *unix.Stat_t) error {
	if first, ok := c.links[st.Ino]; ok {
		return unix.Linkat(int(c.top.Fd()), first, int(dst.Fd()), name, 0)
	}
	from, err := open(src, name, unix.O_NONBLOCK) // or a pipe in its place would keep us
	if err != nil {
		return err
	}
	defer from.Close()
	if err := unix.Fstat(int(from.Fd()), st); err != nil {
		return err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		return errors.New("it changed while it was copied")
	}
	fd, err := unix.Openat(int(dst.Fd()), name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	to := os.NewFile(uintptr(fd), path)
	defer to.Close()
	if err := content(ctx, from, to, st.Size); err != nil {
		return err
	}
	if st.Nlink > 1 {
		c.links[st.Ino] = path
	}
	return c.dress(from, to, st)
}

func (c *copier) symlink(src, dst *os.File, name string, st *unix.Stat_t) error {
	target := make([]byte, unix.PathMax)
	n, err := unix.Readlinkat(int(src.Fd()), name, target)
	if err != nil {
		return err
	}
	if err := unix.Symlinkat(string(target[:n]), int(dst.Fd()), name); err != nil {
		return err
	}
	return c.named(dst, name, st)
}

// node makes a pipe or a whiteout.
func (c *copier) node(dst *os.File, name string, st *unix.Stat_t) error {
	if err := unix.Mknodat(int(dst.Fd()), name, st.Mode, int(st.Rdev)); err != nil {
		return err
	}
	if err := c.named(dst, name, st); err != nil {
		return err
	}
	return unix.Fchmodat(int(dst.Fd()), name, st.Mode&0o7777, 0) // the copy is ours: no link is there
}

// named gives owner and times to what cannot be opened.
func (c *copier) named(dst *os.File, name string, st *unix.Stat_t) error {
	if err := unix.Fchownat(int(dst.Fd()), name, c.owner(st.Uid), c.owner(st.Gid), unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return err
	}
	return unix.UtimesNanoAt(int(dst.Fd()), name, []unix.Timespec{st.Atim, st.Mtim}, unix.AT_SYMLINK_NOFOLLOW)
}

// dress gives an open file or folder what the original has besides content.
func (c *copier) dress(from, to *os.File, st *unix.Stat_t) error {
	fd := int(to.Fd())
	if err := unix.Fchown(fd, c.owner(st.Uid), c.owner(st.Gid)); err != nil {
		return err
	}
	if err := unix.Fchmod(fd, st.Mode&0o7777); err != nil { // after the owner, which takes set-user-id away
		return err
	}
	if err := c.attributes(int(from.Fd()), fd); err != nil {
		return err
	}
	return unix.UtimesNanoAt(fd, "", []unix.Timespec{st.Atim, st.Mtim}, unix.AT_EMPTY_PATH)
}

func (c *copier) owner(id uint32) int { return max(0, int(id)+c.shift) }

// open opens an entry of a folder and follows nothing.
func open(at *os.File, name string, flags uint64) (*os.File, error) {
	fd, err := unix.Openat2(int(at.Fd()), name, &unix.OpenHow{
		Flags:   unix.O_RDONLY | unix.O_NOFOLLOW | unix.O_CLOEXEC | flags,
		Resolve: unix.RESOLVE_NO_XDEV | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_BENEATH,
	})
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

// Size is the space that a folder takes on the disk, in bytes.
func Size(ctx context.Context, path string) (int64, error) {
	top, err := os.OpenFile(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return 0, err
	}
	defer top.Close()
	return size(ctx, top, map[uint64]bool{}, 0)
}

func size(ctx context.Context, dir *os.File, seen map[uint64]bool, depth int) (total int64, err error) {
	names, err := dir.Readdirnames(-1)
	if err != nil || depth > deepest {
		return 0, err
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		var st unix.Stat_t
		if err := unix.Fstatat(int(dir.Fd()), name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
			continue // gone since: a running desktop is measured
		}
		if st.Nlink > 1 && st.Mode&unix.S_IFMT != unix.S_IFDIR {
			if seen[st.Ino] {
				continue
			}
			seen[st.Ino] = true
		}
		total += st.Blocks * 512
		if st.Mode&unix.S_IFMT != unix.S_IFDIR {
			continue
		}
		sub, err := open(dir, name, unix.O_DIRECTORY)
		if err != nil {
			continue
		}
		below, err := size(ctx, sub, seen, depth+1)
		sub.Close()
		if err != nil {
			return 0, err
		}
		total += below
	}
	return total, nil
}

// CopyFile copies a file of ours, its holes too, after what is written to it
// has reached the disk. The copy is on the disk when CopyFile returns.
func CopyFile(ctx context.Context, from, to string) error {
	src, err := os.OpenFile(from, unix.O_RDONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	defer src.Close()
	st, err := src.Stat()
	if err != nil {
		return err
	}
	dst, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, st.Mode().Perm())
	if err != nil {
		return err
	}
	defer dst.Close()
	if err := src.Sync(); err != nil {
		return err
	}
	if err := content(ctx, src, dst, st.Size()); err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	return dst.Sync()
}
