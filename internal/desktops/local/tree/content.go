package tree

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// content copies the bytes of a file: by sharing them where the file system
// can (FICLONE, ioctl_ficlone(2)), else range by range without the holes.
func content(ctx context.Context, from, to *os.File, size int64) error {
	if unix.IoctlFileClone(int(to.Fd()), int(from.Fd())) == nil {
		return nil
	}
	for at := int64(0); at < size; {
		if err := ctx.Err(); err != nil {
			return err
		}
		begin, err := unix.Seek(int(from.Fd()), at, unix.SEEK_DATA)
		if errors.Is(err, unix.ENXIO) { // only a hole is left
			break
		}
		if err != nil {
			return err
		}
		end, err := unix.Seek(int(from.Fd()), begin, unix.SEEK_HOLE)
		if err != nil {
			return err
		}
		if _, err := to.Seek(begin, io.SeekStart); err != nil {
			return err
		}
		if _, err := io.Copy(to, io.NewSectionReader(from, begin, end-begin)); err != nil {
			return err
		}
		at = end
	}
	return to.Truncate(size)
}

// left are an overlay's notes about the layers it had, which are of no use
// to a copy (kernel documentation, "Overlay Filesystem": inode properties).
var left = []string{"origin", "impure", "nlink", "upper", "uuid"}

// meant tells whether an attribute means something in the copy.
func meant(name string) bool {
	if note, ok := strings.CutPrefix(name, "trusted.overlay."); ok {
		return !slices.Contains(left, note)
	}
	return strings.HasPrefix(name, "user.") || name == capability || strings.HasPrefix(name, acl)
}

const (
	capability = "security.capability"
	acl        = "system.posix_acl_"
	// most is how large the attributes of one file may be together: the
	// kernel's own bound of a list and of a value (xattr(7)).
	most = 64 << 10
)

// attributes copies the extended attributes.
func (c *copier) attributes(from, to int) error {
	list := make([]byte, most)
	n, err := unix.Flistxattr(from, list)
	if errors.Is(err, unix.ENOTSUP) || err == nil && n == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	value := make([]byte, most)
	for name := range strings.SplitSeq(strings.TrimRight(string(list[:n]), "\x00"), "\x00") {
		if !meant(name) {
			continue
		}
		n, err := unix.Fgetxattr(from, name, value)
		if err != nil {
			return err
		}
		if err := unix.Fsetxattr(to, name, c.shifted(name, value[:n]), 0); err != nil {
			return err
		}
	}
	return nil
}

// shifted is an attribute's value with the ids in it moved as the owners are.
func (c *copier) shifted(name string, value []byte) []byte {
	if c.shift == 0 {
		return value
	}
	switch {
	case name == capability:
		return c.shiftedCapability(value)
	case strings.HasPrefix(name, acl):
		return c.shiftedACL(value)
	}
	return value
}

// The form of security.capability (linux/capability.h, vfs_ns_cap_data): a
// word with the revision, two pairs of words, and in revision 3 the id of the
// user namespace's root.
const (
	revisions  = 0xff000000
	revision2  = 0x02000000
	revision3  = 0x03000000
	lengthOf3  = 24
	rootIDAt   = 20
	plainBytes = 20
)

// shiftedCapability moves the root id; at 0 it is the machine's root, which
// revision 2 means without saying so.
func (c *copier) shiftedCapability(value []byte) []byte {
	if len(value) != lengthOf3 {
		return value
	}
	head := binary.LittleEndian.Uint32(value)
	if head&revisions != revision3 {
		return value
	}
	out := append([]byte(nil), value...)
	root := c.owner(binary.LittleEndian.Uint32(out[rootIDAt:]))
	if root == 0 {
		binary.LittleEndian.PutUint32(out, head&^uint32(revisions)|revision2)
		return out[:plainBytes]
	}
	binary.LittleEndian.PutUint32(out[rootIDAt:], uint32(root))
	return out
}

// shiftedACL moves the ids of named users and groups (linux/posix_acl_xattr.h:
// a word of version, then entries of tag, permissions and id).
func (c *copier) shiftedACL(value []byte) []byte {
	const namedUser, namedGroup = 0x02, 0x08
	out := append([]byte(nil), value...)
	for at := 4; at+8 <= len(out); at += 8 {
		if tag := binary.LittleEndian.Uint16(out[at:]); tag == namedUser || tag == namedGroup {
			id := c.owner(binary.LittleEndian.Uint32(out[at+4:]))
			binary.LittleEndian.PutUint32(out[at+4:], uint32(id))
		}
	}
	return out
}
