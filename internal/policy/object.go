package policy

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// object is a JSON object that remembers the order of its members. The
// standard decoder would take the last of two members with one name and so
// lose, say, a condition; here that is an error.
type object struct {
	names  []string
	values map[string]any // string, json.Number, bool, nil, []any, *object
}

// maxDepth is more than any policy needs.
const maxDepth = 8

var errJSON = errors.New("not one JSON object")

func readObject(text string) (*object, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := readValue(d, 0)
	if err != nil {
		return nil, err
	}
	o, ok := v.(*object)
	if _, err := d.Token(); !ok || !errors.Is(err, io.EOF) {
		return nil, errJSON
	}
	return o, nil
}

func readValue(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	mark, nested := t.(json.Delim)
	switch {
	case !nested:
		return t, nil
	case depth == maxDepth:
		return nil, errJSON
	case mark == '{':
		return readMembers(d, depth)
	}
	list := []any{}
	for d.More() {
		v, err := readValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err = d.Token() // the closing bracket
	return list, err
}

func readMembers(d *json.Decoder, depth int) (*object, error) {
	o := &object{values: map[string]any{}}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := readValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		n := name.(string) // the decoder takes nothing else for a name
		if _, twice := o.values[n]; twice {
			return nil, errJSON
		}
		o.names, o.values[n] = append(o.names, n), v
	}
	_, err := d.Token() // the closing brace
	return o, err
}

func (o *object) has(name string) bool { _, ok := o.values[name]; return ok }

// only tells whether the object has no other members than these.
func (o *object) only(names ...string) bool {
	for _, n := range o.names {
		if !slices.Contains(names, n) {
			return false
		}
	}
	return true
}

// text reads a member that is a string; an absent one is "".
func (o *object) text(name string) (string, bool) {
	v, there := o.values[name]
	if !there {
		return "", true
	}
	s, ok := v.(string)
	return s, ok
}

// texts reads a member that is a string or a list of strings.
func (o *object) texts(name string) ([]string, bool) { return texts(o.values[name], false) }

// objects reads a member that is an object or a list of objects.
func (o *object) objects(name string) ([]*object, bool) {
	switch v := o.values[name].(type) {
	case *object:
		return []*object{v}, true
	case []any:
		out := make([]*object, 0, len(v))
		for _, x := range v {
			one, ok := x.(*object)
			if !ok {
				return nil, false
			}
			out = append(out, one)
		}
		return out, true
	}
	return nil, false
}

// texts reads a value or a list of values; loose takes numbers and booleans
// as their text, as the values of conditions may be written.
func texts(v any, loose bool) ([]string, bool) {
	list, many := v.([]any)
	if !many {
		list = []any{v}
	}
	out := make([]string, 0, len(list))
	for _, x := range list {
		switch x := x.(type) {
		case string:
			out = append(out, x)
		case json.Number:
			if !loose {
				return nil, false
			}
			out = append(out, x.String())
		case bool:
			if !loose {
				return nil, false
			}
			out = append(out, map[bool]string{true: "true", false: "false"}[x])
		default:
			return nil, false
		}
	}
	return out, true
}
