package schedule

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ErrInvalid is what every error of Parse and of the limits wraps.
var ErrInvalid = errors.New("invalid schedule")

// Kind says how a schedule is written.
type Kind string

// The three kinds.
const (
	Cron Kind = "cron"
	Rate Kind = "rate"
	At   Kind = "at"
)

// longest is how long an expression may be: ScheduleExpression of
// CreateAssociation and of CreateMaintenanceWindow take no more.
const longest = 256

// Schedule is a parsed expression. The zero value never comes due.
type Schedule struct {
	text  string
	kind  Kind
	zone  *time.Location
	cron  fields
	every time.Duration
	at    time.Time // as the wall clock shows it, in UTC
	days  int
	from  time.Time
}

// Parse reads an expression. Cron and at are meant on the wall clock of tz;
// nil is UTC.
func Parse(expr string, tz *time.Location) (Schedule, error) {
	if tz == nil {
		tz = time.UTC
	}
	s := Schedule{text: expr, zone: tz}
	if len(expr) > longest {
		return Schedule{}, fmt.Errorf("%w: longer than %d characters", ErrInvalid, longest)
	}
	name, rest, ok := strings.Cut(expr, "(")
	body, closed := strings.CutSuffix(rest, ")")
	if !ok || !closed {
		return Schedule{}, fmt.Errorf("%w: %q is no cron(...), rate(...) or at(...)", ErrInvalid, expr)
	}
	var err error
	switch s.kind = Kind(name); s.kind {
	case Cron:
		s.cron, err = parseFields(body)
	case Rate:
		s.every, err = parseRate(body)
	case At:
		s.at, err = parseMoment(body)
	default:
		err = fmt.Errorf("%w: %q is no cron(...), rate(...) or at(...)", ErrInvalid, expr)
	}
	if err != nil {
		return Schedule{}, err
	}
	return s, nil
}

// String is the expression as it was given.
func (s Schedule) String() string { return s.text }

// Kind says how the schedule is written.
func (s Schedule) Kind() Kind { return s.kind }

// Every is the period of a rate, else 0.
func (s Schedule) Every() time.Duration { return s.every }

// Later returns the schedule moved by days on the calendar of its zone: the
// ScheduleOffset, which is for cron only and from 1 to 6.
func (s Schedule) Later(days int) (Schedule, error) {
	if s.kind != Cron {
		return Schedule{}, fmt.Errorf("%w: only a cron expression takes an offset", ErrInvalid)
	}
	if days < 1 || days > 6 {
		return Schedule{}, fmt.Errorf("%w: an offset is from 1 to 6 days, not %d", ErrInvalid, days)
	}
	s.days = days
	return s, nil
}

// From returns the schedule as it is for something that begins at t. What a
// cron expression names before t does not count, even when an offset moves it
// behind t: the guide says so under "Schedule offsets". A rate counts its
// periods from t.
func (s Schedule) From(t time.Time) Schedule {
	s.from = t
	return s
}

// Next is the first time after a time at which the schedule comes due; zero if
// there is none. A rate without From comes due one period after the given time.
func (s Schedule) Next(after time.Time) time.Time {
	switch s.kind {
	case Rate:
		return s.nextRate(after)
	case At:
		if t, ok := first(s.at, s.zone); ok && t.After(after) && t.After(s.from) {
			return t
		}
	case Cron:
		return s.nextCron(after)
	}
	return time.Time{}
}

func (s Schedule) nextRate(after time.Time) time.Time {
	if s.from.IsZero() {
		return after.Add(s.every)
	}
	if after.Before(s.from) {
		return s.from.Add(s.every)
	}
	// Whole periods, counted without a loop: from may be years back.
	return s.from.Add((after.Sub(s.from)/s.every + 1) * s.every)
}

// nextCron looks for the next wall time that fits and comes after the given
// one, until there is one that exists.
func (s Schedule) nextCron(after time.Time) time.Time {
	begin := shown(after, s.zone).AddDate(0, 0, -s.days)
	if from := shown(s.from, s.zone); !s.from.IsZero() && from.After(begin) {
		begin = from
	}
	for wall := begin; ; {
		next, ok := s.cron.next(wall)
		if !ok {
			return time.Time{}
		}
		if t, ok := first(next.AddDate(0, 0, s.days), s.zone); ok && t.After(after) {
			return t
		}
		wall = next
	}
}

// shown is what the wall clock of a zone shows at a time, written as UTC.
func shown(t time.Time, zone *time.Location) time.Time {
	_, offset := t.In(zone).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// first is the first moment at which the wall clock of a zone shows a time;
// false if it is skipped there.
func first(wall time.Time, zone *time.Location) (time.Time, bool) {
	if zone == time.UTC {
		return wall, true
	}
	// The offsets that can be meant are those of a day before and a day after:
	// no zone changes its clock twice within two days. The larger offset is
	// the earlier moment.
	var offsets [2]int
	for i, d := range [2]time.Duration{-26 * time.Hour, 26 * time.Hour} {
		_, offsets[i] = wall.Add(d).In(zone).Zone()
	}
	for _, offset := range [2]int{max(offsets[0], offsets[1]), min(offsets[0], offsets[1])} {
		if t := wall.Add(-time.Duration(offset) * time.Second); shown(t, zone).Equal(wall) {
			return t, true
		}
	}
	return time.Time{}, false
}

// parseRate reads "5 minutes". One is in the singular, more in the plural, and
// anything else is invalid, as the reference says.
func parseRate(body string) (time.Duration, error) {
	number, unit, ok := strings.Cut(body, " ")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || number[0] == '+' {
		return 0, fmt.Errorf("%w: rate(%s) is not a number from 1 and a unit", ErrInvalid, body)
	}
	units := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	one, plural := strings.CutSuffix(unit, "s")
	length, ok := units[one]
	if !ok || plural != (n > 1) {
		return 0, fmt.Errorf("%w: rate(%s) has no unit such as minute, minutes, hour, hours, day or days that goes with its number", ErrInvalid, body)
	}
	const most = 100 * 366 * 24 * time.Hour
	if n > int(most/length) {
		return 0, fmt.Errorf("%w: rate(%s) is longer than a hundred years", ErrInvalid, body)
	}
	return time.Duration(n) * length, nil
}

func parseMoment(body string) (time.Time, error) {
	const form = "2006-01-02T15:04:05"
	t, err := time.Parse(form, body)
	if err != nil || len(body) != len(form) {
		return time.Time{}, fmt.Errorf("%w: at(%s) is not written as at(yyyy-mm-ddThh:mm:ss)", ErrInvalid, body)
	}
	return t, nil
}
