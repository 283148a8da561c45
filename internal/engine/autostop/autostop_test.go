package autostop_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
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
	broken  error
	stopped []string
	stuck   string // the desktop that cannot be stopped
	comes   string // to which somebody comes while another is stopped
	used    string
}

func (o *office) Used(_, _, id string) bool { return id == o.used }

func (o *office) Idle(context.Context) ([]desktops.Idle, error) {
	return slices.Clone(o.idle), o.broken
}

func (o *office) Stop(_ context.Context, _, _, id string) error {
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
			if !slices.Equal(o.stopped, step.want) {
				t.Errorf("after %s: want %v stopped, got %v", step.at, step.want, o.stopped)
			}
		}
		o.broken, o.stuck = errors.New("the disk is on fire"), ""
		time.Sleep(2 * time.Minute)
		o.broken = nil
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
