package changecalendar

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a calendar's zones must not depend on the host

	"tamachi/internal/aws/services/ssm/ical"
)

// zones reads times of a calendar.
type zones struct {
	root  *ical.Component
	usual *time.Location // of dates, and of times that name none
}

// named is a zone of the IANA database, or one that the calendar itself defines
// by one offset all year: some programs have names of their own for zones.
func (z zones) named(name string) (*time.Location, error) {
	if name != "Local" && len(name) < 64 {
		if l, err := time.LoadLocation(name); err == nil {
			return l, nil
		}
	}
	for _, part := range z.root.Parts {
		if part.Name != "VTIMEZONE" || part.Text("TZID") != name || len(part.Parts) != 1 {
			continue
		}
		if offset, err := time.Parse("-0700", part.Parts[0].Text("TZOFFSETTO")); err == nil {
			_, seconds := offset.Zone()
			return time.FixedZone(name, seconds), nil
		}
	}
	return nil, fmt.Errorf("the time zone %q isn't known", name)
}

// time reads a date or a time; whole tells that it is a date.
func (z zones) time(p ical.Property, value string) (t time.Time, whole bool, err error) {
	place := z.usual
	if name := p.Parameters["TZID"]; name != "" {
		if place, err = z.named(name); err != nil {
			return time.Time{}, false, err
		}
	}
	switch {
	case len(value) == len("20060102"):
		t, err = time.ParseInLocation("20060102", value, place)
		whole = true
	case strings.HasSuffix(value, "Z"):
		t, err = time.Parse("20060102T150405Z", value)
	default:
		t, err = time.ParseInLocation("20060102T150405", value, place)
	}
	if err != nil || t.Year() < firstYear || t.Year() > lastYear {
		return time.Time{}, false, fmt.Errorf("%s isn't a date or a time of %d to %d", p.Name, firstYear, lastYear)
	}
	return t, whole, nil
}

// times reads lists of dates and times.
func (z zones) times(all []ical.Property) ([]time.Time, error) {
	var out []time.Time
	for _, p := range all {
		for value := range strings.SplitSeq(p.Value, ",") {
			t, _, err := z.time(p, value)
			if err != nil {
				return nil, err
			}
			out = append(out, t)
		}
	}
	return out, nil
}

var durationForm = regexp.MustCompile(`^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$`)

// duration reads a length of time (RFC 5545, 3.3.6): days, and the rest.
func duration(text string) (days int, rest time.Duration, err error) {
	m := durationForm.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, errors.New("DURATION isn't a length of time")
	}
	var n [6]int
	for i, part := range m[1:] {
		if part == "" {
			continue
		}
		if n[i], err = strconv.Atoi(part); err != nil {
			return 0, 0, err
		}
	}
	rest = time.Duration(n[2])*time.Hour + time.Duration(n[3])*time.Minute + time.Duration(n[4])*time.Second
	return 7*n[0] + n[1], rest, nil
}
