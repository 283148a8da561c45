// Package fake is a sender that keeps what it was given, for tests and labs:
// no mail is sent. Faults can be planted.
package fake

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"tamachi/internal/notify"
)

// kept is how many notices are remembered.
const kept = 1000

// Recorder is the sender.
type Recorder struct {
	mu     sync.Mutex
	sent   []notify.Notice // guarded by mu
	faults []error         // guarded by mu; nil = none
}

var _ notify.Sender = (*Recorder)(nil)

// New returns an empty recorder.
func New() *Recorder { return &Recorder{} }

// Send keeps a notice, once for its id.
func (r *Recorder) Send(ctx context.Context, n notify.Notice) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("send %s: %w", n.ID, err)
	}
	if _, err := notify.Compose(n); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.faults) > 0 {
		err := r.faults[0]
		r.faults = r.faults[1:]
		if err != nil {
			return err
		}
	}
	if slices.ContainsFunc(r.sent, func(s notify.Notice) bool { return s.ID == n.ID }) {
		return nil
	}
	r.sent = append(r.sent, n)
	if len(r.sent) > kept {
		r.sent = slices.Delete(r.sent, 0, len(r.sent)-kept)
	}
	return nil
}

// Sent returns what was sent, in its order.
func (r *Recorder) Sent() []notify.Notice {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.sent)
}

// Fail plants the outcomes of the next sends: an error for one that fails with
// it, nil for one that goes well.
func (r *Recorder) Fail(faults ...error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = append(r.faults, faults...)
}
