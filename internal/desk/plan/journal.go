package plan

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"tamachi/internal/desk/shelf"
)

// Progress is how far a step is.
type Progress string

// The progress of a step. What was begun is asked of the account before it is
// done again.
const (
	Waiting Progress = ""        // not begun
	Begun   Progress = "BEGUN"   // about to be asked for
	Asked   Progress = "ASKED"   // the account took it
	Applied Progress = "DONE"    // seen as wished
	Failed  Progress = "FAILED"  // refused, or it went wrong
	Skipped Progress = "SKIPPED" // not what the plan was made for any more
	Undoing Progress = "UNDOING" // a later step of its group failed
	Undone  Progress = "UNDONE"  // so it was taken back
	Kept    Progress = "KEPT"    // it was done, and could not be taken back
)

// Event is one line of a plan's record.
type Event struct {
	At    time.Time `json:"at"`
	By    string    `json:"by,omitempty"` // where a person began something
	Kind  string    `json:"kind"`         // apply, step, end, or what others add
	Step  int       `json:"step,omitempty"`
	State Progress  `json:"state,omitempty"`
	Note  string    `json:"note,omitempty"`
}

// The kinds of event that the engine writes.
const (
	KindApply = "apply" // somebody began to apply it
	KindStep  = "step"
	KindEnd   = "end" // all is done that will be; Note says how
)

// Record is a plan and what became of it.
type Record struct {
	Plan   *Plan      `json:"plan"`
	Steps  []Standing `json:"standing"` // one for each step
	Events []Event    `json:"-"`
}

// Standing is how far a step is, and since when.
type Standing struct {
	State Progress  `json:"state"`
	Note  string    `json:"note,omitempty"`
	At    time.Time `json:"at,omitzero"`
	Tried int       `json:"tried,omitempty"` // how often it was asked for
	Now   string    `json:"-"`               // what it is seen as while this process waits for it
}

// Count is the number of steps in any of some states.
func (r *Record) Count(states ...Progress) int {
	n := 0
	for _, s := range r.Steps {
		if slices.Contains(states, s.State) {
			n++
		}
	}
	return n
}

// Changed tells whether a step is done and was not so before the plan touched
// it.
func (r *Record) Changed(step int) bool {
	s := r.Steps[step]
	return (s.State == Applied || s.State == Kept) && s.Note != unmoved
}

func (r *Record) note(e Event) {
	r.Events = append(r.Events, e)
	if e.Kind != KindStep || e.Step < 1 || e.Step > len(r.Steps) {
		return
	}
	s := &r.Steps[e.Step-1]
	s.State, s.Note, s.At, s.Now = e.State, e.Note, e.At, ""
	if e.State == Begun {
		s.Tried++
	}
}

// begun is when the plan was first applied; zero where it was not.
func (r *Record) begun() time.Time {
	for _, e := range r.Events {
		if e.Kind == KindApply {
			return e.At
		}
	}
	return time.Time{}
}

// line is what a line of the file holds: the first the plan, each other an event.
type line struct {
	Plan  *Plan  `json:"plan,omitempty"`
	Event *Event `json:"event,omitempty"`
}

// Folder is where plans are kept: a file each, of JSON lines, readable by their
// owner alone.
type Folder struct{ shelf.Records[Record] }

// In is the folder of plans on a shelf.
func In(s shelf.Shelf) Folder {
	return Folder{shelf.Records[Record]{
		Dir: s.Folder("plans"), Kind: "plan", Form: idForm, Unknown: ErrUnknown,
		Made: func(r *Record) time.Time { return r.Plan.Made }, Parse: parse,
	}}
}

// ErrUnknown is a plan that is not in the folder.
var ErrUnknown = errors.New("no such plan; `tamachi plan list` lists them")

// ErrTampered is a plan that is not what it was when it was written down.
var ErrTampered = errors.New("the file was changed: the plan is not the one of its digest")

// Save writes a plan down; it is on disk when Save returns. One that is there
// already stays as it is.
func (f Folder) Save(p *Plan) error {
	if err := f.Create(p.ID, line{Plan: p}); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Journal is a plan that this process alone is at work on.
type Journal struct {
	Record  *Record
	journal *shelf.Journal
}

// Open takes a plan for this process, until Close.
func (f Folder) Open(id string) (*Journal, error) {
	j, r, err := f.Records.Open(id)
	if err != nil {
		return nil, err
	}
	return &Journal{r, j}, nil
}

// Note writes events down; they are on disk when it returns.
func (j *Journal) Note(events ...Event) error {
	lines := make([]any, len(events))
	for i := range events {
		lines[i] = line{Event: &events[i]}
	}
	if err := j.journal.Append(lines...); err != nil {
		return err
	}
	for _, e := range events {
		j.Record.note(e)
	}
	return nil
}

// Close gives the plan free.
func (j *Journal) Close() error { return j.journal.Close() }

func parse(id string, lines [][]byte) (*Record, error) {
	r := &Record{}
	for i, b := range lines {
		var l line
		if err := shelf.Decode(b, &l); err != nil {
			return nil, fmt.Errorf("plan %s, line %d: %w", id, i+1, err)
		}
		switch {
		case i == 0 && l.Plan != nil:
			r.Plan, r.Steps = l.Plan, make([]Standing, len(l.Plan.Steps))
		case i > 0 && l.Event != nil:
			r.note(*l.Event)
		default:
			return nil, fmt.Errorf("plan %s, line %d: %w", id, i+1, ErrTampered)
		}
	}
	if r.Plan == nil {
		return nil, fmt.Errorf("plan %s: %w", id, ErrTampered)
	}
	if err := r.Plan.check(); err != nil {
		return nil, fmt.Errorf("plan %s: %w", id, err)
	}
	if sum, err := r.Plan.digest(); err != nil || sum != r.Plan.Digest || r.Plan.ID != id || "p-"+sum[:10] != id {
		return nil, errors.Join(fmt.Errorf("plan %s: %w", id, ErrTampered), err)
	}
	return r, nil
}
