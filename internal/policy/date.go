package policy

import (
	"strconv"
	"strings"
)

// instant reads a date of the W3C profile of ISO 8601 (2026-11-22, or with a
// time and Z or an offset), or seconds since 1970, and returns milliseconds
// since 1970. It reads no clock, and so needs no package time.
func instant(text string) (ms int64, ok bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && len(text) != 4 && n < 1<<50 && n > -(1<<50) {
		return n * 1000, true
	}
	day, clock, timed := strings.Cut(text, "T")
	parts := strings.Split(day, "-")
	if len(parts) > 3 || timed && len(parts) != 3 {
		return 0, false
	}
	limits := [3][3]int64{{4, 1, 9999}, {2, 1, 12}, {2, 1, 31}}
	date := [3]int64{1, 1, 1}
	for i, p := range parts {
		if date[i], ok = digits(p, int(limits[i][0]), limits[i][1], limits[i][2]); !ok {
			return 0, false
		}
	}
	if date[2] > daysIn(date[0], date[1]) {
		return 0, false
	}
	ms = days(date[0], date[1], date[2]) * 86_400_000
	if !timed {
		return ms, true
	}
	of, ok := timeOfDay(clock)
	return ms + of, ok
}

// timeOfDay reads hh:mm[:ss[.s]] and Z or +hh:mm, in milliseconds.
func timeOfDay(text string) (ms int64, ok bool) {
	var offset int64
	if rest, utc := strings.CutSuffix(text, "Z"); utc {
		text = rest
	} else if i := strings.LastIndexAny(text, "+-"); i > 0 {
		m, ok := hoursMinutes(text[i+1:])
		if !ok {
			return 0, false
		}
		offset = m * 60_000
		if text[i] == '-' {
			offset = -offset
		}
		text = text[:i]
	} else {
		return 0, false
	}
	if len(text) < 5 {
		return 0, false
	}
	minutes, ok := hoursMinutes(text[:5])
	if !ok {
		return 0, false
	}
	ms = minutes*60_000 - offset
	if text = text[5:]; text == "" {
		return ms, true
	}
	seconds, fraction, exact := strings.Cut(strings.TrimPrefix(text, ":"), ".")
	s, ok := digits(seconds, 2, 0, 59)
	if !ok || text[0] != ':' {
		return 0, false
	}
	ms += s * 1000
	if exact {
		if fraction == "" || strings.Trim(fraction, "0123456789") != "" {
			return 0, false
		}
		f, _ := strconv.ParseInt((fraction + "000")[:3], 10, 64)
		ms += f
	}
	return ms, true
}

func hoursMinutes(text string) (int64, bool) {
	h, m, colon := strings.Cut(text, ":")
	hours, okH := digits(h, 2, 0, 23)
	minutes, okM := digits(m, 2, 0, 59)
	return hours*60 + minutes, colon && okH && okM
}

// digits reads a number of exactly so many digits within bounds.
func digits(text string, width int, from, to int64) (int64, bool) {
	if len(text) != width || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= from && n <= to
}

func daysIn(year, month int64) int64 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// days counts the days from 1970-01-01 in the Gregorian calendar: the year is
// taken to begin in March, so that the leap day is its last.
func days(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	ofYear := (153*(month-3)+2)/5 + day - 1
	return 365*year + year/4 - year/100 + year/400 + ofYear - 719468
}
