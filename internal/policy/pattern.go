package policy

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// pattern is a text with wildcards and policy variables.
type pattern struct {
	text      string
	variables []variable
}

// variable is ${key} or ${key, 'fallback'}.
type variable struct {
	key         string // lower case
	written     string // and as it was written
	fallback    string
	hasFallback bool
}

var errPattern = errors.New("not a pattern")

// style says what * and ? of a text mean.
type style int

const (
	plainText style = iota // themselves
	likeText               // any run of characters, any one
	resourceText
)

// compile reads a text with wildcards, and with variables where they count.
// Source: IAM User Guide, "IAM policy elements: Variables and tags".
func compile(text string, as style, variables bool) (pattern, error) {
	p := pattern{}
	if !utf8.ValidString(text) { // its bytes could be taken for marks
		return p, errPattern
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case as != plainText && c == '*':
			b.WriteByte(anyMark)
		case as != plainText && c == '?':
			b.WriteByte(oneMark)
		case variables && strings.HasPrefix(text[i:], "${"):
			end := strings.IndexByte(text[i:], '}')
			if end < 0 {
				return p, errPattern
			}
			inner := text[i+2 : i+end]
			i += end + 1
			if inner == "*" || inner == "?" || inner == "$" {
				b.WriteString(inner)
				continue
			}
			v, err := readVariable(inner)
			if err != nil || len(p.variables) == maxVars {
				return p, errPattern
			}
			b.WriteByte(varMark)
			b.WriteByte(byte(firstVar + len(p.variables)))
			p.variables = append(p.variables, v)
			continue
		default:
			b.WriteByte(c)
		}
		i++
	}
	p.text = b.String()
	if as == resourceText {
		p.text = segmented(p.text)
	}
	return p, nil
}

func readVariable(inner string) (variable, error) {
	key, rest, has := strings.Cut(inner, ",")
	v := variable{written: strings.TrimSpace(key), hasFallback: has}
	v.key = strings.ToLower(v.written)
	if v.key == "" || strings.ContainsAny(v.key, "${ ") {
		return v, errPattern
	}
	if has {
		rest = strings.TrimSpace(rest)
		if len(rest) < 2 || rest[0] != '\'' || rest[len(rest)-1] != '\'' {
			return v, errPattern
		}
		v.fallback = rest[1 : len(rest)-1]
	}
	return v, nil
}

// value finds what stands for a variable. ok is false when nothing does;
// unknown is set for one that the context does not know.
func (v *variable) value(c Context) (text string, ok bool, unknown string) {
	values, known := lookUp(c, v.key)
	switch {
	case !known || len(values) > 1: // several values cannot stand in one place
		return "", false, "the policy variable ${" + v.key + "}"
	case len(values) == 1:
		return values[0], true, ""
	}
	return v.fallback, v.hasFallback, ""
}

// resolve appends the text with the values of its variables to b. ok is false
// when one has no value: the pattern then matches nothing. unknown names a
// variable that the context does not know, though another has no value.
func (p *pattern) resolve(b []byte, c Context) (text []byte, ok bool, unknown string) {
	ok = true
	for i := 0; i < len(p.text); i++ {
		if p.text[i] != varMark {
			b = append(b, p.text[i])
			continue
		}
		i++
		value, found, unknown := p.variables[p.text[i]-firstVar].value(c)
		if unknown != "" {
			return b, false, unknown
		}
		ok = ok && found
		b = appendLiteral(b, value)
	}
	return b, ok, ""
}

// appendLiteral makes a value fit for a compiled text: what it holds is no
// wildcard, and its colons end no segment.
func appendLiteral(b []byte, value string) []byte {
	if !utf8.ValidString(value) {
		value = strings.ToValidUTF8(value, "\uFFFD")
	}
	for i := range len(value) {
		if value[i] == ':' {
			b = append(b, colonMark)
		} else {
			b = append(b, value[i])
		}
	}
	return b
}
