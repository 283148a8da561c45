package workspaces

import (
	"context"
	"errors"
	"fmt"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// The methods of this file are moves that only the service makes. The
// provision engine calls them; they are no operations and leave no trail
// record, as on AWS.

// All returns every desktop that was not terminated, in every account and
// Region.
func (s *Service) All(ctx context.Context) ([]desktops.Job, error) {
	var jobs []desktops.Job
	err := s.store.View(ctx, func(tx *store.Tx) error {
		rows, err := desktopTable.Everywhere(tx, "", "")
		if err != nil {
			return err
		}
		jobs = nil
		for _, r := range rows {
			j, err := r.Record.job(tx, r.Scope)
			if err != nil {
				return err
			}
			jobs = append(jobs, j)
		}
		return nil
	})
	return jobs, err
}

// Job returns one desktop; found is false when there is none any more.
func (s *Service) Job(ctx context.Context, account, region, id string) (job desktops.Job, found bool, err error) {
	sc := store.In(account, region)
	err = s.store.View(ctx, func(tx *store.Tx) error {
		d, err := desktopTable.Get(tx, sc, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		job, err = d.job(tx, sc)
		found = err == nil
		return err
	})
	return job, found, err
}

// Table is the name of the table in which the store's feed shows desktops.
func (s *Service) Table() string { return desktopTable.Name }

// Settle tells how the work of a job ended. An outcome for a desktop that has
// moved on is dropped.
func (s *Service) Settle(ctx context.Context, job desktops.Job, o desktops.Outcome) error {
	return s.amend(ctx, job, func(tx *store.Tx, sc store.Scope, d *Desktop) error {
		if d.Move != job.Move {
			return nil
		}
		return s.settle(tx, sc, d, o)
	})
}

func (s *Service) settle(tx *store.Tx, sc store.Scope, d *Desktop, o desktops.Outcome) error {
	if d.State == Suspended {
		return s.resume(tx, sc, d, o)
	}
	if d.MigratesFrom != "" && d.State == Pending {
		if err := s.migrated(tx, sc, d, o.Code == ""); err != nil {
			return err
		}
		d.MigratesFrom = ""
		if o.Code != "" { // nobody asked for this desktop but for its place
			d.move(Terminating, s.clock.Now())
			d.ErrorCode, d.ErrorMessage = o.Code, o.Message
			return d.put(tx, sc, nil, s.clock.Now())
		}
	}
	if o.Code != "" {
		if err := d.fail(o, s); err != nil {
			return err
		}
		return d.put(tx, sc, nil, s.clock.Now())
	}
	switch d.State {
	case Terminating:
		return s.bury(tx, sc, d)
	case Stopping:
		d.move(Stopped, s.clock.Now())
	case Updating:
		d.changed(true, s.clock.Now())
	case Pending, Starting, Rebooting, Rebuilding, Restoring:
		d.move(Available, s.clock.Now())
		d.Keep = d.Keep || d.KeptAt.IsZero()
	default:
		return fmt.Errorf("settle desktop %s: no work is done in state %s", d.ID, d.State)
	}
	d.see(o.Desktop)
	if err := s.invite(tx, sc, d); err != nil {
		return err
	}
	return d.put(tx, sc, nil, s.clock.Now())
}

// resume ends the making of an image. The desktop goes on as it was; a failure
// is the image's.
func (s *Service) resume(tx *store.Tx, sc store.Scope, d *Desktop, o desktops.Outcome) error {
	if err := captured(tx, sc, d.Imaging, o.Code, o.Message); err != nil {
		return err
	}
	d.Imaging = ""
	d.move(Available, s.clock.Now())
	return d.put(tx, sc, nil, s.clock.Now())
}

// fail moves a desktop whose work failed. A reboot leaves it as sick as it
// was, a change of size as it was; the rest is an error until somebody rebuilds or terminates it.
func (d *Desktop) fail(o desktops.Outcome, s *Service) error {
	switch d.State {
	case Rebooting, Stopping:
		d.move(Unhealthy, s.clock.Now())
	case Updating:
		d.changed(false, s.clock.Now())
	case Pending, Starting, Rebuilding, Restoring, Terminating:
		d.move(Error, s.clock.Now())
	default:
		return fmt.Errorf("settle desktop %s: no work is done in state %s", d.ID, d.State)
	}
	d.ErrorCode, d.ErrorMessage = o.Code, o.Message
	return nil
}

// see notes what the provider knows.
func (d *Desktop) see(found desktops.Desktop) {
	if found.Addr.IsValid() {
		d.IPAddress = found.Addr.String()
	}
}

// Observe tells how a desktop is found that nobody works on: one that should
// run and does not becomes UNHEALTHY with the cause, and AVAILABLE again when
// it runs. Any other state stays.
func (s *Service) Observe(ctx context.Context, job desktops.Job, found desktops.Desktop, cause string) error {
	return s.amend(ctx, job, func(tx *store.Tx, sc store.Scope, d *Desktop) error {
		if d.Move != job.Move {
			return nil
		}
		runs, before := found.State == desktops.Running, *d
		switch {
		case d.State == Available && !runs:
			d.move(Unhealthy, s.clock.Now())
			d.ErrorCode, d.ErrorMessage = "Desktop.Unhealthy", cause
		case d.State == Unhealthy && runs:
			d.move(Available, s.clock.Now())
			d.see(found)
		case d.State == Available && runs:
			d.see(found)
		}
		if d.Move == before.Move && d.IPAddress == before.IPAddress {
			return nil // nothing new: no row in the feed
		}
		return d.put(tx, sc, nil, s.clock.Now())
	})
}

// amend changes a desktop that still is; one that is gone is no error.
func (s *Service) amend(ctx context.Context, job desktops.Job, change func(*store.Tx, store.Scope, *Desktop) error) error {
	sc := store.In(job.Account, job.Region)
	return s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := desktopTable.Get(tx, sc, job.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return change(tx, sc, d)
	})
}
