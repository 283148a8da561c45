package automation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// value reads JSON; numbers stay as they are written.
func value(b []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

// encoded is a value as JSON.
func encoded(v any) string {
	b := &bytes.Buffer{}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// text is a value inside of a text.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return encoded(v)
}

// texts is a value as answers show it: a list of texts.
func texts(v any) []string {
	list, ok := v.([]any)
	if !ok {
		return []string{text(v)}
	}
	out := make([]string, 0, len(list))
	for _, e := range list {
		out = append(out, text(e))
	}
	return out
}

// raw are values as they are stored.
func raw(values map[string]any) (map[string]json.RawMessage, error) {
	out := make(map[string]json.RawMessage, len(values))
	for name, v := range values {
		b, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		out[name] = b
	}
	return out, nil
}

// listed are stored values as answers show them.
func listed(values map[string]json.RawMessage) (map[string][]string, error) {
	out := make(map[string][]string, len(values))
	for name, b := range values {
		v, err := value(b)
		if err != nil {
			return nil, err
		}
		out[name] = texts(v)
	}
	return out, nil
}

// shown is inputs as answers show them, each as JSON.
func shown(given map[string]any) map[string]string {
	out := make(map[string]string, len(given))
	for name, v := range given {
		out[name] = encoded(v)
	}
	return out
}

// names finds what a reference, {{ name }}, stands for.
type names struct {
	parameters map[string]any
	variables  map[string]json.RawMessage
	steps      map[string]map[string]json.RawMessage // values by the name of their step
	fixed      map[string]string                     // global: and automation:
	used       int                                   // how many bytes were put in the place of references
}

var form = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_.:\-]+)\s*\}\}`)

// missing reports a reference to nothing.
type missing struct{ name string }

func (m *missing) Error() string {
	return fmt.Sprintf("Failed to resolve input: %s to type String. %s is not defined in the Automation Document.", m.name, m.name)
}

// fixed are the variables that every runbook has. Source: User Guide,
// "Automation system variables".
func fixed(account, region, execution string, now time.Time) map[string]string {
	now = now.UTC()
	return map[string]string{
		"global:ACCOUNT_ID": account, "global:REGION": region, "global:AWS_PARTITION": "aws",
		"global:DATE": now.Format(time.DateOnly), "global:DATE_TIME": now.Format("2006-01-02_15.04.05"),
		"automation:EXECUTION_ID": execution,
	}
}

// take is the value of a name, as long as there is room for it.
func (n *names) take(name string) (any, error) {
	if n.used > mostKept {
		return nil, tooLarge()
	}
	v, err := n.find(name)
	if n.used += len(text(v)); err == nil && n.used > mostKept {
		return nil, tooLarge()
	}
	return v, err
}

// find is the value of a name.
func (n *names) find(name string) (any, error) {
	if v, ok := n.fixed[name]; ok {
		return v, nil
	}
	if v, ok := n.parameters[name]; ok {
		return v, nil
	}
	if rest, ok := strings.CutPrefix(name, "variable:"); ok {
		if b, ok := n.variables[rest]; ok {
			return value(b)
		}
	}
	of, key, _ := strings.Cut(name, ".")
	if b, ok := n.steps[of][key]; ok {
		return value(b)
	}
	return nil, &missing{name}
}

// fill puts values in the place of references, at any depth. A text that is
// nothing but a reference becomes the value as it is; in a list a value that is
// a list becomes its elements.
func (n *names) fill(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return n.fillText(v)
	case []any:
		return n.fillList(v)
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			filled, err := n.fill(v[key])
			if err != nil {
				return nil, err
			}
			out[key] = filled
		}
		return out, nil
	}
	return v, nil
}

func (n *names) fillList(list []any) (any, error) {
	out := make([]any, 0, len(list))
	for _, e := range list {
		filled, err := n.fill(e)
		if err != nil {
			return nil, err
		}
		if some, ok := filled.([]any); ok && whole(e) {
			out = append(out, some...)
			continue
		}
		out = append(out, filled)
	}
	return out, nil
}

// whole tells whether a value is nothing but a reference.
func whole(v any) bool {
	s, ok := v.(string)
	if !ok {
		return false
	}
	at := form.FindStringIndex(strings.TrimSpace(s))
	return at != nil && at[0] == 0 && at[1] == len(strings.TrimSpace(s))
}

func (n *names) fillText(s string) (any, error) {
	if whole(s) {
		return n.take(form.FindStringSubmatch(s)[1])
	}
	var failure error
	out := form.ReplaceAllStringFunc(s, func(found string) string {
		if failure != nil {
			return ""
		}
		v, err := n.take(form.FindStringSubmatch(found)[1])
		failure = err
		return text(v)
	})
	if failure != nil {
		return nil, failure
	}
	return out, nil
}
