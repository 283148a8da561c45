package local_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/desktopstest"
	"tamachi/internal/desktops/local"
	"tamachi/internal/desktops/local/setup"
	"tamachi/internal/id"
)

// inMountNamespace is the other process of these tests. It is started in a
// mount namespace of its own where the test says so.
func inMountNamespace(args []string) int {
	steps := map[string]func([]string) error{"plane": plane, "tiny": tiny}
	if err := steps[args[0]](args[1:]); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// other starts this test program as another process.
func other(t *testing.T, sys *syscall.SysProcAttr, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, append([]string{"in-a-mount-namespace"}, args...)...)
	cmd.SysProcAttr = sys
	return cmd
}

// fleet is how many desktops are up when a plane is killed.
const fleet = 20

func member(n int) string { return fmt.Sprintf("ws-fleet%04d", n) }

// plane makes desktops, side by side, and then waits to be killed.
func plane(args []string) error {
	var o local.Options
	if err := json.Unmarshal([]byte(args[0]), &o); err != nil {
		return err
	}
	o.Clock, o.IDs = clock.Real{}, id.Random()
	p, err := local.Open(context.Background(), o)
	if err != nil {
		return err
	}
	var g errgroup.Group
	for n := range fleet {
		g.Go(func() error {
			_, err := p.Create(context.Background(), spec(member(n)))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	all, err := p.List(context.Background())
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		return err
	}
	select {}
}

// plain is the part of the options that can be handed to another process.
func plain(o local.Options) string {
	o.Clock, o.IDs, o.Logger = nil, nil, nil
	text, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestDesktopsLiveOnWhenThePlaneIsKilled(t *testing.T) {
	h := open(t)
	cmd := other(t, &syscall.SysProcAttr{Setsid: true}, "plane", plain(h.options))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var made []desktops.Desktop
	if err == nil {
		err = json.Unmarshal(line, &made)
	}
	if err != nil || len(made) != fleet {
		t.Fatalf("the other plane: want %d desktops, got %q, %v", fleet, line, err)
	}
	// All of its process group, as when a terminal goes.
	if err := unix.Kill(-cmd.Process.Pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	h.reopen(t)
	found, err := h.List(t.Context())
	if err != nil || len(found) != fleet {
		t.Fatalf("after the plane was killed: want %d desktops, got %d, %v", fleet, len(found), err)
	}
	for i, d := range found {
		if d.State != desktops.Running || d.ID != made[i].ID || d.PID != made[i].PID || d.Addr != made[i].Addr || !d.StartedAt.Equal(made[i].StartedAt) {
			t.Errorf("want the same desktop RUNNING, %+v, got %+v", made[i], d)
		}
	}
	if out := h.must(t, member(fleet-1), "echo alive"); out != "alive\n" {
		t.Errorf("want it alive, got %q", out)
	}
}

func TestAStartThatWasCutShortLeavesNothing(t *testing.T) {
	h := open(t)
	h.create(t, one)
	h.create(t, two)
	// As after a crash between the clone and the note of the first process,
	// and after one in the middle of a create and of a removal.
	folder := filepath.Join(h.options.Dir, "desktops")
	if err := os.Remove(filepath.Join(folder, one, "run.json")); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{filepath.Join(folder, ".new-ws-cccccccc3", "root"), filepath.Join(h.options.Dir, "trash", "x", "y")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	stray := h.processes(t, one)["Xvnc"][0]
	h.reopen(t)
	desktopstest.WaitFor(t, "the end of the stray processes", func() bool {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", stray))
		return err != nil || strings.Contains(string(text), ") Z ")
	})
	if list, err := h.List(t.Context()); err != nil || len(list) != 2 || list[0].State != desktops.Stopped || list[1].State != desktops.Running {
		t.Errorf("want the first STOPPED and the second RUNNING, got %+v, %v", list, err)
	}
	for _, dir := range []string{filepath.Join(folder, ".new-ws-cccccccc3"), filepath.Join(h.options.Dir, "trash", "x")} {
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("want %s gone, got %v", dir, err)
		}
	}
	if d, err := h.Start(t.Context(), one); err != nil || d.State != desktops.Running {
		t.Errorf("start: want it RUNNING, got %+v, %v", d, err)
	}
}

func TestAProviderRemovesOnlyWhatIsItsOwn(t *testing.T) {
	first, second := open(t), open(t)
	a, b := first.create(t, one), second.create(t, one)
	if a.Addr == b.Addr || a.Cgroup == b.Cgroup || first.PlaneAddr() == second.PlaneAddr() {
		t.Errorf("two planes: want all different, got %+v and %+v", a, b)
	}
	first.reopen(t)
	if err := first.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d, err := second.Inspect(t.Context(), one); err != nil || d != b {
		t.Errorf("the other plane's desktop: want %+v, got %+v, %v", b, d, err)
	}
	first.Provider = nil
	if left, err := os.ReadDir(first.options.Dir); !os.IsNotExist(err) {
		t.Errorf("want the purged folder gone, got %v, %v", left, err)
	}
	if _, err := os.Stat("/sys/fs/cgroup/memory" + filepath.Dir(a.Cgroup)); !os.IsNotExist(err) {
		t.Errorf("want the purged cgroup gone, got %v", err)
	}
	links, err := os.ReadDir("/sys/class/net")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		if strings.HasPrefix(l.Name(), strings.Trim(filepath.Dir(a.Cgroup), "/")) {
			t.Errorf("want the purged interfaces gone, got %s", l.Name())
		}
	}
}

// tiny opens a provider on a file system that is too small for a desktop.
func tiny(args []string) error {
	var o local.Options
	if err := json.Unmarshal([]byte(args[0]), &o); err != nil {
		return err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", o.Dir, "tmpfs", 0, "size=64m"); err != nil {
		return err
	}
	o.Clock, o.IDs = clock.Real{}, id.Random()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	p, err := local.Open(ctx, o)
	if err != nil {
		return err
	}
	_, err = p.Create(ctx, spec(one))
	if purged := p.Purge(ctx); purged != nil {
		return purged
	}
	if !errors.Is(err, desktops.ErrNoSpace) {
		return fmt.Errorf("want ErrNoSpace, got %w", err)
	}
	return err
}

func TestAFullDiskIsSaidInOneLine(t *testing.T) {
	h := open(t)
	o := h.options
	o.Dir = filepath.Join(t.TempDir(), "tiny")
	cmd := other(t, &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS}, "tiny", plain(o))
	out, _ := cmd.Output()
	if want := "MiB free, 512 are needed; free some or destroy desktops: no space left for the desktop\n"; !strings.HasSuffix(string(out), want) || strings.Count(string(out), "\n") != 1 {
		t.Errorf("want one line that ends with %q, got %q", want, out)
	}
}

func TestOptionsThatCannotWorkAreRefusedInOneLine(t *testing.T) {
	exe, err := program()
	if err != nil {
		t.Fatal(err)
	}
	good := local.Options{Base: setup.Base{Dir: t.TempDir(), Exe: exe, PlanePort: 4566, Clock: clock.Real{}, IDs: id.Random()}}
	for _, row := range []struct {
		name string
		bend func(*local.Options)
		want string
	}{
		{"a program that is linked dynamically", func(o *local.Options) { o.Exe = "/bin/bash" }, "build it with CGO_ENABLED=0"},
		{"a program that is not there", func(o *local.Options) { o.Exe = "/nonexistent/x" }, "/nonexistent/x"},
		{"a port that is none", func(o *local.Options) { o.PlanePort = 0 }, "0 is no port"},
		{"no folder", func(o *local.Options) { o.Dir = "" }, "folder, clock and ids must be given"},
	} {
		o := good
		row.bend(&o)
		p, err := local.Open(t.Context(), o)
		if err == nil {
			_ = p.Purge(t.Context())
			t.Errorf("%s: want an error, got none", row.name)
			continue
		}
		if !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: want one line with %q, got %q", row.name, row.want, err)
		}
	}
}
