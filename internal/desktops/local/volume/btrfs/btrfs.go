// Package btrfs asks the kernel for what a Btrfs file system can do beside
// holding files: subvolumes, snapshots and quota groups. No tool is needed for
// it (linux/btrfs.h of the kernel's interface, and btrfs-ioctl(2)).
package btrfs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Requests of ioctl (linux/btrfs.h).
const (
	snapshotRequest = 0x50009417 // BTRFS_IOC_SNAP_CREATE_V2
	createRequest   = 0x5000940e // BTRFS_IOC_SUBVOL_CREATE
	destroyRequest  = 0x5000940f // BTRFS_IOC_SNAP_DESTROY
	lookupRequest   = 0xd0009412 // BTRFS_IOC_INO_LOOKUP
	aboutRequest    = 0x8400941f // BTRFS_IOC_FS_INFO
	quotaRequest    = 0xc0109428 // BTRFS_IOC_QUOTA_CTL
	limitRequest    = 0x8030942b // BTRFS_IOC_QGROUP_LIMIT
	syncRequest     = 0x00009408 // BTRFS_IOC_SYNC
	recountRequest  = 0x4040942c // BTRFS_IOC_QUOTA_RESCAN
)

// MakingRequests are those by which subvolumes are made: who may make them in a
// bounded one has room outside its bound.
func MakingRequests() []uint32 {
	return []uint32{createRequest, snapshotRequest, 0x50009401, 0x50009418} // SNAP_CREATE, SUBVOL_CREATE_V2
}

// top is the inode number of each subvolume's uppermost folder.
const top = 256

// named are the arguments with a descriptor and a name.
type named struct {
	fd   int64
	name [4088]byte
}

// namedMore is their second version.
type namedMore struct {
	fd, transaction, flags uint64
	unused                 [4]uint64
	name                   [4040]byte
}

// call makes a request of a folder. The arguments are of the size that the
// request says, and hold no pointers.
func call(folder string, request uintptr, arguments unsafe.Pointer) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), request, uintptr(arguments)); errno != 0 {
		return errno
	}
	return nil
}

// Is tells whether a folder is on Btrfs.
func Is(folder string) (bool, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(folder, &st); err != nil {
		return false, &os.PathError{Op: "statfs", Path: folder, Err: err}
	}
	return uint32(st.Type) == unix.BTRFS_SUPER_MAGIC, nil
}

// Make makes an empty subvolume.
func Make(path string) error {
	var a named
	if copy(a.name[:len(a.name)-1], filepath.Base(path)) < len(filepath.Base(path)) {
		return fmt.Errorf("make subvolume %s: %w", path, unix.ENAMETOOLONG)
	}
	if err := call(filepath.Dir(path), createRequest, unsafe.Pointer(&a)); err != nil {
		return fmt.Errorf("make subvolume %s: %w", path, err)
	}
	return nil
}

// Snapshot makes a subvolume that is what another is now.
func Snapshot(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	a := namedMore{fd: uint64(f.Fd())}
	if copy(a.name[:len(a.name)-1], filepath.Base(to)) < len(filepath.Base(to)) {
		return fmt.Errorf("make snapshot %s: %w", to, unix.ENAMETOOLONG)
	}
	if err := call(filepath.Dir(to), snapshotRequest, unsafe.Pointer(&a)); err != nil {
		return fmt.Errorf("make snapshot %s of %s: %w", to, from, err)
	}
	return nil
}

// Destroy destroys a subvolume in an open folder at once, with all that is in it
// but other subvolumes; ok is false if the name is none, or holds others.
func Destroy(parent *os.File, name string) (ok bool, err error) {
	var of unix.Statfs_t
	if err := unix.Fstatfs(int(parent.Fd()), &of); err != nil || uint32(of.Type) != unix.BTRFS_SUPER_MAGIC {
		return false, err
	}
	var st unix.Stat_t
	err = unix.Fstatat(int(parent.Fd()), name, &st, unix.AT_SYMLINK_NOFOLLOW)
	if errors.Is(err, unix.ENOENT) {
		return true, nil // another has destroyed it
	}
	if err != nil || st.Ino != top {
		return false, err
	}
	var a named
	if copy(a.name[:len(a.name)-1], name) < len(name) {
		return false, unix.ENAMETOOLONG
	}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, parent.Fd(), destroyRequest, uintptr(unsafe.Pointer(&a)))
	switch errno {
	case 0, unix.ENOENT:
		return true, nil
	case unix.ENOTEMPTY, unix.EINVAL: // it holds others, or is none
		return false, nil
	}
	return false, fmt.Errorf("destroy subvolume %s: %w", name, errno)
}

// Identify tells the number of the subvolume that a path is in, and its file
// system's id.
func Identify(path string) (number uint64, uuid string, err error) {
	lookup := struct {
		tree, object uint64
		name         [4080]byte
	}{object: top}
	if err := call(path, lookupRequest, unsafe.Pointer(&lookup)); err != nil {
		return 0, "", fmt.Errorf("ask for the subvolume of %s: %w", path, err)
	}
	var about struct {
		highest, devices uint64
		id               [16]byte
		rest             [992]byte
	}
	if err := call(path, aboutRequest, unsafe.Pointer(&about)); err != nil {
		return 0, "", fmt.Errorf("ask for the file system of %s: %w", path, err)
	}
	id := about.id
	return lookup.tree, fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]), nil
}

// Quotas tells whether a file system counts what its subvolumes hold.
func Quotas(folder string) bool {
	_, uuid, err := Identify(folder)
	if err != nil {
		return false
	}
	return says(uuid, "enabled")
}

// says tells whether a switch of a file system's quotas is on.
func says(uuid, name string) bool {
	text, err := os.ReadFile(filepath.Join("/sys/fs/btrfs", uuid, "qgroups", name))
	return err == nil && bytes.HasPrefix(text, []byte("1"))
}

// TurnQuotasOn makes a file system count what its subvolumes hold, if it does not.
func TurnQuotasOn(folder string) error {
	if Quotas(folder) {
		return nil
	}
	const enable = 1
	a := struct{ command, status uint64 }{command: enable}
	if err := call(folder, quotaRequest, unsafe.Pointer(&a)); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("turn quotas on for %s: %w", folder, err)
	}
	return nil
}

// Recount makes a file system that has lost count begin again, and does not wait
// for the end. The kernel gives counting up when that would hold up everybody, as
// when a large subvolume is destroyed; from then on no limit holds and no figure
// changes until somebody asks for this (btrfs-quota(8), "rescan").
func Recount(path string) error {
	_, uuid, err := Identify(path)
	if err != nil || !says(uuid, "inconsistent") {
		return err
	}
	var a [8]uint64 // flags, progress, reserved: none
	if err := call(path, recountRequest, unsafe.Pointer(&a)); err != nil && !errors.Is(err, unix.EINPROGRESS) {
		return fmt.Errorf("count again what the subvolumes beside %s hold: %w", path, err)
	}
	return nil
}

// Limit bounds what a subvolume may refer to.
func Limit(path string, bytes int64) error {
	const referenced = 1 // BTRFS_QGROUP_LIMIT_MAX_RFER
	a := struct{ group, flags, referenced, exclusive, reserved, reservedExclusive uint64 }{flags: referenced, referenced: uint64(bytes)}
	if err := call(path, limitRequest, unsafe.Pointer(&a)); err != nil { // group 0 is that of the subvolume
		return fmt.Errorf("bound subvolume %s: %w", path, err)
	}
	return nil
}

// Referenced is how many bytes a subvolume refers to; quotas must be on.
func Referenced(path string) (int64, error) {
	number, uuid, err := Identify(path)
	if err != nil {
		return 0, err
	}
	text, err := os.ReadFile(filepath.Join("/sys/fs/btrfs", uuid, "qgroups", "0_"+strconv.FormatUint(number, 10), "referenced"))
	if err != nil {
		return 0, fmt.Errorf("read what subvolume %s holds: %w", path, err)
	}
	return strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
}

// Sync ends the file system's transaction.
func Sync(path string) error {
	if err := call(path, syncRequest, nil); err != nil {
		return fmt.Errorf("write down what %s holds: %w", path, err)
	}
	return nil
}
