package policy

import "strings"

// Decision is the outcome of an evaluation.
type Decision int

// The outcomes. An explicit deny wins over any allow.
const (
	ImplicitDeny Decision = iota
	ExplicitDeny
	Allow
)

// Evaluate decides one action on one resource.
func (d *Document) Evaluate(action, resource string) Decision {
	out := ImplicitDeny
	for _, s := range d.Statements {
		// Action names ignore case, resources do not.
		if !s.Actions.match(strings.ToLower(action), strings.ToLower) || !s.Resources.match(resource, asIs) {
			continue
		}
		if s.Deny {
			return ExplicitDeny
		}
		out = Allow
	}
	return out
}

func (p Patterns) match(value string, fold func(string) string) bool {
	for _, pattern := range p.Values {
		if Match(fold(pattern), value) {
			return !p.Inverted
		}
	}
	return p.Inverted
}

func asIs(s string) string { return s }

// Match compares a value with a pattern in which * stands for any run of
// characters and ? for one. It takes time proportional to the product of the
// lengths at worst, never more.
func Match(pattern, value string) bool {
	p, v := 0, 0
	star, retry := -1, 0
	for v < len(value) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, retry = p, v
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == value[v]):
			p++
			v++
		case star >= 0:
			retry++
			p, v = star+1, retry
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
