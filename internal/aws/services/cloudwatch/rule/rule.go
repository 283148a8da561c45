// Package rule reads and evaluates the rules of composite alarms: which states
// of which alarms make them alarm. It is pure.
//
// A rule combines ALARM(x), OK(x), INSUFFICIENT_DATA(x), TRUE and FALSE with
// AND, OR, NOT and parentheses; names may stand in double quotes, and an alarm
// may be named by its ARN.
// Source: CloudWatch API Reference, "PutCompositeAlarm".
package rule

import (
	"fmt"
	"slices"
	"strings"
)

// The limits of a rule.
const (
	mostAlarms   = 100
	mostElements = 500
)

// Rule is a rule that was read.
type Rule struct{ root node }

// node is a part of a rule: an operator over others, or a condition.
type node struct {
	op    string // AND, OR, NOT, TRUE, FALSE, or a state
	alarm string
	parts []node
}

// Parse reads a rule. The error says what is wrong with the text.
func Parse(text string) (*Rule, error) {
	p := &parser{text: text}
	p.next()
	n, err := p.either()
	if err != nil {
		return nil, err
	}
	if p.token != "" {
		return nil, fmt.Errorf("unexpected %q", p.token)
	}
	r := &Rule{root: n}
	if len(r.Alarms()) > mostAlarms {
		return nil, fmt.Errorf("more than %d alarms", mostAlarms)
	}
	return r, nil
}

// Alarms are the names or ARNs in the rule, each once, in its order.
func (r *Rule) Alarms() (names []string) {
	var walk func(n *node)
	walk = func(n *node) {
		if n.alarm != "" && !slices.Contains(names, n.alarm) {
			names = append(names, n.alarm)
		}
		for i := range n.parts {
			walk(&n.parts[i])
		}
	}
	walk(&r.root)
	return names
}

// True tells whether the rule is met; state gives the state of an alarm.
func (r *Rule) True(state func(alarm string) string) bool { return r.root.is(state) }

func (n *node) is(state func(string) string) bool {
	met := func(p node) bool { return p.is(state) }
	switch n.op {
	case "TRUE":
		return true
	case "FALSE":
		return false
	case "NOT":
		return !met(n.parts[0])
	case "AND":
		return !slices.ContainsFunc(n.parts, func(p node) bool { return !met(p) })
	case "OR":
		return slices.ContainsFunc(n.parts, met)
	}
	return state(n.alarm) == n.op
}

// parser reads a rule from left to right. Its depth is bounded by the number of
// elements.
type parser struct {
	text     string
	token    string // the one to be read next; empty at the end
	elements int
}

// next goes on to the next token.
func (p *parser) next() {
	p.text = strings.TrimLeft(p.text, " \t\r\n")
	switch {
	case p.text == "":
		p.token = ""
	case p.text[0] == '(' || p.text[0] == ')':
		p.token, p.text = p.text[:1], p.text[1:]
	default:
		end := strings.IndexAny(p.text, " \t\r\n()")
		if end < 0 {
			end = len(p.text)
		}
		p.token, p.text = p.text[:end], p.text[end:]
	}
}

// either reads conditions that OR joins, which binds less than AND.
func (p *parser) either() (node, error) { return p.joined("OR", p.both) }

func (p *parser) both() (node, error) { return p.joined("AND", p.one) }

func (p *parser) joined(op string, part func() (node, error)) (node, error) {
	first, err := part()
	if err != nil {
		return node{}, err
	}
	parts := []node{first}
	for p.token == op {
		p.next()
		more, err := part()
		if err != nil {
			return node{}, err
		}
		parts = append(parts, more)
	}
	if len(parts) == 1 {
		return first, nil
	}
	return node{op: op, parts: parts}, nil
}

func (p *parser) one() (node, error) {
	if p.elements++; p.elements > mostElements {
		return node{}, fmt.Errorf("more than %d elements", mostElements)
	}
	word := p.token
	switch word {
	case "NOT":
		p.next()
		n, err := p.one()
		return node{op: "NOT", parts: []node{n}}, err
	case "TRUE", "FALSE":
		p.next()
		return node{op: word}, nil
	case "(":
		p.next()
		n, err := p.either()
		if err != nil {
			return n, err
		}
		return n, p.close()
	case "ALARM", "OK", "INSUFFICIENT_DATA":
		return p.condition(word)
	case "":
		return node{}, fmt.Errorf("the rule ends too early")
	}
	return node{}, fmt.Errorf("unexpected %q", word)
}

func (p *parser) close() error {
	if p.token != ")" {
		return fmt.Errorf("a closing parenthesis is missing")
	}
	p.next()
	return nil
}

// condition reads ("name") or (name) behind a state. A name without quotes ends
// at the parenthesis that closes.
func (p *parser) condition(state string) (node, error) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(p.text, " \t\r\n"), "(")
	if !ok {
		return node{}, fmt.Errorf("%s names no alarm", state)
	}
	rest = strings.TrimLeft(rest, " \t\r\n")
	var name string
	if quoted, is := strings.CutPrefix(rest, `"`); is {
		if name, rest, ok = unquote(quoted); !ok {
			return node{}, fmt.Errorf("a name is not closed by a quote")
		}
	} else {
		end := strings.IndexByte(rest, ')')
		if end < 0 {
			return node{}, fmt.Errorf("a closing parenthesis is missing")
		}
		name, rest = strings.TrimSpace(rest[:end]), rest[end:]
	}
	if name == "" {
		return node{}, fmt.Errorf("%s names no alarm", state)
	}
	p.text = rest
	p.next()
	return node{op: state, alarm: name}, p.close()
}

// unquote reads a name up to its closing quote; a backslash takes the next
// character as it is.
func unquote(text string) (name, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			return b.String(), text[i+1:], true
		case '\\':
			if i++; i < len(text) {
				b.WriteByte(text[i])
			}
		default:
			b.WriteByte(text[i])
		}
	}
	return "", "", false
}
