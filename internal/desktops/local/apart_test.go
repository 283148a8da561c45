package local_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"tamachi/internal/clock"
	"tamachi/internal/desktops/desktopstest"
	"tamachi/internal/desktops/local"
	"tamachi/internal/desktops/local/setup"
	"tamachi/internal/id"
)

// apartFolder names, in the process that a test is done in apart, the folder that
// the test has.
const apartFolder = "TAMACHI_TEST_APART"

// apart does a test again in a process with a mount namespace of its own: what is
// mounted there is gone with it, and nobody else ever saw it. It returns the
// test's folder there, and "" here, when all is done. rows chooses among the
// test's own, "" means all; at least some must have been done.
func apart(t *testing.T, rows string) (folder string) {
	t.Helper()
	if folder := os.Getenv(apartFolder); folder != "" {
		return folder
	}
	if os.Geteuid() != 0 {
		t.Fatal("this test makes real desktops and needs root; run it with sudo")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	exe, err := program()
	if err != nil {
		t.Fatal(err)
	}
	which := "^" + t.Name() + "$"
	if rows != "" {
		which += "/" + rows
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.v", "-test.run", which)
	cmd.Env = append(os.Environ(), apartFolder+"="+t.TempDir(), builtProgram+"="+exe)
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	out, err := cmd.CombinedOutput()
	done := strings.Count(string(out), "    --- PASS: ")
	if err != nil || done == 0 {
		t.Fatalf("%d rows were done, %v:\n%s", done, err, out)
	}
	return ""
}

// mountImage makes a file system in a file and mounts it, in a process apart.
func mountImage(t *testing.T, folder, kind string, maker ...string) string {
	t.Helper()
	file, at := filepath.Join(folder, "image"), filepath.Join(folder, "at")
	if err := os.Mkdir(at, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const large = 64 << 30 // and full of holes
	if err := os.Truncate(file, large); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{append(maker, file), {"mount", "-t", kind, "-o", "loop", file, at}} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
	return at
}

func TestSuiteOverBtrfs(t *testing.T) {
	folder := apart(t, "")
	if folder == "" {
		return
	}
	at := mountImage(t, folder, "btrfs", "mkfs.btrfs", "-q")
	desktopstest.Run(t, over(at, "btrfs"))
}

func TestSuiteOverReflink(t *testing.T) {
	folder := apart(t, volumeRows)
	if folder == "" {
		return
	}
	at := mountImage(t, folder, "xfs", "mkfs.xfs", "-q", "-m", "reflink=1")
	desktopstest.Run(t, over(at, "reflink"))
}

func TestSuiteOverFolders(t *testing.T) {
	if apart(t, volumeRows) != "" {
		desktopstest.Run(t, over("", "dir"))
	}
}

// volumeRows are those of the suite in which the storage decides.
const volumeRows = "(volume|restore|copy|image|rebuil)"

// TestSuiteOnVersion1 takes the second version of cgroups away, as on a machine
// that has the first alone.
func TestSuiteOnVersion1(t *testing.T) {
	if folder := apart(t, "(ended_by_itself|restore_brings|resize|usage|new_provider)"); folder == "" {
		return
	}
	if err := unix.Unmount("/sys/fs/cgroup/unified", unix.MNT_DETACH); err != nil {
		t.Fatal(err)
	}
	desktopstest.Run(t, over("", "files"))
}

func TestStorageThatTheFolderCannotHaveIsRefused(t *testing.T) {
	for storage, want := range map[string]string{
		"btrfs": "need a Btrfs file system", "reflink": "do not share blocks", "tape": "there are dir, files, reflink and btrfs",
	} {
		if err := tryStorage(t, storage); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("storage %s: want an error with %q, got %v", storage, want, err)
		}
	}
}

// tryStorage opens a provider with a storage in a folder of temporary files.
func tryStorage(t *testing.T, storage string) error {
	t.Helper()
	exe, err := program()
	if err != nil {
		t.Fatal(err)
	}
	p, err := local.Open(t.Context(), local.Options{
		Base: setup.Base{Dir: t.TempDir(), Exe: exe, PlanePort: 4566, Clock: clock.Real{}, IDs: id.Random()}, Storage: storage,
	})
	if err == nil {
		err = p.Purge(t.Context())
	}
	return err
}
