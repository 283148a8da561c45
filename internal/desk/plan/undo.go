package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tamachi/internal/desk/report"
	"tamachi/internal/desk/shelf"
)

// ErrNothing is an undo of a plan that changed nothing which has a way back.
var ErrNothing = errors.New("nothing to undo")

// Undo makes the plan that takes back what a plan has done, the last first. It
// is shown, approved and applied as any other; its own undo is the way forward.
func (r *Record) Undo(by string, now time.Time, reason string) (*Plan, error) {
	p := Plan{
		Duty: r.Plan.Duty, Made: now, By: by, Reason: reason, Undoes: r.Plan.ID, Places: r.Plan.Places, Patience: r.Plan.Patience, Notes: r.noWayBack(),
	}
	waves := 0
	for _, s := range r.Plan.Steps {
		waves = max(waves, s.Wave)
	}
	for i, s := range slices.Backward(r.Plan.Steps) {
		if s.Undo == nil || !r.Changed(i) && r.Steps[i].State != Asked {
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

// noWayBack says what an undo leaves: what was done for good, and what was begun
// when an apply was broken off, of which only the account knows.
func (r *Record) noWayBack() (all []Text) {
	say := func(m report.Message, s Step) {
		all = append(all, Text{
			m.In("en", "resource", s.Resource, "what", s.What.En, "id", r.Plan.ID), m.In("ja", "resource", s.Resource, "what", s.What.Ja, "id", r.Plan.ID),
		})
	}
	for i, s := range slices.Backward(r.Plan.Steps) {
		state := r.Steps[i].State
		switch {
		case state == Begun:
			say(text.Unknown, s)
		case s.Undo == nil && (r.Changed(i) || state == Asked):
			say(text.NotUndone, s)
		}
	}
	return all
}

// takenBack finds the plan that was begun to take a record's plan back and is in
// force: made after the last change of it, and not taken back itself.
func (r *Record) takenBack(all []*Record) *Record {
	var last time.Time
	for i, s := range r.Steps {
		if r.Changed(i) && s.At.After(last) {
			last = s.At
		}
	}
	for _, u := range all {
		again := func(o *Record) bool { return o.Plan.Undoes == u.Plan.ID && !o.begun().IsZero() }
		if u.Plan.Undoes == r.Plan.ID && !u.begun().IsZero() && !u.Plan.Made.Before(last) && !slices.ContainsFunc(all, again) {
			return u
		}
	}
	return nil
}

// takeBack undoes a plan: goes on with what was begun for that, says that it is
// done already, or makes a new plan of it.
func (d *Desk) takeBack(ctx context.Context, folder Folder, id string) error {
	j, err := folder.Open(id)
	if errors.Is(err, shelf.ErrInUse) {
		err = errors.New(text.InUse.In(d.Language(), "id", id))
	}
	if err != nil {
		return d.Failed(err)
	}
	r := j.Record
	if err := j.Close(); err != nil {
		return d.Failed(err)
	}
	all, _ := folder.List() // what cannot be read, tamachi plan list tells
	if u := r.takenBack(all); u != nil {
		if u.Count(Applied) < len(u.Steps) {
			return d.GoOn(ctx, u.Plan.ID)
		}
		fmt.Fprintln(d.talk(), text.TakenBack.In(d.Language(), "id", id, "undo", u.Plan.ID, "time", u.begun().In(d.World.Location).Format("2006-01-02 15:04")))
		if d.Flags.JSON {
			return d.json(u)
		}
		return nil
	}
	by, err := d.who(ctx, r.Plan)
	if err != nil {
		return d.Failed(err)
	}
	p, err := r.Undo(by, d.World.Clock.Now(), d.Flags.Reason)
	if errors.Is(err, ErrNothing) {
		for _, n := range r.noWayBack() {
			fmt.Fprintln(d.talk(), "! "+report.Plain(n.In(d.Language())))
		}
		err = errors.New(text.NothingToUndo.In(d.Language(), "id", id))
	}
	if err != nil {
		return d.Failed(err)
	}
	return d.Propose(ctx, p)
}
