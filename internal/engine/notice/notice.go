package notice

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"tamachi/internal/clock"
	"tamachi/internal/notify"
	"tamachi/internal/store"
)

const (
	firstPause   = 15 * time.Second
	longestPause = time.Hour
	// givesUp is when a notice is given up (RFC 5321, 4.5.4.1: at least 4-5 days).
	givesUp = 5 * 24 * time.Hour
	// remembered is how long it can be asked how a notice ended.
	remembered = 30 * 24 * time.Hour
	// atOnce is how many are sent at the same time.
	atOnce = 4
	// batch is how many deadlines are read at once.
	batch = 50
	// longestError bounds what a server says.
	longestError = 500
)

// Engine delivers notices. It is the chore of an upkeep engine.
type Engine struct {
	st    *store.Store
	clk   clock.Clock
	log   *slog.Logger
	ports Ports
}

// New returns an engine over a store that was opened with its Tables; log nil
// discards.
func New(st *store.Store, clk clock.Clock, log *slog.Logger, ports Ports) *Engine {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Engine{st: st, clk: clk, log: log, ports: ports}
}

// Post takes a notice, within the transaction of what it tells of. One that
// could never be sent is notify.ErrRefused at once; one whose id was posted
// already is taken as that.
func (e *Engine) Post(tx *store.Tx, n notify.Notice) error {
	if _, err := notify.Compose(n); err != nil {
		return err
	}
	if _, err := records.Get(tx, store.Scope{}, n.ID); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	sealed, err := e.seal(n)
	if err != nil {
		return fmt.Errorf("seal notice %s: %w", n.ID, err)
	}
	now := e.clk.Now()
	return put(tx, &record{ID: n.ID, To: n.To, State: notify.Waiting, Posted: now, Changed: now, Sealed: sealed}, now)
}

// Delivery tells how a notice fares; found is false when there is none, or it
// ended long ago.
func (e *Engine) Delivery(tx *store.Tx, id string) (d notify.Delivery, found bool, err error) {
	r, err := records.Get(tx, store.Scope{}, id)
	if errors.Is(err, store.ErrNotFound) {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	return notify.Delivery{State: r.State, Attempts: r.Attempts, Error: r.Error, At: r.Changed}, true, nil
}

// Upkeep sends what is due.
func (e *Engine) Upkeep(ctx context.Context) (next time.Time, err error) {
	for {
		now := e.clk.Now()
		due, err := e.due(ctx)
		if err != nil || len(due) == 0 {
			return time.Time{}, err
		}
		var g errgroup.Group
		g.SetLimit(atOnce)
		for _, d := range due {
			at, err := time.Parse(sortable, d.At)
			if err != nil {
				return time.Time{}, fmt.Errorf("read when notice %s is due: %w", d.ID, err)
			}
			if at.After(now) {
				return at, g.Wait()
			}
			g.Go(func() error { return e.attend(ctx, d) })
		}
		if err := g.Wait(); err != nil {
			return time.Time{}, err
		}
	}
}

func (e *Engine) due(ctx context.Context) (list []*deadline, err error) {
	err = e.st.View(ctx, func(tx *store.Tx) error {
		list, err = deadlines.List(tx, store.Scope{}, store.Page{Limit: batch})
		return err
	})
	return list, err
}

// attend does what a deadline is for.
func (e *Engine) attend(ctx context.Context, d *deadline) error {
	var r *record
	err := e.st.View(ctx, func(tx *store.Tx) (err error) {
		r, err = records.Get(tx, store.Scope{}, d.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("look at notice %s: %w", d.ID, err)
	}
	if r.State != notify.Waiting {
		return e.forget(ctx, r)
	}
	n, err := e.open(r)
	if err != nil {
		return err
	}
	sent := e.ports.Sender.Send(ctx, n)
	if sent != nil && ctx.Err() != nil {
		return ctx.Err() // the plane ends; the next one sends it
	}
	return e.settle(ctx, r.ID, sent)
}

func (e *Engine) forget(ctx context.Context, r *record) error {
	return e.st.Update(ctx, func(tx *store.Tx) error {
		if err := deadlines.Delete(tx, store.Scope{}, r.Due); err != nil {
			return err
		}
		return records.Delete(tx, store.Scope{}, r.ID)
	})
}

// settle notes how an attempt ended.
func (e *Engine) settle(ctx context.Context, id string, sent error) error {
	now := e.clk.Now()
	var r *record
	err := e.st.Update(ctx, func(tx *store.Tx) (err error) {
		if r, err = records.Get(tx, store.Scope{}, id); err != nil {
			return err
		}
		return put(tx, r, r.attempted(sent, now))
	})
	if err != nil {
		return fmt.Errorf("note the delivery of %s: %w", id, err)
	}
	switch {
	case r.State == notify.Sent:
		e.log.DebugContext(ctx, "notice sent", "resource", id)
	case r.State == notify.Failed:
		e.log.ErrorContext(ctx, "notice given up", "resource", id, "err", sent)
	default:
		e.log.WarnContext(ctx, "notice not sent yet", "resource", id, "err", sent)
	}
	return nil
}

// attempted moves a record by the outcome of an attempt, and returns its next
// deadline.
func (r *record) attempted(sent error, now time.Time) time.Time {
	r.Attempts++
	r.Changed, r.Error = now, ""
	if sent == nil {
		return r.end(notify.Sent, now)
	}
	r.Error = bounded(sent.Error())
	if errors.Is(sent, notify.ErrRefused) || now.Sub(r.Posted) >= givesUp {
		return r.end(notify.Failed, now)
	}
	return now.Add(min(firstPause<<min(r.Attempts-1, 20), longestPause))
}

// bounded is what a server says, as far as it is kept.
func bounded(said string) string {
	return strings.ToValidUTF8(said[:min(len(said), longestError)], "")
}

func (r *record) end(as notify.DeliveryState, now time.Time) time.Time {
	r.State, r.Sealed = as, nil
	return now.Add(remembered)
}

// Reseal seals anew what an older data key of the box sealed. House calls it
// when the master key changed.
func (e *Engine) Reseal(ctx context.Context) error {
	if len(e.ports.Box.Old()) == 0 {
		return nil
	}
	return e.st.Update(ctx, func(tx *store.Tx) error {
		list, err := records.List(tx, store.Scope{}, store.Page{})
		if err != nil {
			return err
		}
		for _, r := range list {
			if r.Sealed == nil {
				continue
			}
			n, err := e.open(r)
			if err != nil {
				return err
			}
			if r.Sealed, err = e.seal(n); err != nil {
				return err
			}
			if err := records.Put(tx, store.Scope{}, r); err != nil {
				return err
			}
		}
		return nil
	})
}
