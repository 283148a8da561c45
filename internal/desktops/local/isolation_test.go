package local_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desktops/desktopstest"
)

const (
	one   = "ws-aaaaaaaa1"
	two   = "ws-bbbbbbbb2"
	three = "ws-cccccccc3"
)

func TestNoProcessOfADesktopSharesANamespace(t *testing.T) {
	h := open(t)
	h.create(t, one)
	h.create(t, two)
	seen := map[string]string{} // namespace -> whose
	for _, kind := range []string{"mnt", "pid", "net", "user", "ipc", "uts", "cgroup"} {
		seen[link(t, "self", kind)] = "the test"
	}
	for _, name := range []string{one, two} {
		for program, pids := range h.processes(t, name) {
			for _, pid := range pids {
				for _, kind := range []string{"mnt", "pid", "net", "user", "ipc", "uts", "cgroup"} {
					ns := link(t, strconv.Itoa(pid), kind)
					if whose, ok := seen[ns]; ok && whose != name {
						t.Errorf("%s of %s has the %s namespace of %s", program, name, kind, whose)
					}
					if !strings.HasSuffix(ns, "ended") {
						seen[ns] = name
					}
				}
			}
		}
	}
}

func link(t *testing.T, pid, kind string) string {
	t.Helper()
	to, err := os.Readlink("/proc/" + pid + "/ns/" + kind)
	if errors.Is(err, fs.ErrNotExist) {
		return kind + " of a process that has ended"
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}

func TestEveryProcessOfADesktopIsInItsCgroupAndNobodyOnTheHost(t *testing.T) {
	h := open(t)
	d := h.create(t, one)
	own := h.must(t, one, "sleep 60 >/dev/null 2>&1 & setsid sleep 61 >/dev/null 2>&1 & cat /proc/self/cgroup")
	for line := range strings.Lines(own) {
		if part := strings.SplitN(strings.TrimSpace(line), ":", 3); strings.Contains("cpu memory pids", part[1]) && part[2] != "/" {
			t.Errorf("a command sees itself in cgroup %q, want the root of the desktop's own", line)
		}
	}
	byName := h.processes(t, one)
	for _, want := range []string{"Xvnc", "openbox", "tamachi", "sleep"} {
		if len(byName[want]) == 0 {
			t.Errorf("want %s among the desktop's processes, got %v", want, byName)
		}
	}
	for program, pids := range byName {
		for _, pid := range pids {
			text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
			if err != nil {
				continue // it ended
			}
			for _, controller := range []string{":cpu:", ":memory:", ":pids:", "::"} {
				if !strings.Contains(string(text), controller+d.Cgroup+"\n") {
					t.Errorf("%s (%d): want it in %s%s, got\n%s", program, pid, controller, d.Cgroup, text)
				}
			}
			st, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			if err != nil {
				continue
			}
			for line := range strings.Lines(string(st)) {
				fields := strings.Fields(line)
				if len(fields) == 5 && (fields[0] == "Uid:" || fields[0] == "Gid:") {
					if id, err := strconv.Atoi(fields[1]); err != nil || id < 1_000_000 {
						t.Errorf("%s (%d): want an id from the desktop's range, got %q", program, pid, line)
					}
				}
			}
		}
	}
}

func TestADesktopSeesNeitherAnotherNorTheHost(t *testing.T) {
	h := open(t)
	h.create(t, one)
	h.create(t, two)
	h.must(t, one, "echo treasure > /home/fujita.kouhei/secret; chmod 666 /home/fujita.kouhei/secret; ls /home > /dev/null")
	if out := h.must(t, two, "ls -A /home/fujita.kouhei"); strings.Contains(out, "secret") {
		t.Errorf("the home of %s shows in %s: %s", one, two, out)
	}
	marker := filepath.Join(t.TempDir(), "of-the-host")
	if err := os.WriteFile(marker, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{marker, h.options.Dir, h.options.Exe, "/root/go", "/sys/fs/cgroup/memory"} {
		if out, err := h.run(t, two, "ls -d "+path); err == nil {
			t.Errorf("want %s to be nowhere in a desktop, got %s", path, out)
		}
	}
	if out := h.must(t, two, "cat /proc/[0-9]*/comm || true"); strings.Contains(out, filepath.Base(os.Args[0])) || strings.Count(out, "Xvnc") != 1 {
		t.Errorf("want only the desktop's own processes, got %s", out)
	}
	for _, attempt := range []string{
		"mknod /tmp/disk b 254 0",
		"mount -t devtmpfs none /mnt",
		"dmesg",
		"echo 1 > /proc/sys/kernel/panic",
		"echo x >> /usr/lib/tamachi/tamachi",
		"mount -o remount,rw,bind /usr/lib/tamachi/tamachi",
		"cat /proc/kcore > /dev/null",
		"echo b > /proc/sysrq-trigger",
		"date -s '2001-01-01'",
	} {
		if out, err := h.run(t, two, attempt); err == nil {
			t.Errorf("%q as root of a desktop: want it refused, got %q", attempt, out)
		}
	}
}

// knock tries a TCP connection from within a desktop and returns what the
// other side said.
func (h *house) knock(t *testing.T, name, host, port string) (string, error) {
	t.Helper()
	return h.run(t, name, fmt.Sprintf("timeout 1 bash -c 'exec 3<>/dev/tcp/%s/%s && head -c 5 <&3'", host, port))
}

// greeter listens and says hello to each who comes.
func greeter(t *testing.T, addr string) (host, port string) {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, "hello")
			c.Close()
		}
	}()
	host, port, err = net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

func TestADesktopReachesThePlaneAndNothingElse(t *testing.T) {
	h := open(t)
	s := spec(one)
	s.Node.Directory = []string{"d-0123456789.ap-northeast-1.tamachi.internal", "corp.example.jp", "no name"}
	if _, err := h.Create(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	other := h.create(t, two)
	bridge := h.PlaneAddr().String()
	plane := strconv.Itoa(h.options.PlanePort)
	greeter(t, net.JoinHostPort(bridge, plane))
	_, loopback := greeter(t, "127.0.0.1:0")
	_, everywhere := greeter(t, "0.0.0.0:0")
	_, six := greeter(t, "[::]:0")

	if out, err := h.knock(t, one, bridge, plane); err != nil || out != "hello" {
		t.Errorf("plane by its address: want hello, got %q, %v", out, err)
	}
	if out, err := h.knock(t, one, "ssm.ap-northeast-1.tamachi.internal", plane); err != nil || out != "hello" {
		t.Errorf("plane by its name: want hello, got %q, %v", out, err)
	}
	for _, name := range s.Node.Directory[:2] {
		for _, port := range []string{plane, "389", "636"} {
			if out, err := h.knock(t, one, name, port); err != nil || out != "hello" {
				t.Errorf("the directory as %s at %s: want hello, got %q, %v", name, port, out, err)
			}
		}
	}
	// A display that listens on TCP, so that there is something to find.
	h.must(t, two, "Xvnc :9 -rfbport 5999 -SecurityTypes None -nolisten tcp -displayfd 1 2>/dev/null | head -1 & sleep 0.1")
	for _, row := range []struct{ name, host, port string }{
		{"another port of the bridge", bridge, everywhere},
		{"a service on the host's loopback", "127.0.0.1", loopback},
		{"another port by IPv6", "::1", six},
		{"another desktop", other.Addr.String(), "5999"},
		{"the plane's port on another address of the host", hostAddr(t), plane},
		{"a service on another address of the host", hostAddr(t), everywhere},
		{"the world", "192.0.2.1", "80"},
	} {
		if out, err := h.knock(t, one, row.host, row.port); err == nil {
			t.Errorf("%s (%s:%s): want it out of reach, got %q", row.name, row.host, row.port, out)
		}
	}
	desktopstest.WaitFor(t, "the other desktop's display", func() bool {
		c, err := net.DialTimeout("tcp", net.JoinHostPort(other.Addr.String(), "5999"), time.Second)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	if out, err := h.knock(t, one, other.Addr.String(), "5999"); err == nil {
		t.Errorf("another desktop that certainly listens: want it out of reach, got %q", out)
	}
}

// hostAddr is an address of the host that is neither loopback nor ours.
func hostAddr(t *testing.T) string {
	t.Helper()
	c, err := net.Dial("udp", "192.0.2.1:9") // sends nothing
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	host, _, err := net.SplitHostPort(c.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	return host
}

// patience is for a machine that has much else to do: whatever is waited for is
// seen when it comes.
const patience = 2 * time.Minute

func TestLimitsAreEnforced(t *testing.T) {
	h := open(t)
	s := spec(one)
	s.MemoryMiB, s.CPUs = 256, 0.5
	d, err := h.Create(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	// tail keeps all of one endless line in memory.
	if out, err := h.run(t, one, "head -c 400M /dev/zero | tail -n 1 | wc -c"); err == nil && strings.TrimSpace(out) == "419430400" {
		t.Error("400 MiB in a desktop of 256 MiB: want it ended for want of memory, got all of it")
	}
	oom, err := os.ReadFile("/sys/fs/cgroup/memory" + d.Cgroup + "/memory.oom_control")
	if err != nil || strings.Contains(string(oom), "oom_kill 0\n") || !strings.Contains(string(oom), "oom_kill ") {
		t.Errorf("want the memory killer to have come in the desktop's cgroup, got %q, %v", oom, err)
	}
	h.must(t, one, "timeout 1 sh -c 'while :; do :; done' || true")
	stat, err := os.ReadFile("/sys/fs/cgroup/cpu" + d.Cgroup + "/cpu.stat")
	if err != nil || strings.Contains(string(stat), "nr_throttled 0\n") {
		t.Errorf("want a busy loop of half a core to be throttled, got %q, %v", stat, err)
	}
	if out, err := h.run(t, one, "for i in $(seq 6000); do sleep 20 & done; wait"); err == nil {
		t.Errorf("6,000 processes: want them refused, got %q", out)
	}
}
