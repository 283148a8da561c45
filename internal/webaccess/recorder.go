package webaccess

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"tamachi/internal/desktops"
	"tamachi/internal/webaccess/recording"
)

// lookEvery is how often a recorder looks for work when nothing calls it.
const lookEvery = 10 * time.Second

// filmed are the desktops that are recorded now. Their users are told by whom.
type filmed struct {
	mu sync.Mutex
	by map[string]desktops.Recording // guarded by mu; by the recording's id
}

func (f *filmed) set(r desktops.Recording) (done func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.by == nil {
		f.by = map[string]desktops.Recording{}
	}
	f.by[r.ID] = r
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.by, r.ID)
	}
}

// of lists who records a desktop.
func (f *filmed) of(desktop string) (names []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.by {
		if r.WorkspaceID == desktop {
			names = append(names, r.By[strings.LastIndexAny(r.By, "/:")+1:])
		}
	}
	slices.Sort(names)
	return names
}

// Record keeps the recordings running that are to run, until ctx ends. Those
// that an earlier process left go on in their files.
func (h *Handler) Record(ctx context.Context) error {
	if h.o.Recordings == nil || h.o.Shelf == nil {
		<-ctx.Done()
		return nil
	}
	moved, stop := h.moved()
	defer stop()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	c := &crew{h: h, running: map[string]context.CancelFunc{}, ended: make(chan string)}
	defer c.g.Wait() //nolint:errcheck // they return none
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var due <-chan time.Time
	for {
		c.look(ctx)
		select {
		case <-ctx.Done():
			return nil
		case id := <-c.ended:
			delete(c.running, id)
		case <-moved:
			if due == nil {
				due = time.After(h.rest)
			}
			for due != nil {
				select {
				case <-ctx.Done():
					return nil
				case id := <-c.ended:
					delete(c.running, id)
				case <-moved: // changes come in swarms
				case <-due:
					due = nil
				}
			}
		case <-tick.C:
		}
	}
}

// crew are the recordings that run.
type crew struct {
	h       *Handler
	g       errgroup.Group
	running map[string]context.CancelFunc
	ended   chan string
}

// look begins and ends recordings as they are wanted.
func (c *crew) look(ctx context.Context) {
	run, remove, err := c.h.o.Recordings.Due(ctx)
	if err != nil {
		if ctx.Err() == nil {
			c.h.o.Log.Warn("look for recordings", "err", err)
		}
		return
	}
	wanted := map[string]bool{}
	for _, r := range run {
		wanted[r.ID] = true
		if c.running[r.ID] == nil {
			fctx, cancel := context.WithCancel(ctx)
			c.running[r.ID] = cancel
			c.g.Go(func() error {
				c.h.shoot(fctx, ctx, r)
				cancel()
				select {
				case c.ended <- r.ID:
				case <-ctx.Done():
				}
				return nil
			})
		}
	}
	for id, cancel := range c.running {
		if !wanted[id] {
			cancel()
		}
	}
	for _, r := range remove {
		if c.running[r.ID] != nil {
			continue // its end calls us again
		}
		err := c.h.o.Shelf.Remove(r.ID)
		if err == nil {
			err = c.h.o.Recordings.Removed(ctx, r)
		}
		if err != nil {
			c.h.o.Log.Warn("remove recording", "resource", r.ID, "err", err)
		}
	}
}

// shoot makes one recording, until ctx ends, which means that somebody stopped
// it; when the plane ends it goes on at its next start.
func (h *Handler) shoot(ctx, plane context.Context, r desktops.Recording) {
	w, err := h.o.Shelf.Append(r.ID, r.Limit)
	if err == nil {
		done := h.filmed.set(r)
		f := &film{h: h, r: r, w: w}
		fctx, cancel := context.WithTimeout(ctx, max(0, r.Until.Sub(h.o.Clock.Now())))
		err = f.run(fctx)
		cancel()
		done()
		if closed := w.Close(); closed != nil {
			err = closed
		}
		r.Bytes, r.Millis = w.Size(), int64(w.Last())
	}
	if plane.Err() != nil {
		return
	}
	switch {
	case ctx.Err() != nil:
		r.End = desktops.FilmStopped
	case errors.Is(err, context.DeadlineExceeded):
		r.End = desktops.FilmTimeOver
	case errors.Is(err, recording.ErrLarge):
		r.End = desktops.FilmTooLarge
	case errors.Is(err, recording.ErrDamaged):
		r.End = desktops.FilmDamaged
	default:
		r.End = desktops.FilmNoSpace
	}
	if err := h.o.Recordings.Recorded(plane, r); err != nil {
		h.o.Log.Warn("the end of a recording not stored", "resource", r.ID, "err", err)
	}
}
