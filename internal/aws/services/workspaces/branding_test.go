package workspaces

import (
	"strings"
	"testing"
)

func TestLoginMessages(t *testing.T) {
	for _, row := range []struct{ name, text, strange string }{
		{"plain words", "Welcome to the office.", ""},
		{"the elements of the list", "<p>Ask <b>IT</b><br/> or <a href=\"https://it.example.com/x?y=1\">read</a></p>", ""},
		{"in capitals too", "<B>IT</B>", ""},
		{"an element that runs", "<script>alert(1)</script>", "<script>"},
		{"an attribute that runs", "<b onclick=\"x()\">IT</b>", "<b onclick=\"x()\">"},
		{"a link that runs", "<a href=\"javascript:x()\">IT</a>", "<a href=\"javascript:x()\">"},
		{"a comment", "a <!-- b -->", "<!-- b -->"},
		{"a sign that opens nothing", "1 < 2", "< 2"},
	} {
		if got := strange(row.text); got != row.strange {
			t.Errorf("%s: want %q, got %q", row.name, row.strange, got)
		}
	}
}

func FuzzLoginMessage(f *testing.F) {
	for _, s := range []string{"<p>a</p>", "<a href=\"https://x\">", "<", "<<b>", "</b", "<b\xff>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strange(s) != "" {
			return
		}
		low := strings.ToLower(s)
		for _, bad := range []string{"<script", "<img", "<iframe", "<svg", "<style", "<!--", "<b on"} {
			if strings.Contains(low, bad) {
				t.Errorf("%q passed with %s", s, bad)
			}
		}
	})
}
