package cloudtrail

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Figures of the promise in the package comment.
const (
	lagTime  = time.Second
	lagCount = 1000
	lagBytes = 4 << 20 // of requests and responses that wait
	// together is how many records one update writes, so that changes need not
	// wait long behind them.
	together = 250
)

// Recorder writes the trail for the gate.
type Recorder struct {
	store *store.Store
	log   *slog.Logger
	wake  chan struct{}

	mu      sync.Mutex
	waiting []*api.Event // guarded by mu
	bytes   int          // guarded by mu: of what waits
}

// NewRecorder returns a recorder; Run must be running for Later to be kept
// within its time.
func NewRecorder(st *store.Store, log *slog.Logger) *Recorder {
	return &Recorder{store: st, log: log, wake: make(chan struct{}, 1)}
}

// Attach writes e in each transaction that commits under the returned context,
// with the response where that is known by then.
func (r *Recorder) Attach(ctx context.Context, e *api.Event) context.Context {
	n, err := ready(e)
	return store.Alongside(ctx, func(tx *store.Tx) error {
		if err != nil {
			return err
		}
		if e.Answer != nil {
			return n.answered(e.Answer()).write(tx)
		}
		return n.write(tx)
	})
}

// Record writes e durably.
func (r *Recorder) Record(ctx context.Context, e *api.Event) error {
	n, err := ready(e)
	if err != nil {
		return err
	}
	return r.store.Update(ctx, n.write)
}

// Write writes e in a transaction: what a service did by itself goes down with
// what it did.
func (r *Recorder) Write(tx *store.Tx, e *api.Event) error {
	n, err := ready(e)
	if err != nil {
		return err
	}
	return n.write(tx)
}

// Later writes e within a second. The caller that fills the queue writes it
// out itself, so the queue is bounded.
func (r *Recorder) Later(ctx context.Context, e *api.Event) {
	r.mu.Lock()
	r.waiting = append(r.waiting, e)
	r.bytes += len(e.Request) + len(e.Response)
	full := len(r.waiting) >= lagCount || r.bytes >= lagBytes
	r.mu.Unlock()
	if full {
		r.flush(context.WithoutCancel(ctx))
		return
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run writes what waits until ctx ends, then once more.
func (r *Recorder) Run(ctx context.Context) error {
	timer := time.NewTimer(lagTime)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			r.flush(context.WithoutCancel(ctx))
			return nil
		case <-r.wake:
		}
		timer.Reset(lagTime / 2)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		r.flush(context.WithoutCancel(ctx))
	}
}

// Flush writes what waits now.
func (r *Recorder) Flush(ctx context.Context) { r.flush(ctx) }

func (r *Recorder) flush(ctx context.Context) {
	r.mu.Lock()
	batch := r.waiting
	r.waiting, r.bytes = nil, 0
	r.mu.Unlock()
	for part := range slices.Chunk(batch, together) {
		if err := r.write(ctx, part); err != nil {
			r.log.Error("trail records lost", "err", err)
		}
	}
}

func (r *Recorder) write(ctx context.Context, batch []*api.Event) error {
	entries := make([]entry, len(batch))
	for i, e := range batch {
		var err error
		if entries[i], err = ready(e); err != nil {
			return err
		}
	}
	return r.store.Update(ctx, func(tx *store.Tx) error {
		for _, n := range entries {
			if err := n.write(tx); err != nil {
				return err
			}
		}
		return nil
	})
}
