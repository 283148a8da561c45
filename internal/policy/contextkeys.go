package policy

import (
	"slices"
	"strings"
)

// ContextKeys are the condition keys that documents ask for, in conditions and
// variables, as they were first written and in alphabetical order.
func ContextKeys(documents ...*Document) []string {
	seen := map[string]bool{}
	var out []string
	add := func(lower, written string) {
		if !seen[lower] {
			seen[lower] = true
			out = append(out, written)
		}
	}
	for _, d := range documents {
		for i := range d.Statements {
			d.Statements[i].keys(add)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return out
}

// keys hands out the condition keys of a statement.
func (s *Statement) keys(add func(lower, written string)) {
	for i := range s.resources.list {
		for _, v := range s.resources.list[i].variables {
			add(v.key, v.written)
		}
	}
	for i := range s.conditions {
		c := &s.conditions[i]
		add(c.key, c.written)
		for j := range c.operands {
			for _, v := range c.operands[j].variables {
				add(v.key, v.written)
			}
		}
	}
}
