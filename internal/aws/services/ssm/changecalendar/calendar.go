package changecalendar

import (
	"errors"
	"slices"
	"time"

	"tamachi/internal/aws/services/ssm/ical"
)

// calendar is a change calendar that can be asked.
type calendar struct {
	closed bool // outside its events
	events []*event
}

const (
	// ahead is how many years ahead a change is looked for.
	ahead = 5
	// firstYear and lastYear bound the times that are understood.
	firstYear, lastYear = 1900, 2500
	// mostDays is how many days may be looked at to answer one question, and
	// mostSpans how many occurrences may be found.
	mostDays, mostSpans = 500_000, 50_000
)

var errTooMuch = errors.New("its events take too much work")

// parse reads a calendar.
func parse(text string) (*calendar, error) {
	root, err := ical.Parse(text)
	if err != nil {
		return nil, err
	}
	c := &calendar{closed: root.Text("X-CALENDAR-TYPE") == "DEFAULT_CLOSED"}
	z := zones{root: root, usual: time.UTC}
	if name := root.Text("X-WR-TIMEZONE"); name != "" {
		if z.usual, err = z.named(name); err != nil {
			return nil, err
		}
	}
	moved := map[string][]time.Time{} // occurrences that stand on their own, by UID
	for _, part := range root.Parts {
		if part.Name != "VEVENT" {
			continue
		}
		e, err := readEvent(part, z)
		if err != nil {
			return nil, err
		}
		if !e.instead.IsZero() {
			moved[e.uid] = append(moved[e.uid], e.instead)
		}
		if !e.cancelled {
			c.events = append(c.events, e)
		}
	}
	for _, e := range c.events {
		if e.instead.IsZero() {
			e.skip(moved[e.uid])
		}
	}
	return c, nil
}

// span is the time that an occurrence takes.
type span struct{ from, to time.Time }

// spans are the times from a to b that events take, in order and apart.
func (c *calendar) spans(a, b time.Time, w *work) ([]span, error) {
	var all []span
	for _, e := range c.events {
		err := e.between(a, b, w, func(s span) {
			all = append(all, s)
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(x, y span) int { return x.from.Compare(y.from) })
	var out []span
	for _, s := range all {
		if n := len(out); n > 0 && !s.from.After(out[n-1].to) {
			if s.to.After(out[n-1].to) {
				out[n-1].to = s.to
			}
			continue
		}
		out = append(out, s)
	}
	return out, nil
}

// state tells whether all calendars are open at a time, and when that changes
// before another; the zero time when it does not.
func state(all []*calendar, at, until time.Time) (open bool, next time.Time, err error) {
	w := &work{}
	from := at
	for _, days := range []int{8, 62, 400, 366 * ahead} { // near times first: they are usual
		to := at.AddDate(0, 0, days)
		if to.After(until) {
			to = until
		}
		var found [][]span
		for _, c := range all {
			spans, err := c.spans(from, to, w)
			if err != nil {
				return false, time.Time{}, err
			}
			found = append(found, spans)
		}
		if from.Equal(at) {
			open = together(all, found, at)
		}
		if next := turn(all, found, from, to, open); !next.IsZero() {
			return open, next, nil
		}
		if !to.Before(until) {
			break
		}
		from = to
	}
	return open, time.Time{}, nil
}

// together tells whether all calendars are open at a time.
func together(all []*calendar, found [][]span, at time.Time) bool {
	for i, c := range all {
		spans := found[i]
		n, _ := slices.BinarySearchFunc(spans, at, func(s span, t time.Time) int {
			if s.to.After(t) {
				return 1
			}
			return -1
		})
		during := n < len(spans) && !spans[n].from.After(at)
		if during != c.closed {
			return false
		}
	}
	return true
}

// turn is the first time from a on and before b at which the state is not what
// it was.
func turn(all []*calendar, found [][]span, a, b time.Time, was bool) time.Time {
	var edges []time.Time
	for _, spans := range found {
		for _, s := range spans {
			edges = append(edges, s.from, s.to)
		}
	}
	slices.SortFunc(edges, time.Time.Compare)
	for _, t := range edges {
		if !t.Before(a) && t.Before(b) && together(all, found, t) != was {
			return t
		}
	}
	return time.Time{}
}

// work counts what a question has cost.
type work struct{ days, spans int }

func (w *work) day() error {
	if w.days++; w.days > mostDays {
		return errTooMuch
	}
	return nil
}

func (w *work) span() error {
	if w.spans++; w.spans > mostSpans {
		return errTooMuch
	}
	return nil
}
