// Package upkeep runs the work that time brings to rooms: what expires, what is
// to be delivered every few minutes, what was asked for and takes long.
//
// A room says what is due and when it wants to be asked again; the engine
// calls it at its start, at that time, and shortly after a commit. It keeps no
// state of its own: a room finds what is due in its tables, so a call too many
// does nothing and a call that failed is made again.
package upkeep

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"tamachi/internal/bus"
	"tamachi/internal/clock"
)

// Chore is the work of one room.
type Chore interface {
	// Upkeep does what is due now, in bounded steps, and returns when it wants
	// to be called again; the zero time means after the next commit only.
	Upkeep(ctx context.Context) (next time.Time, err error)
}

const (
	// rest is the least time between two calls of a chore that ended well. It
	// bounds what a busy plane spends on asking.
	rest = 500 * time.Millisecond
	// again is when a chore that failed is called next.
	again = 15 * time.Second
	// longest is the longest time without a call: the machine's clock may have
	// been set, or have slept.
	longest = time.Minute
)

// Engine calls chores.
type Engine struct {
	bell   *bus.Bell
	clock  clock.Clock
	log    *slog.Logger
	chores map[string]turn
}

// turn is a chore that one calls at a time: what it has at work when it is called
// from elsewhere too, it would do twice.
type turn struct {
	Chore
	free chan struct{} // holds one while nobody calls
}

// Upkeep waits for its turn.
func (t turn) Upkeep(ctx context.Context) (next time.Time, err error) {
	select {
	case <-ctx.Done():
		return next, ctx.Err()
	case <-t.free:
	}
	defer func() { t.free <- struct{}{} }()
	return t.Chore.Upkeep(ctx)
}

// New returns an engine over chores by the name of their room.
func New(bell *bus.Bell, clk clock.Clock, log *slog.Logger, chores map[string]Chore) *Engine {
	e := &Engine{bell: bell, clock: clk, log: log, chores: map[string]turn{}}
	for room, chore := range chores {
		e.chores[room] = turn{chore, make(chan struct{}, 1)}
		e.chores[room].free <- struct{}{}
	}
	return e
}

// Run calls the chores until ctx ends. Each has a goroutine of its own, so that
// a long one keeps no other waiting.
func (e *Engine) Run(ctx context.Context) error {
	var g errgroup.Group
	for room, chore := range e.chores {
		g.Go(func() error {
			e.tend(ctx, room, chore)
			return nil
		})
	}
	return g.Wait()
}

// Once calls every chore once, after what it has at work, for tests that move a
// clock.
func (e *Engine) Once(ctx context.Context) error {
	for _, chore := range e.chores {
		if _, err := chore.Upkeep(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) tend(ctx context.Context, room string, chore Chore) {
	moved, stop := e.bell.Listen()
	defer stop()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-moved:
		case <-timer.C:
		}
		wait := e.call(ctx, room, chore)
		timer.Reset(wait)
		if !sleep(ctx, min(wait, rest)) {
			return
		}
	}
}

// call runs a chore and returns how long it may be left alone.
func (e *Engine) call(ctx context.Context, room string, chore Chore) time.Duration {
	next, err := chore.Upkeep(ctx)
	if err != nil {
		if ctx.Err() == nil {
			e.log.Error("upkeep failed", "action", room, "err", err)
		}
		return again
	}
	if next.IsZero() {
		return longest
	}
	return max(min(next.Sub(e.clock.Now()), longest), rest)
}

// sleep waits unless ctx ends; it tells which.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
