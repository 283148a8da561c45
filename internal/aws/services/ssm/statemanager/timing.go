package statemanager

import (
	"time"

	"tamachi/internal/aws/services/ssm/rate"
	"tamachi/internal/schedule"
	"tamachi/internal/store"
)

// all is the limit that is none: MaxConcurrency's default, and what MaxErrors
// is when it is not given.
const all = "100%"

// plan reads the schedule of an association; ok is false when there is none.
// An association counts from its latest version on.
func (a *association) plan() (plan schedule.Schedule, ok bool) {
	if a.Schedule == "" {
		return schedule.Schedule{}, false
	}
	plan, err := schedule.Parse(a.Schedule, time.UTC)
	if err == nil && a.Offset > 0 {
		plan, err = plan.Later(int(a.Offset))
	}
	return plan.From(a.Updated), err == nil // it was valid when it was stored
}

// nodesKeepTime tells whether nodes evaluate the schedule by themselves: then
// nothing of it needs the plane.
func (a *association) nodesKeepTime() bool {
	plan, ok := a.plan()
	return ok && plan.Kind() != schedule.At && !a.OnlyAtCron && a.Offset == 0 && len(a.Calendars) == 0 && a.Guard == nil &&
		(a.MaxConcurrency == "" || a.MaxConcurrency == all) && (a.MaxErrors == "" || a.MaxErrors == all)
}

// next is when the plane is to begin an execution after a time.
func (a *association) next(after time.Time) time.Time {
	plan, ok := a.plan()
	if !ok || a.nodesKeepTime() {
		return time.Time{}
	}
	return plan.Next(after)
}

// concurrent and allowed are what an execution's rate control says.
func (e *execution) concurrent() int {
	l, err := rate.Concurrency(e.Concurrency)
	if err != nil {
		return e.Total
	}
	return l.Concurrent(e.Total)
}

func (e *execution) exceeded() bool {
	l, err := rate.Errors(e.Errors)
	return err == nil && l.Exceeded(e.errors(), e.Total)
}

// open tells whether all calendars of an association are open.
func (s *Service) open(tx *store.Tx, scope store.Scope, a *association) (bool, error) {
	for _, c := range a.Calendars {
		if s.ports.Calendars == nil {
			return false, nil
		}
		if yes, err := s.ports.Calendars.Open(tx, scope, c); err != nil || !yes {
			return false, err
		}
	}
	return true, nil
}
