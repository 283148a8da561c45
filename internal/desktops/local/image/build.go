package image

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/removal"
)

// DefaultDir is where images are kept unless somebody says otherwise.
const DefaultDir = "/var/cache/tamachi/images"

// Store is a folder of images.
type Store struct {
	Dir    string // shared by all planes of the machine
	Mirror string // Debian mirror, "" for Debian's own
	Exe    string // the binary whose subcommand desktop-init is inside.Main
}

// needed is the space a build takes at its height, in bytes: the image and the
// packages that it is made of.
func (r Recipe) needed() uint64 {
	if r.Variant == "office" {
		return 4 << 30
	}
	return 2 << 30
}

// Path returns where the root of an image is, and ErrNoImage if it was not
// made or is gone.
func (s Store) Path(name string) (string, error) {
	path := filepath.Join(s.Dir, name, "root")
	if name != filepath.Base(name) || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("image %q: %w", name, desktops.ErrNoImage)
	}
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("image %s in %s: %w", name, s.Dir, desktops.ErrNoImage)
	}
	return path, nil
}

// Ensure returns the name of a variant's image and makes it if it is not
// there. Two builders of one image wait for one another, across processes.
func (s Store) Ensure(ctx context.Context, variant string, progress func(desktops.Progress)) (string, error) {
	recipe, err := Of(variant, s.Mirror)
	if err != nil {
		return "", fmt.Errorf("%w: %w", desktops.ErrNoImage, err)
	}
	name := recipe.Name()
	if _, err := s.Path(name); err == nil {
		return name, nil
	}
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return "", fmt.Errorf("make the image folder: %w", err)
	}
	unlock, err := lock(ctx, filepath.Join(s.Dir, name+".lock"))
	if err != nil {
		return "", fmt.Errorf("wait for the other builder of image %s: %w", name, err)
	}
	defer unlock()
	if _, err := s.Path(name); err == nil { // made while we waited
		return name, nil
	}
	if err := s.possible(recipe.needed()); err != nil {
		return "", err
	}
	return name, s.build(ctx, recipe, progress)
}

// lock takes a file lock; the kernel gives it back if the process dies.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	got := make(chan error, 1)
	go func() { // ends when the lock is had, at the latest when the other builder is done
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX)
		got <- err
	}()
	select {
	case err := <-got:
		if err != nil {
			f.Close()
			return nil, err
		}
		return func() { f.Close() }, nil
	case <-ctx.Done():
		go func() {
			<-got //nolint:errcheck // either way the file is given up
			f.Close()
		}()
		return nil, ctx.Err()
	}
}

// possible says in one line what is missing for a build.
func (s Store) possible(needed uint64) error {
	if _, err := exec.LookPath("mmdebstrap"); err != nil {
		return errors.New("make the desktop image: mmdebstrap is not installed; run: apt-get install mmdebstrap")
	}
	if _, err := os.Stat("/usr/share/keyrings/debian-archive-keyring.gpg"); err != nil {
		return errors.New("make the desktop image: Debian's keys are not installed; run: apt-get install debian-archive-keyring")
	}
	var st unix.Statfs_t
	if err := unix.Statfs(s.Dir, &st); err != nil {
		return fmt.Errorf("ask for free space in %s: %w", s.Dir, err)
	}
	if free := st.Bavail * uint64(st.Bsize); free < needed {
		return fmt.Errorf("make the desktop image: %s has %d MiB free, %d are needed: %w",
			s.Dir, free>>20, needed>>20, desktops.ErrNoSpace)
	}
	return nil
}

// build makes the image under a name that begins with a dot and renames it
// when it is complete.
func (s Store) build(ctx context.Context, r Recipe, progress func(desktops.Progress)) error {
	name := r.Name()
	work := filepath.Join(s.Dir, ".build-"+name)
	trash := filepath.Join(s.Dir, ".trash-"+name)
	if err := removal.Tree(work, trash); err != nil { // of a build that was cut short
		return err
	}
	if err := os.MkdirAll(filepath.Join(work, "dev"), 0o755); err != nil {
		return err
	}
	logPath := filepath.Join(s.Dir, name+".log")
	if err := s.run(ctx, r, work, logPath, progress); err != nil {
		return errors.Join(fmt.Errorf("make the desktop image %s: %w (the whole log is %s)", name, err, logPath), removal.Tree(work, trash))
	}
	if err := finish(r, work); err != nil {
		return fmt.Errorf("finish the desktop image %s: %w", name, err)
	}
	if err := os.Rename(work, filepath.Join(s.Dir, name)); err != nil {
		return err
	}
	report(progress, "image "+r.Variant+" is ready", 100)
	return removal.Empty(trash)
}

// run runs the builder, tells its steps, and keeps its words in a log.
func (s Store) run(ctx context.Context, r Recipe, work, logPath string, progress func(desktops.Progress)) error {
	logFile, err := os.OpenFile(logPath, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer logFile.Close()
	exe := s.Exe
	if exe == "" {
		exe = "/proc/self/exe"
	}
	plan, err := json.Marshal(Build{Recipe: r, Work: work})
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, exe, "desktop-init", "image")
	cmd.Args[0] = "tamachi"
	cmd.Stdin = strings.NewReader(string(plan))
	cmd.SysProcAttr = &syscall.SysProcAttr{
		// Mounts and processes of the build vanish with its first process.
		Cloneflags:   unix.CLONE_NEWPID | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS,
		Unshareflags: unix.CLONE_NEWNS,
		Pdeathsig:    syscall.SIGKILL,
		Setsid:       true,
	}
	out, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	cmd.Stdout = logFile
	runtime.LockOSThread() // with which the builder would end
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the builder: %w", err)
	}
	last := follow(io.TeeReader(out, logFile), r.Variant, progress)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%w: %s", errors.Join(ctx.Err(), err), strings.Join(last, " | "))
	}
	return nil
}

// steps are the phases that mmdebstrap announces, with the part of the whole
// that is done when each begins, as measured.
var steps = []struct {
	announced, step string
	percent         int
}{
	{"running apt-get update", "reading package lists", 5},
	{"downloading packages", "downloading packages", 15},
	{"extracting archives", "unpacking the base system", 40},
	{"installing essential", "installing the base system", 45},
	{"installing remaining", "installing the desktop", 60},
	{"cleaning package lists", "cleaning up", 95},
}

// follow reads the builder's words to their end, tells the steps and returns
// the last lines.
func follow(out io.Reader, variant string, progress func(desktops.Progress)) []string {
	var last []string
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" {
			last = append(last, line)[max(0, len(last)-2):]
		}
		for _, s := range steps {
			if strings.HasPrefix(line, "I: "+s.announced) {
				report(progress, "image "+variant+": "+s.step, s.percent)
			}
		}
		if err != nil {
			return last
		}
	}
}

func report(progress func(desktops.Progress), step string, percent int) {
	if progress != nil {
		progress(desktops.Progress{Step: step, Percent: percent})
	}
}

// finish writes the recipe's own files and takes away what must not be shared.
func finish(r Recipe, work string) error {
	root, err := os.OpenRoot(filepath.Join(work, "root"))
	if err != nil {
		return err
	}
	defer root.Close()
	for _, f := range r.Files {
		if err := put(root, f); err != nil {
			return err
		}
	}
	for _, gone := range []string{"etc/hostname", "etc/resolv.conf", "etc/apt/apt.conf.d/99mmdebstrap", "var/lib/dbus/machine-id"} {
		if err := root.Remove(gone); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, dir := range []string{"dev", "tmp"} { // mount points of the build, empty in our view
		if err := os.Remove(filepath.Join(work, dir)); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(work, "recipe.json"), append(text, '\n'), 0o644)
}

func put(root *os.Root, f File) error {
	path := strings.TrimPrefix(f.Path, "/")
	mode := os.FileMode(f.Mode)
	if folder, ok := strings.CutSuffix(path, "/"); ok {
		if err := root.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		return root.Chmod(folder, mode)
	}
	if err := root.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := root.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := root.WriteFile(path, []byte(f.Text), mode); err != nil {
		return err
	}
	return root.Chmod(path, mode)
}
