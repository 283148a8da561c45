package cgroup_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tamachi/internal/desktops/local/cgroup"
)

const hybrid = `30 25 0:26 / /sys/fs/cgroup rw shared:4 - tmpfs tmpfs rw,mode=755
31 30 0:27 / /sys/fs/cgroup/unified rw shared:5 - cgroup2 cgroup2 rw
32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw shared:6 - cgroup cgroup rw,cpu,cpuacct
33 30 0:29 / /sys/fs/cgroup/memory rw shared:7 - cgroup cgroup rw,memory
34 30 0:30 / /sys/fs/cgroup/pids rw shared:8 - cgroup cgroup rw,pids
`

func TestParse(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"the hybrid layout is known", hybrid, ""},
		{"version 2 that lists no controllers is refused", "31 30 0:27 / /no/such/folder rw - cgroup2 cgroup2 rw\n", "version 2 only, at /no/such/folder"},
		{"version 1 alone without a freezer is refused", strings.Replace(hybrid, "cgroup2 cgroup2", "tmpfs tmpfs", 1), "without the controller freezer"},
		{"a hybrid layout without memory is refused", strings.Replace(hybrid, "rw,memory", "rw,blkio", 1), "without the controller memory"},
		{"no cgroups at all are refused", "22 1 0:21 / /proc rw - proc proc rw\n", "none is mounted"},
		{"an empty list is refused", "", "none is mounted"},
		{"lines that are none are passed over", "x\n - \n1 2 3 - cgroup\n" + hybrid, ""},
	} {
		l, err := cgroup.Parse(strings.NewReader(row.text))
		if row.want == "" {
			if err != nil || l.Unified != "/sys/fs/cgroup/unified" || l.Controllers["cpuacct"] != "/sys/fs/cgroup/cpu,cpuacct" {
				t.Errorf("%s: want the layout, got %+v, %v", row.name, l, err)
			}
			continue
		}
		if !errors.Is(err, cgroup.ErrLayout) || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: want one line with %q, got %v", row.name, row.want, err)
		}
	}
}

// unified makes a folder that looks like the root of version 2, and its
// mountinfo. The kernel's files are plain ones here: what is written shows.
func unified(t *testing.T, controllers string) (root, mountinfo string) {
	t.Helper()
	root = t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "cgroup.controllers"), []byte(controllers+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return root, "31 30 0:27 / " + root + " rw - cgroup2 cgroup2 rw\n"
}

func TestVersion2Alone(t *testing.T) {
	root, mountinfo := unified(t, "cpuset cpu io memory hugetlb pids")
	l, err := cgroup.Parse(strings.NewReader(mountinfo))
	if err != nil {
		t.Fatal(err)
	}
	g := l.Group("tmabcdef/ws-012345678")
	if err := g.Make(cgroup.Limits{CPUs: 1.5, MemoryBytes: 1 << 30, Processes: 512}); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"cgroup.subtree_control":                "+cpu +memory +pids",
		"tmabcdef/cgroup.subtree_control":       "+cpu +memory +pids",
		"tmabcdef/ws-012345678/cpu.max":         "150000 100000",
		"tmabcdef/ws-012345678/memory.max":      "1073741824",
		"tmabcdef/ws-012345678/memory.swap.max": "0",
		"tmabcdef/ws-012345678/pids.max":        "512",
	} {
		if got, err := os.ReadFile(filepath.Join(root, file)); err != nil || string(got) != want {
			t.Errorf("%s holds %q (%v), want %q", file, got, err, want)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "tmabcdef/ws-012345678/cgroup.subtree_control")); err == nil {
		t.Error("the group hands controllers further down, so no process could be put into it")
	}
	if doors := g.Doors(); len(doors) != 1 || doors[0] != filepath.Join(root, "tmabcdef/ws-012345678/cgroup.procs") {
		t.Errorf("doors %v, want the one of version 2", doors)
	}
	for file, text := range map[string]string{"memory.stat": "anon 4096\nfile 1\n", "memory.events": "low 0\noom 3\noom_kill 2\n"} {
		if err := os.WriteFile(filepath.Join(root, "tmabcdef/ws-012345678", file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := g.MemoryBytes(); n != 4096 || err != nil {
		t.Errorf("memory %d (%v), want 4096", n, err)
	}
	if n, err := g.OOMKills(); n != 2 || err != nil {
		t.Errorf("out of memory %d times (%v), want 2", n, err)
	}
	_, mountinfo = unified(t, "cpuset cpu io")
	if _, err := cgroup.Parse(strings.NewReader(mountinfo)); !errors.Is(err, cgroup.ErrLayout) || !strings.Contains(err.Error(), "without the controller memory") {
		t.Errorf("version 2 without memory: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(hybrid)
	f.Fuzz(func(t *testing.T, text string) {
		l, err := cgroup.Parse(strings.NewReader(text))
		if err == nil && (l.Unified == "" && l.Controllers["freezer"] == "" || len(l.Controllers) > 0 && l.Controllers["memory"] == "") {
			t.Errorf("want an error for an incomplete layout, got %+v", l)
		}
	})
}

func TestAGroup(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("this test makes cgroups and needs root; run it with sudo")
	}
	here, err := cgroup.Detect()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("of this machine's layout", func(t *testing.T) { lives(t, here) })
	if here.Controllers["freezer"] == "" { // version 2 has all controllers
		return
	}
	alone := here
	alone.Unified = ""
	t.Run("of version 1 alone", func(t *testing.T) { lives(t, alone) })
}

// lives goes through the life of a group.
func lives(t *testing.T, l cgroup.Layout) {
	parent := l.Group("tmtest" + filepath.Base(t.TempDir()) + "x")
	g := parent.Child("one")
	t.Cleanup(func() {
		if err := errors.Join(g.Kill(t.Context()), g.Remove(), parent.Remove()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	limits := cgroup.Limits{CPUs: 1, MemoryBytes: 64 << 20, Processes: 50}
	for _, more := range []int64{1, 4, 2} { // a resize goes both ways
		limits.MemoryBytes = more * 32 << 20
		if err := g.Make(limits); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "/bin/sh", append([]string{"-c", `for d in "$@"; do echo 0 > "$d"; done; sleep 100 & sleep 100 & echo in; wait`, "sh"}, g.Doors()...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 3)); err != nil {
		t.Fatal(err)
	}
	if pids, err := g.Processes(); err != nil || len(pids) != 3 {
		t.Errorf("want three processes, got %v, %v", pids, err)
	}
	if names, err := parent.Children(); err != nil || len(names) != 1 || names[0] != "one" {
		t.Errorf("want one child, got %v, %v", names, err)
	}
	if n, err := g.MemoryBytes(); err != nil || n < 0 {
		t.Errorf("want a charge of memory, got %d, %v", n, err)
	}
	if n, err := g.OOMKills(); err != nil || n != 0 {
		t.Errorf("want nobody ended for want of memory, got %d, %v", n, err)
	}
	if used, err := g.CPUTime(); err != nil || used <= 0 {
		t.Errorf("want processor time, got %s, %v", used, err)
	}
	if err := g.Freeze(t.Context()); err != nil {
		t.Errorf("freeze: %v", err)
	}
	if err := g.Thaw(); err != nil {
		t.Errorf("thaw: %v", err)
	}
	starves(t, g)
	if err := g.Freeze(t.Context()); err != nil {
		t.Errorf("freeze again: %v", err)
	}
	if err := g.Kill(t.Context()); err != nil { // also what is frozen
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("want the processes killed, got a clean end")
	}
	for range 2 {
		if err := errors.Join(g.Remove(), parent.Remove(), g.Kill(t.Context()), g.Thaw()); err != nil {
			t.Error(err)
		}
	}
}

// starves wants a process ended that takes more memory than the group has, and no
// more processes than it may have.
func starves(t *testing.T, g cgroup.Group) {
	t.Helper()
	if err := g.Make(cgroup.Limits{CPUs: 0.5, MemoryBytes: 64 << 20, Processes: 50}); err != nil {
		t.Fatal(err)
	}
	join := `for d in "$@"; do echo 0 > "$d"; done; `
	run := func(script string) error {
		return exec.CommandContext(t.Context(), "/bin/sh", append([]string{"-c", join + script, "sh"}, g.Doors()...)...).Run()
	}
	if err := run(`head -c 200000000 /dev/zero | tail -n 1 | wc -c | grep -q 200000000`); err == nil {
		t.Error("200 MB in a group of 64 MiB: want it refused")
	}
	if n, err := g.OOMKills(); err != nil || n == 0 {
		t.Errorf("want one ended for want of memory, got %d, %v", n, err)
	}
	if err := run(`i=0; while [ $i -lt 100 ]; do (sleep 5) & i=$((i+1)); done 2>/dev/null; exit 0`); err == nil {
		t.Error("100 processes in a group of 50: want them refused")
	}
}
