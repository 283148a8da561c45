package plan

import (
	"cmp"
	"fmt"
)

// judge says what follows from what was seen of a step: an event, or that the
// move is to be asked for.
func (a *Apply) judge(it item, seen Seen) (e *Event, do bool) {
	now := a.Journal.Record.Steps[it.step]
	asked := now.State == Asked || now.State == Undoing && now.Note == asking
	doubt, unsure := a.unsure[it]
	switch {
	case seen.State == Done:
		note := seen.Note
		if now.State == Waiting {
			note = unmoved
		}
		ev := a.event(it, Applied, note)
		return &ev, false
	case seen.Failed:
		ev := a.event(it, Failed, seen.Note)
		return &ev, false
	case seen.State == Drifted && (asked || unsure):
		ev := a.event(it, Failed, cmp.Or(seen.Note, "is not as it was wished"))
		return &ev, false
	case seen.State == Drifted:
		ev := a.event(it, Skipped, cmp.Or(seen.Note, "is not as the plan found it"))
		return &ev, false
	case seen.State == Later && !asked && !it.back && !a.plan.Steps[it.step].Vital:
		return a.later(it, seen), false
	case seen.State == Moving && unsure && !asked: // the account took it
		ev := a.event(it, Asked, "")
		return &ev, false
	case seen.State == Todo && unsure && !asked && a.Clock.Now().Sub(doubt.since) < settling:
		return nil, false
	case seen.State == Todo && !asked:
		return nil, true
	}
	return a.late(it, seen), false
}

// late ends the wait for a step that takes too long.
func (a *Apply) late(it item, seen Seen) *Event {
	a.Journal.Record.Steps[it.step].Now = seen.Note
	s := a.Journal.Record.Steps[it.step]
	since := s.At
	if since.IsZero() || s.State == Waiting && since.Before(a.waves.since) {
		since = a.waves.since
	}
	if since.IsZero() {
		since = a.began
	}
	if a.Clock.Now().Sub(since) <= a.Patience {
		return nil
	}
	note := fmt.Sprintf("not done after %s", a.Patience)
	if seen.Note != "" {
		note += ": " + seen.Note
	}
	e := a.event(it, Failed, note)
	return &e
}

// asking is the note of a move back that the account took.
const asking = "asked for"

// event is a step's next line. A move back has its own words for the same
// states: one that cannot be made leaves the step as it is, done.
func (a *Apply) event(it item, state Progress, note string) Event {
	e := Event{At: a.Clock.Now(), Kind: KindStep, Step: it.step + 1, State: state, Note: note}
	if !it.back {
		return e
	}
	switch state {
	case Begun:
		e.State, e.Note = Undoing, ""
	case Asked:
		e.State, e.Note = Undoing, asking
	case Applied:
		e.State, e.Note = Undone, ""
	case Failed, Skipped:
		e.State, e.Note = Kept, note
	case Waiting, Undoing, Undone, Kept:
	}
	return e
}

// end notes how it went.
func (a *Apply) end() error {
	r := a.Journal.Record
	note := fmt.Sprintf("%d of %d done", r.Count(Applied), len(r.Steps))
	return a.Journal.Note(Event{At: a.Clock.Now(), Kind: KindEnd, By: a.By, Note: note})
}
