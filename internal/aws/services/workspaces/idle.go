package workspaces

import (
	"context"
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
					StopsAt: d.idleSince(s.began).Add(time.Duration(d.AutoStopMinutes) * time.Minute),
				})
			}
		}
		return err
	})
	return out, err
}

func (d *Desktop) stopsByItself() bool {
	return d.RunningMode == string(types.RunningModeAutoStop) && (d.State == Available || d.State == Unhealthy)
}

// idleSince is when the desktop was last in use or came up. A stream that was
// open when the plane ended has left no time of its end: the start of this
// plane is as early as it can have been, and gives the browser time to return.
func (d *Desktop) idleSince(began time.Time) time.Time {
	return slices.MaxFunc([]time.Time{d.ConnectedAt, d.ChangedAt, began}, time.Time.Compare)
}
