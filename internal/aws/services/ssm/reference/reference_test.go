package reference

import (
	"slices"
	"strings"
	"testing"
)

func TestReferencesAreFoundAndFilledIn(t *testing.T) {
	given := map[string][]string{"commands": {"echo {{ssm:/a}} {{ ssm:b.c }}", "{{ ssm-secure:d }} {{ e }} {{ssm:}}"}}
	if got := Names(given, "{{ ssm:/a }}", "{{ssm:z}}"); !slices.Equal(got, []string{"/a", "b.c", "z"}) {
		t.Errorf("got %v", got)
	}
	got := FillGiven(given, map[string]string{"/a": "{{ssm:b.c}}"})["commands"]
	if !slices.Equal(got, []string{"echo {{ssm:b.c}} {{ ssm:b.c }}", given["commands"][1]}) {
		t.Errorf("what is filled in is not looked into, what is missing stays: got %q", got)
	}
	if got := Fill("x {{ssm:/a}}", map[string]string{"/a": "b"}, strings.ToUpper); got != "x B" {
		t.Errorf("got %q", got)
	}
}

func FuzzFill(f *testing.F) {
	f.Add("{{ssm:/a}} {{ ssm:b }}", "v")
	f.Fuzz(func(t *testing.T, text, value string) {
		values := map[string]string{}
		for _, name := range Names(nil, text) {
			values[name] = "<" + value + ">"
		}
		if got := Fill(text, nil, strings.Clone); got != text {
			t.Errorf("without values %q became %q", text, got)
		}
		if got := Fill(text, values, strings.Clone); len(values) == 0 && got != text {
			t.Errorf("%q became %q", text, got)
		}
	})
}
