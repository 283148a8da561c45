package cgroup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Kill ends every process of the group, whatever namespace it is in, and
// returns when none is left.
func (g Group) Kill(ctx context.Context) error {
	folder := g.home()
	if g.layout.Unified == "" {
		return g.killOne(ctx)
	}
	err := os.WriteFile(filepath.Join(folder, "cgroup.kill"), []byte("1"), 0o644)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("kill the processes of %s: %w", g.path, err)
	}
	return waitFor(ctx, filepath.Join(folder, "cgroup.events"), "populated 0")
}

// waitFor waits until the events file says what is wanted. The kernel tells a
// watcher of the file (inotify) when it changes.
func waitFor(ctx context.Context, file, wanted string) error {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return fmt.Errorf("watch %s: %w", file, err)
	}
	watch := os.NewFile(uintptr(fd), "inotify")
	defer watch.Close()
	stop := context.AfterFunc(ctx, func() { _ = watch.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := unix.InotifyAddWatch(fd, file, unix.IN_MODIFY); err != nil {
		return fmt.Errorf("watch %s: %w", file, err)
	}
	buf := make([]byte, 4096)
	for {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if strings.Contains(string(text), wanted) {
			return nil
		}
		if _, err := watch.Read(buf); err != nil {
			return fmt.Errorf("wait until %s says %s: %w", file, wanted, errors.Join(ctx.Err(), err))
		}
	}
}

// Remove removes the group, which must have no process; a group that is not
// there is no error.
func (g Group) Remove() error {
	for _, folder := range g.folders() {
		if err := os.Remove(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the cgroup: %w", err)
		}
	}
	return nil
}

// Children lists the groups below this one, by their last name.
func (g Group) Children() ([]string, error) {
	seen, out := map[string]bool{}, []string(nil)
	for _, folder := range g.folders() {
		entries, err := os.ReadDir(folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			if e.IsDir() && !seen[e.Name()] {
				seen[e.Name()] = true
				out = append(out, e.Name())
			}
		}
	}
	return out, nil
}

// Child names a group below this one.
func (g Group) Child(name string) Group { return Group{layout: g.layout, path: g.path + "/" + name} }
