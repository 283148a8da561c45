package autostop_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/engine/autostop"
)

// office is a room whose desktops stop when they are told to.
type office struct {
	idle    []desktops.Idle
	mu      sync.Mutex
	stopped []string // guarded by mu
	broken  error    // guarded by mu
	stuck   string   // guarded by mu; the desktop that cannot be stopped
	comes   string   // to which somebody comes while another is stopped
	used    string
}

func (o *office) Used(_, _, id string) bool { return id == o.used }

func (o *office) Idle(context.Context) ([]desktops.Idle, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.idle), o.broken
}

// gone is what was stopped until now.
func (o *office) gone() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.stopped)
}

// suffer sets what goes wrong from now on.
func (o *office) suffer(broken error, stuck string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.broken, o.stuck = broken, stuck
}

func (o *office) Stop(_ context.Context, _, _, id string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if id == o.stuck {
		return errors.New("it is stuck")
	}
	o.stopped = append(o.stopped, id)
	o.used = o.comes
	o.idle = slices.DeleteFunc(o.idle, func(d desktops.Idle) bool { return d.ID == id })
	return nil
}

func TestWhatIsDueIsStoppedOnceAndWhatIsNotIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		o := &office{stuck: "ws-stuck", idle: []desktops.Idle{
			{ID: "ws-stuck", StopsAt: start.Add(time.Hour)},
			{ID: "ws-one", StopsAt: start.Add(time.Hour)},
			{ID: "ws-two", StopsAt: start.Add(2 * time.Hour)},
		}}
		e := autostop.New(autostop.Options{Room: o, Stop: o, Clock: clock.Real{}, Log: slog.New(slog.DiscardHandler)})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- e.Run(ctx) }()
		for _, step := range []struct {
			at   time.Duration
			want []string
		}{
			{59*time.Minute + 30*time.Second, nil},
			{60*time.Minute + 30*time.Second, []string{"ws-one"}},
			{119*time.Minute + 30*time.Second, []string{"ws-one"}},
			{120*time.Minute + 30*time.Second, []string{"ws-one", "ws-two"}},
		} {
			time.Sleep(time.Until(start.Add(step.at)))
			synctest.Wait()
			if got := o.gone(); !slices.Equal(got, step.want) {
				t.Errorf("after %s: want %v stopped, got %v", step.at, step.want, got)
			}
		}
		o.suffer(errors.New("the disk is on fire"), "")
		time.Sleep(2 * time.Minute)
		o.suffer(nil, "")
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if want := []string{"ws-one", "ws-two", "ws-stuck"}; !slices.Equal(o.stopped, want) {
			t.Errorf("after the trouble: want %v stopped, got %v", want, o.stopped)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: want no error at its end, got %v", err)
		}
	})
}

func TestWhoeverComesWhileOthersAreStoppedKeepsTheirDesktop(t *testing.T) {
	now := time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC)
	o := &office{comes: "ws-two", idle: []desktops.Idle{{ID: "ws-one", StopsAt: now}, {ID: "ws-two", StopsAt: now}, {ID: "ws-three", StopsAt: now}}}
	e := autostop.New(autostop.Options{Room: o, Stop: o, Clock: clock.NewFrozen(now), Log: slog.New(slog.DiscardHandler)})
	if err := e.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []string{"ws-one", "ws-three"}; !slices.Equal(o.stopped, want) {
		t.Errorf("want %v stopped, got %v", want, o.stopped)
	}
}
