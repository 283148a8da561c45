package reference

import "strings"

// token is a character of a pattern: itself, or a wildcard.
type token struct {
	char    rune
	any     bool // one character
	run     bool // any run of characters
	within  bool // the wildcard takes no colon
	brought bool // a character that a variable brought
}

// wild reads "*" and "?" of a text.
func wild(text string) []token {
	var out []token
	for _, r := range text {
		out = append(out, wildOf(r))
	}
	return out
}

func wildOf(r rune) token {
	switch r {
	case '*':
		return token{run: true}
	case '?':
		return token{any: true}
	}
	return token{char: r}
}

// glob tells whether a whole text fits a pattern.
func glob(pattern []token, text []rune) bool {
	if len(pattern) == 0 {
		return len(text) == 0
	}
	p := pattern[0]
	switch {
	case p.run:
		for n := 0; ; n++ {
			if glob(pattern[1:], text[n:]) {
				return true
			}
			if n == len(text) || p.within && text[n] == ':' {
				return false
			}
		}
	case len(text) == 0:
		return false
	case p.any:
		return (!p.within || text[0] != ':') && glob(pattern[1:], text[1:])
	}
	return p.char == text[0] && glob(pattern[1:], text[1:])
}

// bySegment ties the wildcards of the first five segments of a pattern for
// resources to their segment: "?" always, "*" unless it is the last character
// of its segment.
func bySegment(pattern []token) []token {
	out := append([]token(nil), pattern...)
	colons := 0
	for i, t := range out {
		if t.char == ':' && !t.brought && !t.any && !t.run {
			colons++
		}
		if colons >= 5 {
			break
		}
		last := i+1 == len(out) || out[i+1].char == ':' && !out[i+1].brought
		if t.any || t.run && !last {
			out[i].within = true
		}
	}
	return out
}

// expand puts the values of variables into a text; wildcards of the text itself
// are read when wildcards is set. ok is false where a variable has no value: the
// text matches nothing. Source: IAM User Guide, "IAM policy elements: Variables
// and tags".
func (c *court) expand(variables bool, text string, wildcards bool) (out []token, ok bool, unknown string) {
	plain := func(s string) {
		for _, r := range s {
			t := token{char: r}
			if wildcards {
				t = wildOf(r)
			}
			out = append(out, t)
		}
	}
	for variables {
		before, rest, found := strings.Cut(text, "${")
		inside, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			break
		}
		plain(before)
		value, there, unknown := c.variable(inside)
		if unknown != "" {
			return nil, false, unknown
		}
		if !there {
			return nil, false, ""
		}
		for _, r := range value {
			out = append(out, token{char: r, brought: true})
		}
		text = after
	}
	plain(text)
	return out, true, ""
}

// variable is the value of what stands between "${" and "}".
func (c *court) variable(inside string) (value string, there bool, unknown string) {
	if inside == "*" || inside == "?" || inside == "$" {
		return inside, true, ""
	}
	key, fallback, hasDefault := strings.Cut(inside, ",")
	key = strings.ToLower(strings.TrimSpace(key))
	values, known := c.values(key)
	switch {
	case !known:
		return "", false, key
	case len(values) > 1:
		return "", false, key + " has several values"
	case len(values) == 1:
		return values[0], true, ""
	case hasDefault:
		return strings.Trim(strings.TrimSpace(fallback), "'"), true, ""
	}
	return "", false, ""
}

func (c *court) values(key string) ([]string, bool) {
	if c.r.Keys == nil {
		return nil, false
	}
	return c.r.Keys.Values(strings.ToLower(key))
}

// plainText is an expanded text without wildcards.
func plainText(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteRune(t.char)
	}
	return b.String()
}
