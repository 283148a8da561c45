package local_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/desktopstest"
)

// assault is what a person who is root of a desktop may do at once: processes
// that make processes, memory, both volumes, what lies in memory, and packets to
// whoever is there. Each part goes on until the desktop is stopped. It stands
// ready until somebody opens /tmp/assault for writing: by then the call that
// brought it is over, which would not get out of its own assault unharmed.
const assault = `
read -r < /tmp/assault
( while :; do ( while :; do sleep 300 & done ) & done ) 2>/dev/null &
( while :; do head -c 900M /dev/zero | tail -n 1 | wc -c; done ) >/dev/null 2>&1 &
( n=0; while fallocate -l 1G /home/fill$n || fallocate -l 64M /home/small$n; do n=$((n+1)); done; : > /tmp/full-home ) 2>/dev/null &
( n=0; while fallocate -l 1G /opt/fill$n || fallocate -l 64M /opt/small$n; do n=$((n+1)); done; : > /tmp/full-root ) 2>/dev/null &
( head -c 2G /dev/zero > /dev/shm/fill ) 2>/dev/null &
( while :; do bash -c 'for i in {1..2000}; do echo x > /dev/udp/$0/9; done' "$1"; done ) 2>/dev/null &
`

// TestNobodySuffersFromADesktopThatAttacks lets one desktop do its worst, and
// wants all of another, of the host and of a third that is made meanwhile.
func TestNobodySuffersFromADesktopThatAttacks(t *testing.T) {
	h := open(t)
	bad := spec(one)
	bad.RootGiB, bad.UserGiB, bad.MemoryMiB = 1, 1, 300 // soon full
	attacker, err := h.Create(t.Context(), bad)
	if err != nil {
		t.Fatal(err)
	}
	victim := h.create(t, two)
	h.must(t, two, "echo treasure > /home/fujita.kouhei/treasure")
	host := filepath.Join(t.TempDir(), "of-the-host")
	if err := os.WriteFile(host, []byte("treasure"), 0o666); err != nil {
		t.Fatal(err)
	}
	h.must(t, one, "mkfifo /tmp/assault\nsetsid bash -c '"+strings.ReplaceAll(assault, "'", `'\''`)+"' assault "+victim.Addr.String()+" </dev/null >/dev/null 2>&1 &")
	desktopstest.WaitFor(t, "the assault to stand ready, and to begin", func() bool {
		// From outside: nothing of the test waits in the desktop that attacks.
		begin, err := os.OpenFile(filepath.Join("/proc", strconv.Itoa(attacker.PID), "root/tmp/assault"), os.O_WRONLY|unix.O_NONBLOCK, 0)
		return err == nil && begin.Close() == nil
	})

	pids := filepath.Join("/sys/fs/cgroup/pids", attacker.Cgroup, "pids.current")
	desktopstest.WaitFor(t, "many processes, and some ended for want of memory", func() bool {
		text, err := os.ReadFile(pids)
		n, bad := strconv.Atoi(strings.TrimSpace(string(text)))
		u, unknown := h.Usage(t.Context(), one)
		return err == nil && bad == nil && unknown == nil && n > 100 && u.OutOfMemory > 0
	})
	began := time.Now()
	if got := h.must(t, two, "cat /home/fujita.kouhei/treasure; echo more > /opt/more; fallocate -l 1G /home/large && rm /home/large; head -c 100M /dev/zero | tail -n 1 | wc -c"); got != "treasure\n104857600\n" {
		t.Errorf("the victim's files, room and memory: got %q", got)
	}
	conn, err := h.DialDisplay(t.Context(), two)
	if err != nil {
		t.Fatalf("the victim's display: %v", err)
	}
	defer conn.Close()
	if screen, err := desktopstest.Look(conn, 20*time.Second); err != nil || screen.Pixels == 0 {
		t.Errorf("the victim's display: %+v, %v", screen, err)
	}
	if d, err := h.Create(t.Context(), spec(three)); err != nil || d.State != desktops.Running {
		t.Errorf("a new desktop beside it: %+v, %v", d, err)
	}
	t.Logf("the others took %s under attack", time.Since(began))
	for _, name := range []string{two, three} {
		if u, err := h.Usage(t.Context(), name); err != nil || u.OutOfMemory != 0 {
			t.Errorf("%s: want nothing ended for want of memory, got %+v, %v", name, u, err)
		}
	}
	if text, err := os.ReadFile(host); err != nil || string(text) != "treasure" {
		t.Errorf("the host's file: %q, %v", text, err)
	}
	// It ends when it is told to, and is what it was.
	if err := h.Stop(t.Context(), one); err != nil {
		t.Fatalf("stop the attacker: %v", err)
	}
	if left, err := os.ReadFile(pids); err == nil {
		t.Errorf("want its cgroup gone, it has %s processes", left)
	}
	if d, err := h.Rebuild(t.Context(), one, ""); err != nil || d.State != desktops.Running {
		t.Errorf("rebuild of the attacker: %+v, %v", d, err)
	}
}

// spy tries to reach the memory and the namespaces of processes outside, by the
// numbers that they have there, and says what it could do.
const spy = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
inside = {int(p) for p in os.listdir('/proc') if p.isdigit()}
for pid in map(int, sys.argv[1:]):
    if pid in inside:
        continue
    if libc.ptrace(16, pid, 0, 0) == 0:
        print('traced', pid)
    b = ctypes.create_string_buffer(8)
    class iovec(ctypes.Structure):
        _fields_ = [('base', ctypes.c_void_p), ('len', ctypes.c_size_t)]
    here, there = iovec(ctypes.addressof(b), 8), iovec(0x400000, 8)
    if libc.process_vm_readv(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
        print('read', pid)
    for sig in (0, 9):
        try:
            os.kill(pid, sig)
            print('signalled', pid)
        except OSError:
            pass
    fd = libc.syscall(434, pid, 0)
    if fd >= 0:
        print('held', pid)
for name in ('mnt', 'pid', 'net', 'user', 'cgroup', 'ipc', 'uts'):
    for pid in inside:
        try:
            fd = os.open('/proc/%d/ns/%s' % (pid, name), os.O_RDONLY)
        except OSError:
            continue
        if os.fstat(fd).st_ino == int(os.environ['HOST_' + name]):
            print('a namespace of the host:', name, pid)
        os.close(fd)
print('done')
`

// TestADesktopTracesNobodyOutside knows the numbers of processes of the host and
// of another desktop, and can do nothing with them.
func TestADesktopTracesNobodyOutside(t *testing.T) {
	h := open(t)
	h.create(t, one)
	other := h.create(t, two)
	numbers := []string{strconv.Itoa(os.Getpid()), strconv.Itoa(other.PID)}
	for _, pids := range h.processes(t, two) {
		for _, pid := range pids {
			numbers = append(numbers, strconv.Itoa(pid))
		}
	}
	script := "cat > /tmp/spy.py <<'END'\n" + spy + "END\n"
	for _, name := range []string{"mnt", "pid", "net", "user", "cgroup", "ipc", "uts"} {
		link, err := os.Readlink("/proc/self/ns/" + name)
		if err != nil {
			t.Fatal(err)
		}
		script += "export HOST_" + name + "=" + strings.Trim(link[strings.IndexByte(link, ':'):], ":[]") + "\n"
	}
	script += "python3 /tmp/spy.py " + strings.Join(numbers, " ")
	if got := h.must(t, one, script); got != "done\n" {
		t.Errorf("as root of a desktop: want nothing done to others, got %q", got)
	}
	if d, err := h.Inspect(t.Context(), two); err != nil || d != other {
		t.Errorf("the other desktop: want %+v, got %+v, %v", other, d, err)
	}
}
