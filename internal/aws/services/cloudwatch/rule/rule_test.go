package rule

import (
	"fmt"
	"strings"
	"testing"
)

func states(alarm string) string {
	return map[string]string{"hot": "ALARM", "fine": "OK", "new": "INSUFFICIENT_DATA", `a "b" (c)`: "ALARM", "two words": "OK"}[alarm]
}

func TestRules(t *testing.T) {
	for _, row := range []struct {
		text string
		want bool
	}{
		{"ALARM(hot)", true},
		{`ALARM("fine")`, false},
		{"OK(fine) AND ALARM(hot)", true},
		{"ALARM(hot) AND NOT ALARM(fine)", true},
		{"NOT (ALARM(hot) OR ALARM(fine))", false},
		{"ALARM(fine) AND ALARM(hot) OR ALARM(hot)", true}, // AND binds more
		{"ALARM(hot) OR ALARM(fine) AND ALARM(fine)", true},
		{"NOT NOT TRUE", true},
		{"FALSE OR INSUFFICIENT_DATA( new )", true},
		{`ALARM("a \"b\" (c)")`, true},
		{"OK(two words)", true},
		{"\n (TRUE)\tAND(TRUE) ", true},
	} {
		r, err := Parse(row.text)
		if err != nil {
			t.Errorf("%s: %v", row.text, err)
			continue
		}
		if got := r.True(states); got != row.want {
			t.Errorf("%s: got %v, want %v", row.text, got, row.want)
		}
	}
	r, err := Parse("ALARM(b) AND (OK(a) OR ALARM(b))")
	if err != nil || fmt.Sprint(r.Alarms()) != "[b a]" {
		t.Errorf("got %v, %v", r, err)
	}
}

func TestTextsThatAreNoRules(t *testing.T) {
	for _, text := range []string{
		"", "ALARM", "ALARM()", `ALARM("x`, "ALARM(x", "(TRUE", "TRUE)", "TRUE TRUE", "TRUE AND", "NOT", "true", "x", "WARN(x)", `ALARM("x" y)`,
		strings.Repeat("(", 20_000), strings.Repeat("NOT ", 20_000) + "TRUE", strings.Repeat("ALARM(x) AND ", 500) + "TRUE",
	} {
		if r, err := Parse(text); err == nil {
			t.Errorf("%.40q: got %v, want a refusal", text, r)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`ALARM("a \"b\" (c)") AND NOT (OK(x) OR INSUFFICIENT_DATA(y))`)
	f.Add("((TRUE")
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := Parse(text); err == nil {
			r.True(states)
			r.Alarms()
		}
	})
}
