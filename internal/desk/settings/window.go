package settings

import (
	"fmt"
	"strings"
	"time"
)

// Window is when something may be begun: "off-hours" is outside working hours,
// "days-off" on days that are no working days; 22:00-06:00 a time of day, alone or
// after either of them; 2026-11-28T22:00/2026-11-29T06:00 one span. All is in the
// zone of the working hours.
type Window struct {
	days     string // "", off-hours, days-off
	from, to string // times of day, or with span local times
	span     bool
}

const local = "2006-01-02T15:04"

// ParseWindow reads a window. The empty text is at any time.
func ParseWindow(s string) (Window, error) {
	wrong := fmt.Errorf("window %q: want off-hours, days-off, 22:00-06:00, or 2026-11-28T22:00/2026-11-29T06:00", s)
	if from, to, is := strings.Cut(s, "/"); is {
		_, err := time.Parse(local, from)
		_, err2 := time.Parse(local, to)
		if err != nil || err2 != nil || from >= to {
			return Window{}, wrong
		}
		return Window{from: from, to: to, span: true}, nil
	}
	var w Window
	words := strings.Fields(s)
	if len(words) > 0 && (words[0] == "off-hours" || words[0] == "days-off") {
		w.days, words = words[0], words[1:]
	}
	if len(words) == 0 {
		return w, nil
	}
	from, to, is := strings.Cut(words[0], "-")
	if !is || len(words) > 1 || clockTime(from) != nil || clockTime(to) != nil || from == to {
		return Window{}, wrong
	}
	w.from, w.to = from, to
	return w, nil
}

// Open tells whether something may be begun at t.
func (s *Settings) Open(w Window, t time.Time) bool {
	if w.span {
		now := t.In(s.Location()).Format(local)
		return w.from <= now && now < w.to
	}
	switch {
	case w.days == "off-hours" && s.Working(t), w.days == "days-off" && s.WorkingDay(t):
		return false
	}
	return w.from == "" || within(t.In(s.Location()), w.from, w.to)
}

// Opens is the first minute from t on at which it is open; zero where that is
// not within 30 days.
func (s *Settings) Opens(w Window, t time.Time) time.Time {
	if s.Open(w, t) {
		return t
	}
	t = t.Truncate(time.Minute)
	for range 30 * 24 * 60 {
		if t = t.Add(time.Minute); s.Open(w, t) {
			return t
		}
	}
	return time.Time{}
}

// Span is a time in which a window is open.
type Span struct{ From, To time.Time }

// longest is how long a window may have been open before it is looked for: over the
// holidays at the turn of a year.
const longest = 14 * 24 * time.Hour

// Spans are the times between two moments in which a window is open, whole: the
// first may have begun before.
func (s *Settings) Spans(w Window, from, until time.Time) (out []Span) {
	from = from.Truncate(time.Minute)
	first := from
	for s.Open(w, first) && from.Sub(first) < longest {
		first = first.Add(-time.Minute)
	}
	open := false
	for t := first; t.Before(until) || open && t.Sub(until) < longest; t = t.Add(time.Minute) {
		now := s.Open(w, t)
		if now && !open {
			out = append(out, Span{From: t, To: t})
		}
		if now {
			out[len(out)-1].To = t.Add(time.Minute)
		}
		open = now
	}
	return out
}
