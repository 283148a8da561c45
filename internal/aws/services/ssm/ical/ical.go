// Package ical reads the lines of an iCalendar object (RFC 5545) into
// components and properties, for the rooms of documents and of change
// calendars. What a property means is theirs to say. Its input is a stranger's:
// anything that is not well-formed is an *Error.
package ical

import (
	"fmt"
	"strings"
)

// deepest is how deep components may lie in one another; a calendar needs
// three.
const deepest = 8

// Component is what stands between a BEGIN and its END.
type Component struct {
	Name       string // in capitals
	Properties []Property
	Parts      []*Component
}

// Property is one line.
type Property struct {
	Name       string            // in capitals
	Parameters map[string]string // by names in capitals; of several values the first
	Value      string
}

// Error says what is wrong with a line.
type Error struct {
	Line int // as they are unfolded, from 1; 0 is the end
	Why  string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

// Parse reads one VCALENDAR and nothing besides.
func Parse(text string) (*Component, error) {
	var open []*Component
	var root *Component
	for n, line := range unfold(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		p, ok := property(line)
		if begins := ok && p.Name == "BEGIN" && strings.EqualFold(p.Value, "VCALENDAR"); !ok || len(open) == 0 && (root != nil || !begins) {
			return nil, &Error{n + 1, "it must be one iCalendar object, from BEGIN:VCALENDAR to END:VCALENDAR, of lines such as NAME:value"}
		}
		switch p.Name {
		case "BEGIN":
			if len(open) == deepest {
				return nil, &Error{n + 1, "it is nested too deeply"}
			}
			c := &Component{Name: strings.ToUpper(p.Value)}
			if len(open) == 0 {
				root = c
			} else {
				over := open[len(open)-1]
				over.Parts = append(over.Parts, c)
			}
			open = append(open, c)
		case "END":
			if open[len(open)-1].Name != strings.ToUpper(p.Value) {
				return nil, &Error{n + 1, "END:" + p.Value + " ends nothing"}
			}
			open = open[:len(open)-1]
		default:
			in := open[len(open)-1]
			in.Properties = append(in.Properties, p)
		}
	}
	if root == nil || len(open) > 0 {
		return nil, &Error{0, "END:VCALENDAR is missing"}
	}
	return root, nil
}

// All are the properties of a name, in their order.
func (c *Component) All(name string) []Property {
	var out []Property
	for _, p := range c.Properties {
		if p.Name == name {
			out = append(out, p)
		}
	}
	return out
}

// Get is the first property of a name; ok is false when there is none.
func (c *Component) Get(name string) (p Property, ok bool) {
	for _, p := range c.Properties {
		if p.Name == name {
			return p, true
		}
	}
	return Property{}, false
}

// Text is the value of the first property of a name, or "".
func (c *Component) Text(name string) string {
	p, _ := c.Get(name)
	return p.Value
}

// unfold joins the lines that RFC 5545 (3.1) lets go on in the next.
func unfold(text string) []string {
	var out []string
	var folded strings.Builder
	flush := func() {
		if folded.Len() > 0 {
			out[len(out)-1] = folded.String()
			folded.Reset()
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if len(out) > 0 && (strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")) {
			if folded.Len() == 0 {
				folded.WriteString(out[len(out)-1])
			}
			folded.WriteString(line[1:])
			continue
		}
		flush()
		out = append(out, line)
	}
	flush()
	return out
}

// property reads NAME;PARAMETER=value:value (RFC 5545, 3.1); ok is false when it
// is none.
func property(line string) (p Property, ok bool) {
	i := strings.IndexAny(line, ";:")
	if i < 1 {
		return Property{}, false
	}
	p.Name = strings.ToUpper(line[:i])
	for rest := line[i:]; ; {
		if value, found := strings.CutPrefix(rest, ":"); found {
			p.Value = value
			return p, true
		}
		name, after, found := strings.Cut(strings.TrimPrefix(rest, ";"), "=")
		if !found || name == "" {
			return Property{}, false
		}
		if p.Parameters == nil {
			p.Parameters = map[string]string{}
		}
		if p.Parameters[strings.ToUpper(name)], rest, found = parameter(after); !found {
			return Property{}, false
		}
	}
}

// parameter reads the values of a parameter up to the next one or the
// property's value, and returns the first.
func parameter(text string) (first, rest string, ok bool) {
	for n := 0; ; n++ {
		value, after := "", ""
		if quoted, found := strings.CutPrefix(text, `"`); found {
			if value, after, found = strings.Cut(quoted, `"`); !found {
				return "", "", false
			}
		} else {
			end := strings.IndexAny(text, `,;:"`)
			if end < 0 {
				return "", "", false
			}
			value, after = text[:end], text[end:]
		}
		if n == 0 {
			first = value
		}
		if after == "" || !strings.ContainsAny(after[:1], ",;:") {
			return "", "", false
		}
		if after[0] != ',' {
			return first, after, true
		}
		text = after[1:]
	}
}
