package plan

import (
	"errors"
	"fmt"
	"time"
)

// After is another plan that comes before this one, such as the announcement of
// what is changed.
type After struct {
	Plan string        `json:"plan"`
	Wait time.Duration `json:"wait"` // from when it was done
}

// errTurn is a plan that comes after another one.
var errTurn = errors.New("another plan comes first")

// turn tells when it is a plan's turn. What was begun may be gone on with.
func (r *Record) turn(folder Folder, now time.Time) (due time.Time, err error) {
	if r.Plan.After == nil || !r.begun().IsZero() {
		return now, nil
	}
	first, err := folder.Read(r.Plan.After.Plan)
	if err != nil {
		return now, fmt.Errorf("the plan before this one: %w", err)
	}
	if first.Count(Applied) != len(first.Steps) {
		return now, errTurn
	}
	for _, s := range first.Steps {
		if at := s.At.Add(r.Plan.After.Wait); at.After(due) {
			due = at
		}
	}
	return due, nil
}

// InTurn refuses to begin a plan whose turn it is not.
func (d *Desk) InTurn(folder Folder, r *Record) error {
	now := d.World.Clock.Now()
	due, err := r.turn(folder, now)
	switch {
	case errors.Is(err, errTurn):
		return errors.New(text.NotFirst.In(d.Language(), "first", r.Plan.After.Plan))
	case err != nil:
		return err
	case now.Before(due):
		return errors.New(text.TooEarly.In(d.Language(), "time", due.In(d.World.Location).Format("2006-01-02 15:04"), "id", r.Plan.ID))
	}
	return nil
}
