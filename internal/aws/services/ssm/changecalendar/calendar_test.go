package changecalendar

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"
)

// ics is a calendar of a type with events, each given as its lines.
func ics(kind string, events ...string) string {
	out := "BEGIN:VCALENDAR\r\nPRODID:-//AWS//Change Calendar 1.0//EN\r\nVERSION:2.0\r\nX-CALENDAR-TYPE:" + kind + "\r\n"
	for _, e := range events {
		out += "BEGIN:VEVENT\r\n" + strings.ReplaceAll(e, " ", "\r\n") + "\r\nEND:VEVENT\r\n"
	}
	return out + "END:VCALENDAR\r\n"
}

const nights = "UID:n DTSTART;TZID=Asia/Tokyo:20260105T220000 DTEND;TZID=Asia/Tokyo:20260106T020000 RRULE:FREQ=WEEKLY;BYDAY=MO,TU;"

func TestCalendarsOpenAndClose(t *testing.T) {
	const open, closed = "DEFAULT_OPEN", "DEFAULT_CLOSED"
	for _, row := range []struct {
		name, calendar, at, want string
	}{
		{"no events, open", ics(open), "2026-11-22T08:00:00Z", "OPEN"},
		{"no events, closed", ics(closed), "2026-11-22T08:00:00Z", "CLOSED"},
		{"before an event", ics(open, "DTSTART:20261224T000000Z DTEND:20261226T000000Z"), "2026-11-22T08:00:00Z", "OPEN 2026-12-24T00:00:00Z"},
		{"at its first second", ics(open, "DTSTART:20261224T000000Z DTEND:20261226T000000Z"), "2026-12-24T00:00:00Z", "CLOSED 2026-12-26T00:00:00Z"},
		{"at its end", ics(open, "DTSTART:20261224T000000Z DTEND:20261226T000000Z"), "2026-12-26T00:00:00Z", "OPEN"},
		{"in an event of a closed one", ics(closed, "DTSTART:20261224T000000Z DURATION:P1DT1H"), "2026-12-24T08:00:00Z", "OPEN 2026-12-25T01:00:00Z"},
		{
			"events that meet are one", ics(open, "DTSTART:20261224T000000Z DURATION:PT2H", "DTSTART:20261224T020000Z DURATION:PT1H", "DTSTART:20261224T003000Z DURATION:PT1H"),
			"2026-12-24T01:00:00Z", "CLOSED 2026-12-24T03:00:00Z",
		},
		{"an event of no length", ics(open, "DTSTART:20261224T000000Z"), "2026-12-24T00:00:00Z", "OPEN"},
		{"a date is a whole day", ics(open, "DTSTART;VALUE=DATE:20261224"), "2026-12-24T23:59:59Z", "CLOSED 2026-12-25T00:00:00Z"},
		{"a cancelled event", ics(open, "DTSTART:20261224T000000Z DURATION:P1D STATUS:CANCELLED"), "2026-12-24T08:00:00Z", "OPEN"},
		{"nights by the week, in between", ics(open, nights), "2026-11-22T08:00:00Z", "OPEN 2026-11-23T13:00:00Z"},
		{"nights by the week, past midnight", ics(open, nights), "2026-11-23T16:00:00Z", "CLOSED 2026-11-23T17:00:00Z"},
		{"a night that is left out", ics(open, nights+" EXDATE;TZID=Asia/Tokyo:20261123T220000"), "2026-11-22T08:00:00Z", "OPEN 2026-11-24T13:00:00Z"},
		{
			"a night that was moved", ics(open, nights, "UID:n RECURRENCE-ID;TZID=Asia/Tokyo:20261123T220000 DTSTART:20261123T000000Z DURATION:PT1H"),
			"2026-11-23T01:00:00Z", "OPEN 2026-11-24T13:00:00Z",
		},
		{"a further date", ics(open, "DTSTART:20260101T000000Z DURATION:PT1H RDATE:20261224T000000Z"), "2026-12-01T00:00:00Z", "OPEN 2026-12-24T00:00:00Z"},
		{"a rule that has ended by its count", ics(open, "DTSTART:20261101T000000Z DURATION:PT1H RRULE:FREQ=DAILY;COUNT=3"), "2026-11-03T02:00:00Z", "OPEN"},
		{"a rule that has ended by its date", ics(open, "DTSTART:20261101T000000Z DURATION:PT1H RRULE:FREQ=DAILY;UNTIL=20261103T000000Z"), "2026-11-03T00:30:00Z", "CLOSED 2026-11-03T01:00:00Z"},
		{"the last Friday of the month", ics(open, "DTSTART:20260130T000000Z DURATION:PT1H RRULE:FREQ=MONTHLY;BYDAY=-1FR"), "2026-11-22T00:00:00Z", "OPEN 2026-11-27T00:00:00Z"},
		{"the last working day of the month", ics(open, "DTSTART:20260130T000000Z DURATION:PT1H RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"), "2026-11-22T00:00:00Z", "OPEN 2026-11-30T00:00:00Z"},
		{"a leap day", ics(open, "DTSTART:20240229T000000Z DURATION:PT1H RRULE:FREQ=YEARLY"), "2026-11-22T00:00:00Z", "OPEN 2028-02-29T00:00:00Z"},
		{"a day on which the clock goes back", ics(open, "DTSTART;TZID=America/New_York;VALUE=DATE:20261101"), "2026-11-01T12:00:00Z", "CLOSED 2026-11-02T05:00:00Z"},
		{"days without end", ics(open, "DTSTART;VALUE=DATE:20260101 RRULE:FREQ=DAILY"), "2026-11-22T00:00:00Z", "CLOSED"},
		{"a zone of the calendar's own", strings.Replace(ics(open, "DTSTART;TZID=Tokyo*:20261224T090000 DURATION:PT1H"), "BEGIN:VEVENT",
			"BEGIN:VTIMEZONE\nTZID:Tokyo*\nBEGIN:STANDARD\nTZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT", 1), "2026-12-24T00:00:00Z", "CLOSED 2026-12-24T01:00:00Z"},
		{
			"times in the calendar's zone", strings.Replace(ics(open, "DTSTART:20261224T090000 DURATION:PT1H"), "VERSION", "X-WR-TIMEZONE:Asia/Tokyo\nVERSION", 1),
			"2026-12-24T00:00:00Z", "CLOSED 2026-12-24T01:00:00Z",
		},
	} {
		if got := ask(row.at, row.calendar); got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
	}
}

// ask is the state of calendars and when it changes.
func ask(at string, texts ...string) string {
	when, err := moment(&at, time.Time{})
	if err != nil {
		return err.Error()
	}
	var all []*calendar
	for _, text := range texts {
		c, err := parse(text)
		if err != nil {
			return err.Error()
		}
		all = append(all, c)
	}
	open, next, err := state(all, when, when.AddDate(ahead, 0, 0))
	switch {
	case err != nil:
		return err.Error()
	case next.IsZero():
		return map[bool]string{true: "OPEN", false: "CLOSED"}[open]
	}
	return map[bool]string{true: "OPEN ", false: "CLOSED "}[open] + next.UTC().Format(shown)
}

func TestSeveralCalendarsAreOpenWhenAllAre(t *testing.T) {
	freeze := ics("DEFAULT_OPEN", "DTSTART:20261224T000000Z DTEND:20261226T000000Z")
	window := ics("DEFAULT_CLOSED", "DTSTART:20261220T000000Z DTEND:20261225T000000Z", "DTSTART:20261227T000000Z DTEND:20261228T000000Z")
	for at, want := range map[string]string{
		"2026-12-01": "CLOSED 2026-12-20T00:00:00Z", "2026-12-21": "OPEN 2026-12-24T00:00:00Z",
		"2026-12-24": "CLOSED 2026-12-27T00:00:00Z", "2026-12-27": "OPEN 2026-12-28T00:00:00Z", "2026-12-28": "CLOSED",
	} {
		if got := ask(at, freeze, window); got != want {
			t.Errorf("at %s: got %s, want %s", at, got, want)
		}
	}
}

func TestWhatIsNotUnderstoodIsSaid(t *testing.T) {
	const hour = "DTSTART:20261224T000000Z DURATION:PT1H "
	for _, row := range []struct{ name, event, why string }{
		{"no beginning", "DURATION:PT1H", "no DTSTART"},
		{"an end before it", "DTSTART:20261224T000000Z DTEND:20261223T000000Z", "ends before"},
		{"a date and a time", "DTSTART:20261224T000000Z DTEND;VALUE=DATE:20261225", "both"},
		{"a zone of nowhere", "DTSTART;TZID=Moon/Base:20261224T000000", "time zone"},
		{"the zone of the host", "DTSTART;TZID=Local:20261224T000000", "time zone"},
		{"a zone that climbs", "DTSTART;TZID=../../etc/passwd:20261224T000000", "time zone"},
		{"a year of long ago", "DTSTART:00010101T000000Z", "1900"},
		{"a length that is none", "DTSTART:20261224T000000Z DURATION:soon", "length"},
		{"every second", hour + "RRULE:FREQ=SECONDLY", "second"},
		{"many times a day", hour + "RRULE:FREQ=DAILY;BYHOUR=1,2", "may have"},
		{"a rule without a frequency", hour + "RRULE:COUNT=2", "FREQ"},
		{"a negative interval", hour + "RRULE:FREQ=DAILY;INTERVAL=-1", "INTERVAL"},
		{"the fourteenth month", hour + "RRULE:FREQ=YEARLY;BYMONTH=14", "BYMONTH"},
		{"the second Monday of a week", hour + "RRULE:FREQ=WEEKLY;BYDAY=2MO", "BYDAY"},
		{"two rules", hour + "RRULE:FREQ=DAILY RRULE:FREQ=WEEKLY", "more than one"},
		{"this and all that follow", hour + "RECURRENCE-ID;RANGE=THISANDFUTURE:20261224T000000Z", "RANGE"},
		{"periods", hour + "RDATE;VALUE=PERIOD:20261224T000000Z/PT1H", "RDATE"},
	} {
		if got := ask("2026-11-22", ics("DEFAULT_OPEN", row.event)); !strings.Contains(got, row.why) {
			t.Errorf("%s: got %s, want %s", row.name, got, row.why)
		}
	}
}

// Rules that cost a great deal elsewhere end in good time here.
func TestHostileRulesEnd(t *testing.T) {
	for _, rule := range []string{
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=7;BYDAY=TU", "FREQ=DAILY;COUNT=2000000000",
		"FREQ=MONTHLY;BYMONTHDAY=31;BYSETPOS=2", "FREQ=WEEKLY;INTERVAL=10000;BYDAY=SU;WKST=SU",
	} {
		many := make([]string, 500)
		for i := range many {
			many[i] = "DTSTART:19000101T000000Z DURATION:P9999DT1H RRULE:" + rule
		}
		began := time.Now()
		got := ask("2026-11-22", ics("DEFAULT_OPEN", many...))
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: %s after %v", rule, got, took)
		}
	}
}

// Rules mean what rrule-go says that they mean.
func TestRulesMeanWhatTheLibrarySays(t *testing.T) {
	york, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2020, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 31).Draw(t, "day"), 9, 30, 0, 0, york)
		freq := rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(t, "freq")
		text := "FREQ=" + freq + fmt.Sprintf(";INTERVAL=%d", rapid.IntRange(1, 4).Draw(t, "interval"))
		list := func(name string, of ...string) {
			if rapid.Bool().Draw(t, name) {
				values := rapid.SliceOfNDistinct(rapid.SampledFrom(of), 1, 3, rapid.ID[string]).Draw(t, name+" values")
				text += ";" + name + "=" + strings.Join(values, ",")
			}
		}
		// No rule that never holds: the library looks for it up to the year 9999.
		list("BYMONTH", "1", "2", "6", "12")
		if rapid.Bool().Draw(t, "by day of the month") {
			list("BYMONTHDAY", "1", "13", "-1", "-3")
		} else {
			days := []string{"MO", "TU", "FR", "SU"}
			if (freq == "MONTHLY" || freq == "YEARLY") && rapid.Bool().Draw(t, "nth") { // mixed with others the library forgets those
				days = []string{"1MO", "-1FR", "3SU", "-2TU"}
			}
			list("BYDAY", days...)
		}
		if freq == "MONTHLY" || freq == "YEARLY" { // the library's first week begins with the first occurrence
			list("BYSETPOS", "1", "-1")
		}
		list("WKST", "SU")
		if rapid.Bool().Draw(t, "count") {
			text += fmt.Sprintf(";COUNT=%d", rapid.IntRange(1, 30).Draw(t, "times"))
		}
		o, err := rrule.StrToROptionInLocation(text, york)
		if err != nil {
			t.Fatal(err)
		}
		o.Dtstart, o.Until = start, start.AddDate(6, 0, 0)
		theirs, err := rrule.NewRRule(*o)
		if err != nil {
			t.Fatal(err)
		}
		a := start.AddDate(0, 0, rapid.IntRange(0, 700).Draw(t, "from"))
		b := a.AddDate(2, 0, 0)
		ours, err := readRule(text, start)
		if err != nil {
			t.Fatal(err)
		}
		var got []time.Time
		if err := ours.between(start, a, b, &work{}, func(at time.Time) error { got = append(got, at); return nil }); err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(theirs.Between(a, b, true), func(at time.Time) bool { return !at.Before(b) })
		if !slices.EqualFunc(got, want, time.Time.Equal) {
			n := 0
			for n < min(len(got), len(want)) && got[n].Equal(want[n]) {
				n++
			}
			t.Errorf("%s from %v: got %d times, want %d; they part at the time %d: %v, %v", text, start, len(got), len(want), n, got[n:min(n+1, len(got))], want[n:min(n+1, len(want))])
		}
	})
}

func FuzzCalendar(f *testing.F) {
	f.Add(ics("DEFAULT_OPEN", nights), "2026-11-22")
	f.Add(ics("DEFAULT_CLOSED", "DTSTART;VALUE=DATE:20260101 DURATION:P1W RRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=-1FR;BYSETPOS=1"), "2026-11-22T08:00:00Z")
	f.Fuzz(func(t *testing.T, text, at string) {
		c, err := parse(text)
		when, wrong := moment(&at, time.Time{})
		if err != nil || wrong != nil {
			return
		}
		_, next, err := state([]*calendar{c}, when, when.AddDate(ahead, 0, 0))
		if err == nil && !next.IsZero() && next.Before(when) {
			t.Errorf("%q at %s changes at %v, in the past", text, at, next)
		}
	})
}
