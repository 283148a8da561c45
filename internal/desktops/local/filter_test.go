package local_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The filter of calls is felt by root of the desktop, in every process that
// comes of its first one.
func TestCallsThatNobodyNeedsAreRefused(t *testing.T) {
	h := open(t)
	h.create(t, one)
	for _, pids := range h.processes(t, one) {
		for _, pid := range pids {
			if got := statusOf(t, pid, "Seccomp:"); got != "2" {
				t.Errorf("process %d: want a filter (2), got %q", pid, got)
			}
		}
	}
	// A process that joins from outside has no filter: ask the desktop's own
	// terminal to run the attempts.
	attempt := func(call string, args ...any) string {
		list := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(args...)), ","), "[]")
		return fmt.Sprintf(`printf "%%s %%d\n" %s $(perl -e '$r = syscall(%s); print $r < 0 ? $!+0 : 0')`, call, list)
	}
	script := strings.Join([]string{
		attempt("keyctl", unix.SYS_KEYCTL, 0, -3, 0),
		attempt("bpf", unix.SYS_BPF, 0, 0, 0),
		attempt("perf", unix.SYS_PERF_EVENT_OPEN, 0, 0, 0, 0, 0),
		attempt("uring", unix.SYS_IO_URING_SETUP, 1, 0),
		attempt("vsock", unix.SYS_SOCKET, 40, 1, 0),
		attempt("packet", unix.SYS_SOCKET, 17, 3, 0),
		attempt("alg", unix.SYS_SOCKETPAIR, 38, 5, 0, 0),
		attempt("inject", unix.SYS_IOCTL, 0, unix.TIOCSTI, 0),
		attempt("subvolume", unix.SYS_IOCTL, 0, 0x5000940e, 0),
		attempt("inet", unix.SYS_SOCKET, 2, 1, 0),
		attempt("unix", unix.SYS_SOCKET, 1, 1, 0),
		`printf "userns %d\n" $(unshare -U true && echo 0 || echo 1)`,
	}, "\n")
	want := "keyctl 1\nbpf 1\nperf 1\nuring 1\nvsock 97\npacket 97\nalg 97\ninject 1\nsubvolume 1\ninet 0\nunix 0\nuserns 0\n"
	if got := h.asService(t, one, script); got != want {
		t.Errorf("want\n%s\ngot\n%s", want, got)
	}
}
