package workspaces

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Idle lists the running desktops of the mode AUTO_STOP to which nobody is
// connected, with the time at which each is to stop.
func (s *Service) Idle(ctx context.Context) ([]desktops.Idle, error) {
	var out []desktops.Idle
	err := s.store.View(ctx, func(tx *store.Tx) error {
		out = nil
		rows, err := desktopTable.Everywhere(tx, "", "")
		for _, r := range rows {
			if d := r.Record; d.stopsByItself() && !s.open.any(stream{r.Scope, d.ID}) {
				out = append(out, desktops.Idle{
					Account: r.Scope.Account, Region: r.Scope.Region, ID: d.ID,
					StopsAt: d.stopsAt(s.began),
				})
			}
		}
		return err
	})
	return out, err
}

// Used tells whether somebody is connected to a desktop now.
func (s *Service) Used(account, region, id string) bool {
	return s.open.any(stream{store.In(account, region), id})
}

// stopsAt is when the desktop stops if nobody comes. Its timeout may be longer
// than a time.Duration can be.
func (d *Desktop) stopsAt(began time.Time) time.Time {
	const day = 24 * 60
	return d.idleSince(began).UTC().AddDate(0, 0, d.AutoStopMinutes/day).Add(time.Duration(d.AutoStopMinutes%day) * time.Minute)
}

// Extend counts as the use of a desktop, now, and returns when it stops by
// itself: one more timeout from now. desktops.ErrNotFound if there is none,
// desktops.ErrNotNow if it does not run, or does not stop by itself.
func (s *Service) Extend(ctx context.Context, account, region, id string, now time.Time) (stops time.Time, err error) {
	sc := store.In(account, region)
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := desktopTable.Get(tx, sc, id)
		if errors.Is(err, store.ErrNotFound) {
			return desktops.ErrNotFound
		}
		if err != nil {
			return err
		}
		if !d.stopsByItself() {
			return desktops.ErrNotNow
		}
		d.ExtendedAt = now
		stops = d.stopsAt(s.began)
		return desktopTable.Put(tx, sc, d)
	})
	return stops, err
}

func (d *Desktop) stopsByItself() bool {
	return d.RunningMode == string(types.RunningModeAutoStop) && (d.State == Available || d.State == Unhealthy)
}

// idleSince is when the desktop was last in use or came up. A stream that was
// open when the plane ended has left no time of its end: the start of this
// plane is as early as it can have been, and gives the browser time to return.
func (d *Desktop) idleSince(began time.Time) time.Time {
	return slices.MaxFunc([]time.Time{d.ConnectedAt, d.ChangedAt, d.ExtendedAt, began}, time.Time.Compare)
}
