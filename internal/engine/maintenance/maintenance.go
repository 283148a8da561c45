// Package maintenance starts desktops of the running mode AUTO_STOP that are
// stopped, once a month at night, where their directory has maintenance mode on
// (WorkSpaces Administration Guide, "WorkSpace maintenance"): their agents come
// online and do what is due, and nobody being there they stop by themselves.
//
// A fleet does not start in one minute: each desktop has its night of the
// fortnight and its minute of the night, by its id. Where the plane was down then,
// the next night does.
package maintenance

import (
	"context"
	"hash/fnv"
	"log/slog"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
)

// Room knows the desktops.
type Room interface {
	// Resting lists the stopped desktops of the running mode AUTO_STOP whose
	// directory has maintenance mode on, in all accounts and Regions.
	Resting(ctx context.Context) ([]desktops.Resting, error)
	// Maintained tells that one was started for it.
	Maintained(ctx context.Context, d desktops.Resting, at time.Time) error
}

// Starter starts a desktop through the gate.
type Starter interface {
	Start(ctx context.Context, account, region, id string) error
}

// Night is the night in which desktops of a Region are maintained.
type Night struct {
	Begin    time.Time // of the fortnight
	From, To time.Time
}

// Options are what an Engine needs.
type Options struct {
	Room  Room
	Start Starter
	// Night tells the night that a moment is in; ok is false for none.
	Night func(region string, now time.Time) (n Night, ok bool)
	Clock clock.Clock
	Log   *slog.Logger
}

// Engine starts what is due.
type Engine struct{ o Options }

// New returns an engine.
func New(o Options) *Engine { return &Engine{o} }

const (
	// every is how often the desktops are looked at.
	every = time.Minute
	// youngest is how old a desktop is at least: a younger one is new enough.
	youngest = 7 * 24 * time.Hour
	// spread is over how much of a night starts are spread; the rest of it is for
	// what a desktop does then.
	spread = 4 * time.Hour
	nights = 14
)

// Run looks at the desktops each minute until ctx ends.
func (e *Engine) Run(ctx context.Context) error {
	clock.Each(ctx, every, func() {
		if err := e.Once(ctx); err != nil && ctx.Err() == nil {
			e.o.Log.Error("desktops not looked at for their maintenance", "err", err)
		}
	})
	return nil
}

// Once starts the desktops that are due. One that cannot be started is tried
// again the next time and keeps no other waiting.
func (e *Engine) Once(ctx context.Context) error {
	resting, err := e.o.Room.Resting(ctx)
	if err != nil {
		return err
	}
	now := e.o.Clock.Now()
	for _, d := range resting {
		if night, ok := e.o.Night(d.Region, now); !ok || !due(d, night, now) {
			continue
		}
		err := e.o.Start.Start(ctx, d.Account, d.Region, d.ID)
		if err == nil {
			err = e.o.Room.Maintained(ctx, d, now)
		}
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the next process goes on
		}
		if err != nil {
			e.o.Log.Error("desktop not started for its maintenance", "account", d.Account, "resource", d.ID, "err", err)
			continue
		}
		e.o.Log.Info("desktop started for its maintenance", "account", d.Account, "resource", d.ID)
	}
	return nil
}

// due tells whether a desktop's time has come in a night.
func due(d desktops.Resting, n Night, now time.Time) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(d.ID))
	sum := h.Sum32()
	own := n.Begin.AddDate(0, 0, int(sum%nights))
	at := n.From.Add(time.Duration(sum/nights%uint32(spread/time.Minute)) * time.Minute)
	return d.MaintainedAt.Before(n.Begin) && now.Sub(d.CreatedAt) >= youngest && !n.From.Before(own) && !now.Before(at) && now.Before(n.To)
}
