package image

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Build is what the builder process is told, as JSON on its standard input.
type Build struct {
	Recipe Recipe
	Work   string // folder with an empty folder dev; the image becomes its folder root
}

// Main is the builder process. It begins as the first process of a pid
// namespace, in a mount namespace of its own, takes the host's devices out of
// sight, and becomes mmdebstrap: what a package script does to /dev it does to
// a small folder of nodes that vanishes with the build.
func Main(stdin io.Reader) error {
	var b Build
	if err := json.NewDecoder(stdin).Decode(&b); err != nil {
		return fmt.Errorf("read the build: %w", err)
	}
	if err := ownDevices(filepath.Join(b.Work, "dev")); err != nil {
		return err
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc of the build: %w", err)
	}
	tmp := filepath.Join(b.Work, "tmp")
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", tmp, "tmpfs", 0, "mode=1777"); err != nil {
		return fmt.Errorf("mount the build's temporary folder: %w", err)
	}
	path, err := lookPath("mmdebstrap")
	if err != nil {
		return err
	}
	env := []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "TMPDIR=" + tmp,
	}
	for _, kept := range os.Environ() { // how this machine reaches its mirror
		if name, _, _ := strings.Cut(kept, "="); strings.HasSuffix(strings.ToLower(name), "_proxy") {
			env = append(env, kept)
		}
	}
	return syscall.Exec(path, arguments(b), env)
}

// lookPath is exec.LookPath over the PATH that the build gets.
func lookPath(name string) (string, error) {
	for _, dir := range []string{"/usr/local/bin", "/usr/bin", "/bin"} {
		if st, err := os.Stat(filepath.Join(dir, name)); err == nil && st.Mode()&0o111 != 0 {
			return filepath.Join(dir, name), nil
		}
	}
	return "", fmt.Errorf("%s is in none of the usual folders", name)
}

func arguments(b Build) []string {
	args := []string{
		"mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory",
		`--aptopt=APT::Install-Recommends "false"`,
		`--aptopt=Acquire::Languages "none"`,
		"--dpkgopt=path-exclude=/usr/share/man/*",
		"--dpkgopt=path-exclude=/usr/share/info/*",
		"--dpkgopt=path-exclude=/usr/share/locale/*",
		"--dpkgopt=path-exclude=/usr/share/doc/*",
		"--dpkgopt=path-include=/usr/share/doc/*/copyright",
		"--include=" + strings.Join(b.Recipe.Packages, ","),
	}
	for _, language := range b.Recipe.Words {
		args = append(args, "--dpkgopt=path-include=/usr/share/locale/"+language+"/*")
	}
	if len(b.Recipe.Words) > 0 {
		args = append(args, "--dpkgopt=path-include=/usr/share/locale/locale.alias")
	}
	if len(b.Recipe.Answers) > 0 { // before the packages that ask
		answers := "'" + strings.Join(b.Recipe.Answers, "\n") + "'"
		args = append(args, `--essential-hook=printf '%b\n' `+answers+` | chroot "$1" debconf-set-selections`)
	}
	for _, command := range b.Recipe.Last {
		args = append(args, `--customize-hook=chroot "$1" `+command)
	}
	args = append(args, b.Recipe.Suite, filepath.Join(b.Work, "root"))
	return append(args, b.Recipe.sources()...)
}

// ownDevices puts a folder with the few harmless nodes over /dev.
func ownDevices(at string) error {
	if err := unix.Mount("tmpfs", at, "tmpfs", unix.MS_NOSUID, "mode=755,size=1m"); err != nil {
		return fmt.Errorf("mount the build's devices: %w", err)
	}
	nodes := []struct {
		name         string
		major, minor uint32
	}{{"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}}
	for _, n := range nodes {
		path := filepath.Join(at, n.name)
		if err := unix.Mknod(path, unix.S_IFCHR|0o666, int(unix.Mkdev(n.major, n.minor))); err != nil {
			return fmt.Errorf("make the build's device %s: %w", n.name, err)
		}
		if err := os.Chmod(path, 0o666); err != nil {
			return err
		}
	}
	for _, dir := range []string{"pts", "shm"} {
		if err := os.Mkdir(filepath.Join(at, dir), 0o755); err != nil {
			return err
		}
	}
	for name, to := range map[string]string{"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"} {
		if err := os.Symlink(to, filepath.Join(at, name)); err != nil {
			return err
		}
	}
	if err := unix.Mount(at, "/dev", "", unix.MS_MOVE, ""); err != nil {
		return fmt.Errorf("put the build's devices over /dev: %w", err)
	}
	return nil
}
