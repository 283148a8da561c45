package calendar

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tamachi/internal/desk/report"
)

var contentLine = regexp.MustCompile(`^([A-Z][A-Z0-9-]*)(;[A-Z-]+=[A-Z]+)*:(.*)$`)

// strict reads an iCalendar object as RFC 5545 has it, and nothing that only
// some programs bear. It returns the components below the calendar.
func strict(text string) (out []map[string]string, err error) {
	if !strings.HasSuffix(text, "\r\n") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\r") {
		return nil, fmt.Errorf("a line does not end in CR LF")
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			return nil, fmt.Errorf("a line of %d octets, or a character cut in two: %q", len(line), line)
		}
	}
	var open []string
	var in map[string]string
	for line := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n ", ""), "\r\n"), "\r\n") {
		m := contentLine.FindStringSubmatch(line)
		if m == nil {
			return nil, fmt.Errorf("no content line: %q", line)
		}
		switch name, value := m[1], m[3]; {
		case name == "BEGIN":
			if open = append(open, value); len(open) == 2 {
				in = map[string]string{"": value}
			}
		case name == "END":
			if len(open) == 0 || open[len(open)-1] != value {
				return nil, fmt.Errorf("END:%s ends nothing", value)
			}
			if open = open[:len(open)-1]; len(open) == 1 {
				out = append(out, in)
			}
		case len(open) == 2:
			if _, twice := in[name]; twice {
				return nil, fmt.Errorf("%s is there twice", name)
			}
			in[name] = value
		}
	}
	if len(open) > 0 || len(out) == 0 {
		return nil, fmt.Errorf("want one object with a component, got %v open, %d", open, len(out))
	}
	for _, name := range []string{"\r\nVERSION:2.0\r\n", "\r\nPRODID:-//"} {
		if strings.Count(text, name) != 1 {
			return nil, fmt.Errorf("want one %q", name)
		}
	}
	seen := map[string]bool{}
	for _, e := range out {
		if e[""] != "VEVENT" {
			continue
		}
		if err := strictEvent(e); err != nil {
			return nil, err
		}
		if seen[e["UID"]] {
			return nil, fmt.Errorf("the UID %s is there twice", e["UID"])
		}
		seen[e["UID"]] = true
	}
	return out, nil
}

func strictEvent(e map[string]string) error {
	var at [3]time.Time
	for i, name := range []string{"DTSTAMP", "DTSTART", "DTEND"} {
		t, err := time.Parse("20060102T150405Z", e[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		at[i] = t
	}
	switch {
	case !at[2].After(at[1]):
		return fmt.Errorf("%s ends before it begins", e["UID"])
	case e["UID"] == "" || e["SUMMARY"] == "" || !slices.Contains([]string{"CONFIRMED", "CANCELLED"}, e["STATUS"]):
		return fmt.Errorf("want UID, SUMMARY and STATUS: %v", e)
	case !regexp.MustCompile(`^\d+$`).MatchString(e["SEQUENCE"]):
		return fmt.Errorf("SEQUENCE %q", e["SEQUENCE"])
	}
	for _, name := range []string{"SUMMARY", "DESCRIPTION", "UID"} {
		if !regexp.MustCompile(`^([^\\;,\x00-\x1f\x7f]|\\[\\;,n])*$`).MatchString(e[name]) {
			return fmt.Errorf("%s is no TEXT: %q", name, e[name])
		}
	}
	return nil
}

// unescape is the text of a TEXT.
func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(s)
}

func encoded(t testing.TB, l report.Lang, all ...Kept) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b, all, l); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func kept(uid, what string) Kept {
	return Kept{
		Event:   Event{UID: uid, Source: "s", From: noon, To: noon.Add(time.Hour), What: [2]string{what, what + "の予定"}, Why: [2]string{"why", "理由"}},
		Changed: noon,
	}
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func TestWrite(t *testing.T) {
	odd := `semi;colon, comma, \n, back\slash` + "\nand a second line \u202e" + strings.Repeat("長い説明", 40)
	called := kept("b@tamachi", "off")
	called.Cancelled, called.Sequence = true, 2
	text := encoded(t, report.English, kept("a@tamachi", odd), called)
	events, err := strict(text)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if got, want := unescape(events[0]["SUMMARY"]), strings.ReplaceAll(odd, "\u202e", ""); got != want {
		t.Errorf("want the text as it was but for what turns it, %q, got %q", want, got)
	}
	if events[1]["STATUS"] != "CANCELLED" || events[1]["SEQUENCE"] != "2" || events[1]["DTSTART"] != "20261124T120000Z" {
		t.Errorf("want it called off, got %v", events[1])
	}
	if ja, err := strict(encoded(t, report.Japanese, called)); err != nil || ja[0]["SUMMARY"] != "offの予定" {
		t.Errorf("want it in Japanese, got %v, %v", ja, err)
	}
	if _, err := strict(encoded(t, report.English)); err != nil {
		t.Errorf("want an empty calendar to be one, got %v", err)
	}
}

func TestStrictTellsWhatIsWrong(t *testing.T) {
	good := encoded(t, report.English, kept("a@tamachi", "x"))
	for name, text := range map[string]string{
		"bare line feeds":       strings.ReplaceAll(good, "\r\n", "\n"),
		"a long line":           strings.Replace(good, "SUMMARY:x", "SUMMARY:"+strings.Repeat("x", 80), 1),
		"a comma as it is":      strings.Replace(good, "SUMMARY:x", "SUMMARY:x,y", 1),
		"an end before the end": strings.Replace(good, "DTEND:20261124T13", "DTEND:20261124T11", 1),
		"no UID":                strings.Replace(good, "UID:a@tamachi\r\n", "", 1),
		"an open event":         strings.Replace(good, "END:VEVENT\r\n", "", 1),
	} {
		if _, err := strict(text); err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}

func FuzzWrite(f *testing.F) {
	f.Add("a", "text; with, all \\ of it\r\n")
	f.Add("\xff", strings.Repeat("\U0001F600", 30))
	f.Fuzz(func(t *testing.T, uid, what string) {
		if escape(uid) == "" || escape(what) == "" {
			return
		}
		k := kept(uid, what)
		if text := encoded(t, report.English, k); true {
			if _, err := strict(text); err != nil {
				t.Fatalf("%v in %q", err, text)
			}
		}
	})
}
