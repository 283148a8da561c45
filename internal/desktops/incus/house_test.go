package incus_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/vishvananda/netns"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/desktopstest"
	"tamachi/internal/desktops/incus"
	"tamachi/internal/desktops/local/setup"
	"tamachi/internal/id"
)

// house is a provider for tests over a folder of its own.
type house struct {
	*incus.Provider
	daemon  *daemon
	options incus.Options
}

func open(t *testing.T) *house {
	t.Helper()
	d, err := server()
	if err != nil {
		t.Fatal(err)
	}
	exe, err := program()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{daemon: d, options: incus.Options{
		Base: setup.Base{
			Dir: filepath.Join(t.TempDir(), "state"), PlanePort: 4566, Exe: exe,
			Images: []string{"small"}, Clock: clock.Real{}, IDs: id.Random(),
		},
		Server: "unix:" + d.socket(),
	}}
	h.reopen(t)
	t.Cleanup(func() {
		h.tell(t)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := h.Purge(ctx); err != nil {
			t.Errorf("purge: %v", err)
		}
		h.Close()
	})
	if err := h.Prepare(t.Context(), func(p desktops.Progress) { t.Logf("%3d %% %s", p.Percent, p.Step) }); err != nil {
		t.Fatalf("prepare: %v", err)
	}
	return h
}

// reopen takes a new provider over the same folder.
func (h *house) reopen(t *testing.T) {
	t.Helper()
	p, err := incus.Open(t.Context(), h.options)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	h.Provider = p
}

// tell shows what the server said after a failure.
func (h *house) tell(t *testing.T) {
	if !t.Failed() {
		return
	}
	if text, err := os.ReadFile(filepath.Join(h.daemon.dir, "words")); err == nil {
		t.Logf("incusd:\n%s", text[max(0, len(text)-4000):])
	}
}

// join goes into the cgroups of a process and then into its namespaces, and
// runs a script there.
const join = `while IFS=: read -r number kinds path; do
	for door in "/sys/fs/cgroup/$kinds$path/cgroup.procs" "/sys/fs/cgroup/unified$path/cgroup.procs"; do
		if [ -e "$door" ]; then echo $$ > "$door"; fi
	done
done < "/proc/$0/cgroup"
exec nsenter --target "$0" --all --root --wd=/ --setuid 0 --setgid 0 /bin/sh -c "$1"`

// run runs a shell script in a desktop as its root.
func (h *house) run(t *testing.T, name, script string) (string, error) {
	t.Helper()
	d, err := h.Inspect(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	if d.PID == 0 {
		t.Fatalf("run in %s: it is %s", name, d.State)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := h.daemon.in(ctx, "/bin/sh", "-c", join, strconv.Itoa(d.PID), script)
	return desktopstest.Output(cmd)
}

// must is run that must succeed.
func (h *house) must(t *testing.T, name, script string) string {
	t.Helper()
	return desktopstest.Shell(h.run).Must(t, name, script)
}

// subject opens a subject. Rows go one after the other: beside each other the
// server of Incus 6.0 was seen to hold a start up for 90 seconds.
func subject(t *testing.T) desktopstest.Subject {
	h := open(t)
	shell := desktopstest.Shell(h.run)
	return desktopstest.Subject{
		Provider: h.Provider,
		Reopen: func(t *testing.T) desktops.Provider {
			h.reopen(t)
			return h.Provider
		},
		Reboot: func(t *testing.T) desktops.Provider {
			if err := errors.Join(h.Close(), h.daemon.fall(), h.daemon.start()); err != nil {
				t.Fatal(err)
			}
			h.reopen(t)
			return h.Provider
		},
		Exhaust:     shell.Exhaust,
		KillDisplay: func(t *testing.T, name string) { h.must(t, name, "pkill -KILL -x Xvnc") },
		KillAll: func(t *testing.T, name string) {
			d, err := h.Inspect(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			if out, err := h.daemon.in(t.Context(), "/bin/kill", "-KILL", strconv.Itoa(d.PID)).CombinedOutput(); err != nil {
				t.Fatalf("kill %d: %v: %s", d.PID, err, out)
			}
		},
		Write: shell.Write,
		Read:  shell.Read,
		Reserve: func(t *testing.T, name string, v desktopstest.Volume, file string, bytes int64) bool {
			// Until Btrfs has committed what was taken or given back, its quota
			// counts it twice: sync ends with that commit.
			at := desktopstest.Place(v, file)
			_, err := h.run(t, name, fmt.Sprintf("if fallocate -l %d %[2]s; then sync -f %[2]s; else rm %[2]s; sync -f %[3]s; false; fi", bytes, at, filepath.Dir(at)))
			return err == nil
		},
		Quotas:   desktopstest.QuotasOf(t, filepath.Join("/proc", strconv.Itoa(h.daemon.first.Process.Pid), "root", h.daemon.dir, "storage-pools", "default")),
		Patience: 2 * time.Minute,
	}
}

func TestServerSuite(t *testing.T) { desktopstest.Run(t, subject) }

const (
	one = "ws-aaaaaaaa1"
	two = "ws-bbbbbbbb2"
)

// spec is the spec of a small desktop.
func spec(name string) desktops.Spec { return desktopstest.Subject{}.Spec(name) }

// listen listens in the server's network until the test ends.
func (h *house) listen(t *testing.T, at ...netip.AddrPort) {
	t.Helper()
	runtime.LockOSThread()
	target, err := netns.GetFromPid(h.daemon.first.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	own, err := netns.Get()
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	if err := netns.Set(target); err != nil {
		t.Fatal(err)
	}
	for _, a := range at {
		l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(a))
		if err != nil {
			t.Error(err)
			continue
		}
		t.Cleanup(func() { l.Close() })
	}
	if err := netns.Set(own); err != nil {
		t.Fatal(err)
	}
	runtime.UnlockOSThread()
}
