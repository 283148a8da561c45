package cloudwatchlogs

import (
	"strconv"
	"strings"
	"unicode"
)

// fields is a pattern for messages whose fields stand between spaces.
type fields struct {
	before, after []field
	open          bool // ... stands between them
}

// field is one field of a pattern; its name may be missing.
type field struct {
	name      string
	condition condition
}

func parseFields(text string) (pattern, error) {
	inner, ok := strings.CutSuffix(text[1:], "]")
	if !ok {
		return nil, badPattern()
	}
	var p fields
	regexes := 0
	for _, part := range splitFields(inner) {
		if part == "..." {
			if p.open {
				return nil, badPattern()
			}
			p.open = true
			continue
		}
		f, err := parseField(part, &regexes)
		if err != nil {
			return nil, err
		}
		if p.open {
			p.after = append(p.after, f)
			continue
		}
		p.before = append(p.before, f)
	}
	return p, nil
}

// splitFields splits at the commas that stand in no quotes and in no regular
// expression.
func splitFields(text string) (out []string) {
	begin, within := 0, byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case within != 0 && c == '\\':
			i++
		case within != 0:
			if c == within {
				within = 0
			}
		case c == '"' || c == '%':
			within = c
		case c == ',':
			out = append(out, strings.TrimSpace(text[begin:i]))
			begin = i + 1
		}
	}
	return append(out, strings.TrimSpace(text[begin:]))
}

func parseField(text string, regexes *int) (f field, err error) {
	if text == "" {
		return f, nil
	}
	g := &grammar{text: text, subject: parseName, regexes: *regexes}
	if f.condition, err = g.either(0); err != nil {
		return f, err
	}
	if g.skip(); g.text != "" {
		return f, badPattern()
	}
	*regexes = g.regexes
	f.name = g.found[0].text
	for _, s := range g.found {
		if s.text != f.name {
			return f, badPattern() // a field is compared with values, not with others
		}
	}
	return f, nil
}

func parseName(text string) (s subject, rest string, err error) {
	end := strings.IndexFunc(text, func(r rune) bool {
		return r != '_' && r != '-' && r != '.' && r != '$' && r != '@' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if end < 0 {
		end = len(text)
	}
	if end == 0 {
		return s, "", badPattern()
	}
	return subject{text: text[:end]}, text[end:], nil
}

func (p fields) match(message string) (map[string]string, bool) {
	words := splitWords(message)
	n := len(p.before) + len(p.after)
	if len(words) < n || len(words) > n && !p.open {
		return nil, false
	}
	values := map[string]string{}
	check := func(list []field, at int) bool {
		for i, f := range list {
			word := words[at+i]
			if !f.condition.holds(func(subject) []any { return []any{word} }) {
				return false
			}
			name := f.name
			if name == "" {
				name = strconv.Itoa(at + i + 1)
			}
			values["$"+strings.TrimPrefix(name, "$")] = word
		}
		return true
	}
	if !check(p.before, 0) || !check(p.after, len(words)-len(p.after)) {
		return nil, false
	}
	return values, true
}

// splitWords splits a message at its spaces. What stands in double quotes or in
// brackets is one field, without them.
func splitWords(message string) (out []string) {
	closings := map[byte]string{'"': `"`, '[': "]"}
	for rest := strings.TrimSpace(message); rest != ""; rest = strings.TrimSpace(rest) {
		if closing := closings[rest[0]]; closing != "" {
			if inner, after, ok := strings.Cut(rest[1:], closing); ok {
				out, rest = append(out, inner), after
				continue
			}
			delete(closings, rest[0]) // none is left: do not look to the end again
		}
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if end < 0 {
			end = len(rest)
		}
		out, rest = append(out, rest[:end]), rest[end:]
	}
	return out
}
