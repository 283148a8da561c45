package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// process is the first process of a desktop, held by a descriptor that never
// means another process. It may be closed while others use it.
type process struct {
	pidfd *os.File // readable when the process has ended
}

// hold opens a process; the caller closes it.
func hold(pid int) (*process, error) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return nil, fmt.Errorf("hold process %d: %w", pid, err)
	}
	return &process{pidfd: os.NewFile(uintptr(fd), "process")}, nil
}

func (p *process) close() { _ = p.pidfd.Close() }

// with calls fn with the descriptor, unless it is closed.
func (p *process) with(fn func(fd int) error) error {
	raw, err := p.pidfd.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = fn(int(fd)) }); err != nil {
		return err
	}
	return failed
}

// alive tells whether the process has not ended.
func (p *process) alive() bool {
	return p.with(func(fd int) error { return running(fd) }) == nil
}

var errEnded = errors.New("the process has ended")

// running returns errEnded for the descriptor of a process that has ended.
func running(pidfd int) error {
	fds := []unix.PollFd{{Fd: int32(pidfd), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(fds, 0)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return err
		case n > 0:
			return errEnded
		}
		return nil
	}
}

// signal sends a signal; a process that has ended is no error.
func (p *process) signal(s unix.Signal) error {
	err := p.with(func(fd int) error { return unix.PidfdSendSignal(fd, s, nil, 0) })
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	return err
}

// again gives another descriptor of the process, for a waiter; the caller
// closes it.
func (p *process) again() (fd int, err error) {
	err = p.with(func(old int) (err error) {
		fd, err = unix.FcntlInt(uintptr(old), unix.F_DUPFD_CLOEXEC, 0)
		return err
	})
	return fd, err
}

// waitFor waits until the process has ended.
func (p *process) waitFor(ctx context.Context) error {
	fd, err := p.again()
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	w, err := newWaiter(fd)
	if err != nil {
		return err
	}
	defer w.close()
	return w.wait(ctx)
}

// ticks is a process's time of start in clock ticks since boot (proc(5):
// field 22 of stat, counted after the name, which may hold anything).
func ticks(pid int) (uint64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 20 {
		return 0, fmt.Errorf("read the start of process %d: %q", pid, text)
	}
	return strconv.ParseUint(fields[19], 10, 64)
}

// namespace is the inode of a process's namespace of that kind.
func namespace(pid int, kind string) (uint64, error) {
	st, err := os.Stat(fmt.Sprintf("/proc/%d/ns/%s", pid, kind))
	if err != nil {
		return 0, err
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, fmt.Errorf("namespace %s of process %d has no inode", kind, pid)
	}
	return sys.Ino, nil
}

// bootID names this boot of the machine.
func bootID() (string, error) {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(text)), err
}

// describe notes how to find a process again.
func describe(pid int) (run, error) {
	r := run{PID: pid}
	var err error
	if r.Ticks, err = ticks(pid); err != nil {
		return r, err
	}
	if r.Users, err = namespace(pid, "user"); err != nil {
		return r, err
	}
	r.Boot, err = bootID()
	return r, err
}

// find holds the process that r describes; ok is false if it is gone.
func find(r run) (p *process, ok bool) {
	p, err := hold(r.PID)
	if err != nil {
		return nil, false
	}
	now, err := describe(r.PID)
	now.StartedAt = r.StartedAt
	if err != nil || now != r || !p.alive() {
		p.close()
		return nil, false
	}
	return p, true
}
