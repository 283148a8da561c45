package plan

import (
	"errors"
	"slices"
	"time"
)

// ErrNothing is an undo of a plan that changed nothing which has a way back.
var ErrNothing = errors.New("nothing to undo")

// Undo makes the plan that takes back what a plan has done, the last first. It
// is shown, approved and applied as any other; its own undo is the way forward.
func (r *Record) Undo(by string, now time.Time, reason string) (*Plan, error) {
	p := Plan{
		Duty: r.Plan.Duty, Made: now, By: by, Reason: reason, Undoes: r.Plan.ID, Places: r.Plan.Places,
	}
	waves := 0
	for _, s := range r.Plan.Steps {
		waves = max(waves, s.Wave)
	}
	for i, s := range slices.Backward(r.Plan.Steps) {
		if !r.Changed(i) {
			continue
		}
		if s.Undo == nil {
			p.Notes = append(p.Notes, Text{
				text.NotUndone.In("en", "resource", s.Resource, "what", s.What.En),
				text.NotUndone.In("ja", "resource", s.Resource, "what", s.What.Ja),
			})
			continue
		}
		forward := s.Do
		p.Steps = append(p.Steps, Step{
			Place: s.Place, Group: s.Group, Wave: waves - s.Wave, Resource: s.Resource, Owner: s.Owner, Do: *s.Undo, Undo: &forward,
			What: Text{text.Undo.In("en", "what", s.What.En), text.Undo.In("ja", "what", s.What.Ja)},
			Why:  Say(text.UndoWhy, "id", r.Plan.ID, "n", s.N),
		})
	}
	if len(p.Steps) == 0 {
		return nil, ErrNothing
	}
	return New(p)
}
