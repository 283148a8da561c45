package desktopstest

import (
	"context"
	"testing"

	"tamachi/internal/desktops"
)

// watch starts to watch and gives the channel of what is told; the watcher
// must end without an error.
func (s Subject) watch(t *testing.T, p desktops.Provider) <-chan desktops.Event {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	events, ended := make(chan desktops.Event, 16), make(chan error, 1)
	go func() { ended <- p.Watch(ctx, events) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("watch: want no error when its context ends, got %v", err)
		}
	})
	return events
}

// told waits for an event that satisfies the wanted id and state.
func (s Subject) told(t *testing.T, events <-chan desktops.Event, id string, state desktops.State) {
	t.Helper()
	ctx := s.context(t)
	for {
		select {
		case e := <-events:
			if e.ID != id || e.State != state {
				t.Errorf("want only events of %s to state %s, got %+v", id, state, e)
				continue
			}
			if e.Cause == "" {
				t.Errorf("want an event that says its cause, got %+v", e)
			}
			return
		case <-ctx.Done():
			t.Fatalf("want an event that %s became %s, got none", id, state)
		}
	}
}

// silent wants that nothing was told.
func silent(t *testing.T, events <-chan desktops.Event) {
	t.Helper()
	select {
	case e := <-events:
		t.Errorf("want no event of what was asked for, got %+v", e)
	default:
	}
}

func heals(t *testing.T, s Subject) {
	s.create(t, two) // lives through it all
	events := s.watch(t, s.Provider)
	s.create(t, one)
	s.Write(t, one, User, "mark", "kept")
	s.KillDisplay(t, one)
	s.told(t, events, one, desktops.Sick)
	s.want(t, s.Provider, one, desktops.Sick)
	if conn, err := s.Provider.DialDisplay(s.context(t), one); err == nil {
		conn.Close()
		t.Error("dial a dead display: want an error, got a stream")
	}
	if err := s.Provider.Stop(s.context(t), one); err != nil {
		t.Fatalf("stop a sick desktop: %v", err)
	}
	if d, err := s.Provider.Start(s.context(t), one); err != nil || d.State != desktops.Running {
		t.Fatalf("start: want it RUNNING, got %+v, %v", d, err)
	}
	s.look(t, s.Provider, one)
	s.holds(t, one, User, "mark", "kept")
	s.want(t, s.Provider, two, desktops.Running)

	// It can fall sick again, and a start alone heals it too.
	s.KillDisplay(t, one)
	s.told(t, events, one, desktops.Sick)
	if d, err := s.Provider.Start(s.context(t), one); err != nil || d.State != desktops.Running {
		t.Fatalf("start of a sick desktop: want it RUNNING, got %+v, %v", d, err)
	}
	s.look(t, s.Provider, one)
	silent(t, events)
}

func tellsTheEnd(t *testing.T, s Subject) {
	s.create(t, one)
	events := s.watch(t, s.Provider)
	s.create(t, two)
	s.KillAll(t, two)
	s.told(t, events, two, desktops.Stopped)
	s.want(t, s.Provider, two, desktops.Stopped)
	if d, err := s.Provider.Start(s.context(t), two); err != nil || d.State != desktops.Running {
		t.Fatalf("start: want it RUNNING, got %+v, %v", d, err)
	}
	s.look(t, s.Provider, two)
	silent(t, events)
}

// tellsLate wants that a watcher who comes late is told what still stands.
func tellsLate(t *testing.T, s Subject) {
	s.create(t, one)
	s.create(t, two)
	s.create(t, three)
	s.KillDisplay(t, one)
	s.KillAll(t, two)
	if err := s.Provider.Stop(s.context(t), three); err != nil {
		t.Fatalf("stop: %v", err)
	}
	events, ctx := s.watch(t, s.Provider), s.context(t)
	got := map[string]desktops.State{}
	for len(got) < 2 {
		select {
		case e := <-events:
			got[e.ID] = e.State
		case <-ctx.Done():
			t.Fatalf("want events of %s and %s, got %v", one, two, got)
		}
	}
	if got[one] != desktops.Sick || got[two] != desktops.Stopped {
		t.Errorf("want %s SICK and %s STOPPED, got %v", one, two, got)
	}
	silent(t, events)
}

func finishes(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(s.context(t))
	cancel()
	if d, err := s.Provider.Create(ctx, s.Spec(one)); err == nil {
		t.Errorf("create under an ended context: want an error, got %+v", d)
	}
	s.create(t, one)
	s.look(t, s.Provider, one)
}

func finds(t *testing.T, s Subject) {
	d := s.create(t, one)
	s.create(t, two)
	s.Write(t, one, Root, "mark", "before")
	if err := s.Provider.Stop(s.context(t), two); err != nil {
		t.Fatalf("stop: %v", err)
	}
	p := s.Reopen(t)
	if got := s.want(t, p, one, desktops.Running); got != d {
		t.Errorf("want the desktop that was running, %+v, got %+v", d, got)
	}
	s.want(t, p, two, desktops.Stopped)
	s.look(t, p, one)
	s.holds(t, one, Root, "mark", "before")
	if list, err := p.List(s.context(t)); err != nil || len(list) != 2 {
		t.Errorf("list: want two desktops, got %+v, %v", list, err)
	}
	events := s.watch(t, p)
	s.KillDisplay(t, one)
	s.told(t, events, one, desktops.Sick)
	s.want(t, p, one, desktops.Sick)
	if d, err := p.Start(s.context(t), one); err != nil || d.State != desktops.Running {
		t.Fatalf("start: want it RUNNING, got %+v, %v", d, err)
	}
	for _, id := range []string{one, two} {
		if err := p.Destroy(s.context(t), id); err != nil {
			t.Errorf("destroy %s: %v", id, err)
		}
	}
}
