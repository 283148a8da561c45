package network

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"time"

	"tamachi/internal/bus"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Room is the room of networks.
type Room interface {
	// Networks are the networks of desktops as they are now.
	Networks(ctx context.Context) (desktops.Networks, error)
}

// Options are the engine's settings. All are required but Log.
type Options struct {
	Room     Room
	Tables   []string // whose changes the feed tells
	Provider desktops.Provider
	Log      *slog.Logger // for operators; nil discards
}

// Engine is the one that arranges. Make it with New and run it once.
type Engine struct {
	store *store.Store
	bell  *bus.Bell
	o     Options
	now   *desktops.Networks // as they were arranged last; nil before
}

// New returns an engine that follows the store's feed.
func New(st *store.Store, bell *bus.Bell, o Options) *Engine {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Engine{store: st, bell: bell, o: o}
}

// again is how long a failure rests before the next try.
const again = 5 * time.Second

// batch is how many changes are read at a time.
const batch = 500

// Run works until ctx ends, which is no error. A provider that lacks networks is
// left alone.
func (e *Engine) Run(ctx context.Context) error {
	if !e.o.Provider.About().Can(desktops.Nets) {
		<-ctx.Done()
		return nil
	}
	rung, end := e.bell.Listen()
	defer end()
	var at store.Cursor
	err := e.store.View(ctx, func(tx *store.Tx) (err error) {
		at, err = tx.Head()
		return err
	})
	for due := true; ; {
		if err == nil && due {
			err = e.arrange(ctx) // after the head: what changes meanwhile is in the feed
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			e.o.Log.Error("networks of desktops not arranged", "err", err)
		}
		if !wait(ctx, rung, err != nil) {
			return nil
		}
		failed := err != nil
		at, due, err = e.read(ctx, at)
		due = due || failed
	}
}

// wait waits for the bell, and after a failure no longer than it is to rest. It
// tells whether ctx goes on.
func wait(ctx context.Context, rung <-chan struct{}, failed bool) bool {
	var retry <-chan time.Time
	if failed {
		timer := time.NewTimer(again)
		defer timer.Stop()
		retry = timer.C
	}
	select {
	case <-rung:
	case <-retry:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// read reads the feed to its end and tells whether a table of ours changed.
func (e *Engine) read(ctx context.Context, at store.Cursor) (store.Cursor, bool, error) {
	changed := false
	for {
		all, err := e.store.Changes(ctx, at, batch, e.o.Tables...)
		if err != nil {
			return at, true, fmt.Errorf("read the feed: %w", err)
		}
		for _, c := range all {
			at, changed = c.Cursor, true
		}
		if len(all) < batch {
			return at, changed, nil
		}
	}
}

// arrange hands the networks over, if they are not what they were.
func (e *Engine) arrange(ctx context.Context) error {
	n, err := e.o.Room.Networks(ctx)
	if err != nil {
		return fmt.Errorf("ask for the networks of desktops: %w", err)
	}
	if e.now != nil && reflect.DeepEqual(*e.now, n) {
		return nil
	}
	e.now = nil // half of it may hold if this fails
	if err := e.o.Provider.Arrange(ctx, n); err != nil {
		return err
	}
	e.now = &n
	return nil
}
