package volume

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/local/tree"
)

// Files keeps volumes as files, each an ext4 file system that is mounted in
// the desktop alone. Files have holes: a volume takes what was written to it.
// Copies share their blocks where the host's file system can (XFS, Btrfs).
//
// A root volume has the desktop's own ids in it, as an overlay wants them; a
// user volume has those that it shows inside, so it can be handed on.
type Files struct {
	Exe string // the binary whose subcommand desktop-init reads a volume
}

var _ Storage = Files{}

// Name is the storage's word.
func (Files) Name() string { return "files" }

// Sized says that a file system is full when it is.
func (Files) Sized() bool { return true }

// Form is that of files.
func (Files) Form() Form { return File }

// Sharing says why copies of files in a folder would not share their blocks, or
// nothing.
func (Files) Sharing(folder string) error {
	from, err := os.CreateTemp(folder, ".shares")
	if err != nil {
		return err
	}
	defer os.Remove(from.Name())
	defer from.Close()
	to, err := os.CreateTemp(folder, ".shares")
	if err != nil {
		return err
	}
	defer os.Remove(to.Name())
	defer to.Close()
	if _, err := from.Write(make([]byte, 4096)); err != nil {
		return err
	}
	if err := unix.IoctlFileClone(int(to.Fd()), int(from.Fd())); err != nil {
		return fmt.Errorf("copies in %s do not share blocks (XFS and Btrfs can): %w", folder, err)
	}
	return nil
}

// Available says why files cannot be had on this machine, or nothing.
func (Files) Available() error {
	for _, tool := range []string{"mkfs.ext4", "resize2fs", "e2fsck"} {
		if _, err := lookPath(tool); err != nil {
			return err
		}
	}
	control, err := os.OpenFile(loopControl, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("volumes with a size need loop devices: %w", err)
	}
	return control.Close()
}

func lookPath(tool string) (string, error) {
	for _, dir := range []string{"/usr/sbin", "/sbin", "/usr/bin"} {
		if path := filepath.Join(dir, tool); unix.Access(path, unix.X_OK) == nil {
			return path, nil
		}
	}
	return "", &ErrTool{tool}
}

// Make makes a file system. Its tables are not zeroed, neither now nor later
// (see Mount): the file has nothing there but zeros.
func (Files) Make(ctx context.Context, path string, _ Kind, gib, _ int) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Truncate(size(gib)), f.Close()); err != nil {
		return err
	}
	return run(ctx, 0, "mkfs.ext4", "-q", "-F", "-m", "0", "-i", "65536", "-J", "size=8",
		"-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard,root_owner=0:0", path)
}

// size is a number of GiB in bytes; a volume has at least one.
func size(gib int) int64 { return int64(max(gib, 1)) << 30 }

// run runs a tool whose exit status may be as high as good.
func run(ctx context.Context, good int, tool string, args ...string) error {
	path, err := lookPath(tool)
	if err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, path, args...).CombinedOutput()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok && failed.Exited() && failed.ExitCode() <= good {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %s", tool, errors.Join(ctx.Err(), err), bytes.TrimSpace(out))
	}
	return nil
}

// Copy copies the file without its holes. Of a mounted volume, what the kernel
// still holds is written first.
func (v Files) Copy(ctx context.Context, from, to string, _ int) error {
	device, err := bound(from)
	if err != nil {
		return err
	}
	if device != nil {
		defer device.Close() // while it is open, the device stays this file's
		if err := v.read(ctx, Reading{Volume: from}); err != nil {
			return err
		}
	}
	return tree.CopyFile(ctx, from, to)
}

// Layer lets a process read the volume.
func (v Files) Layer(ctx context.Context, from, to string, owner int) error {
	return v.read(ctx, Reading{Volume: from, To: to, Owner: owner})
}

// Reading is what the process is told that looks into a volume.
type Reading struct {
	Volume string // the volume's file; its desktop may have it mounted too
	To     string // the new folder of the layer; "" only writes down what the kernel holds
	Owner  int    // of a root volume's files
}

// read starts that process, in a mount namespace of its own.
func (v Files) read(ctx context.Context, r Reading) error {
	work, err := json.Marshal(r)
	if err != nil {
		return err
	}
	runtime.LockOSThread() // with which the process would end
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, v.Exe, "desktop-init", "volume")
	cmd.Args[0], cmd.Stdin = "tamachi", bytes.NewReader(work)
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("look into the volume %s: %w: %s", filepath.Base(r.Volume), errors.Join(ctx.Err(), err), bytes.TrimSpace(out))
	}
	return nil
}

// Main is that process. It mounts the volume over the folder in which its file
// is, out of sight of all others.
func Main(ctx context.Context, stdin io.Reader) error {
	var r Reading
	if err := json.NewDecoder(stdin).Decode(&r); err != nil {
		return fmt.Errorf("read what to do: %w", err)
	}
	at := filepath.Dir(r.Volume)
	if err := Mount(r.Volume, at); err != nil {
		return err
	}
	if r.To != "" {
		return tree.Copy(ctx, filepath.Join(at, Upper), r.To, -r.Owner)
	}
	top, err := os.Open(at)
	if err != nil {
		return err
	}
	defer top.Close()
	return unix.Syncfs(int(top.Fd()))
}

// Fit grows the file system of a volume that became larger. The file grows
// first: if that is all that came to pass, the rest is done the next time.
func (Files) Fit(ctx context.Context, path string, gib int) error {
	st, err := os.Stat(path)
	if err != nil {
		return err
	}
	have, err := blocks(path)
	if err != nil {
		return err
	}
	want := max(size(gib), st.Size())
	if have >= want {
		return nil
	}
	if device, err := bound(path); err != nil || device != nil { // it is still being unmounted: the next start does it
		return errors.Join(err, closeIf(device))
	}
	if err := os.Truncate(path, want); err != nil {
		return err
	}
	const corrected = 1 // e2fsck(8): exit status of errors that it put right
	if err := run(ctx, corrected, "e2fsck", "-p", "-f", path); err != nil {
		return err
	}
	return run(ctx, 0, "resize2fs", path)
}

func closeIf(f *os.File) error {
	if f == nil {
		return nil
	}
	return f.Close()
}

// blocks is how large a file system says that it is, in bytes (kernel
// documentation, "ext4 Data Structures and Algorithms": the super block).
func blocks(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	super := make([]byte, 1024)
	if _, err := f.ReadAt(super, 1024); err != nil {
		return 0, fmt.Errorf("read the super block of %s: %w", path, err)
	}
	if binary.LittleEndian.Uint16(super[0x38:]) != 0xEF53 {
		return 0, fmt.Errorf("%s is no ext4 file system", path)
	}
	count := uint64(binary.LittleEndian.Uint32(super[0x4:])) | uint64(binary.LittleEndian.Uint32(super[0x150:]))<<32
	shift := binary.LittleEndian.Uint32(super[0x18:])
	if shift > 6 || count > 1<<40 {
		return 0, fmt.Errorf("the super block of %s is not one of ours", path)
	}
	return int64(count) * (1024 << shift), nil
}

// Used is what the file takes.
func (Files) Used(_ context.Context, path string) (int64, error) {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return 0, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	return st.Blocks * 512, nil
}
