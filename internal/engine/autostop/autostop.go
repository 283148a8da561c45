// Package autostop stops desktops of the running mode AUTO_STOP when nobody has
// been connected to them for as long as their timeout says (WorkSpaces
// Administration Guide, "Manage the running mode in WorkSpaces Personal": the
// time counts from the disconnect).
//
// It asks for the stop as anyone would, as the service itself, so that it is in
// the trail. It keeps no state: what is idle since when, the room knows.
package autostop

import (
	"context"
	"log/slog"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
)

// Room knows the desktops.
type Room interface {
	// Idle lists the desktops of the running mode AUTO_STOP that run and to which
	// nobody is connected, in all accounts and Regions.
	Idle(ctx context.Context) ([]desktops.Idle, error)
	// Used tells whether somebody is connected to a desktop now.
	Used(account, region, id string) bool
}

// Stopper stops a desktop through the gate.
type Stopper interface {
	Stop(ctx context.Context, account, region, id string) error
}

// Options are what an Engine needs.
type Options struct {
	Room  Room
	Stop  Stopper
	Clock clock.Clock
	Log   *slog.Logger
}

// Engine stops what is idle.
type Engine struct{ o Options }

// New returns an engine.
func New(o Options) *Engine { return &Engine{o} }

// every is how often the desktops are looked at: timeouts are whole hours.
const every = time.Minute

// Run looks at the desktops each minute until ctx ends.
func (e *Engine) Run(ctx context.Context) error {
	clock.Each(ctx, every, func() {
		if err := e.Once(ctx); err != nil && ctx.Err() == nil {
			e.o.Log.Error("idle desktops not looked at", "err", err)
		}
	})
	return nil
}

// Once stops the desktops that are due. One that cannot be stopped is tried
// again the next time and keeps no other waiting.
func (e *Engine) Once(ctx context.Context) error {
	idle, err := e.o.Room.Idle(ctx)
	if err != nil {
		return err
	}
	now := e.o.Clock.Now()
	for _, d := range idle {
		if now.Before(d.StopsAt) || e.o.Room.Used(d.Account, d.Region, d.ID) { // who came while others were stopped
			continue
		}
		if err := e.o.Stop.Stop(ctx, d.Account, d.Region, d.ID); err != nil {
			if ctx.Err() != nil {
				return nil //nolint:nilerr // the next process goes on
			}
			e.o.Log.Error("idle desktop not stopped", "account", d.Account, "resource", d.ID, "err", err)
			continue
		}
		e.o.Log.Info("idle desktop stopped", "account", d.Account, "resource", d.ID)
	}
	return nil
}
