package workspaces

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Resting lists the stopped desktops of the running mode AUTO_STOP whose
// directory has maintenance mode on.
func (s *Service) Resting(ctx context.Context) ([]desktops.Resting, error) {
	var out []desktops.Resting
	err := s.store.View(ctx, func(tx *store.Tx) error {
		out = nil
		all, err := directories.Everywhere(tx, "", "")
		if err != nil {
			return err
		}
		for _, r := range all {
			if !r.Record.Settings.Maintenance {
				continue
			}
			list, err := desktopTable.By(tx, r.Scope, "directory", r.Record.ID, store.Page{})
			if err != nil {
				return err
			}
			for _, d := range list {
				if d.State == Stopped && d.RunningMode == string(types.RunningModeAutoStop) {
					out = append(out, desktops.Resting{
						Account: r.Scope.Account, Region: r.Scope.Region, ID: d.ID, CreatedAt: d.CreatedAt, MaintainedAt: d.MaintainedAt,
					})
				}
			}
		}
		return nil
	})
	return out, err
}

// Maintained notes when a desktop was started for its maintenance; one that is
// gone meanwhile needs no note.
func (s *Service) Maintained(ctx context.Context, r desktops.Resting, at time.Time) error {
	sc := store.In(r.Account, r.Region)
	return s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := desktopTable.Get(tx, sc, r.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		d.MaintainedAt = at
		return desktopTable.Put(tx, sc, d)
	})
}
