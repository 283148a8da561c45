package inside

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"tamachi/internal/clock"
	"tamachi/internal/desktops/local/image"
)

// service is a program that process 1 keeps running.
type service struct {
	name   string
	args   []string
	env    []string
	uid    uint32
	dir    string
	after  level            // what must be there before it starts
	mayEnd bool             // a clean end is a person's wish
	once   func(end string) // it is run once, and this is told of its end, "" for a good one
	groups []uint32         // of its user, beside their own
	files  []uintptr        // handed over from open file 3 on

	pid     int // 0 while it does not run
	started time.Time
	fails   int // ends in a row soon after a start
}

// level is how far the desktop has come up.
type level int

const (
	bare    level = iota // the root volume is furnished
	showing              // the display answers
	managed              // the window manager is up
	never
)

// services are those of a desktop, the display first.
func services(p Plan) []*service {
	home := "/home/" + p.Login
	path := "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	user := []string{
		path, "HOME=" + home, "USER=" + p.Login, "LOGNAME=" + p.Login, "SHELL=/bin/bash",
		"LANG=C.UTF-8", "XDG_RUNTIME_DIR=/run/user/" + strconv.Itoa(person),
	}
	all := []*service{
		{name: "display", uid: person, env: user, dir: home, args: xvnc(p, image.Signals, ":1")},
		{name: "windows", uid: person, env: user, dir: home, args: []string{image.Windows}, after: showing},
		{name: "terminal", uid: person, env: user, dir: home, args: []string{image.Terminal}, after: managed, mayEnd: true},
	}
	if len(p.Agent) > 0 {
		all = append(all, &service{
			name: "agent", args: append([]string{image.Program}, p.Agent...), dir: "/",
			env: []string{path, "HOME=/root", "LANG=C.UTF-8"},
		})
	}
	return all
}

// xvnc is the display server's command line: RFB on a unix socket only, whose
// folder is the access control; nothing but errors in its log, which would
// else grow with every look at the desktop; and a line to open file 3 when it
// answers.
func xvnc(p Plan, signals string, more ...string) []string {
	return append([]string{
		"/usr/bin/Xvnc", "-rfbunixpath", filepath.Join(signals, Socket), "-rfbunixmode", "0600", "-rfbport", "-1",
		"-nolisten", "tcp", "-SecurityTypes", "None", "-UseBlacklist=0", "-AlwaysShared", "-AcceptSetDesktopSize",
		"-geometry", p.Screen, "-depth", "24", "-desktop", p.HostName, "-noreset", "-Log", "*:stderr:0", "-displayfd", "3",
	}, more...)
}

// start starts a service unless it runs; its words go to a log in the root
// volume. What cannot be started is tried again as if it had ended.
func (s *supervisor) start(v *service) {
	if v.pid != 0 {
		return
	}
	v.started = clock.Real{}.Now()
	err := v.spawn(s.place)
	if err == nil {
		return
	}
	s.say("start %s: %v", v.name, err)
	if v != s.screen {
		time.AfterFunc(v.pause(v.started), func() { s.due <- v })
	}
}

func (v *service) spawn(at place) error {
	null, err := os.Open("/dev/null")
	if err != nil {
		return err
	}
	defer null.Close()
	words, err := openLog(filepath.Join(at.logs, v.name+".log"))
	if err != nil {
		return err
	}
	defer words.Close()
	sys := &syscall.SysProcAttr{Setsid: true}
	if at.become {
		sys.Credential = &syscall.Credential{Uid: v.uid, Gid: v.uid, Groups: v.groups}
	}
	v.pid, err = syscall.ForkExec(v.args[0], v.args, &syscall.ProcAttr{
		Dir: v.dir, Env: v.env,
		Files: append([]uintptr{null.Fd(), words.Fd(), words.Fd()}, v.files...),
		Sys:   sys,
	})
	return err
}

// largest is the size from which a log begins anew at the next start.
const largest = 1 << 20

func openLog(path string) (*os.File, error) {
	if st, err := os.Lstat(path); err == nil && (st.Size() > largest || !st.Mode().IsRegular()) {
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND|unix.O_NOFOLLOW, 0o644)
	if errors.Is(err, unix.ENOENT) {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		f, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND|unix.O_NOFOLLOW, 0o644)
	}
	return f, err
}

// pause is how long to wait before the next start: soon at first, and longer
// for what ends again and again within ten seconds.
func (v *service) pause(now time.Time) time.Duration {
	if now.Sub(v.started) > 10*time.Second {
		v.fails = 0
	}
	v.fails++
	return min(200*time.Millisecond<<min(v.fails-1, 10), 30*time.Second)
}
