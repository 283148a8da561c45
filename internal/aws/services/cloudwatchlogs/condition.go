package cloudwatchlogs

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// condition is a node of what stands between braces, or of a field: either a
// comparison, or others joined by && or ||.
type condition struct {
	any, all []condition
	subject  subject
	operator string // =, !=, <, <=, >, >=, is, exists, not exists
	value    expression
	is       string // TRUE, FALSE or NULL
}

// subject is what is compared: the name of a field or a path in JSON.
type subject struct {
	text string
	path []step
}

// source finds the values of a subject; several where it has an asterisk.
type source func(subject) []any

func (c *condition) holds(from source) bool {
	switch {
	case c.any != nil:
		for i := range c.any {
			if c.any[i].holds(from) {
				return true
			}
		}
		return false
	case c.all != nil:
		for i := range c.all {
			if !c.all[i].holds(from) {
				return false
			}
		}
		return true
	}
	values := from(c.subject)
	switch c.operator {
	case "":
		return true // a field with a name only
	case "exists":
		return len(values) > 0
	case "not exists":
		return len(values) == 0
	}
	return slices.ContainsFunc(values, c.compare)
}

// compare compares one value. One that is missing was not even asked about, so
// that != is only for what is there.
func (c *condition) compare(v any) bool {
	if c.operator == "is" {
		return v == map[string]any{"TRUE": true, "FALSE": false, "NULL": nil}[c.is]
	}
	text, scalar := textOf(v)
	if !scalar {
		return false
	}
	number, err := strconv.ParseFloat(text, 64)
	numbers := err == nil && c.value.numeric
	switch c.operator {
	case "=":
		return c.value.equals(text) || numbers && number == c.value.number
	case "!=":
		return !c.value.equals(text) && !(numbers && number == c.value.number)
	}
	if !numbers {
		return false
	}
	order := cmp.Compare(number, c.value.number)
	switch c.operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// textOf is a value as text; scalar is false for null, objects and lists.
func textOf(v any) (text string, scalar bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// grammar reads conditions. subject reads what is compared from the front of
// the text.
type grammar struct {
	text    string
	subject func(text string) (s subject, rest string, err error)
	regexes int
	found   []subject
}

// The limits of a pattern: how deep parentheses go, and how many regular
// expressions it has.
const (
	deepest     = 32
	mostRegexes = 2
)

func (g *grammar) skip() { g.text = strings.TrimLeft(g.text, " \t\r\n") }

func (g *grammar) take(token string) bool {
	g.skip()
	rest, ok := strings.CutPrefix(g.text, token)
	if ok {
		g.text = rest
	}
	return ok
}

// either reads conditions joined by ||, which binds less than &&.
func (g *grammar) either(depth int) (condition, error) {
	return g.joined("||", func() (condition, error) {
		return g.joined("&&", func() (condition, error) { return g.one(depth) })
	})
}

func (g *grammar) joined(token string, read func() (condition, error)) (condition, error) {
	var list []condition
	for {
		c, err := read()
		if err != nil {
			return c, err
		}
		list = append(list, c)
		if g.take(token) {
			continue
		}
		switch {
		case len(list) == 1:
			return c, nil
		case token == "||":
			return condition{any: list}, nil
		}
		return condition{all: list}, nil
	}
}

func (g *grammar) one(depth int) (c condition, err error) {
	if depth > deepest {
		return c, badPattern()
	}
	if g.take("(") {
		if c, err = g.either(depth + 1); err == nil && !g.take(")") {
			err = badPattern()
		}
		return c, err
	}
	g.skip()
	if c.subject, g.text, err = g.subject(g.text); err != nil {
		return c, err
	}
	g.found = append(g.found, c.subject)
	return c, g.comparison(&c)
}

func (g *grammar) comparison(c *condition) (err error) {
	for _, op := range []string{"!=", "<=", ">=", "=", "<", ">"} {
		if g.take(op) {
			c.operator = op
			c.value, err = g.operand()
			return err
		}
	}
	switch {
	case g.word("NOT"):
		if c.operator = "not exists"; !g.word("EXISTS") {
			return badPattern()
		}
	case g.word("EXISTS"):
		c.operator = "exists"
	case g.word("IS"):
		c.operator = "is"
		for _, is := range []string{"TRUE", "FALSE", "NULL"} {
			if g.word(is) {
				c.is = is
				return nil
			}
		}
		return badPattern()
	case c.subject.path != nil:
		return badPattern() // a path alone says nothing
	}
	return nil
}

// word takes a word in any case.
func (g *grammar) word(w string) bool {
	g.skip()
	if len(g.text) < len(w) || !strings.EqualFold(g.text[:len(w)], w) {
		return false
	}
	if rest := g.text[len(w):]; rest == "" || strings.ContainsAny(rest[:1], " \t\r\n)&|}") {
		g.text = rest
		return true
	}
	return false
}

func (g *grammar) operand() (x expression, err error) {
	g.skip()
	switch {
	case strings.HasPrefix(g.text, `"`):
		value, rest, ok := quoted(g.text)
		if !ok {
			return x, badPattern()
		}
		g.text = rest
		return literal(value), nil
	case strings.HasPrefix(g.text, "%"):
		inner, rest, ok := strings.Cut(g.text[1:], "%")
		if g.regexes++; !ok || g.regexes > mostRegexes {
			return x, badPattern()
		}
		g.text = rest
		return parseRegex(inner)
	}
	end := strings.IndexAny(g.text, " \t\r\n)(&|\"{}")
	if end < 0 {
		end = len(g.text)
	}
	value := g.text[:end]
	if g.text = g.text[end:]; value == "" {
		return x, badPattern()
	}
	return literal(value), nil
}
