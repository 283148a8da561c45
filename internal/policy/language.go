package policy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// glyph is one character of a compiled pattern, or what stands for characters.
type glyph struct {
	kind glyphKind
	r    rune // of a literal
}

type glyphKind byte

const (
	literalGlyph glyphKind = iota
	oneGlyph               // any character
	charGlyph              // any but a colon
	manyGlyph              // any run of characters
	inGlyph                // any run without a colon
)

// glyphs reads a compiled pattern. A variable stands for any run of characters.
func glyphs(compiled string) []glyph {
	var out []glyph
	for i := 0; i < len(compiled); {
		switch compiled[i] {
		case anyMark:
			out = append(out, glyph{kind: manyGlyph})
		case oneMark:
			out = append(out, glyph{kind: oneGlyph})
		case charMark:
			out = append(out, glyph{kind: charGlyph})
		case inMark:
			out = append(out, glyph{kind: inGlyph})
		case varMark:
			out = append(out, glyph{kind: manyGlyph})
			i++
		case colonMark:
			out = append(out, glyph{r: ':'})
		default:
			r, n := utf8.DecodeRuneInString(compiled[i:])
			out = append(out, glyph{r: r})
			i += n
			continue
		}
		i++
	}
	return out
}

// takes tells whether the glyph may stand for a character.
func (g glyph) takes(r rune) bool {
	switch g.kind {
	case literalGlyph:
		return g.r == r
	case charGlyph, inGlyph:
		return r != ':'
	case oneGlyph, manyGlyph:
	}
	return true
}

func (g glyph) run() bool { return g.kind == manyGlyph || g.kind == inGlyph }

// wish is a set of texts that a text must be in, or must not: those that one of
// the patterns matches.
type wish struct {
	patterns [][]glyph
	out      bool // the text must match none
}

// place is where a pattern may be after some characters.
type place struct{ pattern, at int32 }

// begin are the places before the first character.
func (w *wish) begin() []place {
	var out []place
	for i := range w.patterns {
		out = w.enter(out, place{int32(i), 0})
	}
	return out
}

// enter adds a place, and those behind runs that may be empty.
func (w *wish) enter(out []place, p place) []place {
	for {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
		g := w.patterns[p.pattern]
		if int(p.at) == len(g) || !g[p.at].run() {
			return out
		}
		p.at++
	}
}

// step are the places behind one more character.
func (w *wish) step(from []place, r rune) []place {
	var out []place
	for _, p := range from {
		g := w.patterns[p.pattern]
		if int(p.at) == len(g) || !g[p.at].takes(r) {
			continue
		}
		if g[p.at].run() {
			out = w.enter(out, p)
		} else {
			out = w.enter(out, place{p.pattern, p.at + 1})
		}
	}
	return out
}

// met tells whether the wish holds of a text that ended at these places.
func (w *wish) met(at []place) bool {
	for _, p := range at {
		if int(p.at) == len(w.patterns[p.pattern]) {
			return !w.out
		}
	}
	return w.out
}

// hopeless tells that no text that goes on from here meets the wish.
func (w *wish) hopeless(at []place) bool {
	if !w.out {
		return len(at) == 0
	}
	for _, p := range at { // a pattern that takes whatever follows
		g := w.patterns[p.pattern]
		if int(p.at) == len(g)-1 && g[p.at].kind == manyGlyph {
			return true
		}
	}
	return false
}

// search is what is left of the bounds of a proof.
type search struct{ left, tries int }

// walk is a state of a search: where every wish is.
type walk struct {
	at   [][]place
	from int // the state before
	by   rune
}

// find returns the shortest text that meets all wishes. known is false when it
// was not found out whether there is one.
func (s *search) find(wishes []wish) (text string, found, known bool) {
	first := walk{from: -1}
	for i := range wishes {
		first.at = append(first.at, wishes[i].begin())
	}
	states, seen := []walk{first}, map[string]bool{keyOf(first.at): true}
	alphabet := alphabetOf(wishes)
	for i := 0; i < len(states); i++ {
		if allMet(wishes, states[i].at) {
			return spell(states, i), true, true
		}
		for _, r := range alphabet {
			if s.left--; s.left < 0 {
				return "", false, false
			}
			next, ok := stepAll(wishes, states[i].at, r)
			if !ok {
				continue
			}
			if k := keyOf(next); !seen[k] {
				seen[k] = true
				states = append(states, walk{next, i, r})
			}
		}
	}
	return "", false, true
}

func allMet(wishes []wish, at [][]place) bool {
	for i := range wishes {
		if !wishes[i].met(at[i]) {
			return false
		}
	}
	return true
}

func stepAll(wishes []wish, at [][]place, r rune) (next [][]place, ok bool) {
	next = make([][]place, len(wishes))
	for i := range wishes {
		next[i] = wishes[i].step(at[i], r)
		if wishes[i].hopeless(next[i]) {
			return nil, false
		}
	}
	return next, true
}

// keyOf names a state. Places come in the order of the patterns, but those of
// one pattern may not.
func keyOf(at [][]place) string {
	var b strings.Builder
	for _, places := range at {
		slices.SortFunc(places, func(a, b place) int {
			if a.pattern != b.pattern {
				return int(a.pattern - b.pattern)
			}
			return int(a.at - b.at)
		})
		for _, p := range places {
			b.Write([]byte{byte(p.pattern), byte(p.pattern >> 8), byte(p.at), byte(p.at >> 8)})
		}
		b.WriteString("\xff\xff\xff\xff")
	}
	return b.String()
}

// spell is the text on the way to a state.
func spell(states []walk, i int) string {
	var out []rune
	for ; states[i].from >= 0; i = states[i].from {
		out = append(out, states[i].by)
	}
	slices.Reverse(out)
	return string(out)
}

// alphabetOf are the characters that patterns tell apart: those they name, the
// colon, and one that stands for all others.
func alphabetOf(wishes []wish) []rune {
	out := []rune{':'}
	for i := range wishes {
		for _, g := range wishes[i].patterns {
			for _, x := range g {
				if x.kind == literalGlyph && !slices.Contains(out, x.r) {
					out = append(out, x.r)
				}
			}
		}
	}
	for _, other := range "xyz0123456789qjkvw\uE000" {
		if !slices.Contains(out, other) {
			return append(out, other)
		}
	}
	return append(out, 0x10FFFD)
}
