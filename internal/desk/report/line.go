package report

import "strings"

// Line is a sentence with its values, for people in their language and for
// programs in English.
type Line struct {
	m     Message
	pairs []any
}

// Say is a sentence with names and values in turn.
func Say(m Message, pairs ...any) Line { return Line{m, pairs} }

// In writes the sentence. A value at its end may be empty.
func (l Line) In(lang Lang) string { return strings.TrimSpace(l.m.In(lang, l.pairs...)) }

// MarshalText writes the sentence for programs.
func (l Line) MarshalText() ([]byte, error) { return []byte(l.In(English)), nil }
