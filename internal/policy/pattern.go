package policy

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Marks stand in a compiled text for what is not literal. They are bytes that
// no UTF-8 text holds, so a literal never is mistaken for one.
const (
	anyMark   = "\xff" // *
	oneMark   = "\xfe" // ?
	varMark   = "\xfd" // a variable; the next byte is its number and firstVar
	colonMark = "\xfc" // a colon that does not end a segment of an ARN
	firstVar  = 0x80
	maxVars   = 64
)

// pattern is a text with wildcards and policy variables.
type pattern struct {
	text      string
	variables []variable
}

// variable is ${key} or ${key, 'fallback'}.
type variable struct {
	key         string // lower case
	fallback    string
	hasFallback bool
}

// patterns match a value when one of them does, or, inverted, when none does.
type patterns struct {
	list     []pattern
	inverted bool // NotAction, NotResource
}

var errPattern = errors.New("not a pattern")

// compile reads a text in which * and ? are wildcards (wild) and ${...} are
// variables. Source: IAM User Guide, "IAM policy elements: Variables and
// tags".
func compile(text string, wild, variables bool) (pattern, error) {
	p := pattern{}
	if !utf8.ValidString(text) { // its bytes could be taken for marks
		return p, errPattern
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case wild && c == '*':
			b.WriteString(anyMark)
		case wild && c == '?':
			b.WriteString(oneMark)
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
			b.WriteString(varMark)
			b.WriteByte(byte(firstVar + len(p.variables)))
			p.variables = append(p.variables, v)
			continue
		default:
			b.WriteByte(c)
		}
		i++
	}
	p.text = b.String()
	return p, nil
}

func readVariable(inner string) (variable, error) {
	key, rest, has := strings.Cut(inner, ",")
	v := variable{key: strings.ToLower(strings.TrimSpace(key)), hasFallback: has}
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

// resolve puts the values of variables in. ok is false when one has no value:
// the pattern then matches nothing. unknown names a variable that the context
// does not know.
func (p *pattern) resolve(c Context) (text string, ok bool, unknown string) {
	if len(p.variables) == 0 {
		return p.text, true, ""
	}
	var b strings.Builder
	for i := 0; i < len(p.text); i++ {
		if p.text[i] != varMark[0] {
			b.WriteByte(p.text[i])
			continue
		}
		i++
		v := p.variables[p.text[i]-firstVar]
		values, known := lookUp(c, v.key)
		switch {
		case !known || len(values) > 1: // several values cannot stand in one place
			return "", false, "the policy variable ${" + v.key + "}"
		case len(values) == 1:
			b.WriteString(literal(values[0]))
		case v.hasFallback:
			b.WriteString(literal(v.fallback))
		default:
			return "", false, ""
		}
	}
	return b.String(), true, ""
}

// literal makes a value fit for a compiled text: what it holds is no wildcard,
// and its colons end no segment.
func literal(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), ":", colonMark)
}

// plain is a resolved text without wildcards as it was written.
func plain(text string) string { return strings.ReplaceAll(text, colonMark, ":") }

// Match compares a value with a pattern in which * stands for any run of
// characters and ? for one. A pattern that is no UTF-8 matches nothing. It takes
// time proportional to the product of the lengths at worst, never more.
func Match(written, value string) bool {
	p, err := compile(written, true, false)
	return err == nil && match(p.text, value)
}

// match is Match for a compiled text.
func match(pattern, value string) bool {
	p, v := 0, 0
	star, retry := -1, 0
	for v < len(value) {
		switch {
		case p < len(pattern) && pattern[p] == anyMark[0]:
			star, retry = p, v
			p++
		case p < len(pattern) && pattern[p] == oneMark[0]:
			_, n := utf8.DecodeRuneInString(value[v:])
			p, v = p+1, v+n
		case p < len(pattern) && (pattern[p] == value[v] || pattern[p] == colonMark[0] && value[v] == ':'):
			p++
			v++
		case star >= 0:
			retry++
			p, v = star+1, retry
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == anyMark[0] {
		p++
	}
	return p == len(pattern)
}

// matchARN compares an ARN segment by segment: a wildcard stays within the
// segment that holds it, but in the last one that is written it reaches to the
// end. Source: IAM User Guide, "IAM JSON policy elements: Resource".
func matchARN(pattern, value string) bool {
	for range 5 {
		p, pRest, more := strings.Cut(pattern, ":")
		v, vRest, there := strings.Cut(value, ":")
		if !more || !there {
			break
		}
		if !match(p, v) {
			return false
		}
		pattern, value = pRest, vRest
	}
	return match(pattern, value)
}

// matchAny decides an element of a statement.
func (ps *patterns) matchAny(value string, c Context, with func(pattern, value string) bool) (matched bool, unknown string) {
	for i := range ps.list {
		text, ok, unknown := ps.list[i].resolve(c)
		if unknown != "" {
			return false, unknown
		}
		if ok && with(text, value) {
			return !ps.inverted, ""
		}
	}
	return ps.inverted, ""
}
