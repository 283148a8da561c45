package metrics

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"sync"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
)

// Engine measures desktops. It is the chore of an upkeep engine.
type Engine struct {
	Ports
	clock clock.Clock
	log   *slog.Logger

	mu    sync.Mutex
	last  time.Time                 // guarded by mu; the end of the minute that was last measured
	usage map[string]desktops.Usage // guarded by mu; the readings before, by desktop
	seen  map[string]*visits        // guarded by mu; by desktop
}

// visits are the display streams of a desktop: how many are open, and what
// happened since the last minute.
type visits struct {
	open, begun, ended, failed int
	launched                   []time.Duration // from the wish to the first picture
	latency                    time.Duration   // all that was measured, together
	measured                   int
}

// New returns an engine; log nil discards.
func New(clk clock.Clock, log *slog.Logger, ports Ports) *Engine {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Engine{
		Ports: ports, clock: clk, log: log,
		last: clk.Now().Truncate(time.Minute), usage: map[string]desktops.Usage{}, seen: map[string]*visits{},
	}
}

// Connected counts a display stream that begins.
func (e *Engine) Connected(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	v := e.visitsOf(id)
	v.open++
	v.begun++
}

// Disconnected counts one that ends.
func (e *Engine) Disconnected(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	v := e.visitsOf(id)
	v.open--
	v.ended++
}

// Failed counts a try to have a display stream that was in vain.
func (e *Engine) Failed(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.visitsOf(id).failed++
}

// mostLaunches bounds what is remembered of a minute.
const mostLaunches = 100

// Launched notes how long a person waited for the first picture.
func (e *Engine) Launched(id string, took time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if v := e.visitsOf(id); len(v.launched) < mostLaunches {
		v.launched = append(v.launched, took)
	}
}

// Latency notes how long it took from a browser to the desktop's display and
// back.
func (e *Engine) Latency(id string, took time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	v := e.visitsOf(id)
	v.latency += took
	v.measured++
}

func (e *Engine) visitsOf(id string) *visits {
	if e.seen[id] == nil {
		e.seen[id] = &visits{}
	}
	return e.seen[id]
}

// Upkeep measures every desktop when a minute is over.
func (e *Engine) Upkeep(ctx context.Context) (next time.Time, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	end := e.clock.Now().Truncate(time.Minute)
	next = end.Add(time.Minute)
	if !end.After(e.last) {
		return next, nil
	}
	jobs, err := e.Room.All(ctx)
	if err != nil {
		return next, fmt.Errorf("list the desktops to measure: %w", err)
	}
	var all []Sample
	usage := make(map[string]desktops.Usage, len(jobs))
	for _, j := range jobs {
		now, known := e.read(ctx, j)
		if known {
			usage[j.ID] = now
		}
		list := append(states(j.State), e.streams(j.ID)...)
		if known {
			list = append(list, used(e.usage[j.ID], now)...)
		}
		for _, s := range list {
			s.Account, s.Region, s.ID, s.DirectoryID, s.At = j.Account, j.Region, j.ID, j.DirectoryID, end.Add(-time.Minute)
			s.Bundle, s.Compute, s.RunningMode = j.Bundle, j.Compute, j.RunningMode
			all = append(all, s)
		}
	}
	e.last, e.usage = end, usage
	if len(all) == 0 {
		return next, nil
	}
	if err := e.Records.Record(ctx, all); err != nil {
		return next, fmt.Errorf("record %d samples of desktops: %w", len(all), err)
	}
	return next, nil
}

// read asks the provider about a desktop that runs.
func (e *Engine) read(ctx context.Context, j desktops.Job) (desktops.Usage, bool) {
	switch j.State {
	case "AVAILABLE", "UNHEALTHY", "ADMIN_MAINTENANCE", "MAINTENANCE":
	default:
		return desktops.Usage{}, false
	}
	u, err := e.Meter.Usage(ctx, j.ID)
	if err != nil {
		e.log.Debug("desktop not measured", "account", j.Account, "resource", j.ID, "err", err)
		return u, false
	}
	return u, !u.StartedAt.IsZero()
}

// states tells the state as AWS counts it: 1 for the one it is.
func states(state string) []Sample {
	is := func(names ...string) float64 {
		if slices.Contains(names, state) {
			return 1
		}
		return 0
	}
	return []Sample{
		{Metric: "Available", Unit: "Count", Value: is("AVAILABLE")},
		{Metric: "Unhealthy", Unit: "Count", Value: is("UNHEALTHY", "ERROR")},
		{Metric: "Stopped", Unit: "Count", Value: is("STOPPED")},
		{Metric: "Maintenance", Unit: "Count", Value: is("MAINTENANCE", "ADMIN_MAINTENANCE")},
	}
}

// streams tells who is and was connected, and begins to count anew.
func (e *Engine) streams(id string) []Sample {
	v := e.seen[id]
	if v == nil {
		return []Sample{{Metric: "UserConnected", Unit: "Count"}}
	}
	out := []Sample{{Metric: "UserConnected", Unit: "Count", Value: float64(min(1, max(0, v.open)))}}
	if v.begun+v.failed > 0 {
		out = append(out, Sample{Metric: "ConnectionAttempt", Unit: "Count", Value: float64(v.begun + v.failed)})
	}
	if v.failed > 0 {
		out = append(out, Sample{Metric: "ConnectionFailure", Unit: "Count", Value: float64(v.failed)})
	}
	if v.measured > 0 {
		mean := v.latency.Seconds() * 1000 / float64(v.measured)
		out = append(out, Sample{Metric: "InSessionLatency", Unit: "Milliseconds", Value: math.Round(mean*100) / 100})
	}
	for _, took := range v.launched {
		out = append(out, Sample{Metric: "SessionLaunchTime", Unit: "Seconds", Value: math.Round(took.Seconds()*1000) / 1000})
	}
	if v.begun > 0 {
		out = append(out, Sample{Metric: "ConnectionSuccess", Unit: "Count", Value: float64(v.begun)})
	}
	if v.ended > 0 {
		out = append(out, Sample{Metric: "SessionDisconnect", Unit: "Count", Value: float64(v.ended)})
	}
	v.begun, v.ended, v.failed, v.launched, v.latency, v.measured = 0, 0, 0, nil, 0, 0
	if v.open <= 0 {
		delete(e.seen, id)
	}
	return out
}

// used tells what a desktop used since the reading before.
func used(before, now desktops.Usage) []Sample {
	out := []Sample{{Metric: "UpTime", Unit: "Seconds", Value: math.Floor(now.At.Sub(now.StartedAt).Seconds())}}
	if spent := now.At.Sub(before.At); before.StartedAt.Equal(now.StartedAt) && spent > 0 && now.CPUs > 0 && now.CPU >= before.CPU {
		out = append(out, percent("CPUUsage", (now.CPU-before.CPU).Seconds(), spent.Seconds()*now.CPUs))
	}
	for _, of := range []struct {
		metric     string
		used, size int64
	}{
		{"MemoryUsage", now.MemoryBytes, now.MemoryLimit},
		{"RootVolumeDiskUsage", now.Root.Used, now.Root.Size},
		{"UserVolumeDiskUsage", now.User.Used, now.User.Size},
	} {
		if of.size > 0 {
			out = append(out, percent(of.metric, float64(of.used), float64(of.size)))
		}
	}
	return out
}

// percent is a share of two decimal places, which also packs well. A limit is
// kept over longer than an instant, so that more than all of it can be seen.
func percent(metric string, used, of float64) Sample {
	return Sample{Metric: metric, Unit: "Percent", Value: math.Round(10_000*min(1, used/of)) / 100}
}
