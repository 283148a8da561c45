package cloudwatchlogs

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// members is a pattern for messages that are JSON.
type members struct {
	condition condition
	shown     []subject
}

// step is one step of a path: a member, an element, or all of them.
type step struct {
	name  string
	index int // of an element; -1 for a member
	all   bool
}

func parseMembers(text string) (pattern, error) {
	inner, ok := strings.CutSuffix(text[1:], "}")
	if !ok {
		return nil, badPattern()
	}
	g := &grammar{text: inner, subject: parsePath}
	c, err := g.either(0)
	if err != nil {
		return nil, err
	}
	if g.skip(); g.text != "" {
		return nil, badPattern()
	}
	return members{c, g.found}, nil
}

// parsePath reads a path such as $.a.b[0]["c d"].
func parsePath(text string) (s subject, rest string, err error) {
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return s, "", badPattern()
	}
	for {
		var st step
		switch {
		case strings.HasPrefix(rest, "."):
			rest = rest[1:]
			if strings.HasPrefix(rest, "[") {
				continue // $.[0] is $[0]
			}
			end := strings.IndexAny(rest, " \t\r\n.[]=!<>()&|{}\"%,")
			if end < 0 {
				end = len(rest)
			}
			st, rest = step{name: rest[:end], index: -1, all: rest[:end] == "*"}, rest[end:]
			ok = st.name != ""
		case strings.HasPrefix(rest, "["):
			st, rest, ok = parseIndex(rest[1:])
		default:
			s.text = strings.TrimSuffix(text, rest)
			if s.path == nil {
				return s, "", badPattern()
			}
			return s, rest, nil
		}
		if !ok {
			return s, "", badPattern()
		}
		s.path = append(s.path, st)
	}
}

func parseIndex(text string) (st step, rest string, ok bool) {
	if strings.HasPrefix(text, `"`) {
		name, rest, ok := quoted(text)
		rest, closed := strings.CutPrefix(rest, "]")
		return step{name: name, index: -1}, rest, ok && closed
	}
	inner, rest, ok := strings.Cut(text, "]")
	if inner == "*" {
		return step{all: true}, rest, ok
	}
	n, err := strconv.Atoi(inner)
	return step{index: n}, rest, ok && err == nil && n >= 0
}

func (m members) match(message string) (map[string]string, bool) {
	if t := strings.TrimLeft(message, " \t\r\n"); t == "" || t[0] != '{' && t[0] != '[' {
		return nil, false
	}
	d := json.NewDecoder(strings.NewReader(message))
	d.UseNumber()
	var root any
	if d.Decode(&root) != nil {
		return nil, false
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, false
	}
	from := func(s subject) []any { return walk([]any{root}, s.path) }
	if !m.condition.holds(from) {
		return nil, false
	}
	values := map[string]string{}
	for _, s := range m.shown {
		for _, v := range from(s) {
			if text, ok := textOf(v); ok {
				values[s.text] = text
				break
			}
		}
	}
	return values, true
}

// walk follows a path from values.
func walk(values []any, path []step) []any {
	for _, st := range path {
		var next []any
		for _, v := range values {
			next = append(next, st.of(v)...)
		}
		values = next
	}
	return values
}

// of is what a step leads to from a value.
func (st step) of(v any) []any {
	switch v := v.(type) {
	case map[string]any:
		if st.all {
			var out []any
			for _, name := range slices.Sorted(maps.Keys(v)) {
				out = append(out, v[name])
			}
			return out
		}
		if member, ok := v[st.name]; ok && st.index < 0 {
			return []any{member}
		}
	case []any:
		if st.all {
			return v
		}
		if st.index >= 0 && st.index < len(v) {
			return v[st.index : st.index+1]
		}
	}
	return nil
}
