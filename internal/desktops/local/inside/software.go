package inside

import (
	"bufio"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	// forbidden is how a shell ends that may not run a program.
	forbidden = 126
	// applications are what a desktop offers to people (freedesktop.org,
	// "Desktop Entry Specification").
	applications = "/usr/share/applications"
	// cloth is what lies over a program that may not be started: a file that
	// nobody may run.
	cloth = "/run/tamachi/not-allowed"
)

// parts are programs of the session itself, and those by which others are run:
// no policy takes them away.
var parts = []string{
	"bash", "dash", "env", "openbox", "openbox-session", "perl", "python3", "sh", "xfce4-panel", "xfconf-query", "xfdesktop", "xfsettingsd", "fcitx5",
}

// cover lets the applications of a list be started, and no others; nil lets all.
func (w *wardrobe) cover(allowed []string) error {
	want := map[string]bool{}
	var errs []error
	if allowed != nil {
		found, err := offered()
		if err != nil {
			return err
		}
		for path, names := range found {
			if !slices.ContainsFunc(allowed, func(a string) bool {
				return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(a, n) })
			}) {
				want[path] = true
			}
		}
		errs = append(errs, replace(cloth, "This program is not allowed here.\n", 0o444))
	}
	for path := range w.covers {
		if !want[path] {
			errs = append(errs, unix.Unmount(path, unix.MNT_DETACH))
			delete(w.covers, path)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if w.covers[path] {
			continue
		}
		if err := unix.Mount(cloth, path, "", unix.MS_BIND, ""); err != nil {
			errs = append(errs, fmt.Errorf("cover %s: %w", path, err))
			continue
		}
		w.covers[path] = true
	}
	return errors.Join(errs...)
}

// offered are the applications of the desktop: their programs, and by which
// names a policy may call each.
func offered() (map[string][]string, error) {
	files, err := filepath.Glob(filepath.Join(applications, "*.desktop"))
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, file := range files {
		command, hidden, err := entry(file)
		if err != nil {
			return nil, err
		}
		if command == "" || hidden {
			continue
		}
		path, err := exec.LookPath(command)
		if err != nil {
			continue // it is offered and not there
		}
		program, err := filepath.EvalSymlinks(path)
		if err != nil || slices.Contains(parts, filepath.Base(program)) {
			continue
		}
		out[program] = append(out[program], filepath.Base(command), filepath.Base(program), strings.TrimSuffix(filepath.Base(file), ".desktop"))
	}
	return out, nil
}

// entry reads the program of an application, and whether it is not for menus.
func entry(path string) (command string, hidden bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", false, err
	}
	defer f.Close()
	lines, in := bufio.NewScanner(f), false
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "[") {
			in = line == "[Desktop Entry]"
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		switch {
		case !in:
		case key == "NoDisplay" && value == "true":
			hidden = true
		case key == "Exec":
			command, _, _ = strings.Cut(value, " ")
			command = strings.Trim(command, `"`)
		}
	}
	return command, hidden, lines.Err()
}
