package ical

import (
	"strings"
	"testing"
)

func TestACalendarIsRead(t *testing.T) {
	c, err := Parse("BEGIN:VCALENDAR\r\nx-note;LANGUAGE=\"a;b:c\",d;VALUE=TEXT:one\r\n  two\r\n\r\nBEGIN:VEVENT\nUID:1\nEND:vevent\nEND:VCALENDAR\n")
	if err != nil {
		t.Fatal(err)
	}
	p, ok := c.Get("X-NOTE")
	if !ok || p.Value != "one two" || p.Parameters["LANGUAGE"] != "a;b:c" || p.Parameters["VALUE"] != "TEXT" {
		t.Errorf("got %+v", p)
	}
	if len(c.Parts) != 1 || c.Parts[0].Text("UID") != "1" || len(c.All("UID")) != 0 {
		t.Errorf("got %+v", c.Parts)
	}
}

func TestWhatIsNoCalendarIsRefused(t *testing.T) {
	const whole = "BEGIN:VCALENDAR\n%\nEND:VCALENDAR"
	for _, row := range []struct{ name, text, why string }{
		{"nothing", "", "missing"},
		{"another object", "BEGIN:VCARD\nEND:VCARD", "one iCalendar object"},
		{"something after it", whole + "\nA:b", "one iCalendar object"},
		{"no end", "BEGIN:VCALENDAR\nA:b", "missing"},
		{"a line without a value", strings.Replace(whole, "%", "A", 1), "lines such as"},
		{"a line without a name", strings.Replace(whole, "%", ":b", 1), "lines such as"},
		{"a parameter that ends the line", strings.Replace(whole, "%", "A;B=c", 1), "lines such as"},
		{"a parameter without a name", strings.Replace(whole, "%", "A;=c:d", 1), "lines such as"},
		{"a quotation that does not end", strings.Replace(whole, "%", `A;B="c:d`, 1), "lines such as"},
		{"text after a quotation", strings.Replace(whole, "%", `A;B="c"d:e`, 1), "lines such as"},
		{"an end of something else", strings.Replace(whole, "%", "END:VEVENT", 1), "ends nothing"},
		{"a tower", strings.Repeat("BEGIN:VCALENDAR\n", 40), "too deeply"},
	} {
		if c, err := Parse(row.text); err == nil || !strings.Contains(err.Error(), row.why) {
			t.Errorf("%s: got %v, %v; want %s", row.name, c, err, row.why)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("BEGIN:VCALENDAR\nA;B=\"c\",d:e\n f\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR")
	f.Add("BEGIN:VCALENDAR\nA;B=c")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse(text)
		if (c == nil) == (err == nil) {
			t.Errorf("%q: got %v, %v", text, c, err)
		}
	})
}
