package schedule_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"tamachi/internal/schedule"
)

// meaning is a random expression together with what it means, which the
// generator knows and need not read out of the text.
type meaning struct {
	text          string
	minute        [60]bool
	hour          [24]bool
	month, year   map[int]bool
	day           func(time.Time) bool // of a midnight
	days, seconds int
}

// values writes a random field and says what it holds.
func values(r *rand.Rand, low, high int, names []string, wrap bool) (string, map[int]bool) {
	in := map[int]bool{}
	show := func(n int) string {
		if names != nil && r.IntN(2) == 0 {
			return names[n-low]
		}
		return strconv.Itoa(n)
	}
	if r.IntN(3) == 0 {
		for n := low; n <= high; n++ {
			in[n] = true
		}
		return "*", in
	}
	var parts []string
	for range 1 + r.IntN(3) {
		from, to, step := low+r.IntN(high-low+1), low+r.IntN(high-low+1), 1+r.IntN(high-low+1)
		if !wrap && to < from {
			from, to = to, from
		}
		switch r.IntN(5) {
		case 0, 1:
			parts, to, step = append(parts, show(from)), from, 1
		case 2:
			parts, step = append(parts, show(from)+"-"+show(to)), 1
		case 3:
			parts, to = append(parts, fmt.Sprintf("%s/%d", show(from), step)), high
		default:
			parts = append(parts, fmt.Sprintf("%s-%s/%d", show(from), show(to), step))
		}
		for n, left := from, 0; ; n, left = n+1, left+1 {
			if n > high {
				n = low
			}
			if left%step == 0 {
				in[n] = true
			}
			if n == to {
				break
			}
		}
	}
	return strings.Join(parts, ","), in
}

// weekdays are the names of the days of a week as AWS counts them from 1.
var weekdays = []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}

func lastOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC)
}

// days writes the two day fields.
func days(r *rand.Rand) (ofMonth, ofWeek string, fits func(time.Time) bool) {
	n, w := 1+r.IntN(31), r.IntN(7)
	working := func(t time.Time) bool { return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday }
	name := weekdays[w]
	if r.IntN(2) == 0 {
		name = strconv.Itoa(w + 1)
	}
	switch r.IntN(9) {
	case 0:
		return "L", "?", func(t time.Time) bool { return t.Equal(lastOf(t)) }
	case 1: // the last working day: after it no other in this month
		return "LW", "?", func(t time.Time) bool {
			for d := t.AddDate(0, 0, 1); d.Month() == t.Month(); d = d.AddDate(0, 0, 1) {
				if working(d) {
					return false
				}
			}
			return working(t)
		}
	case 2: // no other working day of the month is nearer to the n-th
		return fmt.Sprintf("%dW", n), "?", func(t time.Time) bool {
			if !working(t) || lastOf(t).Day() < n {
				return false
			}
			for d, last := 1, lastOf(t).Day(); d <= last; d++ {
				other := t.AddDate(0, 0, d-t.Day())
				if working(other) && max(d-n, n-d) < max(t.Day()-n, n-t.Day()) {
					return false
				}
			}
			return true
		}
	case 3:
		return "?", "L", func(t time.Time) bool { return t.Weekday() == time.Saturday }
	case 4:
		return "?", name + "L", func(t time.Time) bool {
			return int(t.Weekday()) == w && t.AddDate(0, 0, 7).Month() != t.Month()
		}
	case 5:
		nth := 1 + r.IntN(5)
		return "?", fmt.Sprintf("%s#%d", name, nth), func(t time.Time) bool {
			count := 0
			for d := t; d.Month() == t.Month(); d = d.AddDate(0, 0, -1) {
				if int(d.Weekday()) == w {
					count++
				}
			}
			return int(t.Weekday()) == w && count == nth
		}
	case 6, 7:
		text, in := values(r, 1, 7, weekdays, true)
		return "?", text, func(t time.Time) bool { return in[int(t.Weekday())+1] }
	default:
		text, in := values(r, 1, 31, nil, true)
		return text, "?", func(t time.Time) bool { return in[t.Day()] }
	}
}

func random(r *rand.Rand) meaning {
	var m meaning
	var month, year string
	minute, these := values(r, 0, 59, nil, true)
	for n := range these {
		m.minute[n] = true
	}
	hour, these := values(r, 0, 23, nil, true)
	for n := range these {
		m.hour[n] = true
	}
	month, m.month = values(r, 1, 12, []string{
		"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
	}, true)
	year, m.year = "*", nil
	if r.IntN(4) == 0 {
		year, m.year = values(r, 2020, 2032, nil, false)
		if year == "*" || strings.Contains(year, "/") { // these go past 2032
			year, m.year = "*", nil
		}
	}
	ofMonth, ofWeek, fits := days(r)
	m.day = fits
	m.text = strings.Join([]string{minute, hour, ofMonth, month, ofWeek, year}, " ")
	if r.IntN(8) == 0 {
		m.seconds = r.IntN(60)
		m.text = fmt.Sprintf("%d %s", m.seconds, m.text)
	}
	m.text = "cron(" + m.text + ")"
	if r.IntN(6) == 0 {
		m.days = 1 + r.IntN(6)
	}
	return m
}

// scan is the slow reference: it looks at every minute, and takes those of
// which the wall clock shows a time that fits and that it never showed before.
func (m meaning) scan(from, to time.Time, zone *time.Location) []time.Time {
	var out []time.Time
	var furthest int64 // second that the wall clock has shown
	var today int64
	var fits bool // the last day that was looked at
	begin := from.Truncate(time.Minute)
	if zone != time.UTC {
		begin = begin.Add(-4 * time.Hour) // to know what was shown before
	}
	for t := begin; t.Before(to); t = t.Add(time.Minute) {
		wall := t.Unix()
		if zone != time.UTC {
			_, offset := t.In(zone).Zone()
			wall += int64(offset)
		}
		if wall <= furthest {
			continue
		}
		furthest = wall
		if !m.minute[int(wall/60%60)] || !m.hour[int(wall/3600%24)] {
			continue
		}
		at := t.Add(time.Duration(m.seconds) * time.Second)
		if day := wall / 86400; day != today {
			today, fits = day, m.onDay(time.Unix(day*86400, 0).UTC())
		}
		if fits && at.After(from) && at.Before(to) {
			out = append(out, at)
		}
	}
	return out
}

func (m meaning) onDay(midnight time.Time) bool {
	midnight = midnight.AddDate(0, 0, -m.days)
	return m.month[int(midnight.Month())] && (m.year == nil || m.year[midnight.Year()]) && m.day(midnight)
}

// The schedules agree with a scan of every minute on 100,000 random
// expressions, a tenth of them on the days around a change of the clock.
func TestScheduleAgreesWithAScanOfEveryMinute(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano()) //nolint:forbidigo // a new seed each run, printed
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 4))
	zones := []*time.Location{time.UTC}
	for _, name := range []string{"America/New_York", "Europe/Berlin", "Asia/Tokyo", "Australia/Lord_Howe", "America/Havana", "Antarctica/Troll"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, zone)
	}
	changes := []time.Time{
		time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 4, 4, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC),
	}
	for i := range 100_000 {
		m := random(r)
		zone, length := time.UTC, 10*time.Hour
		from := time.Date(2021+r.IntN(10), 1, 1, 0, 0, r.IntN(365*86400), 0, time.UTC)
		switch {
		case i%4000 == 0: // a whole year, for what comes seldom
			length = 366 * 24 * time.Hour
		case i%10 == 0:
			zone, length = zones[r.IntN(len(zones))], 30*time.Hour
			from = changes[r.IntN(len(changes))].Add(time.Duration(r.IntN(30*3600)-6*3600) * time.Second)
		}
		agree(t, m, from, from.Add(length), zone)
		if t.Failed() {
			return
		}
	}
}

func agree(t *testing.T, m meaning, from, to time.Time, zone *time.Location) {
	t.Helper()
	s, err := schedule.Parse(m.text, zone)
	if err != nil {
		t.Fatalf("%s: %v", m.text, err)
	}
	if m.days > 0 {
		if s, err = s.Later(m.days); err != nil {
			t.Fatal(err)
		}
	}
	at := from
	for _, want := range m.scan(from, to, zone) {
		got := s.Next(at)
		if !got.Equal(want) {
			t.Errorf("%s in %s, %d days later: after %s comes %s, the scan says %s", m.text, zone, m.days, at, got, want)
			return
		}
		at = got
	}
	if got := s.Next(at); !got.IsZero() && got.Before(to) {
		t.Errorf("%s in %s, %d days later: after %s comes %s, the scan has no more before %s", m.text, zone, m.days, at, got, to)
	}
}
