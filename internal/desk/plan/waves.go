package plan

import "time"

// waves is how far an apply is with the waves of its plan.
type waves struct {
	now      int       // the wave whose steps are begun
	since    time.Time // when it became that
	deferred map[int]bool
	last     bool // nothing is left but what was deferred: it is looked at once more
}

// held tells of a step that must not be begun: after too many failures, or
// outside the window.
func (a *Apply) held(step int) bool {
	return a.stopped || a.plan.Steps[step].Wave > 0 && a.Open != nil && !a.Open()
}

// wave finds the wave that is on: the first with a step that is not over. What was
// deferred holds up nobody.
func (a *Apply) wave() {
	now := -1
	for i, s := range a.plan.Steps {
		switch a.Journal.Record.Steps[i].State {
		case Waiting, Begun, Asked:
			if !a.waves.deferred[i] && (now < 0 || s.Wave < now) {
				now = s.Wave
			}
		case Applied, Failed, Skipped, Undoing, Undone, Kept:
		}
	}
	a.waves.last = now < 0
	if now < 0 || now == a.waves.now && !a.waves.since.IsZero() {
		return
	}
	a.waves.now, a.waves.since = now, a.Clock.Now()
}

// inWave tells whether it is a step's turn.
func (a *Apply) inWave(step int) bool {
	if a.waves.deferred[step] {
		return a.waves.last
	}
	return a.plan.Steps[step].Wave <= a.waves.now
}

// later puts a step off until all others are over. It returns the event of one
// that was put off before: it is skipped, and the next apply takes it.
func (a *Apply) later(it item, seen Seen) *Event {
	if a.waves.deferred[it.step] && a.waves.last {
		e := a.event(it, Skipped, seen.Note)
		return &e
	}
	if a.waves.deferred == nil {
		a.waves.deferred = map[int]bool{}
	}
	a.waves.deferred[it.step] = true
	if a.Journal.Record.Steps[it.step].State == Waiting {
		return nil
	}
	e := a.event(it, Waiting, "") // begun by a run that was killed before it asked
	return &e
}
