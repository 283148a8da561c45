package desktopstest

import (
	"fmt"
	"testing"

	"tamachi/internal/desktops"
)

// runsOutOfMemory wants that a program which takes more memory than its desktop
// has is ended alone: nothing else in the desktop, and nothing beside it.
func runsOutOfMemory(t *testing.T, s Subject) {
	s.create(t, one) // of 512 MiB
	ask := func() error { _, err := s.Provider.Usage(s.context(t), one); return err }
	if !s.can(t, desktops.Limits, ask) {
		return
	}
	s.create(t, two)
	s.Write(t, one, User, "mark", "kept")
	killed := func(id string) int64 {
		t.Helper()
		u, err := s.Provider.Usage(s.context(t), id)
		if err != nil {
			t.Fatalf("usage of %s: %v", id, err)
		}
		return u.OutOfMemory
	}
	// Nobody asks before: a provider's server may give its last answer again.
	s.Exhaust(t, one, 900<<20)
	if n := killed(one); n == 0 {
		t.Error("900 MiB in a desktop of 512: want a process ended for want of memory, got none")
	}
	s.want(t, s.Provider, one, desktops.Running)
	s.look(t, s.Provider, one)
	s.holds(t, one, User, "mark", "kept")
	s.want(t, s.Provider, two, desktops.Running)
	if n := killed(two); n != 0 {
		t.Errorf("the desktop beside it: want nothing ended for want of memory, got %d", n)
	}
}

// fillsUp wants that a desktop whose volumes are full lives on, stops and
// starts, and that a rebuild and a larger volume give room again.
func fillsUp(t *testing.T, s Subject) {
	s.create(t, one)
	if !s.Provider.About().Can(desktops.Quotas) {
		return
	}
	s.Write(t, one, User, "mark", "kept")
	for _, v := range []Volume{Root, User} {
		for _, piece := range []int64{4 << 30, 1 << 30, 128 << 20, 16 << 20, 1 << 20} {
			for n := 0; s.reserve(t, one, v, fmt.Sprintf("fill-%d-%d", piece, n), piece); n++ {
				if n > 16 {
					t.Fatalf("the %s volume of 10 GiB takes 16 pieces of %d bytes and more", v, piece)
				}
			}
		}
	}
	s.want(t, s.Provider, one, desktops.Running)
	s.look(t, s.Provider, one)
	if err := s.Provider.Stop(s.context(t), one); err != nil {
		t.Fatalf("stop a full desktop: %v", err)
	}
	if d, err := s.Provider.Start(s.context(t), one); err != nil || d.State != desktops.Running {
		t.Fatalf("start a full desktop: got %+v, %v", d, err)
	}
	s.look(t, s.Provider, one)
	s.holds(t, one, User, "mark", "kept")
	if d, err := s.Provider.Rebuild(s.context(t), one, ""); err != nil || d.State != desktops.Running {
		t.Fatalf("rebuild a full desktop: got %+v, %v", d, err)
	}
	if !s.reserve(t, one, Root, "more", 1<<30) {
		t.Error("a rebuilt root volume: want room for 1 GiB, got none")
	}
	if s.reserve(t, one, User, "more", 1<<30) {
		t.Error("a full user volume after a rebuild: want no room for 1 GiB, got some")
	}
	s.holds(t, one, User, "mark", "kept")
}

// reboots wants that a machine which lost everything but its disks finds its
// desktops, stopped, with their volumes, addresses and copies.
func reboots(t *testing.T, s Subject) {
	first, second := s.create(t, one), s.create(t, two)
	s.create(t, three)
	s.Write(t, one, Root, "mark", "on the root volume")
	s.Write(t, one, User, "mark", "on the user volume")
	if s.Provider.About().Can(desktops.Copies) {
		if err := s.keep(t, one); err != nil {
			t.Fatalf("keep: %v", err)
		}
	}
	if err := s.Provider.Stop(s.context(t), three); err != nil {
		t.Fatalf("stop: %v", err)
	}
	p := s.Reboot(t)
	events, ctx := s.watch(t, p), s.context(t)
	got := map[string]desktops.State{}
	for len(got) < 2 {
		select {
		case e := <-events:
			got[e.ID] = e.State
		case <-ctx.Done():
			t.Fatalf("want events of %s and %s, got %v", one, two, got)
		}
	}
	if got[one] != desktops.Stopped || got[two] != desktops.Stopped {
		t.Errorf("want %s and %s STOPPED, got %v", one, two, got)
	}
	s.want(t, p, three, desktops.Stopped)
	for _, before := range []desktops.Desktop{first, second} {
		d, err := p.Start(s.context(t), before.ID)
		if err != nil || d.State != desktops.Running || d.Addr != before.Addr || !d.StartedAt.After(before.StartedAt) && s.Provider.About().Isolated {
			t.Fatalf("start of %+v after the restart: want it RUNNING at its address, got %+v, %v", before, d, err)
		}
		s.look(t, p, before.ID)
	}
	s.holds(t, one, Root, "mark", "on the root volume")
	s.holds(t, one, User, "mark", "on the user volume")
	silent(t, events)
	if s.Provider.About().Can(desktops.Copies) {
		s.Write(t, one, User, "mark", "later")
		if d, err := p.Restore(s.context(t), one); err != nil || d.State != desktops.Running {
			t.Fatalf("restore after the restart: got %+v, %v", d, err)
		}
		s.holds(t, one, User, "mark", "on the user volume")
	}
}
