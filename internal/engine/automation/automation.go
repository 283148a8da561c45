// Package automation drives the executions of runbooks: it asks the room which
// of them can go on, and lets the room take each as far as it goes, many side by
// side and each by one goroutine at a time.
//
// It looks after each commit, since a command that ended or an approval that
// was given is one, and when the next execution wants to go on by the clock. It
// keeps no state: an execution that a kill interrupted is one that can go on.
package automation

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"tamachi/internal/bus"
	"tamachi/internal/clock"
	"tamachi/internal/nodes"
)

// Room keeps the executions.
type Room interface {
	// Ripe lists the executions that can go on now, and says when the next one
	// can by the clock alone; the zero time is never.
	Ripe(ctx context.Context) (list []nodes.Record, next time.Time, err error)
	// Advance takes an execution as far as it goes now.
	Advance(ctx context.Context, one nodes.Record) error
}

const (
	// parallel is how many executions are taken on at the same time.
	parallel = 32
	// rest is the least time between two looks: it bounds what a busy plane
	// spends on them.
	rest = 50 * time.Millisecond
	// look is the longest time without one: the machine's clock may have been
	// set, or have slept.
	look = time.Minute
	// again is when an execution that could not be taken on is tried again.
	again = 5 * time.Second
)

// Options is what an Engine is made of.
type Options struct {
	Room  Room
	Bell  *bus.Bell
	Clock clock.Clock
	Log   *slog.Logger
}

// Engine takes executions on. Its fields belong to Run's goroutine.
type Engine struct {
	o     Options
	busy  map[nodes.Record]bool
	later map[nodes.Record]time.Time // executions that failed, and when they are tried again
	ended chan ended
}

// ended is an execution that was taken on.
type ended struct {
	one nodes.Record
	err error
}

// New returns an engine that does nothing until Run.
func New(o Options) *Engine {
	return &Engine{o: o, busy: map[nodes.Record]bool{}, later: map[nodes.Record]time.Time{}, ended: make(chan ended, parallel)}
}

// Run works until ctx ends and all that it began has returned.
func (e *Engine) Run(ctx context.Context) error {
	rings, deaf := e.o.Bell.Listen()
	defer deaf()
	var work sync.WaitGroup
	defer work.Wait()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for soon := true; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-rings:
		case end := <-e.ended:
			e.settle(ctx, end)
		case <-timer.C:
			soon = false
			timer.Reset(e.round(ctx, &work))
			continue
		}
		if !soon { // else what rings all the time would keep it from looking
			soon = true
			timer.Reset(rest)
		}
	}
}

// settle notes what came of an execution.
func (e *Engine) settle(ctx context.Context, end ended) {
	delete(e.busy, end.one)
	delete(e.later, end.one)
	if end.err != nil && ctx.Err() == nil {
		e.o.Log.Error("an automation waits", "account", end.one.Account, "resource", end.one.Key, "err", end.err)
		e.later[end.one] = e.o.Clock.Now().Add(again)
	}
}

// round takes on what can go on, and returns how long nothing can.
func (e *Engine) round(ctx context.Context, work *sync.WaitGroup) time.Duration {
	list, next, err := e.o.Room.Ripe(ctx)
	if err != nil {
		if ctx.Err() == nil {
			e.o.Log.Error("automations not looked at", "err", err)
		}
		return again
	}
	now, wait := e.o.Clock.Now(), look
	if !next.IsZero() {
		wait = min(wait, next.Sub(now))
	}
	for _, one := range list {
		at, failed := e.later[one]
		switch {
		case e.busy[one]:
		case failed && at.After(now):
			wait = min(wait, at.Sub(now))
		case len(e.busy) < parallel:
			e.busy[one] = true
			work.Go(func() { e.ended <- ended{one, e.advance(ctx, one)} })
		}
	}
	return max(wait, rest)
}

// advance takes one execution on. A runbook that brings the room to panic keeps
// waiting, and ends no plane.
func (e *Engine) advance(ctx context.Context, one nodes.Record) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return e.o.Room.Advance(ctx, one)
}
