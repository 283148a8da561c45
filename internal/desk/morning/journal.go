package morning

import (
	"encoding/json"
	"slices"
	"time"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
)

// Duty is the name of the repair's plans.
const Duty = "morning"

// Journal is a repair that was begun and has left users without a desktop: a
// desktop that is gone is known to nobody but the plan that ended it.
type Journal struct {
	Plan  string        `json:"plan"`
	Begun time.Time     `json:"begun"`
	Ended bool          `json:"ended"` // it came to its end, and some of it failed
	Items []Replacement `json:"items"`
}

// remembered is how long a repair that failed is told of.
const remembered = 30 * 24 * time.Hour

// readJournal finds the newest repair of an account and Region that has left
// something to do, or nil.
func readJournal(all []*plan.Record, f *Facts) *Journal {
	c := newCase(f)
	for _, r := range all {
		p := r.Plan
		if p.Duty != Duty || f.At.Sub(p.Made) > remembered || len(p.Places) != 1 {
			continue
		}
		if at := p.Places[0]; at.Account != f.Account || at.Region != f.Region || at.Endpoint != f.Endpoint {
			continue
		}
		if j := c.journalOf(r); j != nil {
			return j
		}
	}
	return nil
}

// journalOf is what a plan has begun and not done: of one that was broken off all
// of it, of one that came to its end the users who have no desktop now.
func (c *file) journalOf(r *plan.Record) *Journal {
	begun := slices.IndexFunc(r.Events, func(e plan.Event) bool { return e.Kind == plan.KindApply })
	if begun < 0 {
		return nil
	}
	j := &Journal{Plan: r.Plan.ID, Begun: r.Events[begun].At, Ended: r.Events[len(r.Events)-1].Kind == plan.KindEnd}
	touched := map[string]bool{}
	for i, s := range r.Plan.Steps {
		state := r.Steps[i].State
		touched[s.Group] = touched[s.Group] || state != plan.Waiting && state != plan.Skipped
		var in change.New
		if s.Do.Action != change.CreateNew || state == plan.Applied || json.Unmarshal(s.Do.Input, &in) != nil || j.Ended && !touched[s.Group] {
			continue
		}
		_, there := c.byID[in.Old]
		_, has := c.owners[target(in.Request.Directory, in.Request.User)]
		if has && j.Ended {
			continue
		}
		j.Items = append(j.Items, Replacement{Old: in.Old, Request: in.Request, Gone: !there})
	}
	if j.Items == nil {
		return nil
	}
	return j
}
