package cloudtrail

import (
	"context"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// turn starts or stops a trail: by how its move stands to the last event there
// is. The trail and its delivery are one commit.
func (s *Service) turn(ctx context.Context, name string, move func(t *trail, d *delivery, at time.Time, last int64)) error {
	call := api.CallFrom(ctx)
	ref, err := refer(call, name)
	if err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		t, err := ref.home(tx, call)
		if err != nil {
			return err
		}
		sc := store.Scope{Account: t.Account}
		d, err := deliveries.Get(tx, sc, t.key())
		if err != nil {
			return err
		}
		last, err := journal.Last(tx)
		if err != nil {
			return err
		}
		move(t, d, call.Time, last)
		if err := trails.Put(tx, sc, t); err != nil {
			return err
		}
		return deliveries.Put(tx, sc, d)
	})
}
