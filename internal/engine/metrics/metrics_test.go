package metrics_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/engine/metrics"
)

// office is a room with desktops, their meter, and what was recorded.
type office struct {
	jobs  []desktops.Job
	usage map[string]desktops.Usage
	got   []string
	at    []time.Time
	fail  error
}

func (o *office) All(context.Context) ([]desktops.Job, error) { return o.jobs, nil }

func (o *office) Usage(_ context.Context, id string) (desktops.Usage, error) {
	u, ok := o.usage[id]
	if !ok {
		return u, desktops.ErrNotFound
	}
	return u, nil
}

func (o *office) Record(_ context.Context, list []metrics.Sample) error {
	for _, s := range list {
		o.at = append(o.at, s.At)
		if s.Value != 0 {
			o.got = append(o.got, fmt.Sprintf("%s %s %v %s", s.ID, s.Metric, s.Value, s.Unit))
		}
	}
	return o.fail
}

func (o *office) take() []string {
	got := o.got
	o.got = nil
	slices.Sort(got)
	return got
}

func TestDesktopsAreMeasuredEachMinute(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	clk := clock.NewFrozen(noon.Add(10 * time.Second))
	o := &office{
		jobs:  []desktops.Job{{ID: "ws-a", State: "AVAILABLE"}, {ID: "ws-b", State: "STOPPED"}, {ID: "ws-c", State: "ERROR"}, {ID: "ws-d", State: "ADMIN_MAINTENANCE"}},
		usage: map[string]desktops.Usage{},
	}
	e := metrics.New(clk, nil, metrics.Ports{Room: o, Meter: o, Records: o})
	measure := func(cpu time.Duration, started time.Time) {
		t.Helper()
		clk.Advance(time.Minute)
		o.usage["ws-a"] = desktops.Usage{
			At: clk.Now(), CPU: cpu, CPUs: 2, MemoryBytes: 1 << 30, MemoryLimit: 4 << 30, Root: desktops.Volume{Used: 1, Size: 3}, StartedAt: started,
		}
		next, err := e.Upkeep(t.Context())
		if want := clk.Now().Truncate(time.Minute).Add(time.Minute); err != nil || !next.Equal(want) {
			t.Errorf("got %v, %v, want %v", next, err, want)
		}
	}
	if _, err := e.Upkeep(t.Context()); err != nil || o.got != nil {
		t.Fatalf("the first minute is not over, got %v, %v", o.got, err)
	}
	steady := []string{"ws-a Available 1 Count", "ws-a MemoryUsage 25 Percent", "ws-a RootVolumeDiskUsage 33.33 Percent", "ws-b Stopped 1 Count", "ws-c Unhealthy 1 Count", "ws-d Maintenance 1 Count"}
	for _, row := range []struct {
		name  string
		do    func()
		extra []string
	}{
		{"the first reading has nothing before it", func() { measure(10*time.Second, noon) }, []string{"ws-a UpTime 70 Seconds"}},
		{"half of two cores", func() { measure(70*time.Second, noon) }, []string{"ws-a CPUUsage 50 Percent", "ws-a UpTime 130 Seconds"}},
		{"a visitor comes", func() { e.Connected("ws-a"); measure(70*time.Second, noon) }, []string{"ws-a UserConnected 1 Count", "ws-a ConnectionAttempt 1 Count", "ws-a ConnectionSuccess 1 Count", "ws-a UpTime 190 Seconds"}},
		{"and goes", func() { e.Disconnected("ws-a"); measure(70*time.Second, noon) }, []string{"ws-a SessionDisconnect 1 Count", "ws-a UpTime 250 Seconds"}},
		{"somebody is turned away, and a picture was waited for", func() {
			e.Failed("ws-a")
			e.Launched("ws-a", 1500*time.Millisecond)
			e.Latency("ws-a", 3*time.Millisecond)
			e.Latency("ws-a", 4*time.Millisecond)
			measure(70*time.Second, noon)
		}, []string{"ws-a ConnectionAttempt 1 Count", "ws-a ConnectionFailure 1 Count", "ws-a SessionLaunchTime 1.5 Seconds", "ws-a InSessionLatency 3.5 Milliseconds", "ws-a UpTime 310 Seconds"}},
		{"it was started anew", func() { measure(90*time.Second, clk.Now()) }, []string{"ws-a UpTime 60 Seconds"}},
	} {
		row.do()
		want := slices.Sorted(slices.Values(slices.Concat(steady, row.extra)))
		if got := o.take(); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", row.name, got, want)
		}
	}
	if first := o.at[0]; !first.Equal(noon) {
		t.Errorf("the first minute is that of %v, want %v", first, noon)
	}
	o.fail = errors.New("disk full")
	clk.Advance(time.Minute)
	if _, err := e.Upkeep(t.Context()); !errors.Is(err, o.fail) {
		t.Errorf("got %v, want the failure", err)
	}
}
