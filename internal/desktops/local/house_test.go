package local_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/desktopstest"
	"tamachi/internal/desktops/local"
	"tamachi/internal/desktops/local/setup"
	"tamachi/internal/id"
)

// house is a provider for tests over a folder of its own, with a plane that
// listens where desktops may reach it.
type house struct {
	*local.Provider
	options local.Options
	plane   net.Listener
	// listening are the ports of desktops at which something listens.
	listening map[string]bool
}

// builtProgram names the binary that another process of this test has built.
const builtProgram = "TAMACHI_TEST_PROGRAM"

// program builds the binary that is process 1 of the desktops, once a run.
var program = sync.OnceValues(func() (string, error) {
	if exe := os.Getenv(builtProgram); exe != "" {
		return exe, nil
	}
	return desktopstest.Program()
})

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "in-a-mount-namespace" {
		os.Exit(inMountNamespace(os.Args[2:]))
	}
	code := m.Run()
	if exe, err := program(); err == nil && os.Getenv(builtProgram) == "" {
		_ = os.RemoveAll(filepath.Dir(exe))
	}
	os.Exit(code)
}

func open(t *testing.T) *house { return openWith(t, "") }

func openWith(t *testing.T, storage string) *house { return openIn(t, "", storage) }

// openIn opens a house below a folder, "" for that of temporary files.
func openIn(t *testing.T, below, storage string) *house {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("this test makes real desktops and needs root; run it with sudo")
	}
	exe, err := program()
	if err != nil {
		t.Fatal(err)
	}
	plane, err := net.Listen("tcp", "127.0.0.1:0") // its number is free on the bridge as well
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(below, "tamachi-local")
	if err != nil {
		t.Fatal(err)
	}
	h := &house{plane: plane, options: local.Options{
		Base: setup.Base{
			Dir: filepath.Join(dir, "state"), Exe: exe,
			PlanePort: plane.Addr().(*net.TCPAddr).Port, Images: []string{"small"},
			Clock: clock.Real{}, IDs: id.Random(),
		},
		Storage: storage,
	}}
	t.Cleanup(func() {
		plane.Close()
		h.tell(t)
		h.purge(t)
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove the test's folder: %v", err)
		}
	})
	h.reopen(t)
	if err := h.Prepare(t.Context(), func(p desktops.Progress) { t.Logf("%3d %% %s", p.Percent, p.Step) }); err != nil {
		t.Fatalf("prepare: %v", err)
	}
	return h
}

// reopen takes a new provider over the same folder.
func (h *house) reopen(t *testing.T) {
	t.Helper()
	p, err := local.Open(t.Context(), h.options)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	h.Provider = p
}

// tell shows the logs of all desktops after a failure.
func (h *house) tell(t *testing.T) {
	if !t.Failed() {
		return
	}
	for _, pattern := range []string{"log", "root/upper/var/log/tamachi/*.log"} {
		files, _ := filepath.Glob(filepath.Join(h.options.Dir, "desktops", "*", pattern))
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil && len(text) > 0 {
				t.Logf("%s:\n%s", file, text)
			}
		}
	}
}

func (h *house) purge(t *testing.T) {
	if h.Provider == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := h.Purge(ctx); err != nil {
		t.Errorf("purge: %v", err)
	}
	if err := h.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// spec is the spec of a small desktop.
func spec(name string) desktops.Spec { return desktopstest.Subject{}.Spec(name) }

func (h *house) create(t *testing.T, name string) desktops.Desktop {
	t.Helper()
	d, err := h.Create(t.Context(), spec(name))
	if err != nil {
		t.Fatalf("create %s: %v", name, err)
	}
	return d
}

// run runs a shell script in a desktop as its root: first into the cgroups,
// then into the namespaces. It returns what was printed.
func (h *house) run(t *testing.T, name, script string) (string, error) {
	t.Helper()
	d, err := h.Inspect(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	if d.PID == 0 {
		t.Fatalf("run in %s: it is %s", name, d.State)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	join := `for door in /sys/fs/cgroup/*` + d.Cgroup + `/cgroup.procs; do echo $$ > "$door"; done
		exec nsenter --target "$0" --all --root --wd=/ --setuid 0 --setgid 0 /bin/sh -c "$1"`
	cmd := exec.CommandContext(ctx, "/bin/bash", "-c", join, strconv.Itoa(d.PID), script)
	return desktopstest.Output(cmd)
}

// must is run that must succeed.
func (h *house) must(t *testing.T, name, script string) string {
	t.Helper()
	return desktopstest.Shell(h.run).Must(t, name, script)
}

// processes are the processes of a desktop by the name of their program.
func (h *house) processes(t *testing.T, name string) map[string][]int {
	t.Helper()
	d, err := h.Inspect(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("/sys/fs/cgroup/pids", d.Cgroup, "cgroup.procs"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]int{}
	for field := range strings.FieldsSeq(string(text)) {
		comm, err := os.ReadFile("/proc/" + field + "/comm")
		if err != nil {
			continue // it ended
		}
		pid, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		key := strings.TrimSpace(string(comm))
		out[key] = append(out[key], pid)
	}
	return out
}

func (h *house) kill(t *testing.T, pid int) {
	t.Helper()
	if err := unix.Kill(pid, unix.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Fatal(err)
	}
}

// over opens a subject with that storage below a folder. Rows of the suite go side
// by side: each has a folder, a bridge and desktops of its own.
func over(below, storage string) func(*testing.T) desktopstest.Subject {
	return func(t *testing.T) desktopstest.Subject {
		t.Parallel()
		s := subject(openIn(t, below, storage))
		if storage == "btrfs" {
			s.Quotas = desktopstest.QuotasOf(t, below)
		}
		return s
	}
}

func subject(h *house) desktopstest.Subject {
	shell := desktopstest.Shell(h.run)
	return desktopstest.Subject{
		Provider: h.Provider,
		Reopen: func(t *testing.T) desktops.Provider {
			h.reopen(t)
			return h.Provider
		},
		Reboot: func(t *testing.T) desktops.Provider {
			h.reboot(t)
			return h.Provider
		},
		Exhaust: shell.Exhaust,
		KillDisplay: func(t *testing.T, name string) {
			pids := h.processes(t, name)["Xvnc"]
			if len(pids) != 1 {
				t.Fatalf("want one Xvnc in %s, got %v", name, pids)
			}
			h.kill(t, pids[0])
		},
		KillAll: func(t *testing.T, name string) {
			d, err := h.Inspect(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			h.kill(t, d.PID)
		},
		Write: shell.Write,
		Read:  shell.Read,
		Reserve: func(t *testing.T, name string, v desktopstest.Volume, file string, bytes int64) bool {
			_, err := h.run(t, name, fmt.Sprintf("fallocate -l %d %[2]s || { rm %[2]s; false; }", bytes, desktopstest.Place(v, file)))
			return err == nil
		},
		Reaches:  h.reaches,
		Patience: patience,
	}
}

func TestSuiteOverFiles(t *testing.T) { desktopstest.Run(t, over("", "files")) }

// children are the direct children of a process and their names.
func children(t *testing.T, parent int) map[int]string {
	t.Helper()
	out := map[int]string{}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			add(out, e.Name())
		}
	}
	return out
}

func add(out map[int]string, field string) {
	comm, err := os.ReadFile("/proc/" + field + "/comm")
	if err != nil {
		return
	}
	if pid, err := strconv.Atoi(field); err == nil {
		out[pid] = strings.TrimSpace(string(comm))
	}
}

// userOf is the real user id of a process.
func userOf(t *testing.T, pid int) string { return statusOf(t, pid, "Uid:") }

// statusOf is the first word of a line of a process's status (proc(5)).
func statusOf(t *testing.T, pid int, key string) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == key {
			return fields[1]
		}
	}
	return ""
}

// asService runs a script in place of the desktop's terminal, as a process
// that descends from its first one, and returns what was printed.
func (h *house) asService(t *testing.T, name, script string) string {
	t.Helper()
	return h.must(t, name, `cat > /usr/lib/tamachi/terminal <<'END'
#!/bin/bash
exec > /tmp/said 2>&1
`+script+`
touch /tmp/done
END
		pkill -KILL xterm; timeout 100 sh -c 'until [ -e /tmp/done ]; do sleep 0.1; done'; cat /tmp/said`)
}
