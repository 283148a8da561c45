package plan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
)

// Apply carries out a plan. It is one goroutine: AWS limits the calls of an
// account, and what one call can carry is asked for together.
type Apply struct {
	Journal  *Journal
	Actions  Actions
	Accounts []*account.Account // one for each place of the plan
	Clock    clock.Clock
	By       string
	Agreed   string        // who approved it, for the record
	Patience time.Duration // how long a step may take from asked to done
	Errors   int           // that many steps may fail; one more and no further step is begun
	Watch    func(*Record) // called after each batch and each look
	Pause    func(context.Context, time.Duration) error
	Open     func() bool // whether the plan's window is open; nil is always

	plan    *Plan
	began   time.Time
	stopped bool // too many failures, or a vital one
	waves   waves
	unsure  map[item]doubt
}

// doubt is a move of which nobody knows whether the account took it.
type doubt struct {
	times int
	since time.Time
}

// An account that took a call may show it some seconds later: a move in doubt is
// not asked for again before. A line that loses every answer ends it.
const (
	settling   = 3 * time.Second
	mostDoubts = 3
)

// ErrStopped is an apply that was broken off between two calls: nothing is half
// done, and applying the plan again goes on.
var ErrStopped = errors.New("stopped; apply it again to go on")

// callTimeout bounds one call with its retries. A call is not broken off by
// Ctrl-C: nobody would know whether the account took it.
const callTimeout = 2 * time.Minute

// The pauses between two looks at what is on its way.
const (
	firstPause   = 200 * time.Millisecond
	longestPause = 10 * time.Second
)

// item is a step's next move: forward, or back where its group failed.
type item struct {
	step int // index into Steps
	back bool
}

// Run applies what is not done yet, and returns when each step is done, failed
// or skipped. A step is seen done by Look before it counts as such.
func (a *Apply) Run(ctx context.Context) error {
	a.plan, a.began, a.unsure = a.Journal.Record.Plan, a.Clock.Now(), map[item]doubt{}
	if err := a.known(); err != nil {
		return err
	}
	if err := a.Journal.Note(a.again()...); err != nil {
		return err
	}
	pause := firstPause
	for {
		before := len(a.Journal.Record.Events)
		open, err := a.round(ctx)
		if err != nil {
			return err
		}
		if open == 0 {
			return a.end()
		}
		if len(a.Journal.Record.Events) > before {
			pause = firstPause
		} else {
			pause = min(pause*3/2, longestPause)
		}
		if err := a.Pause(ctx, pause); err != nil {
			return ErrStopped
		}
	}
}

// known tells of an action that this program does not have.
func (a *Apply) known() error {
	for _, s := range a.plan.Steps {
		moves := []Move{s.Do}
		if s.Undo != nil {
			moves = append(moves, *s.Undo)
		}
		for _, m := range moves {
			if _, ok := a.Actions[m.Action]; !ok {
				return fmt.Errorf("step %d: this tamachi has no action %s", s.N, m.Action)
			}
		}
	}
	return nil
}

// again notes that an apply begins: what failed before is tried once more, and
// what was about to be taken back goes forward again.
func (a *Apply) again() []Event {
	now := a.Clock.Now()
	events := []Event{{At: now, Kind: KindApply, By: a.By, Note: a.Agreed}}
	for i, s := range a.Journal.Record.Steps {
		switch s.State {
		case Failed, Skipped, Undone:
			events = append(events, Event{At: now, Kind: KindStep, Step: i + 1, State: Waiting})
		case Undoing, Kept:
			events = append(events, Event{At: now, Kind: KindStep, Step: i + 1, State: Begun})
		case Waiting, Begun, Asked, Applied:
		}
	}
	return events
}

// round does one move of each step that can move, and returns how many are
// still open.
func (a *Apply) round(ctx context.Context) (open int, err error) {
	items := a.ready()
	for len(items) > 0 {
		if ctx.Err() != nil {
			return 0, ErrStopped
		}
		n := a.batch(items)
		if err := a.advance(ctx, items[:n]); err != nil {
			return 0, err
		}
		a.Watch(a.Journal.Record)
		items = items[n:]
	}
	return len(a.ready()), nil
}

// ready are the steps that can move now, those of one place and action side by
// side as the plan has them.
func (a *Apply) ready() []item {
	var items []item
	blocked := map[string]bool{} // groups whose earlier step is not done
	steps := a.Journal.Record.Steps
	a.wave()
	for i, s := range a.plan.Steps {
		free := a.moves(i) && a.inWave(i)
		if s.Group == "" {
			if free {
				items = append(items, item{step: i})
			}
			continue
		}
		if !blocked[s.Group] && free {
			items = append(items, item{step: i})
		}
		blocked[s.Group] = blocked[s.Group] || steps[i].State != Applied
	}
	if a.plan.Together {
		items = append(items, a.backwards()...)
	}
	return items
}

// moves tells of a step that is not over. After too many failures, or outside the
// window, what was not begun stays so.
func (a *Apply) moves(step int) bool {
	s := a.Journal.Record.Steps[step].State
	return s == Begun || s == Asked || s == Waiting && !a.held(step)
}

// backwards are the moves back of groups with a failed step, the last first.
func (a *Apply) backwards() []item {
	var items []item
	steps := a.Journal.Record.Steps
	broken := map[string]bool{}
	for i, s := range a.plan.Steps {
		if st := steps[i].State; s.Group != "" && (st == Failed || st == Skipped) {
			broken[s.Group] = true
		}
	}
	for i, s := range slices.Backward(a.plan.Steps) {
		if !broken[s.Group] || s.Undo == nil {
			continue
		}
		if st := steps[i].State; st == Applied && steps[i].Note != unmoved || st == Undoing {
			items = append(items, item{step: i, back: true})
			broken[s.Group] = false // the one before waits for this one
		}
	}
	return items
}

// unmoved is the note of a step that was done before the plan touched it: no
// failure takes that back.
const unmoved = "was so already"

// batch is how many items from the first on go into one call.
func (a *Apply) batch(items []item) int {
	first := a.plan.Steps[items[0].step]
	most := max(1, a.Actions[a.move(items[0]).Action].Batch)
	n := 1
	for n < len(items) && n < most && items[n].back == items[0].back &&
		a.plan.Steps[items[n].step].Place == first.Place && a.move(items[n]).Action == a.move(items[0]).Action {
		n++
	}
	return n
}

func (a *Apply) move(it item) Move {
	if it.back {
		return *a.plan.Steps[it.step].Undo
	}
	return a.plan.Steps[it.step].Do
}

// advance looks at a batch and asks for what is to do.
func (a *Apply) advance(ctx context.Context, items []item) error {
	action := a.Actions[a.move(items[0]).Action]
	place := a.Accounts[a.plan.Steps[items[0].step].Place]
	seen, err := action.Look(ctx, place, a.asks(items))
	if ctx.Err() != nil {
		return ErrStopped
	}
	if err == nil && len(seen) != len(items) {
		err = fmt.Errorf("the action answered %d of %d", len(seen), len(items))
	}
	if err != nil { // as of an account that lets nobody look: the others go on
		seen = slices.Repeat([]Seen{{Failed: true, Note: err.Error()}}, len(items))
	}
	var events []Event
	var todo []item
	for i, it := range items {
		e, do := a.judge(it, seen[i])
		switch {
		case do && (it.back || !a.held(it.step)):
			todo = append(todo, it)
		case do: // begun by an earlier run, and not done
			events = append(events, a.event(it, Waiting, ""))
		}
		if e != nil {
			events = append(events, *e)
		}
	}
	a.tally(events)
	for _, it := range todo {
		events = append(events, a.event(it, Begun, ""))
	}
	if len(events) > 0 {
		if err := a.Journal.Note(events...); err != nil {
			return err
		}
	}
	if len(todo) == 0 {
		return nil
	}
	return a.ask(ctx, action, place, todo)
}

// ask makes the call. It is not broken off, and its answer is written down. A
// move whose answer was lost stays begun: the account is looked at before it is
// asked for again.
func (a *Apply) ask(ctx context.Context, action Action, place *account.Account, todo []item) error {
	call, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	refusals := action.Do(account.Once(call), place, a.asks(todo))
	if len(refusals) != len(todo) {
		return fmt.Errorf("step %d: the action answered %d of %d", todo[0].step+1, len(refusals), len(todo))
	}
	var events []Event
	for i, it := range todo {
		d := a.unsure[it]
		switch err := refusals[i]; {
		case err == nil:
			events = append(events, a.event(it, Asked, ""))
		case account.Unsure(err) && d.times < mostDoubts:
			a.unsure[it] = doubt{d.times + 1, a.Clock.Now()}
		default:
			events = append(events, a.event(it, Failed, err.Error()))
		}
	}
	a.tally(events)
	if len(events) == 0 {
		return nil
	}
	return a.Journal.Note(events...)
}

func (a *Apply) asks(items []item) []Ask[json.RawMessage] {
	asks := make([]Ask[json.RawMessage], len(items))
	for i, it := range items {
		asks[i] = Ask[json.RawMessage]{a.move(it).Input, a.plan.token(it.step + 1)}
	}
	return asks
}

// tally stops the apply after too many failures, or a vital one.
func (a *Apply) tally(events []Event) {
	failed := a.Journal.Record.Count(Failed)
	for _, e := range events {
		if e.State == Failed {
			failed++
		}
		if (e.State == Failed || e.State == Skipped) && a.plan.Steps[e.Step-1].Vital {
			a.stopped = true
		}
	}
	most := a.Errors
	if a.plan.Stop > 0 {
		most = min(most, a.plan.Stop-1)
	}
	a.stopped = a.stopped || failed > most
}
