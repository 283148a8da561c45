package documents

import (
	"fmt"
	"slices"
	"strings"
)

// calendarTypes say whether a calendar is open or closed outside its events.
// Source: User Guide, "Creating a change calendar".
var calendarTypes = []string{"DEFAULT_OPEN", "DEFAULT_CLOSED"}

// checkCalendar wants one well-formed VCALENDAR (RFC 5545) that says its type.
func checkCalendar(text string) error {
	var open []string
	ended, kind := false, ""
	for n, line := range unfold(text) {
		path := fmt.Sprintf("line %d", n+1)
		name, val, ok := strings.Cut(line, ":")
		switch {
		case strings.TrimSpace(line) == "":
			continue
		case !ok || ended || len(open) == 0 && line != "BEGIN:VCALENDAR":
			return invalidContent(path, "it must be one iCalendar object, from BEGIN:VCALENDAR to END:VCALENDAR, of lines such as NAME:value")
		}
		bare, _, _ := strings.Cut(strings.ToUpper(name), ";")
		switch {
		case bare == "BEGIN" && len(open) > 8:
			return invalidContent(path, "it is nested too deeply")
		case bare == "BEGIN":
			open = append(open, val)
		case bare == "END" && open[len(open)-1] != val:
			return invalidContent(path, "END:"+val+" ends nothing")
		case bare == "END":
			open = open[:len(open)-1]
			ended = len(open) == 0
		case bare == "X-CALENDAR-TYPE" && len(open) == 1:
			kind = val
		}
	}
	switch {
	case !ended:
		return invalidContent("", "END:VCALENDAR is missing")
	case !slices.Contains(calendarTypes, kind):
		return invalidContent("X-CALENDAR-TYPE", "it must be one of "+strings.Join(calendarTypes, ", "))
	}
	return nil
}

// unfold joins the lines that RFC 5545 (3.1) lets go on in the next.
func unfold(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if len(out) > 0 && (strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")) {
			out[len(out)-1] += line[1:]
			continue
		}
		out = append(out, line)
	}
	return out
}
