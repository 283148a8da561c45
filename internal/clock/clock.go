// Package clock passes time in: nothing in the house reads time.Now itself, so
// tests can freeze the hour and engines can be driven through a night in no
// time. Goroutine tests use testing/synctest instead of a fake ticker.
package clock

import (
	"context"
	"sync"
	"time"
)

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

// Real is the machine's clock, in UTC.
type Real struct{}

// Now returns the current time in UTC.
func (Real) Now() time.Time { return time.Now().UTC() }

// Frozen stands still until it is moved.
type Frozen struct {
	mu  sync.Mutex
	now time.Time // guarded by mu
}

// NewFrozen returns a clock that stands at t.
func NewFrozen(t time.Time) *Frozen { return &Frozen{now: t.UTC()} }

// Now returns the time at which the clock stands.
func (f *Frozen) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock forward by d.
func (f *Frozen) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

// Each does something every so often of the machine's time, first when the time
// has passed once, until ctx ends. A turn that takes longer puts the next off.
func Each(ctx context.Context, every time.Duration, do func()) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do()
		}
	}
}
