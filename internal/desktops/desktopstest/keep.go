package desktopstest

import (
	"context"
	"errors"
	"testing"

	"tamachi/internal/desktops"
)

// can ends a test whose capability the provider lacks, after making sure that
// it says so when it is asked.
func (s Subject) can(t *testing.T, c desktops.Capability, ask func() error) bool {
	t.Helper()
	if s.Provider.About().Can(c) {
		return true
	}
	if err := ask(); !errors.Is(err, desktops.ErrLacking) {
		t.Errorf("a provider that lacks %s: want ErrLacking, got %v", c, err)
	}
	return false
}

func (s Subject) keep(t *testing.T, id string) error {
	t.Helper()
	_, err := s.Provider.Keep(s.context(t), id)
	return err
}

func restores(t *testing.T, s Subject) {
	s.create(t, one)
	if !s.can(t, desktops.Copies, func() error { return s.keep(t, one) }) {
		return
	}
	s.Write(t, one, Root, "mark", "kept")
	s.Write(t, one, User, "mark", "kept")
	d, err := s.Provider.Keep(s.context(t), one)
	if err != nil || d.State != desktops.Running || d.KeptAt.IsZero() {
		t.Fatalf("keep: want it RUNNING and a time, got %+v, %v", d, err)
	}
	s.Write(t, one, Root, "mark", "later")
	s.Write(t, one, User, "mark", "later")
	s.Write(t, one, User, "more", "later")
	p := s.Reopen(t) // the copy is found again
	for range 2 {
		again, err := p.Restore(s.context(t), one)
		if err != nil || again.State != desktops.Running || again.Addr != d.Addr || !again.KeptAt.Equal(d.KeptAt) {
			t.Fatalf("restore: want it RUNNING with the copy of %s, got %+v, %v", d.KeptAt, again, err)
		}
		s.holds(t, one, Root, "mark", "kept")
		s.holds(t, one, User, "mark", "kept")
		s.lacks(t, one, User, "more")
		s.look(t, p, one)
		if err := p.Stop(s.context(t), one); err != nil {
			t.Fatalf("stop: %v", err)
		}
	}
}

func restoresNothing(t *testing.T, s Subject) {
	s.create(t, one)
	if !s.can(t, desktops.Copies, func() error { return s.keep(t, one) }) {
		return
	}
	s.Write(t, one, User, "mark", "here")
	if d, err := s.Provider.Restore(s.context(t), one); !errors.Is(err, desktops.ErrNotKept) {
		t.Errorf("restore without a copy: want ErrNotKept, got %+v, %v", d, err)
	}
	s.want(t, s.Provider, one, desktops.Running)
	s.holds(t, one, User, "mark", "here")
	for _, err := range []error{s.keep(t, two), restoreOf(t, s, two)} {
		if !errors.Is(err, desktops.ErrNotFound) {
			t.Errorf("an unknown id: want ErrNotFound, got %v", err)
		}
	}
}

func restoreOf(t *testing.T, s Subject, id string) error {
	_, err := s.Provider.Restore(s.context(t), id)
	return err
}

func keepsTheLast(t *testing.T, s Subject) {
	s.create(t, one)
	if !s.can(t, desktops.Copies, func() error { return s.keep(t, one) }) {
		return
	}
	for _, content := range []string{"first", "second"} {
		s.Write(t, one, User, "mark", content)
		if err := s.keep(t, one); err != nil {
			t.Fatalf("keep: %v", err)
		}
	}
	if err := s.Provider.Stop(s.context(t), one); err != nil {
		t.Fatalf("stop: %v", err)
	}
	if err := s.keep(t, one); err != nil {
		t.Fatalf("keep a stopped desktop: %v", err)
	}
	s.want(t, s.Provider, one, desktops.Stopped)
	if err := restoreOf(t, s, one); err != nil {
		t.Fatalf("restore: %v", err)
	}
	s.holds(t, one, User, "mark", "second")
}

const picture = "wsi-aaaaaaaa1"

func captures(t *testing.T, s Subject) {
	s.create(t, one)
	if !s.can(t, desktops.Images, func() error { return s.Provider.Capture(s.context(t), one, picture) }) {
		return
	}
	s.Write(t, one, Root, "mark", "of the image")
	s.Write(t, one, User, "mark", "of the person")
	if err := s.Provider.Capture(s.context(t), one, picture); err != nil {
		t.Fatalf("capture: %v", err)
	}
	s.want(t, s.Provider, one, desktops.Running)
	s.Write(t, one, Root, "mark", "changed since")
	if err := s.Provider.Capture(s.context(t), one, picture); err != nil {
		t.Fatalf("capture again: want the image left as it is, got %v", err)
	}
	s.createOf(t, two, picture)
	s.look(t, s.Provider, two)
	s.holds(t, two, Root, "mark", "of the image")
	s.lacks(t, two, User, "mark")

	// An image of a desktop that was made of an image has all of both.
	s.Write(t, two, Root, "more", "of the second")
	const second = "wsi-bbbbbbbb2"
	if err := s.Provider.Capture(s.context(t), two, second); err != nil {
		t.Fatalf("capture of the second: %v", err)
	}
	if d, err := s.Provider.Rebuild(s.context(t), one, second); err != nil || d.State != desktops.Running {
		t.Fatalf("rebuild of another image: want it RUNNING, got %+v, %v", d, err)
	}
	s.holds(t, one, Root, "mark", "of the image")
	s.holds(t, one, Root, "more", "of the second")
	s.holds(t, one, User, "mark", "of the person")
}

// createOf makes a desktop of an image.
func (s Subject) createOf(t *testing.T, id, image string) {
	t.Helper()
	s.Image = image
	s.create(t, id)
}

func discards(t *testing.T, s Subject) {
	s.create(t, one)
	if !s.can(t, desktops.Images, func() error { return s.Provider.Discard(s.context(t), picture) }) {
		return
	}
	if err := s.Provider.Discard(s.context(t), picture); err != nil {
		t.Errorf("discard of an unknown image: want no error, got %v", err)
	}
	s.Write(t, one, Root, "mark", "of the image")
	if err := s.Provider.Capture(s.context(t), one, picture); err != nil {
		t.Fatalf("capture: %v", err)
	}
	s.createOf(t, two, picture)
	if err := s.Provider.Discard(s.context(t), picture); err != nil {
		t.Fatalf("discard: %v", err)
	}
	spec := s.Spec(three)
	spec.Image = picture
	if d, err := s.Provider.Create(s.context(t), spec); !errors.Is(err, desktops.ErrNoImage) {
		t.Errorf("create of a discarded image: want ErrNoImage, got %+v, %v", d, err)
	}
	p := s.Reopen(t)
	if err := p.Stop(s.context(t), two); err != nil {
		t.Fatalf("stop: %v", err)
	}
	if d, err := p.Rebuild(s.context(t), two, ""); err != nil || d.State != desktops.Running {
		t.Fatalf("rebuild of a discarded image: want it RUNNING, got %+v, %v", d, err)
	}
	s.holds(t, two, Root, "mark", "of the image")
}

func inherits(t *testing.T, s Subject) {
	s.create(t, one)
	s.Write(t, one, User, "mark", "of the person")
	s.Write(t, one, Root, "mark", "of the desktop")
	if err := s.Provider.Stop(s.context(t), one); err != nil {
		t.Fatalf("stop: %v", err)
	}
	t.Cleanup(func() { _ = s.Provider.Destroy(context.Background(), two) })
	spec := s.Spec(two)
	spec.UserOf = one
	if d, err := s.Provider.Create(s.context(t), spec); err != nil || d.State != desktops.Running {
		t.Fatalf("create with the user volume of another: got %+v, %v", d, err)
	}
	s.holds(t, two, User, "mark", "of the person")
	s.lacks(t, two, Root, "mark")
	s.Write(t, two, User, "mark", "changed")
	if d, err := s.Provider.Start(s.context(t), one); err != nil || d.State != desktops.Running {
		t.Fatalf("start: got %+v, %v", d, err)
	}
	s.holds(t, one, User, "mark", "of the person")
	if err := s.Provider.Destroy(s.context(t), two); err != nil {
		t.Fatalf("destroy: %v", err)
	}

	spec = s.Spec(three)
	spec.UserOf = two
	if d, err := s.Provider.Create(s.context(t), spec); !errors.Is(err, desktops.ErrNotFound) {
		t.Errorf("create with the user volume of nobody: want ErrNotFound, got %+v, %v", d, err)
	}
}

func resizes(t *testing.T, s Subject) {
	s.create(t, one)
	grown := desktops.Size{CPUs: 2, MemoryMiB: 1024, RootGiB: 12, UserGiB: 20}
	ask := func() error { _, err := s.Provider.Resize(s.context(t), one, grown); return err }
	if !s.can(t, desktops.Limits, ask) {
		return
	}
	if err := ask(); err != nil {
		t.Fatalf("resize: %v", err)
	}
	want := func(p desktops.Provider, cpus float64, memory, root, user int64) {
		t.Helper()
		u, err := p.Usage(s.context(t), one)
		if err != nil || u.CPUs != cpus || u.MemoryLimit != memory<<20 || u.Root.Size != root<<30 || u.User.Size != user<<30 {
			t.Errorf("usage: want %g CPUs, %d MiB, %d and %d GiB, got %+v, %v", cpus, memory, root, user, u, err)
		}
	}
	want(s.Provider, 2, 1024, 12, 20)
	if d, err := s.Provider.Resize(s.context(t), one, desktops.Size{RootGiB: 80, UserGiB: 10}); !errors.Is(err, desktops.ErrShrink) {
		t.Errorf("a smaller volume: want ErrShrink, got %+v, %v", d, err)
	}
	if _, err := s.Provider.Resize(s.context(t), one, desktops.Size{MemoryMiB: 768}); err != nil {
		t.Errorf("less memory: %v", err)
	}
	p := s.Reopen(t)
	want(p, 2, 768, 12, 20)
	s.want(t, p, one, desktops.Running)
	if _, err := p.Resize(s.context(t), two, grown); !errors.Is(err, desktops.ErrNotFound) {
		t.Errorf("an unknown id: want ErrNotFound, got %v", err)
	}
}

func uses(t *testing.T, s Subject) {
	d := s.create(t, one)
	ask := func() error { _, err := s.Provider.Usage(s.context(t), one); return err }
	if !s.can(t, desktops.Limits, ask) {
		return
	}
	s.Write(t, one, Root, "mark", "on the root volume")
	u, err := s.Provider.Usage(s.context(t), one)
	if err != nil || u.At.IsZero() || !u.StartedAt.Equal(d.StartedAt) {
		t.Fatalf("usage: want that of the run since %s, got %+v, %v", d.StartedAt, u, err)
	}
	if u.Root.Used <= 0 {
		t.Errorf("usage: want a root volume in use, got %+v", u)
	}
	if err := s.Provider.Stop(s.context(t), one); err != nil {
		t.Fatalf("stop: %v", err)
	}
	if u, err := s.Provider.Usage(s.context(t), one); err != nil || !u.StartedAt.IsZero() || u.CPU != 0 || u.MemoryBytes != 0 {
		t.Errorf("usage of a stopped desktop: want none of CPU and memory, got %+v, %v", u, err)
	}
	if u, err := s.Provider.Usage(s.context(t), two); !errors.Is(err, desktops.ErrNotFound) {
		t.Errorf("an unknown id: want ErrNotFound, got %+v, %v", u, err)
	}
}

func holdsNoMore(t *testing.T, s Subject) {
	s.create(t, one) // volumes of 10 GiB each
	if !s.Provider.About().Can(desktops.Quotas) {
		return
	}
	const gib = 1 << 30
	want := func(v Volume, name string, bytes int64, fits bool) {
		t.Helper()
		if got := s.reserve(t, one, v, name, bytes); got != fits {
			t.Errorf("%d GiB more on the %s volume: want %t, got %t", bytes/gib, v, fits, got)
		}
	}
	for _, v := range []Volume{Root, User} {
		want(v, "large", 8*gib, true)
		want(v, "too-large", 3*gib, false)
	}
	if _, err := s.Provider.Resize(s.context(t), one, desktops.Size{RootGiB: 14, UserGiB: 20}); err != nil {
		t.Fatalf("resize: %v", err)
	}
	if err := s.Provider.Stop(s.context(t), one); err != nil {
		t.Fatalf("stop: %v", err)
	}
	if d, err := s.Provider.Start(s.context(t), one); err != nil || d.State != desktops.Running {
		t.Fatalf("start: got %+v, %v", d, err)
	}
	want(Root, "larger", 4*gib, true)
	want(User, "larger", 10*gib, true)
	want(User, "too-large", 4*gib, false)
}
