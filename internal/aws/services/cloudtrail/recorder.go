package cloudtrail

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Figures of the promise in the package comment.
const (
	lagTime  = time.Second
	lagCount = 1000
)

// Recorder writes the trail for the gate.
type Recorder struct {
	store *store.Store
	log   *slog.Logger
	wake  chan struct{}

	mu      sync.Mutex
	waiting []*api.Event // guarded by mu
}

// NewRecorder returns a recorder; Run must be running for Later to be kept
// within its time.
func NewRecorder(st *store.Store, log *slog.Logger) *Recorder {
	return &Recorder{store: st, log: log, wake: make(chan struct{}, 1)}
}

// Attach writes e in each transaction that commits under the returned context.
func (r *Recorder) Attach(ctx context.Context, e *api.Event) context.Context {
	return store.Alongside(ctx, func(tx *store.Tx) error { return put(tx, e) })
}

// Record writes e durably.
func (r *Recorder) Record(ctx context.Context, e *api.Event) error {
	return r.store.Update(ctx, func(tx *store.Tx) error { return put(tx, e) })
}

// Later writes e within a second. The caller that fills the queue writes it
// out itself, so the queue is bounded.
func (r *Recorder) Later(ctx context.Context, e *api.Event) {
	r.mu.Lock()
	r.waiting = append(r.waiting, e)
	n := len(r.waiting)
	r.mu.Unlock()
	if n >= lagCount {
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
	r.waiting = nil
	r.mu.Unlock()
	if len(batch) == 0 {
		return
	}
	err := r.store.Update(ctx, func(tx *store.Tx) error {
		for _, e := range batch {
			if err := put(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.log.Error("trail records lost", "err", err)
	}
}
