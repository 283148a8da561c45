package maintenance_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/engine/maintenance"
)

// office is a room whose desktops are stopped again as soon as they were started.
type office struct {
	all     []desktops.Resting
	started map[string][]time.Time
	mu      sync.Mutex
	broken  error  // guarded by mu
	stuck   string // the desktop that cannot be started
	clock   clock.Clock
}

func (o *office) Resting(context.Context) ([]desktops.Resting, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.all), o.broken
}

func (o *office) mend() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.broken = nil
}

func (o *office) Start(_ context.Context, _, _, id string) error {
	if id == o.stuck {
		return errors.New("it is stuck")
	}
	o.started[id] = append(o.started[id], o.clock.Now())
	return nil
}

func (o *office) Maintained(_ context.Context, d desktops.Resting, at time.Time) error {
	for i := range o.all {
		if o.all[i].ID == d.ID {
			o.all[i].MaintainedAt = at
		}
	}
	return nil
}

// fortnight has nights from 00:00 to 05:00 for two weeks from 2026-06-15.
var fortnight = time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC)

func night(_ string, now time.Time) (maintenance.Night, bool) {
	midnight := now.Truncate(24 * time.Hour)
	n := maintenance.Night{Begin: fortnight, From: midnight, To: midnight.Add(5 * time.Hour)}
	return n, !now.Before(fortnight) && now.Before(fortnight.AddDate(0, 0, 14)) && now.Before(n.To)
}

func TestEachDesktopIsStartedOnceAFortnightAtItsTime(t *testing.T) {
	clk := clock.NewFrozen(fortnight.Add(-time.Hour))
	o := &office{started: map[string][]time.Time{}, clock: clk, stuck: "ws-stuck"}
	old := fortnight.AddDate(-1, 0, 0)
	for i := range 200 {
		o.all = append(o.all, desktops.Resting{Region: "ap-northeast-1", ID: fmt.Sprintf("ws-%09d", i), CreatedAt: old})
	}
	o.all = append(o.all,
		desktops.Resting{ID: "ws-stuck", CreatedAt: old}, desktops.Resting{ID: "ws-young", CreatedAt: fortnight.AddDate(0, 0, 8)},
		desktops.Resting{ID: "ws-done", CreatedAt: old, MaintainedAt: fortnight.Add(time.Hour)}, desktops.Resting{ID: "ws-of-may", CreatedAt: old, MaintainedAt: fortnight.AddDate(0, -1, 0)},
	)
	e := maintenance.New(maintenance.Options{Room: o, Start: o, Night: night, Clock: clk, Log: slog.New(slog.DiscardHandler)})
	for end := fortnight.AddDate(0, 0, 15); clk.Now().Before(end); clk.Advance(10 * time.Minute) {
		if err := e.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	byNight := map[int]int{}
	for _, d := range o.all[:200] {
		at := o.started[d.ID]
		if len(at) != 1 {
			t.Fatalf("%s: want one start, got %v", d.ID, at)
		}
		if h := at[0].Hour(); h > 4 {
			t.Errorf("%s was started at %s", d.ID, at[0])
		}
		byNight[int(at[0].Sub(fortnight)/(24*time.Hour))]++
	}
	if len(byNight) != 14 || slices.Max(slices.Collect(maps.Values(byNight))) > 40 {
		t.Errorf("200 desktops over 14 nights: got %v", byNight)
	}
	for id, want := range map[string]int{"ws-stuck": 0, "ws-young": 0, "ws-done": 0, "ws-of-may": 1} {
		if got := len(o.started[id]); got != want {
			t.Errorf("%s: want %d starts, got %d", id, want, got)
		}
	}
}

func TestNightsThatThePlaneMissedAreMadeUpFor(t *testing.T) {
	clk := clock.NewFrozen(fortnight.AddDate(0, 0, 13).Add(4*time.Hour + 30*time.Minute)) // the last
	o := &office{started: map[string][]time.Time{}, clock: clk, all: []desktops.Resting{{ID: "ws-one", CreatedAt: fortnight.AddDate(0, -1, 0)}}}
	e := maintenance.New(maintenance.Options{Room: o, Start: o, Night: night, Clock: clk, Log: slog.New(slog.DiscardHandler)})
	if err := e.Once(t.Context()); err != nil || len(o.started["ws-one"]) != 1 {
		t.Errorf("want it started on the last night, got %v, %v", o.started, err)
	}
}

func TestItLooksEachMinuteAndOutlivesTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{started: map[string][]time.Time{}, clock: clock.Real{}, broken: errors.New("the disk is on fire")}
		begin := time.Now()
		o.all = []desktops.Resting{{ID: "ws-one", CreatedAt: begin.AddDate(-1, 0, 0)}}
		always := func(string, time.Time) (maintenance.Night, bool) {
			return maintenance.Night{Begin: begin.AddDate(0, 0, -14), From: begin.Add(-5 * time.Hour), To: begin.Add(time.Hour)}, true
		}
		e := maintenance.New(maintenance.Options{Room: o, Start: o, Night: always, Clock: clock.Real{}, Log: slog.New(slog.DiscardHandler)})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- e.Run(ctx) }()
		time.Sleep(90 * time.Second)
		synctest.Wait()
		if len(o.started) != 0 {
			t.Errorf("while the room cannot tell: want no start, got %v", o.started)
		}
		o.mend()
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(o.started["ws-one"]) != 1 {
			t.Errorf("after the trouble: want one start, got %v", o.started)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: want no error at its end, got %v", err)
		}
	})
}
