package inside

import (
	"fmt"
	"io"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/local/image"
)

// enter is process 1 of the new namespaces, still with the host's tree around
// it. It makes the desktop's own tree complete and leaves the host's.
func enter(p Plan) error {
	runtime.LockOSThread() // the last step changes the thread that becomes first
	if err := unix.Sethostname([]byte(p.HostName)); err != nil {
		return fmt.Errorf("set the host name: %w", err)
	}
	if err := ontoItself(); err != nil {
		return err
	}
	if err := mountDevices(p); err != nil {
		return err
	}
	if err := mountKernel(p); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("change the root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil { // the old root lies over the new one
		return fmt.Errorf("leave the host's tree: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	if _, err := io.ReadFull(handed(goFile), make([]byte, 1)); err != nil {
		return fmt.Errorf("wait for the network: the provider gave up: %w", err)
	}
	if err := dropCapabilities(); err != nil {
		return err
	}
	for _, fd := range []int{reportFile, goFile} {
		_ = unix.Close(fd)
	}
	if err := confine(); err != nil {
		return err
	}
	err := unix.Exec(image.Program, []string{"tamachi", "desktop-init", "first"}, os.Environ())
	return fmt.Errorf("become the desktop's first process: %w", err)
}

// ontoItself mounts the working directory's tree onto itself: what came with
// the clone is locked together with the host's tree and cannot be a new root.
func ontoItself() error {
	tree, err := unix.OpenTree(unix.AT_FDCWD, ".", unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_RECURSIVE)
	if err != nil {
		return fmt.Errorf("open the desktop's tree: %w", err)
	}
	if err := unix.MoveMount(tree, "", unix.AT_FDCWD, ".", unix.MOVE_MOUNT_F_EMPTY_PATH); err != nil {
		return fmt.Errorf("mount the desktop's tree: %w", err)
	}
	if err := unix.Fchdir(tree); err != nil {
		return err
	}
	return unix.Close(tree)
}

const quiet = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC

// mountDevices makes /dev with the six harmless devices of the host and a
// terminal folder of the desktop's own.
func mountDevices(p Plan) error {
	if err := mount("tmpfs", "dev", "tmpfs", unix.MS_NOSUID|unix.MS_NOEXEC, "mode=755,size=64k"); err != nil {
		return err
	}
	for _, name := range []string{"null", "zero", "full", "random", "urandom", "tty"} {
		at := "dev/" + name
		if err := os.WriteFile(at, nil, 0o666); err != nil {
			return err
		}
		if err := mount("/dev/"+name, at, "", unix.MS_BIND, ""); err != nil {
			return err
		}
	}
	for _, dir := range []string{"dev/pts", "dev/shm"} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
	}
	if err := mount("devpts", "dev/pts", "devpts", unix.MS_NOSUID|unix.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5"); err != nil {
		return err
	}
	if err := mount("tmpfs", "dev/shm", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=1777,"+share(p, 4)); err != nil {
		return err
	}
	for _, link := range [][2]string{
		{"pts/ptmx", "ptmx"},
		{"/proc/self/fd", "fd"},
		{"/proc/self/fd/0", "stdin"},
		{"/proc/self/fd/1", "stdout"},
		{"/proc/self/fd/2", "stderr"},
	} {
		if err := os.Symlink(link[0], "dev/"+link[1]); err != nil {
			return err
		}
	}
	return nil
}

// mountKernel makes the folders that are the kernel's or nobody's.
func mountKernel(p Plan) error {
	for _, m := range []struct {
		kind, at, options string
		flags             uintptr
	}{
		{"tmpfs", "run", "mode=755," + share(p, 16), unix.MS_NOSUID | unix.MS_NODEV},
		{"tmpfs", "tmp", "mode=1777," + share(p, 4), unix.MS_NOSUID | unix.MS_NODEV},
		{"proc", "proc", "", quiet},
		{"sysfs", "sys", "", quiet | unix.MS_RDONLY},
	} {
		if err := mount(m.kind, m.at, m.kind, m.flags, m.options); err != nil {
			return err
		}
	}
	return nil
}

// share bounds a file system in memory to a part of the desktop's memory. What
// is in it cannot be taken back when memory is short: without a bound, a large
// download into /tmp ends every process of the desktop.
func share(p Plan, part int64) string { return fmt.Sprintf("size=%d", p.Memory/part) }

func mount(from, at, kind string, flags uintptr, options string) error {
	if err := unix.Mount(from, at, kind, flags, options); err != nil {
		return fmt.Errorf("mount /%s: %w", at, err)
	}
	return nil
}

// dropped are capabilities that no process of a desktop needs. Most have no
// force in a user namespace anyway; taking them away costs nothing.
var dropped = []uintptr{
	unix.CAP_AUDIT_CONTROL, unix.CAP_AUDIT_READ, unix.CAP_BLOCK_SUSPEND, unix.CAP_LINUX_IMMUTABLE,
	unix.CAP_MAC_ADMIN, unix.CAP_MAC_OVERRIDE, unix.CAP_MKNOD, unix.CAP_PERFMON, unix.CAP_BPF,
	unix.CAP_SYS_BOOT, unix.CAP_SYS_MODULE, unix.CAP_SYS_PACCT, unix.CAP_SYS_RAWIO,
	unix.CAP_SYS_TIME, unix.CAP_SYSLOG, unix.CAP_WAKE_ALARM, unix.CAP_CHECKPOINT_RESTORE,
}

// dropCapabilities takes them from the bounding set of this thread, which is
// the one that becomes the desktop's first process.
func dropCapabilities() error {
	for _, c := range dropped {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil {
			return fmt.Errorf("drop capability %d: %w", c, err)
		}
	}
	return nil
}
