package inside

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/local/image"
	"tamachi/internal/desktops/local/volume"
)

// stage mounts the desktop's tree and clones the process that enters it. Its
// mount namespace is its own and private (the provider unshared it), so the
// host sees none of this.
func stage(p Plan) error {
	for _, door := range p.Doors { // first of all: what follows is counted
		if err := os.WriteFile(door, []byte("0"), 0); err != nil {
			return fmt.Errorf("join cgroup: %w", err)
		}
	}
	if err := os.Chdir(p.Folder); err != nil {
		return err
	}
	root, err := mountRoot(p)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := mountVolumes(p, root); err != nil {
		return err
	}
	if err := root.Chdir(); err != nil {
		return err
	}
	return cloneInto(p)
}

// mountRoot puts the image and the desktop's own layer together at
// mount/root and returns that folder. All paths are relative, because the
// options of an overlay give commas and colons a meaning.
func mountRoot(p Plan) (*os.File, error) {
	if err := unix.Mount("tmpfs", "mount", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=64k,mode=755"); err != nil {
		return nil, fmt.Errorf("mount the place of the root: %w", err)
	}
	if err := os.Mkdir("mount/root", 0o755); err != nil {
		return nil, err
	}
	users, err := userNamespace(p)
	if err != nil {
		return nil, err
	}
	defer users.Close()
	lower, err := mountImage(p, users)
	if err != nil {
		return nil, err
	}
	if err := mountForms(p, users); err != nil {
		return nil, err
	}
	options := "lowerdir=" + strings.Join(lower, ":") + ",upperdir=" + p.place("root/upper") + ",workdir=" + p.place("root/work")
	if err := unix.Mount("overlay", "mount/root", "overlay", unix.MS_NODEV, options); err != nil {
		return nil, fmt.Errorf("mount the root volume: %w", err)
	}
	for _, at := range lower {
		if err := unix.Unmount(at, unix.MNT_DETACH); err != nil { // the overlay keeps its own hold
			return nil, fmt.Errorf("unmount the image: %w", err)
		}
	}
	return os.OpenFile("mount/root", unix.O_PATH|unix.O_DIRECTORY, 0)
}

// mountImage mounts the folders of the image and returns where.
func mountImage(p Plan, users *os.File) ([]string, error) {
	var out []string
	for i, folder := range p.Images {
		at := "mount/" + strconv.Itoa(i)
		if err := os.Mkdir(at, 0o755); err != nil {
			return nil, err
		}
		if err := shifted(users, folder, at, unix.MOUNT_ATTR_RDONLY); err != nil {
			return nil, fmt.Errorf("mount the image: %w", err)
		}
		out = append(out, at)
	}
	return out, nil
}

// shifted mounts a folder with its owners shifted: root in it is root in the
// desktop, and nobody on the host (mount_setattr(2)).
func shifted(users *os.File, folder, at string, attr uint64) error {
	tree, err := unix.OpenTree(unix.AT_FDCWD, folder, unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC)
	if err != nil {
		return fmt.Errorf("open %s: %w", folder, err)
	}
	defer unix.Close(tree)
	err = unix.MountSetattr(tree, "", unix.AT_EMPTY_PATH, &unix.MountAttr{
		Attr_set:  unix.MOUNT_ATTR_IDMAP | unix.MOUNT_ATTR_NODEV | attr,
		Userns_fd: uint64(users.Fd()),
	})
	if err != nil {
		return fmt.Errorf("shift the owners of %s: %w", folder, err)
	}
	return unix.MoveMount(tree, "", unix.AT_FDCWD, at, unix.MOVE_MOUNT_F_EMPTY_PATH)
}

// place is where a folder of a volume is: in the desktop's folder, or where
// the volume's own file system is mounted.
func (p Plan) place(folder string) string {
	if p.Form == volume.File {
		return "mount/volume/" + folder
	}
	return folder
}

// mountForms mounts what is in the volumes, unless they are folders. The root
// volume has the desktop's ids in it, because an overlay writes to it in the
// host's name; the user volume is shifted like an image.
func mountForms(p Plan, users *os.File) error {
	if p.Form == volume.Folder {
		return nil
	}
	if p.Form == volume.File {
		if err := mountFiles(p); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(p.homes(), 0o755); err != nil {
		return err
	}
	if err := shifted(users, p.place("user/"+volume.Homes), p.homes(), 0); err != nil {
		return fmt.Errorf("mount the user volume: %w", err)
	}
	return nil
}

// mountFiles mounts the file systems in the volumes; the folders in them are
// made at the first start.
func mountFiles(p Plan) error {
	for _, name := range []string{"root", "user"} {
		at := p.place(name)
		if err := os.MkdirAll(at, 0o755); err != nil {
			return err
		}
		if err := volume.Mount(name, at); err != nil {
			return err
		}
	}
	for folder, owner := range map[string]int{
		p.place("root/" + volume.Upper): p.FirstID, p.place("root/" + volume.Work): 0, p.place("user/" + volume.Homes): 0,
	} {
		if err := os.Mkdir(folder, 0o755); errors.Is(err, fs.ErrExist) {
			continue
		} else if err != nil {
			return err
		}
		if err := os.Chown(folder, owner, owner); err != nil {
			return err
		}
	}
	return nil
}

// homes is the folder that a desktop has as its homes: of its user volume, or
// where that is mounted with its ids shifted.
func (p Plan) homes() string {
	if p.Form == volume.Folder {
		return "user"
	}
	return "mount/homes"
}

// mapping maps the ids of a desktop.
func mapping(p Plan) []syscall.SysProcIDMap {
	return []syscall.SysProcIDMap{{ContainerID: 0, HostID: p.FirstID, Size: Ids}}
}

// userNamespace makes a user namespace with the desktop's mapping. A process
// that is stopped before its first instruction holds it until it is open here.
func userNamespace(p Plan) (*os.File, error) {
	runtime.LockOSThread() // who traces is a thread
	defer runtime.UnlockOSThread()
	held, err := os.StartProcess("/proc/self/exe", []string{"tamachi", "desktop-init", "probe"}, &os.ProcAttr{
		Sys: &syscall.SysProcAttr{
			Cloneflags: unix.CLONE_NEWUSER, UidMappings: mapping(p), GidMappings: mapping(p),
			Ptrace: true, Pdeathsig: syscall.SIGKILL,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("make a user namespace: %w", err)
	}
	f, err := os.Open(fmt.Sprintf("/proc/%d/ns/user", held.Pid))
	_ = held.Kill()
	_, _ = held.Wait()
	return f, err
}

// mountVolumes mounts what outlives the root volume into it.
func mountVolumes(p Plan, root *os.File) error {
	const plain = unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NODEV
	for _, m := range []struct {
		from, at string
		attr     uint64
	}{
		{p.homes(), image.Homes, plain},
		{"agent", image.Identity, plain},
		{"signals", image.Signals, plain | unix.MOUNT_ATTR_NOEXEC},
		{p.Exe, image.Program, plain | unix.MOUNT_ATTR_RDONLY},
	} {
		at, err := inRoot(root, m.at)
		if err != nil {
			return err
		}
		err = bind(m.from, at, m.attr)
		unix.Close(at)
		if err != nil {
			return fmt.Errorf("mount %s at %s: %w", filepath.Base(m.from), m.at, err)
		}
	}
	return nil
}

// inRoot opens a mount point below root and follows no link: what is in the
// root volume was written by the desktop.
func inRoot(root *os.File, path string) (int, error) {
	fd, err := unix.Openat2(int(root.Fd()), strings.TrimPrefix(path, "/"), &unix.OpenHow{
		Flags:   unix.O_PATH | unix.O_CLOEXEC, // and not O_NOFOLLOW, with which a link itself would be opened
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS,
	})
	if err != nil {
		return 0, fmt.Errorf("the root volume has no usable %s (rebuild the desktop): %w", path, err)
	}
	return fd, nil
}

// bind mounts from over the open place at, with these attributes from the
// first instant.
func bind(from string, at int, attr uint64) error {
	tree, err := unix.OpenTree(unix.AT_FDCWD, from, unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC)
	if err != nil {
		return err
	}
	defer unix.Close(tree)
	if err := unix.MountSetattr(tree, "", unix.AT_EMPTY_PATH, &unix.MountAttr{Attr_set: attr}); err != nil {
		return err
	}
	return unix.MoveMount(tree, "", at, "", unix.MOVE_MOUNT_F_EMPTY_PATH|unix.MOVE_MOUNT_T_EMPTY_PATH)
}

// cloneInto starts enter in all its new namespaces. It begins in the root
// folder of the desktop's tree: the working directory is the one thing that
// leads it there, for the host's folders are closed to it.
func cloneInto(p Plan) error {
	null, err := os.OpenFile("/dev/null", os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	passed, err := handOn(planFile, reportFile, goFile)
	if err != nil {
		return err
	}
	defer shut(passed)
	files := append([]*os.File{null, os.Stdout, os.Stderr}, passed...)
	child, err := os.StartProcess("/proc/self/exe", []string{"tamachi", "desktop-init", "enter"}, &os.ProcAttr{
		Files: files,
		Env:   []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
		Sys: &syscall.SysProcAttr{
			Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWNET |
				unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP,
			UidMappings: mapping(p), GidMappings: mapping(p), GidMappingsEnableSetgroups: true,
			Credential: &syscall.Credential{Uid: 0, Gid: 0}, // else it has no capabilities in there
			Setsid:     true,
		},
	})
	if err != nil {
		return fmt.Errorf("clone into the desktop's namespaces: %w", err)
	}
	tell(Report{PID: child.Pid})
	return child.Release()
}
