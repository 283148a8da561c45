package automation

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"tamachi/internal/aws/services/ssm/parameter"
)

func reading() *names {
	return &names{
		parameters: map[string]any{"Node": "mi-1", "Nodes": []any{"a", "b"}, "Some": json.Number("3"), "Map": map[string]any{"k": "v"}},
		variables:  map[string]json.RawMessage{"count": json.RawMessage("7")},
		steps:      map[string]map[string]json.RawMessage{"ask": {"Platform": json.RawMessage(`"Linux"`), "List": json.RawMessage(`["x","y"]`)}},
		fixed:      fixed("111122223333", "ap-northeast-1", "run-1", time.Date(2026, 11, 22, 8, 30, 5, 0, time.UTC)),
	}
}

// TestReferences: a whole reference keeps its type, a list in a list becomes its
// elements, inside of a text a value is written out.
func TestReferences(t *testing.T) {
	for _, row := range []struct{ written, want string }{
		{`"{{ Node }}"`, `"mi-1"`},
		{`"{{Some}}"`, `3`},
		{`"on {{ Node }} {{Some}} times"`, `"on mi-1 3 times"`},
		{`["{{ Nodes }}","c"]`, `["a","b","c"]`},
		{`["in {{ Nodes }}"]`, `["in [\"a\",\"b\"]"]`},
		{`{"Values":["{{ ask.Platform }}"]}`, `{"Values":["Linux"]}`},
		{`"{{ ask.List }}"`, `["x","y"]`},
		{`"{{ variable:count }}"`, `7`},
		{`"{{ Map }}"`, `{"k":"v"}`},
		{`"{{ global:DATE_TIME }} {{global:REGION}}"`, `"2026-11-22_08.30.05 ap-northeast-1"`},
		{`"{{ automation:EXECUTION_ID }}"`, `"run-1"`},
		{`"{{ not a name }}"`, `"{{ not a name }}"`},
		{`true`, `true`},
	} {
		v, err := value([]byte(row.written))
		if err != nil {
			t.Fatal(err)
		}
		got, err := reading().fill(v)
		if err != nil || encoded(got) != row.want {
			t.Errorf("%s: got %s, %v; want %s", row.written, encoded(got), err, row.want)
		}
	}
	for _, written := range []string{"{{ nobody }}", "{{ ask.Nothing }}", "x {{ never.Ran }}", "{{ variable:other }}"} {
		if v, err := reading().fill(written); err == nil {
			t.Errorf("%s: got %v, want an error", written, v)
		}
	}
}

func TestParametersAsRunbooksUseThem(t *testing.T) {
	var declared parameter.Set
	text := `{"one":{"type":"String"},"list":{"type":"StringList"},"nodes":{"type":"List<AWS::EC2::Instance::Id>"},"n":{"type":"Integer"},"yes":{"type":"Boolean","default":true},"map":{"type":"StringMap"},"maps":{"type":"MapList"}}`
	if err := json.Unmarshal([]byte(text), &declared); err != nil {
		t.Fatal(err)
	}
	given := complete(declared, map[string][]string{"one": {"x"}, "list": {"a", "b"}, "nodes": {"i"}, "n": {"5"}, "map": {`{"a":"B"}`}, "maps": {`[{"a":1}]`}})
	got, err := typed(declared, given)
	if want := `{"list":["a","b"],"map":{"a":"B"},"maps":[{"a":1}],"n":5,"nodes":["i"],"one":"x","yes":true}`; err != nil || encoded(got) != want {
		t.Errorf("got %s, %v; want %s", encoded(got), err, want)
	}
	for name, bad := range map[string]string{"n": "five", "yes": "maybe", "map": "[]", "maps": "{"} {
		if v, err := typed(declared, map[string][]string{name: {bad}}); err == nil {
			t.Errorf("%s = %s: got %v, want an error", name, bad, v)
		}
	}
}

func TestChoices(t *testing.T) {
	for _, row := range []struct {
		choice string
		want   bool
	}{
		{`{"Variable":"Linux","StringEquals":"Linux"}`, true},
		{`{"Variable":"linux","StringEquals":"Linux"}`, false},
		{`{"Variable":"linux","EqualsIgnoreCase":"Linux"}`, true},
		{`{"Variable":"abc","StartsWith":"ab"}`, true},
		{`{"Variable":"abc","EndsWith":"bc"}`, true},
		{`{"Variable":"abc","Contains":"b"}`, true},
		{`{"Variable":10,"NumericGreater":9}`, true},
		{`{"Variable":"1.50","NumericEquals":1.5}`, true},
		{`{"Variable":"1","NumericLesser":1}`, false},
		{`{"Variable":"1","NumericLesserOrEquals":1}`, true},
		{`{"Variable":"-1","NumericGreaterOrEquals":"-2"}`, true},
		{`{"Variable":"true","BooleanEquals":true}`, true},
		{`{"NextStep":"x","Not":{"Variable":"a","StringEquals":"b"}}`, true},
		{`{"And":[{"Variable":"a","StringEquals":"a"},{"Variable":"a","StringEquals":"b"}]}`, false},
		{`{"Or":[{"Variable":"a","StringEquals":"b"},{"Variable":"a","StringEquals":"a"}]}`, true},
		{`{"And":[]}`, false},
	} {
		v, err := value([]byte(row.choice))
		if err != nil {
			t.Fatal(err)
		}
		got, err := holds(v.(map[string]any))
		if err != nil || got != row.want {
			t.Errorf("%s: got %v, %v; want %v", row.choice, got, err, row.want)
		}
	}
	for _, bad := range []map[string]any{{}, {"Variable": "a", "Sounds": "b"}, {"Variable": "a", "NumericEquals": "1"}, {"Variable": "1e999999999", "NumericEquals": "1"}, {"Not": map[string]any{}}, {"Variable": "1", "BooleanEquals": "x"}} {
		if got, err := holds(bad); err == nil {
			t.Errorf("%v: got %v, want an error", bad, got)
		}
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"PT10M": 10 * time.Minute, "P1D": 24 * time.Hour, "P1DT2H3M4S": 26*time.Hour + 3*time.Minute + 4*time.Second, "P2W": 14 * 24 * time.Hour, "PT1.5S": time.Second,
	} {
		if got, ok := duration(text); !ok || got != want {
			t.Errorf("%s: got %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "P", "PT", "P1DT", "10M", "P1Y", "-PT1S", "PT99999999S"} {
		if got, ok := duration(text); ok {
			t.Errorf("%s: got %v, want none", text, got)
		}
	}
}

func TestStepsThatMayFollow(t *testing.T) {
	b, err := read([]byte(`{"mainSteps":[
		{"name":"a","action":"aws:branch","inputs":{"Choices":[{"NextStep":"c"},{"NextStep":"c"},{"NextStep":"nobody"}],"Default":"b"}},
		{"name":"b","action":"aws:sleep","nextStep":"d","onFailure":"step:c"},
		{"name":"c","action":"aws:sleep","isEnd":"true","isCritical":false},
		{"name":"d","action":"aws:sleep","onFailure":"Continue"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{"a": {"c", "b"}, "b": {"d"}, "c": {}, "d": {}} {
		if got := b.ways(b.task(name)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s leads to %v, want %v", name, got, want)
		}
	}
	good, bad := done(nil), failed(stageCall, "no")
	for _, row := range []struct {
		name string
		v    verdict
		want string
	}{{"a", good, "b"}, {"b", good, "d"}, {"b", bad, "c"}, {"c", good, ""}, {"a", bad, ""}, {"d", bad, ""}} {
		if got := b.follow(b.task(row.name), row.v); got != row.want {
			t.Errorf("behind %s (%s): got %q, want %q", row.name, row.v.status, got, row.want)
		}
	}
	if b.task("c").critical() || b.task("d").critical() || !b.task("b").critical() {
		t.Error("a step is critical unless it says otherwise or goes on after a failure")
	}
}

// FuzzRunbook: no runbook brings its reader or its references to panic.
func FuzzRunbook(f *testing.F) {
	f.Add([]byte(`{"mainSteps":[{"name":"a","action":"aws:branch","inputs":{"Choices":[{"And":[{}]}]},"isEnd":"x"}],"outputs":["a.b"]}`))
	f.Add([]byte(`{"mainSteps":[{"name":"a","inputs":{"x":["{{ Nodes }}","{{ask.List}} {{"]},"timeoutSeconds":{}}],"parameters":{"a":{"type":"MapList","default":[1]}}}`))
	f.Add([]byte(`{"mainSteps":[null]}`))
	f.Fuzz(func(_ *testing.T, written []byte) {
		b, err := read(written)
		if err != nil {
			return
		}
		for _, one := range b.Tasks {
			b.ways(one)
			_, _ = reading().fill(one.Inputs)
			if choices, ok := one.Inputs["Choices"].([]any); ok {
				for _, c := range choices {
					if choice, ok := c.(map[string]any); ok {
						_, _ = holds(choice)
					}
				}
			}
		}
		_, _ = typed(b.Parameters, complete(b.Parameters, nil))
	})
}
