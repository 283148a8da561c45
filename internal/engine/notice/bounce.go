package notice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tamachi/internal/notify"
	"tamachi/internal/store"
)

// collects is how often bounces are looked for.
const collects = 15 * time.Second

// Collector notes what came back. It is a chore of its own, so that a folder
// that does not answer keeps no notice waiting.
type Collector struct{ e *Engine }

// Collector returns the chore.
func (e *Engine) Collector() Collector { return Collector{e} }

// Upkeep collects the bounces that are there.
func (c Collector) Upkeep(ctx context.Context) (next time.Time, err error) {
	if c.e.ports.Returns == nil {
		return time.Time{}, nil
	}
	err = c.e.ports.Returns.Collect(ctx, func(b notify.Bounce) (bool, error) { return c.e.bounce(ctx, b) })
	return c.e.clk.Now().Add(collects), err
}

// bounce notes one bounce. It is not taken yet when it is quicker than the note
// that its notice was sent; one of a notice that nobody knows any more says
// nothing.
func (e *Engine) bounce(ctx context.Context, b notify.Bounce) (taken bool, err error) {
	var r *record
	err = e.st.Update(ctx, func(tx *store.Tx) (err error) {
		taken = true
		if r, err = records.Get(tx, store.Scope{}, b.ID); err != nil {
			return err
		}
		switch r.State {
		case notify.Waiting:
			taken = false
		case notify.Sent:
			r.State, r.Error, r.Changed = notify.Bounced, bounded(b.Why), e.clk.Now()
			return records.Put(tx, store.Scope{}, r)
		case notify.Bounced, notify.Failed: // an end
		}
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("note that %s came back: %w", b.ID, err)
	}
	if taken {
		e.log.WarnContext(ctx, "notice came back", "resource", b.ID, "err", r.Error)
	}
	return taken, nil
}
