package changecalendar

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// rule says on which days an event recurs (RFC 5545, 3.3.10), at the time of
// day of its first occurrence.
type rule struct {
	freq      rrule.Frequency // by day or more
	interval  int
	count     int       // 0: without an end
	until     time.Time // zero: the same
	weekStart time.Weekday
	months    []int
	monthDays []int // negative ones from the end
	weekdays  []weekday
	positions []int // of the days of a period that are kept
}

// weekday is a day of the week; nth, unless it is zero, the nth of its month or
// year.
type weekday struct {
	nth int
	day time.Weekday
}

// mostListed is how many values a part of a rule may have.
const mostListed = 400

// readRule reads an RRULE. What a part that is left out means follows from
// the first occurrence.
func readRule(text string, start time.Time) (*rule, error) {
	o, err := rrule.StrToROptionInLocation(strings.TrimRight(text, ";"), start.Location())
	if err != nil {
		return nil, fmt.Errorf("the RRULE isn't valid: %w", err)
	}
	switch {
	case o.Freq > rrule.DAILY:
		return nil, errors.New("an RRULE by the hour, the minute or the second isn't understood")
	case len(o.Byhour)+len(o.Byminute)+len(o.Bysecond)+len(o.Byyearday)+len(o.Byweekno)+len(o.Byeaster) > 0 || !o.Dtstart.IsZero():
		return nil, errors.New("an RRULE may have FREQ, INTERVAL, COUNT, UNTIL, WKST, BYMONTH, BYMONTHDAY, BYDAY and BYSETPOS")
	case o.Interval < 0 || o.Interval > 10_000 || o.Count < 0:
		return nil, errors.New("INTERVAL and COUNT of an RRULE must be numbers from 1, INTERVAL up to 10000")
	case len(o.Bymonth)+len(o.Bymonthday)+len(o.Byweekday)+len(o.Bysetpos) > mostListed:
		return nil, errors.New("an RRULE has too many values")
	}
	r := &rule{
		freq: o.Freq, interval: max(o.Interval, 1), count: o.Count, until: o.Until, weekStart: dayOf(o.Wkst),
		months: o.Bymonth, monthDays: o.Bymonthday, positions: o.Bysetpos,
	}
	for _, d := range o.Byweekday {
		r.weekdays = append(r.weekdays, weekday{d.N(), dayOf(d)})
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	r.complete(start)
	return r, nil
}

// dayOf is a day of the week as Go counts them.
func dayOf(d rrule.Weekday) time.Weekday { return time.Weekday((d.Day() + 1) % 7) }

func (r *rule) check() error {
	nth := slices.ContainsFunc(r.weekdays, func(d weekday) bool { return d.nth != 0 })
	switch {
	case slices.ContainsFunc(r.months, func(m int) bool { return m < 1 || m > 12 }):
		return errors.New("BYMONTH must be 1 to 12")
	case slices.ContainsFunc(r.monthDays, func(d int) bool { return d == 0 || d < -31 || d > 31 }):
		return errors.New("BYMONTHDAY must be 1 to 31, or -1 to -31")
	case slices.ContainsFunc(r.positions, func(p int) bool { return p == 0 || p < -366 || p > 366 }):
		return errors.New("BYSETPOS must be 1 to 366, or -1 to -366")
	case nth && r.freq > rrule.MONTHLY:
		return errors.New("BYDAY may have numbers in an RRULE by the month or the year only")
	}
	return nil
}

// complete fills in from the first occurrence what a rule leaves out.
func (r *rule) complete(start time.Time) {
	if len(r.monthDays) > 0 || len(r.weekdays) > 0 {
		return
	}
	switch r.freq {
	case rrule.YEARLY:
		if len(r.months) == 0 {
			r.months = []int{int(start.Month())}
		}
		r.monthDays = []int{start.Day()}
	case rrule.MONTHLY:
		r.monthDays = []int{start.Day()}
	case rrule.WEEKLY:
		r.weekdays = []weekday{{0, start.Weekday()}}
	case rrule.DAILY, rrule.HOURLY, rrule.MINUTELY, rrule.SECONDLY:
	}
}

// between tries the occurrences from a to b of an event that first begins at
// start, in order.
func (r *rule) between(start, a, b time.Time, w *work, try func(time.Time) error) error {
	period := 0
	if r.count == 0 {
		period = r.before(start, a)
	}
	for n := 0; ; period++ {
		first, last := r.period(start, period)
		if first.After(b) || first.Year() > lastYear {
			return nil
		}
		days, err := r.days(first, last, w)
		if err != nil {
			return err
		}
		for _, d := range days {
			at := time.Date(d.Year(), d.Month(), d.Day(), start.Hour(), start.Minute(), start.Second(), 0, start.Location())
			if at.Before(start) {
				continue
			}
			if n++; r.count > 0 && n > r.count || !r.until.IsZero() && at.After(r.until) || !at.Before(b) {
				return nil
			}
			if at.Before(a) {
				continue
			}
			if err := try(at); err != nil {
				return err
			}
		}
	}
}

// before is a period that lies before a time, and not much.
func (r *rule) before(start, a time.Time) int {
	if !a.After(start) {
		return 0
	}
	a = a.In(start.Location())
	units := daysBetween(start, a)
	switch r.freq {
	case rrule.WEEKLY:
		units /= 7
	case rrule.MONTHLY:
		units = (a.Year()-start.Year())*12 + int(a.Month()) - int(start.Month())
	case rrule.YEARLY:
		units = a.Year() - start.Year()
	case rrule.DAILY, rrule.HOURLY, rrule.MINUTELY, rrule.SECONDLY:
	}
	return max(0, units/r.interval-1)
}

// period is the first and the last day of a period, as midnights of UTC; the
// event's first occurrence lies in period 0.
func (r *rule) period(start time.Time, n int) (first, last time.Time) {
	y, m, d := start.Date()
	n *= r.interval
	switch r.freq {
	case rrule.YEARLY:
		return date(y+n, 1, 1), date(y+n, 12, 31)
	case rrule.MONTHLY:
		return date(y, m+time.Month(n), 1), date(y, m+time.Month(n)+1, 0)
	case rrule.WEEKLY:
		back := (int(start.Weekday()) - int(r.weekStart) + 7) % 7
		return date(y, m, d-back+7*n), date(y, m, d-back+7*n+6)
	case rrule.DAILY, rrule.HOURLY, rrule.MINUTELY, rrule.SECONDLY:
	}
	return date(y, m, d+n), date(y, m, d+n)
}

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// days are the days of a period that the rule keeps.
func (r *rule) days(first, last time.Time, w *work) ([]time.Time, error) {
	var out []time.Time
	for d := first; !d.After(last); d = d.AddDate(0, 0, 1) {
		if err := w.day(); err != nil {
			return nil, err
		}
		if r.keeps(d) {
			out = append(out, d)
		}
	}
	if len(r.positions) == 0 {
		return out, nil
	}
	var kept []time.Time
	for i, d := range out {
		if slices.Contains(r.positions, i+1) || slices.Contains(r.positions, i-len(out)) {
			kept = append(kept, d)
		}
	}
	return kept, nil
}

// keeps tells whether a day has the month, the day of the month and the day of
// the week that the rule names.
func (r *rule) keeps(d time.Time) bool {
	_, month, day := d.Date()
	if len(r.months) > 0 && !slices.Contains(r.months, int(month)) {
		return false
	}
	if len(r.monthDays) > 0 {
		length := date(d.Year(), month+1, 0).Day()
		if !slices.Contains(r.monthDays, day) && !slices.Contains(r.monthDays, day-length-1) {
			return false
		}
	}
	return len(r.weekdays) == 0 || slices.ContainsFunc(r.weekdays, func(w weekday) bool { return w.day == d.Weekday() && r.nth(w.nth, d) })
}

// nth tells whether a day is the nth of its weekday in the month, or in the year
// where a rule by the year names no months.
func (r *rule) nth(n int, d time.Time) bool {
	if n == 0 {
		return true
	}
	at, length := d.Day(), date(d.Year(), d.Month()+1, 0).Day()
	if r.freq == rrule.YEARLY && len(r.months) == 0 {
		at, length = d.YearDay(), date(d.Year(), 12, 31).YearDay()
	}
	if n > 0 {
		return (at-1)/7+1 == n
	}
	return (length-at)/7+1 == -n
}
