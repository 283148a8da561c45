package plan

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// madeBack is a plan that takes another back, made so long after it and applied as
// far as the states say.
func madeBack(t *testing.T, r *Record, after time.Duration, states ...Progress) *Record {
	t.Helper()
	p, err := r.Undo(r.Plan.By, morning.Add(after), "")
	if err != nil {
		t.Fatal(err)
	}
	u := &Record{Plan: p, Steps: make([]Standing, len(p.Steps))}
	for i, s := range states {
		at := morning.Add(after + time.Minute)
		if i == 0 {
			u.note(Event{At: at, Kind: KindApply})
		}
		u.note(Event{At: at, Kind: KindStep, Step: i + 1, State: s})
	}
	return u
}

func applied(t *testing.T, states ...Progress) *Record {
	t.Helper()
	p := planOf(t, nil, steps(t, "a", "b", "c")...)
	r := &Record{Plan: p, Steps: make([]Standing, 3)}
	for i, s := range states {
		r.note(Event{At: morning, Kind: KindStep, Step: i + 1, State: s})
	}
	return r
}

// TestWhatIsTakenBackAlready is which plan is in force of those that were made to
// take one back.
func TestWhatIsTakenBackAlready(t *testing.T) {
	r := applied(t, Applied, Applied, Applied)
	never := madeBack(t, r, time.Hour)
	half := madeBack(t, r, 2*time.Hour, Applied)
	whole := madeBack(t, r, 3*time.Hour, Applied, Applied, Applied)
	forward := madeBack(t, whole, 4*time.Hour, Applied)
	early := madeBack(t, r, -time.Hour, Applied)
	for _, row := range []struct {
		name string
		all  []*Record
		want *Record
	}{
		{"nothing was made", []*Record{r}, nil},
		{"one was made and never begun", []*Record{never, r}, nil},
		{"one was broken off", []*Record{half, never, r}, half},
		{"one is done", []*Record{whole, r}, whole},
		{"that one was taken back", []*Record{forward, whole, r}, nil},
		{"one is older than the last change", []*Record{early, r}, nil},
	} {
		if got := r.takenBack(row.all); got != row.want {
			t.Errorf("%s: want %v, got %v", row.name, row.want, got)
		}
	}
}

// TestUndoOfAPlanThatWasBrokenOff takes back what the account took, and says of
// what is only begun that nobody knows.
func TestUndoOfAPlanThatWasBrokenOff(t *testing.T) {
	r := applied(t, Applied, Asked, Begun)
	p, err := r.Undo(r.Plan.By, morning.Add(time.Hour), "")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Steps) != 2 || p.Steps[0].Resource != "b" || p.Steps[1].Resource != "a" {
		t.Errorf("want b and then a, got %+v", p.Steps)
	}
	if len(p.Notes) != 1 || !strings.Contains(p.Notes[0].En, "c: add a line: begun and broken off; tamachi plan apply "+r.Plan.ID) {
		t.Errorf("want it said of c, got %v", p.Notes)
	}
	gone := applied(t, Applied)
	gone.Plan.Steps[0].Undo = nil
	if _, err := gone.Undo(r.Plan.By, morning, ""); !errors.Is(err, ErrNothing) || len(gone.noWayBack()) != 1 {
		t.Errorf("want nothing to undo and one without a way back, got %v, %v", err, gone.noWayBack())
	}
}
