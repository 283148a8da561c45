package automation

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"tamachi/internal/bus"
	"tamachi/internal/clock"
	"tamachi/internal/nodes"
)

// room is one execution that can always go on, and what becomes of it.
type room struct {
	advance func() error
	began   chan struct{}
	at      atomic.Int32 // how many are at it
	t       *testing.T
}

var only = nodes.Record{Account: "111122223333", Region: "ap-northeast-1", Key: "x"}

func (r *room) Ripe(context.Context) ([]nodes.Record, time.Time, error) {
	return []nodes.Record{only}, time.Time{}, nil
}

func (r *room) Advance(_ context.Context, one nodes.Record) error {
	if n := r.at.Add(1); n > 1 || one != only {
		r.t.Errorf("%v is taken on by %d at a time", one, n)
	}
	defer r.at.Add(-1)
	r.began <- struct{}{}
	return r.advance()
}

// run runs an engine over the room until the test ends.
func (r *room) run(clk clock.Clock) *bus.Bell {
	bell := bus.New()
	e := New(Options{Room: r, Bell: bell, Clock: clk, Log: slog.New(slog.DiscardHandler)})
	ctx, stop := context.WithCancel(r.t.Context())
	done := make(chan error)
	go func() { done <- e.Run(ctx) }()
	r.t.Cleanup(func() {
		stop()
		for {
			select {
			case <-r.began:
				continue
			case err := <-done:
				if err != nil {
					r.t.Error(err)
				}
			}
			return
		}
	})
	return bell
}

// TestOneAtATime: an execution is taken on again and again, by one goroutine.
func TestOneAtATime(t *testing.T) {
	r := &room{t: t, began: make(chan struct{}), advance: func() error { return nil }}
	bell := r.run(clock.NewFrozen(time.Unix(0, 0)))
	for range 5 {
		<-r.began
		bell.Ring()
	}
}

// TestAFailureWaits, a panic too, and ends nothing.
func TestAFailureWaits(t *testing.T) {
	for name, advance := range map[string]func() error{
		"an error": func() error { return errors.New("the store is away") },
		"a panic":  func() error { panic("a step that is none") },
	} {
		t.Run(name, func(t *testing.T) {
			r := &room{t: t, began: make(chan struct{}), advance: advance}
			clk := clock.NewFrozen(time.Unix(0, 0))
			bell := r.run(clk)
			<-r.began
			bell.Ring()
			select {
			case <-r.began:
				t.Fatal("it is tried again at once")
			case <-time.After(4 * rest):
			}
			clk.Advance(again)
			bell.Ring()
			<-r.began
		})
	}
}
