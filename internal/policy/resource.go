package policy

import "strings"

// resources are a statement's Resource or NotResource.
type resources struct {
	list     []resource
	inverted bool // NotResource
	asks     bool // a variable is in one of them
}

// resource is one pattern with what tells most others apart at once.
type resource struct {
	pattern
	prefix string // the literal beginning
	form   form
}

type form int

const (
	general form = iota
	anything
	literal // the prefix is all
	begins  // the prefix, and anything after it
)

func compileResource(text string, variables bool) (resource, error) {
	p, err := compile(text, resourceText, variables)
	if err != nil {
		return resource{}, err
	}
	r := resource{pattern: p, prefix: p.text[:firstMarkIn(p.text)]}
	switch rest := p.text[len(r.prefix):]; {
	case rest == "":
		r.form = literal
	case rest == string([]byte{anyMark}) && r.prefix == "":
		r.form = anything
	case rest == string([]byte{anyMark}):
		r.form = begins
	}
	return r, nil
}

// firstMarkIn is where the literal beginning of a compiled text ends.
func firstMarkIn(text string) int {
	for i := range len(text) {
		if text[i] >= firstMark {
			return i
		}
	}
	return len(text)
}

// match compares an ARN. unknown names a variable that the context does not
// know.
func (r *resource) match(value string, c Context) (ok bool, unknown string) {
	switch r.form {
	case anything:
		return true, ""
	case literal:
		return r.prefix == value, ""
	case begins:
		return strings.HasPrefix(value, r.prefix), ""
	case general:
	}
	if len(r.variables) == 0 {
		return strings.HasPrefix(value, r.prefix) && match(r.text, value), ""
	}
	var room [256]byte
	text, ok, unknown := r.resolve(room[:0], c)
	return ok && match(text, value), unknown
}

// match decides the element. A pattern behind one that fits is not read.
func (rs *resources) match(value string, c Context) (matched bool, unknown string) {
	for i := range rs.list {
		ok, unknown := rs.list[i].match(value, c)
		if unknown != "" {
			return false, unknown
		}
		if ok {
			return !rs.inverted, ""
		}
	}
	return rs.inverted, ""
}
