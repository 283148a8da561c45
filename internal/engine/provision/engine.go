package provision

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"

	"golang.org/x/sync/errgroup"

	"tamachi/internal/bus"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Options are the engine's settings.
type Options struct {
	// Node is how a desktop's agent finds the plane. Region and activation
	// are filled in for each desktop.
	Node desktops.Node
	// Owner names the data folder; desktops of another owner are left alone.
	Owner string
	// Workers is how many desktops are worked on at a time; 0 means the number
	// of processor cores, as many starts at once only make each slower.
	Workers int
	// Log is for operators; nil discards.
	Log *slog.Logger
}

// Engine is the reconciler. Make it with New and run it once.
type Engine struct {
	store *store.Store
	bell  *bus.Bell
	Ports
	opts  Options
	queue *queue
}

// cursorName is the engine's name in the store.
const cursorName = "provision"

// New returns an engine that follows the store's feed.
func New(st *store.Store, bell *bus.Bell, ports Ports, o Options) *Engine {
	if o.Workers <= 0 {
		o.Workers = runtime.NumCPU()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Engine{store: st, bell: bell, Ports: ports, opts: o, queue: newQueue()}
}

// Run works until ctx ends, which is no error. Work under way is broken off
// then; its desktops keep their states and are taken up by the next Run.
func (e *Engine) Run(ctx context.Context) error {
	rung, end := e.bell.Listen()
	defer end()
	at, err := e.begin(ctx)
	if err != nil {
		return unlessEnded(ctx, fmt.Errorf("begin to provision desktops: %w", err))
	}
	g, ctx := errgroup.WithContext(ctx)
	events := make(chan desktops.Event)
	g.Go(func() error { return e.Provider.Watch(ctx, events) })
	g.Go(func() error { return e.follow(ctx, at, rung) })
	g.Go(func() error {
		for {
			select {
			case ev := <-events:
				e.heard(ctx, ev)
			case <-ctx.Done():
				return nil
			}
		}
	})
	for range e.opts.Workers {
		g.Go(func() error {
			for {
				it, ok := e.queue.next(ctx)
				if !ok {
					return nil
				}
				e.queue.done(it.key, e.attend(ctx, it))
			}
		})
	}
	err = g.Wait()
	if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
		return nil
	}
	return err
}

// begin looks at every desktop, of the room and of the provider, and returns
// where in the feed to go on.
func (e *Engine) begin(ctx context.Context) (store.Cursor, error) {
	var at store.Cursor
	err := e.store.View(ctx, func(tx *store.Tx) (err error) {
		at, err = tx.Head()
		return err
	})
	if err != nil {
		return "", err
	}
	there, err := e.Provider.List(ctx)
	if err != nil {
		return "", fmt.Errorf("list the provider's desktops: %w", err)
	}
	jobs, err := e.Room.All(ctx) // after the head: what changes meanwhile is in the feed
	if err != nil {
		return "", err
	}
	whose, gone, err := e.Room.GivenUp(ctx)
	if err != nil {
		return "", err
	}
	for i, image := range gone {
		e.queue.add(key{whose[i].Account, whose[i].Region, image}, note{})
	}
	known := make(map[string]bool, len(jobs))
	for _, j := range jobs {
		known[j.ID] = true
		e.queue.add(keyOf(j), note{inspect: true})
	}
	for _, d := range there {
		if !known[d.ID] {
			e.removeLeftover(ctx, d)
		}
	}
	return at, e.remember(ctx, at)
}

// removeLeftover destroys a desktop that no record knows, if this data folder
// made it. That is what an older backup leaves behind.
func (e *Engine) removeLeftover(ctx context.Context, d desktops.Desktop) {
	if e.opts.Owner == "" || d.Owner != e.opts.Owner {
		e.opts.Log.Warn("desktop of another owner left alone", "resource", d.ID)
		return
	}
	if err := e.Provider.Destroy(ctx, d.ID); err != nil {
		e.opts.Log.Error("leftover desktop not removed", "resource", d.ID, "err", err)
		return
	}
	e.opts.Log.Info("leftover desktop removed", "resource", d.ID)
}

// heard looks at the desktop that an event of the provider names.
func (e *Engine) heard(ctx context.Context, ev desktops.Event) {
	jobs, err := e.Room.All(ctx)
	if err != nil {
		e.opts.Log.Error("event of a desktop lost", "resource", ev.ID, "err", err)
		return
	}
	for _, j := range jobs {
		if j.ID == ev.ID {
			e.queue.add(keyOf(j), note{inspect: true, cause: ev.Cause})
		}
	}
}
