package inside

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// detach starts alone, as the user of the desktop and in a session of its own,
// for a desktop without namespaces, and reports it.
func detach(p Plan) error {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
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
	id := uint32(p.FirstID)
	child, err := os.StartProcess("/proc/self/exe", []string{"tamachi", "desktop-init", "alone"}, &os.ProcAttr{
		Dir: "/", Files: files, Env: []string{"PATH=/usr/local/bin:/usr/bin:/bin"},
		Sys: &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}, Setsid: true},
	})
	if err != nil {
		return fmt.Errorf("start the desktop: %w", err)
	}
	tell(Report{PID: child.Pid})
	return child.Release()
}

// alone is the first process of a desktop without namespaces: it supervises a
// display server of the host as a user of its own. That user's processes are
// the desktop, so it can end them all as process 1 does.
func alone(p Plan) error {
	if _, err := io.ReadFull(handed(goFile), make([]byte, 1)); err != nil {
		return fmt.Errorf("wait for the provider: it gave up: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("take care of orphans: %w", err)
	}
	for _, fd := range []int{reportFile, goFile, planFile} {
		_ = unix.Close(fd)
	}
	home, scratch := filepath.Join(p.Folder, "user"), filepath.Join(p.Folder, "root", "upper")
	signals := filepath.Join(p.Folder, "signals")
	logs := filepath.Join(scratch, "log")
	if err := os.MkdirAll(logs, 0o700); err != nil {
		return err
	}
	cookies := filepath.Join(scratch, "Xauthority")
	if err := writeCookie(cookies); err != nil {
		return err
	}
	pipe := filepath.Join(signals, "windows", "up")
	env := []string{
		"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + home, "USER=" + p.Login, "LOGNAME=" + p.Login, "SHELL=/bin/bash",
		"LANG=C.UTF-8", "TMPDIR=" + scratch, "XAUTHORITY=" + cookies, "TAMACHI_UP=" + pipe,
	}
	list := []*service{{name: "display", env: env, dir: home, args: xvnc(p, signals, "-auth", cookies)}}
	if path, err := exec.LookPath("openbox"); err == nil {
		list = append(list, &service{
			name: "windows", env: env, dir: home, after: showing,
			args: []string{path, "--startup", `sh -c 'echo up > "$TAMACHI_UP"'`},
		})
	}
	if path, err := exec.LookPath("xterm"); err == nil {
		terminal := &service{name: "terminal", env: env, dir: home, after: showing, mayEnd: true, args: []string{path}}
		if len(list) > 1 {
			terminal.after = managed
		}
		list = append(list, terminal)
	}
	return supervise(place{signals: signals, logs: logs, upPipe: pipe, uid: os.Getuid()}, list, nil)
}

// writeCookie writes an X authority file (Xsecurity(7)) with one random cookie
// for any display: the machine's other users could connect to it otherwise.
func writeCookie(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	cookie := make([]byte, 16)
	if _, err := rand.Read(cookie); err != nil {
		return err
	}
	const anyHost = 0xffff
	out := binary.BigEndian.AppendUint16(nil, anyHost)
	for _, field := range []string{"", "", "MIT-MAGIC-COOKIE-1", string(cookie)} { // address, display, name, data
		out = binary.BigEndian.AppendUint16(out, uint16(len(field)))
		out = append(out, field...)
	}
	return os.WriteFile(path, out, 0o600)
}
