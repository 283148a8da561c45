package volume

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

const loopControl = "/dev/loop-control"

// Mount mounts a volume that is a file at a folder of this mount namespace. The
// loop device between them goes when the last mount does. noinit_itable keeps
// the kernel from writing zeros where the file has nothing but zeros; discard
// gives back what was deleted.
func Mount(path, at string) error {
	device, err := attach(path)
	if err != nil {
		return fmt.Errorf("attach the volume %s: %w", filepath.Base(path), err)
	}
	defer device.Close()
	if err := unix.Mount(device.Name(), at, "ext4", unix.MS_NODEV, "discard,noinit_itable"); err != nil {
		return fmt.Errorf("mount the volume %s: %w", filepath.Base(path), err)
	}
	return nil
}

// attach gives the loop device of a file. Where the file has one already, since
// a mount of it is not quite gone, that one is taken: one device has one
// file system in the kernel, two devices of one file would have two.
func attach(path string) (*os.File, error) {
	for range attempts {
		device, err := bound(path)
		if err != nil || device != nil {
			return device, err
		}
		device, err = configure(path)
		if !errors.Is(err, unix.EBUSY) { // another was faster
			return device, err
		}
	}
	return nil, errors.New("no loop device was to be had")
}

// attempts is how often another may be faster.
const attempts = 1000

func configure(path string) (*os.File, error) {
	control, err := os.OpenFile(loopControl, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer control.Close()
	number, err := unix.IoctlRetInt(int(control.Fd()), unix.LOOP_CTL_GET_FREE)
	if err != nil {
		return nil, fmt.Errorf("ask for a loop device: %w", err)
	}
	device, err := os.OpenFile(fmt.Sprintf("/dev/loop%d", number), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|unix.O_NOFOLLOW, 0)
	if err != nil {
		device.Close()
		return nil, err
	}
	defer file.Close()
	config := unix.LoopConfig{Fd: uint32(file.Fd()), Size: 4096}
	config.Info.Flags = unix.LO_FLAGS_AUTOCLEAR
	copy(config.Info.File_name[:unix.LO_NAME_SIZE-1], filepath.Base(path))
	if err := unix.IoctlLoopConfigure(int(device.Fd()), &config); err != nil {
		device.Close()
		return nil, err
	}
	return device, nil
}

// bound opens the loop device that a file has; nil if it has none. The kernel
// tells the file's name as seen from the root of the file system that it is on,
// where the desktop that mounted it has left the rest of the host behind: it is
// then the end of the name that we know.
func bound(path string) (*os.File, error) {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return nil, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	name, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if name, err = filepath.EvalSymlinks(name); err != nil {
		return nil, err
	}
	known, err := filepath.Glob("/sys/block/loop*/loop/backing_file")
	if err != nil {
		return nil, err
	}
	for _, file := range known {
		text, err := os.ReadFile(file)
		if err != nil || !strings.HasSuffix(name, strings.TrimSuffix(string(text), "\n")) {
			continue // it went meanwhile, or has another file
		}
		device, err := os.OpenFile("/dev/"+filepath.Base(filepath.Dir(filepath.Dir(file))), os.O_RDWR, 0)
		if errors.Is(err, unix.ENXIO) { // it is just going: its last mount went before
			continue
		}
		if err != nil {
			return nil, err
		}
		info, err := unix.IoctlLoopGetStatus64(int(device.Fd()))
		if err == nil && info.Inode == st.Ino && info.Device == st.Dev {
			return device, nil
		}
		device.Close() // it went, or had the file that had this name before
	}
	return nil, nil
}
