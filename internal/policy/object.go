package policy

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// object is a JSON object that remembers the order of its members and where
// they stand. The standard decoder would take the last of two members with one
// name and so lose, say, a condition; here that is an error.
type object struct {
	names      []string
	values     map[string]any // string, json.Number, bool, nil, []any, *object
	starts     map[string]int // of the values
	start, end int
}

// maxDepth is more than any policy needs.
const maxDepth = 8

var errJSON = errors.New("not one JSON object")

// reader reads values and knows where it is.
type reader struct {
	*json.Decoder
	text string
}

// next is where the next value begins.
func (d *reader) next() int {
	i := int(d.InputOffset())
	for i < len(d.text) && strings.IndexByte(" \t\r\n,:", d.text[i]) >= 0 {
		i++
	}
	return i
}

func readObject(text string) (*object, error) {
	d := &reader{json.NewDecoder(strings.NewReader(text)), text}
	d.UseNumber()
	v, err := d.value(0)
	if err != nil {
		return nil, at(int(d.InputOffset()), err)
	}
	o, ok := v.(*object)
	if !ok {
		return nil, errJSON
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, at(d.next(), errJSON)
	}
	return o, nil
}

func (d *reader) value(depth int) (any, error) {
	start := d.next()
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
		return d.members(start, depth)
	}
	list := []any{}
	for d.More() {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err = d.Token() // the closing bracket
	return list, err
}

func (d *reader) members(start, depth int) (*object, error) {
	o := &object{start: start, values: map[string]any{}, starts: map[string]int{}}
	for d.More() {
		where := d.next()
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		n := name.(string) // the decoder takes nothing else for a name
		if _, twice := o.values[n]; twice {
			return nil, at(where, errJSON)
		}
		o.starts[n] = d.next()
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		o.names, o.values[n] = append(o.names, n), v
	}
	_, err := d.Token() // the closing brace
	o.end = int(d.InputOffset())
	return o, err
}

func (o *object) has(name string) bool { _, ok := o.values[name]; return ok }

// at places an error at the first of these members that is there, else at the
// object.
func (o *object) at(err error, names ...string) error {
	for _, n := range names {
		if start, there := o.starts[n]; there {
			return at(start, err)
		}
	}
	return at(o.start, err)
}

// only refuses other members than these.
func (o *object) only(names ...string) error {
	for _, n := range o.names {
		if !slices.Contains(names, n) {
			return o.at(errSyntax, n)
		}
	}
	return nil
}

// text reads a member that is a string; an absent one is "".
func (o *object) text(name string) (string, error) {
	v, there := o.values[name]
	if !there {
		return "", nil
	}
	s, ok := v.(string)
	if !ok {
		return "", o.at(errSyntax, name)
	}
	return s, nil
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
