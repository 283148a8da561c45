package eventpattern

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
)

// Pattern is a pattern that was read.
type Pattern struct{ root *node }

// node wants all of its fields, and one of each of its choices.
type node struct {
	fields  map[string]*field
	choices [][]*node
}

// field wants one of its values, or below it a whole node.
type field struct {
	below *node
	any   []test
}

// deepest is how deep a pattern may be nested.
const deepest = 50

// Decode reads JSON with its numbers as they are written.
func Decode(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, errors.New("it is no JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON")
	}
	return v, nil
}

// Parse reads a pattern.
func Parse(text string) (*Pattern, error) {
	v, err := Decode(text)
	if err != nil {
		return nil, err
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("Filter is not an object") //nolint:revive,staticcheck // AWS's words
	}
	root, err := newNode(object, 1)
	if err != nil {
		return nil, err
	}
	return &Pattern{root}, nil
}

func newNode(object map[string]any, depth int) (*node, error) {
	if depth > deepest {
		return nil, fmt.Errorf("it is nested deeper than %d levels", deepest)
	}
	if len(object) == 0 {
		return nil, errors.New("Empty objects are not allowed") //nolint:revive,staticcheck // AWS's words
	}
	n := &node{fields: map[string]*field{}}
	for key, value := range object {
		if list, ok := alternatives(key, value); ok {
			choice, err := newChoice(list, depth)
			if err != nil {
				return nil, err
			}
			n.choices = append(n.choices, choice)
			continue
		}
		f, err := newField(key, value, depth)
		if err != nil {
			return nil, err
		}
		n.fields[key] = f
	}
	return n, nil
}

// alternatives are those of $or; a list of anything but two objects and more is
// a field of that name.
func alternatives(key string, value any) ([]any, bool) {
	list, ok := value.([]any)
	if key != "$or" || !ok || len(list) < 2 {
		return nil, false
	}
	for _, v := range list {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		for name := range object {
			if operators[name] != nil {
				return nil, false
			}
		}
	}
	return list, true
}

func newChoice(list []any, depth int) ([]*node, error) {
	var out []*node
	for _, v := range list {
		n, err := newNode(v.(map[string]any), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func newField(key string, value any, depth int) (*field, error) {
	switch value := value.(type) {
	case map[string]any:
		below, err := newNode(value, depth+1)
		return &field{below: below}, err
	case []any:
		if len(value) == 0 {
			return nil, errors.New("Empty arrays are not allowed") //nolint:revive,staticcheck // AWS's words
		}
		f := &field{}
		for _, v := range value {
			t, err := newTest(v)
			if err != nil {
				return nil, err
			}
			f.any = append(f.any, t)
		}
		return f, nil
	}
	return nil, fmt.Errorf("%q must be an object or an array", key)
}

// newTest reads one of the values of a list.
func newTest(v any) (test, error) {
	object, ok := v.(map[string]any)
	if !ok {
		if _, nested := v.([]any); nested {
			return nil, errors.New("Match value must be String, number, true, false, or null") //nolint:revive,staticcheck // AWS's words
		}
		return exactly(v), nil
	}
	if len(object) != 1 {
		return nil, errors.New("Only one key allowed in match expression") //nolint:revive,staticcheck // AWS's words
	}
	for name, of := range object {
		operator, ok := operators[name]
		if !ok {
			return nil, fmt.Errorf("Unrecognized match type %s", name) //nolint:revive,staticcheck // AWS's words
		}
		t, err := operator(of)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return t, nil
	}
	return nil, nil
}

// operators are the comparisons by their names.
var operators = map[string]func(of any) (test, error){
	"prefix": affix(strings.HasPrefix), "suffix": affix(strings.HasSuffix), "equals-ignore-case": ignoringCase,
	"wildcard": wildcard, "anything-but": anythingBut, "numeric": numeric, "cidr": cidr, "exists": exists,
}

var errText = errors.New("it must be a string")

// affix makes prefix and suffix, which may ignore case.
func affix(has func(s, part string) bool) func(of any) (test, error) {
	return func(of any) (test, error) {
		if object, ok := of.(map[string]any); ok && len(object) == 1 {
			part, ok := object["equals-ignore-case"].(string)
			if !ok {
				return nil, errors.New("it must be a string, or equals-ignore-case with one")
			}
			part = strings.ToLower(part)
			return text(func(s string) bool { return has(strings.ToLower(s), part) }), nil
		}
		part, ok := of.(string)
		if !ok {
			return nil, errText
		}
		return text(func(s string) bool { return has(s, part) }), nil
	}
}

func ignoringCase(of any) (test, error) {
	want, ok := of.(string)
	if !ok {
		return nil, errText
	}
	return text(func(s string) bool { return strings.EqualFold(s, want) }), nil
}

func exists(of any) (test, error) {
	want, ok := of.(bool)
	if !ok {
		return nil, errors.New("it must be true or false")
	}
	return func(_ any, there bool) bool { return there == want }, nil
}

func cidr(of any) (test, error) {
	given, ok := of.(string)
	if !ok {
		return nil, errText
	}
	var block netip.Prefix
	var err error
	if strings.Contains(given, "/") {
		block, err = netip.ParsePrefix(given)
	} else if one, failure := netip.ParseAddr(given); failure == nil {
		block, err = one.Prefix(one.BitLen())
	} else {
		err = failure
	}
	if err != nil {
		return nil, errors.New("Malformed CIDR, one '/' required") //nolint:revive,staticcheck // AWS's words
	}
	return text(func(s string) bool {
		a, err := netip.ParseAddr(s)
		return err == nil && block.Contains(a)
	}), nil
}
