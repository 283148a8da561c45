package expression

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Metric is what a search looks at.
type Metric struct {
	Namespace, Name string
	Dimensions      map[string]string
}

// Search is the first argument of SEARCH: a schema in braces, which may be left
// out, and terms that AND (which may be left out), OR and NOT join.
// Source: CloudWatch User Guide, "Using search expressions in graphs".
type Search struct {
	namespace  string
	dimensions []string // nil without a schema
	root       *term
}

// term is a part of a search: an operator, or a text that is looked for.
type term struct {
	op    string // AND, OR, NOT; empty for a text
	of    string // MetricName, Namespace, a dimension; empty for all of them
	text  string
	exact bool
	parts []*term
}

// ParseSearch reads a search.
func ParseSearch(text string) (*Search, error) {
	s := &Search{}
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "{"); ok {
		schema, more, ok := strings.Cut(rest, "}")
		if !ok {
			return nil, errors.New("a closing brace is missing")
		}
		names := strings.Split(schema, ",")
		for i, n := range names {
			names[i] = strings.Trim(strings.TrimSpace(n), `"`)
		}
		s.namespace, s.dimensions, text = names[0], names[1:], more
	}
	words, err := words(text)
	if err != nil {
		return nil, err
	}
	p := &searcher{words: words}
	if len(words) > 0 {
		if s.root, err = p.either(); err != nil {
			return nil, err
		}
	}
	if p.at < len(p.words) {
		return nil, fmt.Errorf("unexpected %q", p.words[p.at].text)
	}
	return s, nil
}

type word struct {
	text   string
	quoted bool
}

// words parts a text at white space, parentheses and equals signs.
func words(text string) (out []word, err error) {
	for {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		switch {
		case text == "":
			return out, nil
		case strings.ContainsRune("()=", rune(text[0])):
			out, text = append(out, word{text: text[:1]}), text[1:]
		case text[0] == '"' || text[0] == '\'':
			n := closing(text, text[0])
			if n < 0 {
				return nil, errors.New("a text is not closed by a quote")
			}
			out, text = append(out, word{text[1 : n-1], true}), text[n:]
		default:
			n := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("()=\"'", r) })
			if n < 0 {
				n = len(text)
			}
			out, text = append(out, word{text: text[:n]}), text[n:]
		}
	}
}

type searcher struct {
	words []word
	at    int
	depth int
}

func (p *searcher) is(text string) bool {
	return p.at < len(p.words) && !p.words[p.at].quoted && p.words[p.at].text == text
}

func (p *searcher) either() (*term, error) {
	first, err := p.both()
	for err == nil && p.is("OR") {
		p.at++
		var more *term
		if more, err = p.both(); err == nil {
			first = &term{op: "OR", parts: []*term{first, more}}
		}
	}
	return first, err
}

func (p *searcher) both() (*term, error) {
	first, err := p.one()
	for err == nil && p.at < len(p.words) && !p.is("OR") && !p.is(")") {
		if p.is("AND") {
			p.at++
		}
		var more *term
		if more, err = p.one(); err == nil {
			first = &term{op: "AND", parts: []*term{first, more}}
		}
	}
	return first, err
}

func (p *searcher) one() (*term, error) {
	if p.depth++; p.depth > deepest {
		return nil, errors.New("the search is nested too deep")
	}
	defer func() { p.depth-- }()
	switch {
	case p.at == len(p.words) || p.is(")") || p.is("=") || p.is("AND") || p.is("OR"):
		return nil, errors.New("a term is missing in the search")
	case p.is("NOT"):
		p.at++
		n, err := p.one()
		return &term{op: "NOT", parts: []*term{n}}, err
	case p.is("("):
		p.at++
		n, err := p.either()
		if err == nil && !p.is(")") {
			err = errors.New("a closing parenthesis is missing")
		}
		p.at++
		return n, err
	}
	w := p.words[p.at]
	p.at++
	if !p.is("=") {
		return &term{text: w.text, exact: w.quoted}, nil
	}
	p.at++
	if p.at == len(p.words) {
		return nil, errors.New("a term is missing in the search")
	}
	value := p.words[p.at]
	p.at++
	if value.text == "(" && !value.quoted { // Name=(a OR b)
		p.at--
		n, err := p.one()
		if err == nil {
			n.within(w.text)
		}
		return n, err
	}
	return &term{of: w.text, text: value.text, exact: value.quoted}, nil
}

// within limits the texts of a term to one name.
func (t *term) within(of string) {
	t.of = of
	for _, p := range t.parts {
		p.within(of)
	}
}

// Finds tells whether the metric is among those searched for.
func (s *Search) Finds(m *Metric) bool {
	if s.dimensions != nil {
		if m.Namespace != s.namespace || len(m.Dimensions) != len(s.dimensions) {
			return false
		}
		for _, d := range s.dimensions {
			if _, ok := m.Dimensions[d]; !ok {
				return false
			}
		}
	}
	return s.root == nil || s.root.finds(m)
}

// Namespace is the one that the schema names; empty without one.
func (s *Search) Namespace() string { return s.namespace }

func (t *term) finds(m *Metric) bool {
	switch t.op {
	case "AND":
		return t.parts[0].finds(m) && t.parts[1].finds(m)
	case "OR":
		return t.parts[0].finds(m) || t.parts[1].finds(m)
	case "NOT":
		return !t.parts[0].finds(m)
	}
	switch t.of {
	case "":
		found := t.in(m.Name) || t.in(m.Namespace)
		for k, v := range m.Dimensions {
			found = found || t.in(k) || t.in(v)
		}
		return found
	case "MetricName":
		return t.in(m.Name)
	case "Namespace":
		return t.in(m.Namespace)
	}
	v, ok := m.Dimensions[t.of]
	return ok && t.in(v)
}

// in tells whether the text is in a name: all of it where it was quoted, else
// its parts among the parts of the name, whatever their case.
func (t *term) in(name string) bool {
	if t.exact {
		return t.text == name
	}
	have := parts(name)
	for _, p := range parts(t.text) {
		if !slices.Contains(have, p) {
			return false
		}
	}
	return true
}

// parts are the words of a name: CPUUsage is cpuusage, cpu and usage.
func parts(name string) (out []string) {
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		out = append(out, strings.ToLower(w))
		r, from := []rune(w), 0
		for i := 1; i <= len(r); i++ {
			if i == len(r) && from == 0 {
				break
			}
			begins := i < len(r) && unicode.IsUpper(r[i]) && (!unicode.IsUpper(r[i-1]) || i+1 < len(r) && unicode.IsLower(r[i+1]))
			if i == len(r) || begins {
				out = append(out, strings.ToLower(string(r[from:i])))
				from = i
			}
		}
	}
	return out
}
