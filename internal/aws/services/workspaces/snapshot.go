package workspaces

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Snapshots are made when a desktop is there for the first time, and again every
// twelve hours while it runs (WorkSpaces Administration Guide, "Restore a
// WorkSpace in WorkSpaces Personal"). One that could not be made is tried again
// sooner.
const (
	betweenSnapshots = 12 * time.Hour
	afterFailure     = time.Hour
)

// moment is when a desktop's next snapshot is due. Its key begins with the time.
type moment struct {
	At      string // UTC, in a form that sorts
	Account string
	Region  string
	Desktop string
}

var moments = store.Table[moment]{
	Name: "workspaces.moments", Reach: store.Plane, Key: (*moment).key,
}

func (m *moment) key() string { return m.At + "/" + m.Account + "/" + m.Region + "/" + m.Desktop }

const sortable = "2006-01-02T15:04:05.000Z"

// Kept tells that a snapshot was made, or with the zero time that it could not
// be.
func (s *Service) Kept(ctx context.Context, job desktops.Job, at time.Time) error {
	return s.amend(ctx, job, func(tx *store.Tx, sc store.Scope, d *Desktop) error {
		next := betweenSnapshots
		if at.IsZero() {
			next = afterFailure
		} else {
			d.KeptAt = at
		}
		if d.KeepDue != "" {
			if err := moments.Delete(tx, store.Scope{}, d.KeepDue); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		m := &moment{At: s.clock.Now().Add(next).UTC().Format(sortable), Account: sc.Account, Region: sc.Region, Desktop: d.ID}
		if err := moments.Put(tx, store.Scope{}, m); err != nil {
			return err
		}
		d.Keep, d.KeepDue = false, m.key()
		return desktopTable.Put(tx, sc, d)
	})
}

// Upkeep asks for the snapshots that are due.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	return store.Agenda[moment]{Table: &moments, At: (*moment).at}.Attend(ctx, s.store, s.clock, s.wantSnapshot)
}

func (m *moment) at() (time.Time, error) {
	at, err := time.Parse(sortable, m.At)
	if err != nil {
		return at, fmt.Errorf("read when a snapshot is due: %w", err)
	}
	return at, nil
}

func (s *Service) wantSnapshot(ctx context.Context, m *moment) error {
	sc := store.In(m.Account, m.Region)
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if err := moments.Delete(tx, store.Scope{}, m.key()); err != nil {
			return err
		}
		d, err := desktopTable.Get(tx, sc, m.Desktop)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil || d.KeepDue != m.key() {
			return err
		}
		d.Keep, d.KeepDue = true, ""
		return desktopTable.Put(tx, sc, d)
	})
}
