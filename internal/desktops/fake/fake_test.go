package fake_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/desktopstest"
	"tamachi/internal/desktops/fake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func morning() *clock.Frozen { return clock.NewFrozen(time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)) }

func subject(w *fake.World) desktopstest.Subject {
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	return desktopstest.Subject{
		Provider: fake.Open(w),
		Reopen:   func(*testing.T) desktops.Provider { return fake.Open(w) },
		Reboot: func(t *testing.T) desktops.Provider {
			all, err := fake.Open(w).List(t.Context())
			must(t, err)
			for _, d := range all {
				if d.PID != 0 {
					must(t, w.KillAll(d.ID))
				}
			}
			return fake.Open(w)
		},
		Exhaust:     func(t *testing.T, id string, bytes int64) { must(t, w.Exhaust(id, bytes)) },
		KillDisplay: func(t *testing.T, id string) { must(t, w.KillDisplay(id)) },
		KillAll:     func(t *testing.T, id string) { must(t, w.KillAll(id)) },
		Write: func(t *testing.T, id string, v desktopstest.Volume, name, content string) {
			if v == desktopstest.Root {
				must(t, w.WriteRoot(id, name, content))
				return
			}
			must(t, w.WriteUser(id, name, content))
		},
		Read: func(_ *testing.T, id string, v desktopstest.Volume, name string) (string, bool) {
			if v == desktopstest.Root {
				return w.ReadRoot(id, name)
			}
			return w.ReadUser(id, name)
		},
		Reaches:  func(_ *testing.T, from, to string, port int) bool { return w.Reaches(from, to, port) },
		Patience: 10 * time.Second,
	}
}

func TestSuite(t *testing.T) {
	desktopstest.Run(t, func(*testing.T) desktopstest.Subject { return subject(fake.NewWorld(morning())) })
}

func TestTheSecondStartFailsWithTheGivenError(t *testing.T) {
	w := fake.NewWorld(morning())
	p, ctx, broken := fake.Open(w), t.Context(), errors.New("the disk is tired")
	w.Fail(fake.Start, 2, broken)
	s := subject(w)
	if _, err := p.Create(ctx, s.Spec("ws-aaaaaaaa1")); err != nil {
		t.Fatal(err)
	}
	for i, want := range []error{nil, broken, nil} {
		if _, err := p.Start(ctx, "ws-aaaaaaaa1"); !errors.Is(err, want) {
			t.Errorf("start %d: want %v, got %v", i+1, want, err)
		}
	}
}

func TestAFailedCreateMakesNothing(t *testing.T) {
	w := fake.NewWorld(morning())
	p := fake.Open(w)
	w.Fail(fake.Create, 1, desktops.ErrNoSpace)
	if _, err := p.Create(t.Context(), subject(w).Spec("ws-aaaaaaaa1")); !errors.Is(err, desktops.ErrNoSpace) {
		t.Errorf("create: want ErrNoSpace, got %v", err)
	}
	if list, err := p.List(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("list: want none, got %v, %v", list, err)
	}
}

func TestAHeldCreateWaitsForItsRelease(t *testing.T) {
	w := fake.NewWorld(morning())
	p, spec := fake.Open(w), subject(w).Spec("ws-aaaaaaaa1")
	release := w.Hold(fake.Create)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Create(ctx, spec); !errors.Is(err, context.Canceled) {
		t.Errorf("create while held, context ended: want Canceled, got %v", err)
	}
	done := make(chan error, 1)
	go func() { _, err := p.Create(t.Context(), spec); done <- err }()
	select {
	case err := <-done:
		t.Fatalf("want the create to wait, got %v", err)
	default:
	}
	release()
	if err := <-done; err != nil {
		t.Errorf("create after the release: %v", err)
	}
}
