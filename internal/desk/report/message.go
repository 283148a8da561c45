package report

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Message is one sentence in every language of the desk. A placeholder is
// written {name}; {n|desktop|desktops} chooses by the number n. Both languages
// use the same placeholders.
type Message struct {
	En, Ja string
}

// In writes the message in a language. Pairs are names and values in turn:
// m.In(lang, "n", 2, "users", "fujita.kouhei"). Values come from elsewhere, so
// control characters in them are made harmless for a terminal.
func (m Message) In(l Lang, pairs ...any) string {
	text := m.En
	if l == Japanese {
		text = m.Ja
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		size := strings.IndexByte(text[open:], '}')
		if size < 0 {
			break
		}
		b.WriteString(text[:open])
		b.WriteString(fill(text[open+1:open+size], pairs))
		text = text[open+size+1:]
	}
	b.WriteString(text)
	return b.String()
}

// fill gives the text of one placeholder; one without a value stays visible.
func fill(placeholder string, pairs []any) string {
	name, forms, plural := strings.Cut(placeholder, "|")
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] != name {
			continue
		}
		if !plural {
			return Plain(fmt.Sprint(pairs[i+1]))
		}
		one, many, _ := strings.Cut(forms, "|")
		if pairs[i+1] == 1 {
			return one
		}
		return many
	}
	return "{" + placeholder + "}"
}

// Plain makes text from elsewhere safe to show: line breaks and tabs become
// spaces, other control and direction-changing characters become "?".
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == unicode.ReplacementChar:
			return '?'
		}
		return r
	}, s)
}

// Gaps lists what is wrong with a struct of messages: a language missing, or
// placeholders that differ between the languages. A test of each package that
// has messages wants none.
func Gaps(messages any) []string {
	var out []string
	v := reflect.ValueOf(messages)
	for i := range v.NumField() {
		m, ok := reflect.TypeAssert[Message](v.Field(i))
		name := v.Type().Field(i).Name
		switch {
		case !ok:
			out = append(out, name+": not a message")
		case m.En == "" || m.Ja == "":
			out = append(out, name+": a language is missing")
		case !slices.Equal(placeholders(m.En), placeholders(m.Ja)):
			out = append(out, fmt.Sprintf("%s: placeholders %v in English, %v in Japanese",
				name, placeholders(m.En), placeholders(m.Ja)))
		}
	}
	return out
}

func placeholders(text string) []string {
	var out []string
	for _, part := range strings.Split(text, "{")[1:] {
		inside, _, _ := strings.Cut(part, "}")
		name, _, _ := strings.Cut(inside, "|")
		out = append(out, name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
