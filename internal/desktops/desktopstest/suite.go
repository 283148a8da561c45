package desktopstest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"tamachi/internal/desktops"
)

// Run puts a provider through the suite; open gives a fresh subject over an
// empty folder, and cleans it up when its subtest ends.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	rows := []struct {
		name string
		test func(*testing.T, Subject)
	}{
		{"prepare reports progress and is done at once the second time", prepares},
		{"a created desktop is found, listed and shows a screen", creates},
		{"two viewers see the screen at the same time", twoViewers},
		{"creating a desktop again gives the same one", createsTwice},
		{"desktops created at the same time are all different", createsTogether},
		{"stop and start: what was written to root and user volume stays, and the address", stopsAndStarts},
		{"rebuild: the user volume is kept, the root volume replaced", rebuilds},
		{"rebuild: of a stopped desktop too", rebuildsStopped},
		{"destroying a desktop twice is no error", destroysTwice},
		{"a destroyed desktop leaves nothing to a new one of its id", forgets},
		{"unknown ids are refused", unknown},
		{"ids that are no ids are refused", malformed},
		{"dead Xvnc: it is told, seen, and heals by stop and start", heals},
		{"a desktop that ended by itself is told and starts again", tellsTheEnd},
		{"a late watcher is told what still stands", tellsLate},
		{"snapshot and restore: both volumes are as they were kept", restores},
		{"restore: what was not kept cannot be", restoresNothing},
		{"snapshot: a newer copy takes the place of the older", keepsTheLast},
		{"image: a desktop makes others, without its user volume", captures},
		{"image: a desktop outlives its discarded one, from which no other is made", discards},
		{"migrate: a new desktop may begin with the user volume of another", inherits},
		{"resize and grow: it counts at once, and volumes never shrink", resizes},
		{"grow: a volume holds no more than its size, and more when it has grown", holdsNoMore},
		{"grow: a volume's size holds again after the kernel gave counting up", countsAgain},
		{"usage is that of the desktop as it is", uses},
		{"plane killed: a create that was cut short is finished by the next", finishes},
		{"plane killed: a new provider over the same folder finds all desktops", finds},
		{"out of memory: one program is ended, its desktop and those beside it live on", runsOutOfMemory},
		{"full disk: the desktop lives on, starts again, and a rebuild gives room", fillsUp},
		{"host rebooted: desktops are found stopped, with volumes, addresses and copies", reboots},
		{"groups and policies: worn from the next start on, or said to be missing", dresses},
		{"sound and printing: the doors open, or are said to be missing", opensDoors},
		{"networks decide whom a desktop reaches", networks},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.test(t, open(t)) })
	}
}

const (
	one   = "ws-aaaaaaaa1"
	two   = "ws-bbbbbbbb2"
	three = "ws-cccccccc3"
)

func prepares(t *testing.T, s Subject) {
	told := 0
	for range 2 {
		err := s.Provider.Prepare(s.context(t), func(p desktops.Progress) {
			told++
			if p.Step == "" || p.Percent < 0 || p.Percent > 100 {
				t.Errorf("want a step and 0 to 100 percent, got %+v", p)
			}
		})
		if err != nil {
			t.Fatalf("prepare: %v", err)
		}
	}
	if told == 0 {
		t.Error("want at least one report of progress, got none")
	}
	about := s.Provider.About()
	if about.Name == "" {
		t.Error("want a provider that says its name")
	}
	if about.Can(desktops.GPUs) != (about.NoGPU == "") {
		t.Errorf("want a provider that says why desktops have no GPU, if they have none; got %+v", about)
	}
}

func creates(t *testing.T, s Subject) {
	d := s.create(t, one)
	if !d.Addr.IsValid() || d.StartedAt.IsZero() {
		t.Errorf("want an address and a time of start, got %+v", d)
	}
	got := s.want(t, s.Provider, one, desktops.Running)
	if got != d {
		t.Errorf("inspect: want what create gave, %+v, got %+v", d, got)
	}
	list, err := s.Provider.List(s.context(t))
	if err != nil || !slices.Equal(list, []desktops.Desktop{d}) {
		t.Errorf("list: want just %+v, got %+v, %v", d, list, err)
	}
	s.look(t, s.Provider, one)
}

// look dials the display and wants a screen.
func (s Subject) look(t *testing.T, p desktops.Provider, id string) Screen {
	t.Helper()
	conn, err := p.DialDisplay(s.context(t), id)
	if err != nil {
		t.Fatalf("dial the display of %s: %v", id, err)
	}
	defer conn.Close()
	screen, err := Look(conn, 20*time.Second)
	if err != nil {
		t.Fatalf("look at the display of %s: %v", id, err)
	}
	if screen.Width == 0 || screen.Height == 0 || screen.Pixels == 0 {
		t.Fatalf("look at the display of %s: want pixels, got %+v", id, screen)
	}
	return screen
}

func twoViewers(t *testing.T, s Subject) {
	s.create(t, one)
	first, err := s.Provider.DialDisplay(s.context(t), one)
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	defer first.Close()
	if _, err := Look(first, 20*time.Second); err != nil {
		t.Fatalf("first viewer: %v", err)
	}
	s.look(t, s.Provider, one)
}

func createsTwice(t *testing.T, s Subject) {
	d := s.create(t, one)
	again, err := s.Provider.Create(s.context(t), s.Spec(one))
	if err != nil || again != d {
		t.Errorf("second create: want %+v, got %+v, %v", d, again, err)
	}
	list, err := s.Provider.List(s.context(t))
	if err != nil || len(list) != 1 {
		t.Errorf("list: want one desktop, got %+v, %v", list, err)
	}
	if err := s.Provider.Stop(s.context(t), one); err != nil {
		t.Fatalf("stop: %v", err)
	}
	if d, err := s.Provider.Create(s.context(t), s.Spec(one)); err != nil || d.State != desktops.Running {
		t.Errorf("create of a stopped desktop: want it RUNNING, got %+v, %v", d, err)
	}
}

func createsTogether(t *testing.T, s Subject) {
	ids := []string{one, two, three}
	made := make([]desktops.Desktop, len(ids))
	var g errgroup.Group
	for i, id := range ids {
		t.Cleanup(func() { _ = s.Provider.Destroy(context.Background(), id) })
		g.Go(func() (err error) {
			made[i], err = s.Provider.Create(t.Context(), s.Spec(id))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatalf("create three: %v", err)
	}
	for i, d := range made {
		for _, other := range made[:i] {
			if d.Addr == other.Addr || d.PID == other.PID || d.ID == other.ID {
				t.Errorf("want different desktops, got %+v and %+v", d, other)
			}
		}
		s.look(t, s.Provider, d.ID)
	}
	list, err := s.Provider.List(s.context(t))
	if err != nil || len(list) != len(ids) {
		t.Errorf("list: want three desktops, got %+v, %v", list, err)
	}
}

func stopsAndStarts(t *testing.T, s Subject) {
	d := s.create(t, one)
	s.Write(t, one, Root, "mark", "on the root volume")
	s.Write(t, one, User, "mark", "on the user volume")
	for range 2 {
		if err := s.Provider.Stop(s.context(t), one); err != nil {
			t.Fatalf("stop: %v", err)
		}
		s.want(t, s.Provider, one, desktops.Stopped)
	}
	if conn, err := s.Provider.DialDisplay(s.context(t), one); err == nil {
		conn.Close()
		t.Error("dial the display of a stopped desktop: want an error, got a stream")
	}
	again, err := s.Provider.Start(s.context(t), one)
	if err != nil || again.State != desktops.Running || again.Addr != d.Addr {
		t.Fatalf("start: want RUNNING at %s, got %+v, %v", d.Addr, again, err)
	}
	if same, err := s.Provider.Start(s.context(t), one); err != nil || same != again {
		t.Errorf("start of a running desktop: want %+v, got %+v, %v", again, same, err)
	}
	s.holds(t, one, Root, "mark", "on the root volume")
	s.holds(t, one, User, "mark", "on the user volume")
	s.look(t, s.Provider, one)
}

// holds wants a file with that content.
func (s Subject) holds(t *testing.T, id string, v Volume, name, want string) {
	t.Helper()
	if got, ok := s.Read(t, id, v, name); !ok || got != want {
		t.Errorf("file %s on the %s volume of %s: want %q, got %q (there: %v)", name, v, id, want, got, ok)
	}
}

// lacks wants no such file.
func (s Subject) lacks(t *testing.T, id string, v Volume, name string) {
	t.Helper()
	if got, ok := s.Read(t, id, v, name); ok {
		t.Errorf("file %s on the %s volume of %s: want none, got %q", name, v, id, got)
	}
}

func rebuilds(t *testing.T, s Subject) {
	d := s.create(t, one)
	s.Write(t, one, Root, "mark", "on the root volume")
	s.Write(t, one, User, "mark", "on the user volume")
	again, err := s.Provider.Rebuild(s.context(t), one, "")
	if err != nil || again.State != desktops.Running || again.Addr != d.Addr {
		t.Fatalf("rebuild: want RUNNING at %s, got %+v, %v", d.Addr, again, err)
	}
	s.lacks(t, one, Root, "mark")
	s.holds(t, one, User, "mark", "on the user volume")
	s.look(t, s.Provider, one)
}

func rebuildsStopped(t *testing.T, s Subject) {
	s.create(t, one)
	s.Write(t, one, Root, "mark", "on the root volume")
	if err := s.Provider.Stop(s.context(t), one); err != nil {
		t.Fatalf("stop: %v", err)
	}
	if d, err := s.Provider.Rebuild(s.context(t), one, ""); err != nil || d.State != desktops.Running {
		t.Fatalf("rebuild: want it RUNNING, got %+v, %v", d, err)
	}
	s.lacks(t, one, Root, "mark")
}

func destroysTwice(t *testing.T, s Subject) {
	s.create(t, one)
	for range 2 {
		if err := s.Provider.Destroy(s.context(t), one); err != nil {
			t.Fatalf("destroy: %v", err)
		}
		if d, err := s.Provider.Inspect(s.context(t), one); !errors.Is(err, desktops.ErrNotFound) {
			t.Errorf("inspect: want ErrNotFound, got %+v, %v", d, err)
		}
	}
	if list, err := s.Provider.List(s.context(t)); err != nil || len(list) != 0 {
		t.Errorf("list: want none, got %+v, %v", list, err)
	}
}

func forgets(t *testing.T, s Subject) {
	s.create(t, one)
	s.Write(t, one, User, "mark", "of the first")
	if err := s.Provider.Destroy(s.context(t), one); err != nil {
		t.Fatalf("destroy: %v", err)
	}
	s.create(t, one)
	s.lacks(t, one, User, "mark")
}

func unknown(t *testing.T, s Subject) {
	s.create(t, one)
	calls := map[string]func(context.Context, string) error{
		"start":   func(ctx context.Context, id string) error { _, err := s.Provider.Start(ctx, id); return err },
		"stop":    s.Provider.Stop,
		"rebuild": func(ctx context.Context, id string) error { _, err := s.Provider.Rebuild(ctx, id, ""); return err },
		"inspect": func(ctx context.Context, id string) error { _, err := s.Provider.Inspect(ctx, id); return err },
		"dial":    func(ctx context.Context, id string) error { _, err := s.Provider.DialDisplay(ctx, id); return err },
	}
	for name, call := range calls {
		if err := call(s.context(t), two); !errors.Is(err, desktops.ErrNotFound) {
			t.Errorf("%s of an unknown id: want ErrNotFound, got %v", name, err)
		}
	}
	if err := s.Provider.Destroy(s.context(t), two); err != nil {
		t.Errorf("destroy of an unknown id: want no error, got %v", err)
	}
	s.want(t, s.Provider, one, desktops.Running)
}

func malformed(t *testing.T, s Subject) {
	s.create(t, one)
	for _, id := range []string{"", ".", "..", "../" + one, one + "/", "ws-a/../" + one, "ws-\x00aaaaaaaa", "WS-AAAAAAAAA", "ws-a"} {
		spec := s.Spec(one)
		spec.ID = id
		if d, err := s.Provider.Create(s.context(t), spec); err == nil {
			t.Errorf("create %q: want an error, got %+v", id, d)
		}
		if _, err := s.Provider.Start(s.context(t), id); err == nil {
			t.Errorf("start %q: want an error, got none", id)
		}
		_ = s.Provider.Destroy(s.context(t), id)
	}
	s.want(t, s.Provider, one, desktops.Running)
}
