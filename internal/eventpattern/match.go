package eventpattern

import "slices"

// Matches tells whether an event, as Decode reads it, fits.
func (p *Pattern) Matches(event any) bool { return p.root.matches(event) }

// matches tells whether an object has what the node wants; of an array, one
// element must.
func (n *node) matches(v any) bool {
	if list, ok := v.([]any); ok && len(list) > 0 {
		return slices.ContainsFunc(list, n.matches)
	}
	object, _ := v.(map[string]any) // what is none has no fields
	for name, f := range n.fields {
		value, there := object[name]
		if !f.matches(value, there) {
			return false
		}
	}
	for _, choice := range n.choices {
		if !slices.ContainsFunc(choice, func(one *node) bool { return one.matches(v) }) {
			return false
		}
	}
	return true
}

func (f *field) matches(v any, there bool) bool {
	if f.below != nil {
		return f.below.matches(v)
	}
	scalars := leaves(nil, v, there)
	for _, fits := range f.any {
		if len(scalars) == 0 && fits(nil, false) {
			return true
		}
		if slices.ContainsFunc(scalars, func(s any) bool { return fits(s, true) }) {
			return true
		}
	}
	return false
}

// leaves are the scalars of a value: itself, or those of an array. An object
// has none.
func leaves(out []any, v any, there bool) []any {
	switch v := v.(type) {
	case map[string]any:
		return out
	case []any:
		for _, one := range v {
			out = leaves(out, one, true)
		}
		return out
	}
	if !there {
		return out
	}
	return append(out, v)
}
