package inside

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"tamachi/internal/clock"
)

// furnish writes the files that make this root volume this desktop's: names,
// user, trust. It runs at every start, as root of the desktop, and changes
// only what differs.
func furnish(p Plan) error {
	hosts := append([]string{"127.0.0.1 localhost", "::1 localhost", "127.0.1.1 " + p.HostName}, p.Hosts...)
	for path, text := range map[string]string{
		"/etc/hostname":   p.HostName + "\n",
		"/etc/machine-id": p.MachineID + "\n",
		"/etc/hosts":      strings.Join(hosts, "\n") + "\n",
	} {
		if err := replace(path, text, 0o644); err != nil {
			return err
		}
	}
	if err := trust(p.CA); err != nil {
		return err
	}
	if err := addUser(p.Login); err != nil {
		return err
	}
	for _, dir := range []struct {
		path string
		mode os.FileMode
	}{
		{"/tmp/.X11-unix", 0o1777},
		{"/tmp/.ICE-unix", 0o1777},
		{"/run/user", 0o755},
		{"/run/lock", 0o1777},
		{"/var/log/tamachi", 0o755},
	} {
		if err := os.MkdirAll(dir.path, 0o755); err != nil {
			return err
		}
		if err := unix.Chmod(dir.path, uint32(dir.mode)); err != nil { // os.Chmod knows no sticky 0o1000
			return err
		}
	}
	return owned(fmt.Sprintf("/run/user/%d", person), person)
}

// owned makes a folder that belongs to one user alone.
func owned(path string, uid int) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	return os.Chown(path, uid, uid)
}

// replace gives a file this content, through a new file that takes its place.
func replace(path, text string, mode os.FileMode) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == text {
		return nil
	}
	temp := path + ".tamachi"
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.WriteFile(temp, []byte(text), mode); err != nil {
		return err
	}
	if err := os.Chmod(temp, mode); err != nil {
		return err
	}
	return os.Rename(temp, path)
}

// trust adds the plane's certificate authority to the trust store: where
// update-ca-certificates(8) looks, and at the end of what it made, so that it
// need not run now.
func trust(ca []byte) error {
	if len(ca) == 0 {
		return nil
	}
	text := strings.TrimSpace(string(ca)) + "\n"
	if err := os.MkdirAll("/usr/local/share/ca-certificates", 0o755); err != nil {
		return err
	}
	if err := replace("/usr/local/share/ca-certificates/tamachi.crt", text, 0o644); err != nil {
		return err
	}
	const bundle = "/etc/ssl/certs/ca-certificates.crt"
	all, err := os.ReadFile(bundle)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if strings.Contains(string(all), text) {
		return nil
	}
	return replace(bundle, string(all)+text, 0o644)
}

// addUser makes the desktop's user with a home on the user volume.
func addUser(login string) error {
	id := strconv.Itoa(person)
	home := "/home/" + login
	days := strconv.FormatInt(clock.Real{}.Now().Unix()/86400, 10)
	for _, line := range []struct {
		path string
		mode os.FileMode
		text string
	}{
		{"/etc/passwd", 0o644, strings.Join([]string{login, "x", id, id, login, home, "/bin/bash"}, ":")},
		{"/etc/group", 0o644, login + ":x:" + id + ":"},
		{"/etc/shadow", 0o640, login + ":*:" + days + ":0:99999:7:::"},
	} {
		if err := ensureLine(line.path, line.text, line.mode); err != nil {
			return err
		}
	}
	if _, err := os.Lstat(home); err == nil {
		return nil
	}
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	if err := copySkeleton(home); err != nil {
		return err
	}
	return os.Chown(home, person, person)
}

// ensureLine puts an account's line into a file of accounts unless there is
// one of that name.
func ensureLine(path, line string, mode os.FileMode) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(line, ":")
	if slices.ContainsFunc(strings.Split(string(text), "\n"), func(l string) bool { return strings.HasPrefix(l, name+":") }) {
		return nil
	}
	return replace(path, strings.TrimRight(string(text), "\n")+"\n"+line+"\n", mode)
}

// copySkeleton gives a new home the files of /etc/skel.
func copySkeleton(home string) error {
	entries, err := os.ReadDir("/etc/skel")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		text, err := os.ReadFile(filepath.Join("/etc/skel", e.Name()))
		if err != nil {
			return err
		}
		to := filepath.Join(home, e.Name())
		if err := os.WriteFile(to, text, 0o644); err != nil {
			return err
		}
		if err := os.Chown(to, person, person); err != nil {
			return err
		}
	}
	return nil
}
