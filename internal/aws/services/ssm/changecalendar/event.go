package changecalendar

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"tamachi/internal/aws/services/ssm/ical"
)

// event is a VEVENT: when it begins and how long it takes, each time.
type event struct {
	uid       string
	start     time.Time // in its zone
	days      int       // of an event of whole days; else it lasts
	lasts     time.Duration
	rule      *rule // nil: it does not recur
	extra     []time.Time
	except    map[int64]bool // occurrences that are left out, by their seconds
	instead   time.Time      // the occurrence that it stands for, or zero
	cancelled bool
}

// unknown are properties of an event that would change when it is, and are not
// understood.
var unknown = []string{"EXRULE"}

func readEvent(c *ical.Component, z zones) (*event, error) {
	e := &event{uid: c.Text("UID"), cancelled: strings.EqualFold(c.Text("STATUS"), "CANCELLED")}
	for _, name := range unknown {
		if _, there := c.Get(name); there {
			return nil, fmt.Errorf("%s isn't understood", name)
		}
	}
	begin, ok := c.Get("DTSTART")
	if !ok {
		return nil, errors.New("an event has no DTSTART")
	}
	var whole bool
	var err error
	if e.start, whole, err = z.time(begin, begin.Value); err != nil {
		return nil, err
	}
	if err := e.readLength(c, z, whole); err != nil {
		return nil, err
	}
	if e.extra, err = z.times(c.All("RDATE")); err != nil {
		return nil, err
	}
	out, err := z.times(c.All("EXDATE"))
	if err != nil {
		return nil, err
	}
	e.skip(out)
	if p, ok := c.Get("RECURRENCE-ID"); ok {
		if p.Parameters["RANGE"] != "" {
			return nil, errors.New("a RECURRENCE-ID with a RANGE isn't understood")
		}
		if e.instead, _, err = z.time(p, p.Value); err != nil {
			return nil, err
		}
	}
	rules := c.All("RRULE")
	if len(rules) > 1 {
		return nil, errors.New("an event with more than one RRULE isn't understood")
	}
	if len(rules) == 1 {
		e.rule, err = readRule(rules[0].Value, e.start)
	}
	return e, err
}

// skip leaves occurrences out.
func (e *event) skip(all []time.Time) {
	if e.except == nil {
		e.except = map[int64]bool{}
	}
	for _, t := range all {
		e.except[t.Unix()] = true
	}
}

// readLength reads how long an event takes: to DTEND, for DURATION, or else a
// day if it begins on a date and no time if it begins at a time (RFC 5545,
// 3.6.1).
func (e *event) readLength(c *ical.Component, z zones, whole bool) error {
	if whole {
		e.days = 1
	}
	if p, ok := c.Get("DTEND"); ok {
		end, wholeToo, err := z.time(p, p.Value)
		switch {
		case err != nil:
			return err
		case whole != wholeToo:
			return errors.New("DTSTART and DTEND must both be dates, or both be times")
		case end.Before(e.start):
			return errors.New("an event ends before it begins")
		case whole:
			e.days = daysBetween(e.start, end)
		default:
			e.lasts = end.Sub(e.start)
		}
		return nil
	}
	if p, ok := c.Get("DURATION"); ok {
		days, lasts, err := duration(p.Value)
		if err != nil {
			return err
		}
		if whole && lasts != 0 {
			return errors.New("an event on a date must last whole days")
		}
		if e.days = days; !whole {
			e.days, e.lasts = 0, lasts+time.Duration(days)*24*time.Hour
		}
	}
	return nil
}

// end is when an occurrence ends that begins at a time. Days are those of the
// calendar, which summer time makes longer and shorter.
func (e *event) end(from time.Time) time.Time {
	return from.AddDate(0, 0, e.days).Add(e.lasts)
}

// between shows the occurrences that take a part of the time from a to b.
func (e *event) between(a, b time.Time, w *work, show func(span)) error {
	try := func(from time.Time) error {
		s := span{from, e.end(from)}
		if !s.from.Before(b) || !s.to.After(a) || e.except[from.Unix()] {
			return nil
		}
		if err := w.span(); err != nil {
			return err
		}
		show(s)
		return nil
	}
	for _, from := range e.extra {
		if err := try(from); err != nil {
			return err
		}
	}
	if e.rule == nil {
		return try(e.start)
	}
	// An occurrence that began so much earlier may still go on; a day more for
	// days that are longer.
	earliest := a.AddDate(0, 0, -e.days-1).Add(-e.lasts)
	return e.rule.between(e.start, earliest, b, w, try)
}

// daysBetween counts the days from one date to another, whatever the clock was
// set to in between.
func daysBetween(a, b time.Time) int {
	return number(b) - number(a)
}

// number is the number of a date's day, so that days can be counted.
func number(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}
