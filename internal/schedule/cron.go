package schedule

import (
	"fmt"
	"strings"
	"time"
)

// fields are the fields of a cron expression.
type fields struct {
	seconds, minutes, hours, months, years set
	day                                    day
}

// day is what the two day fields say together; one of them is "?".
type day struct {
	ofMonth, ofWeek set

	how how
	n   int // the day of nearest, the week day of last and of nth
	nth int
}

// how says by which rule a day is found.
type how int

const (
	byMonth     how = iota // a day of ofMonth
	byWeek                 // a day of ofWeek
	lastDay                // L, the last of the month
	lastWeekday            // LW, the last Monday to Friday of the month
	nearest                // nW, the Monday to Friday nearest to day n of the month
	lastOfWeek             // nL, the last week day n of the month
	nthOfWeek              // n#m, the m-th week day n of the month
)

func parseFields(body string) (fields, error) {
	parts := strings.Fields(body)
	var out fields
	switch len(parts) {
	case 6:
		parts = append([]string{"0"}, parts...)
	case 7:
	default:
		return out, fmt.Errorf("%w: cron(%s) has %d fields, not six", ErrInvalid, body, len(parts))
	}
	for i, p := range []struct {
		span span
		to   *set
	}{{seconds, &out.seconds}, {minutes, &out.minutes}, {hours, &out.hours}, {}, {months, &out.months}, {}, {years, &out.years}} {
		if p.to == nil {
			continue
		}
		var err error
		if *p.to, err = p.span.parse(parts[i]); err != nil {
			return out, err
		}
	}
	var err error
	out.day, err = parseDay(parts[3], parts[5])
	return out, err
}

func parseDay(ofMonth, ofWeek string) (day, error) {
	switch {
	case (ofMonth == "?") == (ofWeek == "?"):
		return day{}, fmt.Errorf("%w: one of the fields day of month and day of week, and only one, must be ?", ErrInvalid)
	case ofWeek == "?":
		return parseDayOfMonth(strings.ToUpper(ofMonth))
	default:
		return parseDayOfWeek(strings.ToUpper(ofWeek))
	}
}

func parseDayOfMonth(field string) (day, error) {
	switch field {
	case "L":
		return day{how: lastDay}, nil
	case "LW", "WL":
		return day{how: lastWeekday}, nil
	}
	if text, ok := strings.CutSuffix(field, "W"); ok {
		n, err := daysOfMonth.value(text)
		if err != nil {
			return day{}, fmt.Errorf("%w: %q in the field day of month: W follows one day from 1 to 31", ErrInvalid, field)
		}
		return day{how: nearest, n: n}, nil
	}
	these, err := daysOfMonth.parse(field)
	return day{how: byMonth, ofMonth: these}, err
}

func parseDayOfWeek(field string) (day, error) {
	if field == "L" {
		field = "7" // the last of the week
	}
	if text, ok := strings.CutSuffix(field, "L"); ok {
		n, err := daysOfWeek.value(text)
		if err != nil {
			return day{}, fmt.Errorf("%w: %q in the field day of week: L follows one week day", ErrInvalid, field)
		}
		return day{how: lastOfWeek, n: n}, nil
	}
	if text, nth, ok := strings.Cut(field, "#"); ok {
		n, err := daysOfWeek.value(text)
		m, wrong := number(nth)
		if err != nil || wrong != nil || m < 1 || m > 5 {
			return day{}, fmt.Errorf("%w: %q in the field day of week: # stands between one week day and a number from 1 to 5", ErrInvalid, field)
		}
		return day{how: nthOfWeek, n: n, nth: m}, nil
	}
	these, err := daysOfWeek.parse(field)
	return day{how: byWeek, ofWeek: these}, err
}

// in returns the days of a month that fit. first is the week day of its first
// (1 is Sunday), length how many days it has.
func (d *day) in(first, length int) set {
	weekday := func(n int) int { return (first-1+n-1)%7 + 1 }
	var out set
	switch d.how {
	case byMonth:
		out = d.ofMonth
	case byWeek:
		for n := 1; n <= length; n++ {
			if d.ofWeek.has(weekday(n)) {
				out.add(n)
			}
		}
	case lastDay:
		out.add(length)
	case lastWeekday:
		out.add(workday(length, weekday(length), length))
	case nearest:
		if d.n <= length {
			out.add(workday(d.n, weekday(d.n), length))
		}
	case lastOfWeek:
		out.add(length - (weekday(length)-d.n+7)%7)
	case nthOfWeek:
		if n := 1 + (d.n-first+7)%7 + 7*(d.nth-1); n <= length {
			out.add(n)
		}
	}
	return out
}

// workday is the Monday to Friday nearest to a day, within its month.
func workday(n, weekday, length int) int {
	switch {
	case weekday == 7 && n == 1:
		return 3
	case weekday == 7:
		return n - 1
	case weekday == 1 && n == length:
		return n - 2
	case weekday == 1:
		return n + 1
	}
	return n
}

// next is the first wall time after a wall time that fits; both are written as
// UTC.
func (f *fields) next(after time.Time) (time.Time, bool) {
	t := after.Truncate(time.Second).Add(time.Second)
	clock := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second
	year, month, today := t.Year(), int(t.Month()), t.Day()
	if year < firstYear {
		year, month, today, clock = firstYear, 1, 1, 0
	}
	for {
		y, ok := f.years.from(year - firstYear)
		if !ok || year > lastYear {
			return time.Time{}, false
		}
		if y += firstYear; y != year {
			year, month, today, clock = y, 1, 1, 0
		}
		m, ok := f.months.from(month)
		if !ok {
			year, month, today, clock = year+1, 1, 1, 0
			continue
		}
		if m != month {
			month, today, clock = m, 1, 0
		}
		if found, ok := f.inMonth(year, month, today, clock); ok {
			return found, true
		}
		month, today, clock = month+1, 1, 0
	}
}

// inMonth is the first time of a month that fits, not before a day and, on that
// day, not before a time of day.
func (f *fields) inMonth(year, month, today int, clock time.Duration) (time.Time, bool) {
	begin := time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
	length := begin.AddDate(0, 1, -1).Day()
	days := f.day.in(int(begin.Weekday())+1, length)
	for n, ok := days.from(today); ok && n <= length; n, ok = days.from(n + 1) {
		if n != today {
			clock = 0
		}
		if at, ok := f.onDay(clock); ok {
			return begin.AddDate(0, 0, n-1).Add(at), true
		}
	}
	return time.Time{}, false
}

// onDay is the first time of a day that fits, not before a time of day.
func (f *fields) onDay(clock time.Duration) (time.Duration, bool) {
	hour, minute, second := int(clock/time.Hour), int(clock/time.Minute)%60, int(clock/time.Second)%60
	for {
		h, ok := f.hours.from(hour)
		if !ok {
			return 0, false
		}
		if h != hour {
			hour, minute, second = h, 0, 0
		}
		m, ok := f.minutes.from(minute)
		if !ok {
			hour, minute, second = hour+1, 0, 0
			continue
		}
		if m != minute {
			minute, second = m, 0
		}
		if s, ok := f.seconds.from(second); ok {
			return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(s)*time.Second, true
		}
		minute, second = minute+1, 0
	}
}
