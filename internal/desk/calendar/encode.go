package calendar

import (
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tamachi/internal/desk/report"
)

// write writes events as an iCalendar object (RFC 5545). Times are in UTC, so no
// time zone is defined. There is no METHOD: it is what stands, not a message, and
// DTSTAMP is then when an event was last changed (3.8.7.2).
func write(w io.Writer, all []Kept, l report.Lang) error {
	var b strings.Builder
	put := func(name, value string) { fold(&b, name+":"+value) }
	put("BEGIN", "VCALENDAR")
	put("VERSION", "2.0")
	put("PRODID", "-//Tamachi//Desk//"+strings.ToUpper(string(l)))
	put("CALSCALE", "GREGORIAN")
	name := escape(text.Name.In(l))
	put("NAME", name) // RFC 7986, 5.1
	put("X-WR-CALNAME", name)
	put("REFRESH-INTERVAL;VALUE=DURATION", "PT6H") // RFC 7986, 5.7
	put("X-PUBLISHED-TTL", "PT6H")
	if len(all) == 0 { // an object has one component at least (3.6)
		for _, line := range []string{
			"BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE",
		} {
			fold(&b, line)
		}
	}
	for _, k := range all {
		k.put(put, l)
	}
	put("END", "VCALENDAR")
	_, err := io.WriteString(w, b.String())
	return err
}

func (k Kept) put(put func(name, value string), l report.Lang) {
	i, status := 0, "CONFIRMED"
	if l == report.Japanese {
		i = 1
	}
	if k.Cancelled {
		status = "CANCELLED"
	}
	put("BEGIN", "VEVENT")
	put("UID", escape(k.UID))
	put("DTSTAMP", utc(k.Changed))
	put("LAST-MODIFIED", utc(k.Changed))
	put("SEQUENCE", strconv.Itoa(k.Sequence))
	put("STATUS", status)
	put("DTSTART", utc(k.From))
	put("DTEND", utc(k.To))
	put("SUMMARY", escape(k.What[i]))
	if k.Why[i] != "" {
		put("DESCRIPTION", escape(k.Why[i]))
	}
	put("TRANSP", "TRANSPARENT") // nobody is busy by it
	put("END", "VEVENT")
}

func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// escape makes a TEXT (RFC 5545, 3.3.11) of what may hold anything.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// lineLength is how many octets a line may have, its end not counted (RFC 5545,
// 3.1).
const lineLength = 75

// fold writes a content line, going on in further ones between characters.
func fold(b *strings.Builder, line string) {
	room := lineLength
	for len(line) > room {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		b.WriteString(line[:cut] + "\r\n ")
		line, room = line[cut:], lineLength-1 // the blank counts
	}
	b.WriteString(line + "\r\n")
}
