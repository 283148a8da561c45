package cloudwatchlogs

import (
	"slices"
	"strings"
	"unicode"
)

// terms is a pattern of words and phrases, which are looked for anywhere in a
// message.
type terms struct {
	all      []expression // each must be there
	none     []expression // none may be there
	optional []expression // one must be there; ignored beside others
}

// parseTerms reads words; ? makes one optional, - excludes it.
func parseTerms(text string) (pattern, error) {
	var t terms
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		list := &t.all
		switch text[0] {
		case '?':
			list, text = &t.optional, text[1:]
		case '-':
			list, text = &t.none, text[1:]
		}
		x, rest, err := parseTerm(text)
		if err != nil {
			return nil, err
		}
		*list = append(*list, x)
		text = rest
	}
	return t, nil
}

func parseTerm(text string) (x expression, rest string, err error) {
	switch {
	case text == "":
		return x, "", badPattern()
	case text[0] == '"':
		word, rest, ok := quoted(text)
		if !ok || word == "" {
			return x, "", badPattern()
		}
		return expression{parts: []string{word}}, rest, nil
	case text[0] == '%':
		inner, rest, ok := strings.Cut(text[1:], "%")
		if !ok {
			return x, "", badPattern()
		}
		x, err = parseRegex(inner)
		return x, rest, err
	}
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		end = len(text)
	}
	word := text[:end]
	plain := func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
	if strings.ContainsFunc(word, func(r rune) bool { return !plain(r) }) {
		return x, "", invalid("Invalid character(s) in term '" + word + "'")
	}
	return expression{parts: []string{word}}, text[end:], nil
}

func (t terms) match(message string) (map[string]string, bool) {
	has := func(x expression) bool {
		if x.regex != nil {
			return x.regex.MatchString(message)
		}
		return strings.Contains(message, x.parts[0])
	}
	for _, x := range t.all {
		if !has(x) {
			return nil, false
		}
	}
	if slices.ContainsFunc(t.none, has) {
		return nil, false
	}
	if len(t.all)+len(t.none) > 0 || len(t.optional) == 0 {
		return nil, true
	}
	return nil, slices.ContainsFunc(t.optional, has)
}
