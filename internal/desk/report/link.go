package report

import (
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Links are pages by the words that mean them: an id, the user of a desktop. An
// empty page is none.
type Links map[string]string

// Add makes a word lead to a page. One that leads elsewhere already, as a user
// with two desktops, keeps the first.
func (l Links) Add(word, page string) {
	if _, led := l[word]; !led && word != "" && page != "" {
		l[word] = page
	}
}

// In marks, for a terminal, each whole word of a text that leads somewhere. What
// is seen stays as wide as it was.
// Source: "Hyperlinks (a.k.a. HTML-like anchors) in terminal emulators", OSC 8.
func (l Links) In(text string) string {
	byFirst := map[byte][]string{}
	for word := range l {
		byFirst[word[0]] = append(byFirst[word[0]], word)
	}
	for _, words := range byFirst {
		slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) }) // the longest first
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		if before, _ := utf8.DecodeLastRuneInString(text[:i]); i == 0 || !partOfName(before) {
			if word := first(byFirst[text[i]], text[i:]); word != "" {
				b.WriteString("\x1b]8;;" + address(l[word]) + "\x1b\\" + word + "\x1b]8;;\x1b\\")
				i += len(word)
				continue
			}
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		b.WriteString(text[i : i+size])
		i += size
	}
	return b.String()
}

// first is the first of some words that a text begins with as a whole word. A dot
// or dash behind it that no letter follows ends a sentence.
func first(words []string, text string) string {
	for _, w := range words {
		rest, is := strings.CutPrefix(text, w)
		if !is {
			continue
		}
		next, size := utf8.DecodeRuneInString(rest)
		after, _ := utf8.DecodeRuneInString(rest[size:])
		if rest == "" || !partOfName(next) || inner(next) && !partOfName(after) {
			return w
		}
	}
	return ""
}

func inner(r rune) bool { return r == '.' || r == '-' || r == '_' || r == '@' }

// partOfName tells of characters that names and ids are made of. A Japanese
// sentence goes on behind a name without a space.
func partOfName(r rune) bool {
	return inner(r) || r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// address is a page's address as a terminal takes it: printable ASCII.
func address(page string) string {
	var b strings.Builder
	for i := range len(page) {
		if c := page[i]; c > ' ' && c < 0x7f {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Clickable tells whether what is written to w is seen by somebody at a terminal
// that knows links. One that does not leaves them out; the Linux console and
// "dumb" might show their letters.
func Clickable(w io.Writer, getenv func(string) string) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	switch getenv("TERM") {
	case "", "dumb", "linux":
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
