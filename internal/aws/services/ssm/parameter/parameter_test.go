package parameter

import (
	"encoding/json"
	"reflect"
	"testing"
)

func read(t *testing.T, text string) Set {
	t.Helper()
	var s Set
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

const declared = `{
	"one": {"type": "String", "minChars": "2", "maxChars": 4, "allowedPattern": "[a-z]*", "default": "ab"},
	"some": {"type": "StringList", "minItems": 1, "maxItems": 2, "default": ["x"]},
	"of": {"type": "String", "allowedValues": ["Scan", 7], "default": "Scan"},
	"must": {"type": "String"}
}`

func TestCheck(t *testing.T) {
	s := read(t, declared)
	for _, row := range []struct {
		name  string
		given map[string][]string
		want  string
	}{
		{"what is needed", map[string][]string{"must": {""}}, ""},
		{"all", map[string][]string{"must": {"x"}, "one": {"abcd"}, "some": {"1", "2"}, "of": {"7"}}, ""},
		{"what is needed is left out", nil, "Document D requires the parameter must."},
		{"an unknown one", map[string][]string{"other": {"x"}}, "Document D has no parameter other."},
		{"two values for one", map[string][]string{"one": {"ab", "cd"}}, "Parameter one takes one value, not 2."},
		{"none for one", map[string][]string{"one": {}}, "Parameter one takes one value, not 0."},
		{"too few", map[string][]string{"some": {}}, "Parameter some takes at least 1 values, not 0."},
		{"too many", map[string][]string{"some": {"1", "2", "3"}}, "Parameter some takes at most 2 values, not 3."},
		{"too short", map[string][]string{"one": {"é"}}, "Parameter one takes at least 2 characters."},
		{"too long", map[string][]string{"one": {"abcde"}}, "Parameter one takes at most 4 characters."},
		{"not as the pattern says", map[string][]string{"one": {"AB"}}, `The value "AB" of parameter one does not match [a-z]*.`},
		{"none of the allowed", map[string][]string{"of": {"Install"}}, `Parameter of does not take the value "Install".`},
	} {
		if got := s.Check("D", row.given); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestValues(t *testing.T) {
	got := read(t, declared).Values(map[string][]string{"must": {"x"}, "some": {"1"}})
	if want := map[string]any{"must": "x", "some": []string{"1"}, "one": "ab", "of": "Scan"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// FuzzSet: no declaration and no value brings the reader to panic.
func FuzzSet(f *testing.F) {
	f.Add(declared, "one", "ab")
	f.Add(`{"a":{"allowedPattern":"("}}`, "a", "")
	f.Fuzz(func(_ *testing.T, text, name, value string) {
		var s Set
		if json.Unmarshal([]byte(text), &s) != nil {
			return
		}
		if given := map[string][]string{name: {value}}; s.Check("D", given) == "" {
			s.Values(given)
		}
	})
}
