package inside

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"tamachi/internal/clock"
	"tamachi/internal/desktops/local/image"
)

// What a desktop shows the provider in its signals folder.
const (
	// Ready is a file that is there while the display answers.
	Ready = "ready"
	// Socket is the display's unix socket, in a folder of its user.
	Socket = "display/rfb"
)

// graceful is how long processes have to end after SIGTERM.
const graceful = time.Second

// supervisor is process 1. One goroutine does all; the others only bring it
// signals, exits and timers.
type supervisor struct {
	place    place
	signals  chan os.Signal
	display  chan answer // what the display server said
	up       chan error  // the window manager said so
	due      chan *service
	dress    chan struct{} // another guise has come
	wardrobe *wardrobe     // nil where desktops are not dressed
	services []*service
	screen   *service
	come     level
}

// first makes the desktop's files and keeps its services running until it is
// told to end.
func first(p Plan) error {
	_ = unix.Close(planFile)
	if err := furnish(p); err != nil {
		return fmt.Errorf("furnish the root volume: %w", err)
	}
	w := newWardrobe(p.Login)
	openDoors(image.Signals)
	return supervise(place{
		signals: image.Signals, logs: "/var/log/tamachi", upPipe: image.UpPipe, uid: person, become: true,
	}, w.dressed(services(p)), w)
}

// place is where a supervisor works.
type place struct {
	signals string // the signals folder
	logs    string // of the services
	upPipe  string // named pipe for the window manager's word
	uid     int    // the desktop's user
	become  bool   // services run as their uid; else all run as this process does
	// shown is told when the display answers, and when it does no more; nil
	// where the signals folder says it all.
	shown func(up bool) error
}

// tell tells whether the display answers.
func (s *supervisor) tell(up bool) {
	if s.place.shown == nil {
		return
	}
	if err := s.place.shown(up); err != nil {
		s.say("tell that the display came or went: %v", err)
	}
}

// supervise keeps services running; the first is the display. w is nil where
// desktops are not dressed.
func supervise(at place, list []*service, w *wardrobe) error {
	s := &supervisor{
		place: at, wardrobe: w, dress: make(chan struct{}, 1), services: list, screen: list[0], signals: make(chan os.Signal, 32),
		display: make(chan answer, 1), up: make(chan error, 1), due: make(chan *service, 16),
	}
	signal.Notify(s.signals, syscall.SIGCHLD, syscall.SIGTERM, syscall.SIGINT)
	if err := os.Remove(filepath.Join(at.signals, Ready)); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := s.startDisplay(); err != nil {
		return err
	}
	if err := s.listen(); err != nil {
		return err
	}
	if w != nil {
		if err := watchGuise(s.dress); err != nil {
			s.say("watch for policies: %v", err)
		}
	}
	s.reach(bare)
	return s.serve()
}

// serve is the life of the desktop.
func (s *supervisor) serve() error {
	for {
		select {
		case sig := <-s.signals:
			if sig != syscall.SIGCHLD {
				return s.end()
			}
			s.reap()
		case said := <-s.display:
			if said.err != nil {
				s.reap()
				return fmt.Errorf("the display server did not start; it says why in %s", filepath.Join(s.place.logs, "display.log"))
			}
			s.raised(said.number)
		case err := <-s.up:
			if err != nil {
				s.say("listen for the window manager: %v", err)
			}
			if s.come >= showing { // and has not died since
				s.reach(managed)
			}
		case <-s.dress:
			s.renew()
		case v := <-s.due:
			if v.after <= s.come {
				s.start(v)
			}
		}
	}
}

// answer is the number of the display, or that there is none.
type answer struct {
	number string
	err    error
}

// startDisplay starts the display server, which writes a line to open file 3
// when it answers.
func (s *supervisor) startDisplay() error {
	folder := filepath.Join(s.place.signals, filepath.Dir(Socket))
	if err := owned(folder, s.place.uid); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(s.place.signals, Socket)); err != nil && !os.IsNotExist(err) {
		return err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	s.screen.files = []uintptr{write.Fd()}
	s.start(s.screen)
	s.screen.files = nil
	write.Close()
	go func() { // ends with the first line, or with the display server
		defer read.Close()
		line, err := bufio.NewReader(read).ReadString('\n') // all of it, or its writer fails
		s.display <- answer{strings.TrimSpace(line), err}
	}()
	return nil
}

// raised tells the provider that the display answers, and starts what needs it.
func (s *supervisor) raised(number string) {
	for _, v := range s.services {
		if v.after >= showing {
			v.env = append(v.env, "DISPLAY=:"+number)
		}
	}
	if err := replace(filepath.Join(s.place.signals, Ready), "ready\n", 0o644); err != nil {
		s.say("tell that the display is ready: %v", err)
	}
	s.tell(true)
	s.reach(showing)
}

// reach starts all that waited for this level, the display excepted.
func (s *supervisor) reach(now level) {
	s.come = now
	for _, v := range s.services[1:] {
		if v.after == now {
			s.start(v)
		}
	}
}

// listen makes the pipe into which the window manager tells that it is up.
func (s *supervisor) listen() error {
	if err := owned(filepath.Dir(s.place.upPipe), s.place.uid); err != nil {
		return err
	}
	if err := os.Remove(s.place.upPipe); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := unix.Mkfifo(s.place.upPipe, 0o600); err != nil {
		return fmt.Errorf("make %s: %w", s.place.upPipe, err)
	}
	if err := os.Chown(s.place.upPipe, s.place.uid, s.place.uid); err != nil {
		return err
	}
	f, err := os.OpenFile(s.place.upPipe, os.O_RDWR, 0) // also for writing, so that it never ends
	if err != nil {
		return err
	}
	go func() { // ends with the desktop; a window manager that died comes up again
		defer f.Close()
		for err == nil {
			_, err = f.Read(make([]byte, 64))
			s.up <- err
		}
	}()
	return nil
}

// reap collects all processes that ended, ours and the orphans that came to us.
func (s *supervisor) reap() {
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, unix.WNOHANG, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil || pid == 0 {
			return
		}
		for _, v := range s.services {
			if v.pid == pid {
				s.ended(v, status)
			}
		}
	}
}

// ended decides what follows the end of a service. The display is not started
// again: all windows died with it, and the provider reports the desktop sick.
func (s *supervisor) ended(v *service, status unix.WaitStatus) {
	v.pid = 0
	if v == s.screen {
		s.say("the display server ended: %s", describe(status))
		s.come = bare
		for _, gone := range []string{Ready, Socket} {
			_ = os.Remove(filepath.Join(s.place.signals, gone))
		}
		s.tell(false)
		return
	}
	if v.once != nil {
		end := ""
		if !status.Exited() || status.ExitStatus() != 0 {
			end = describe(status)
		}
		v.once(end)
		return
	}
	if v.mayEnd && status.Exited() && (status.ExitStatus() == 0 || status.ExitStatus() == forbidden) {
		return // a person closed it, or a policy does not allow it
	}
	s.say("%s ended: %s", v.name, describe(status))
	wait := v.pause(clock.Real{}.Now())
	time.AfterFunc(wait, func() { s.due <- v })
}

func describe(status unix.WaitStatus) string {
	if status.Signaled() {
		return "signal " + unix.SignalName(status.Signal())
	}
	return fmt.Sprintf("exit status %d", status.ExitStatus())
}

// end ends every process of the desktop: politely, then by ending process 1.
func (s *supervisor) end() error {
	_ = os.Remove(filepath.Join(s.place.signals, Ready))
	if err := unix.Kill(-1, unix.SIGTERM); err != nil {
		return nil // nobody else is there
	}
	late := time.NewTimer(graceful)
	defer late.Stop()
	for {
		for {
			pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
			if err == unix.ECHILD {
				return nil
			}
			if err != nil || pid == 0 {
				break
			}
		}
		select {
		case <-s.signals:
		case <-late.C:
			return nil // the kernel ends the rest with us
		}
	}
}

func (s *supervisor) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}
