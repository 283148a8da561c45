package report

import (
	"io"
	"strings"
	"unicode"
)

// Fold writes to a terminal that is so many columns wide. A longer line goes on
// below, further to the right, so that a row of a table is still seen as one; it is
// broken between words, and Japanese anywhere. What somebody may paste into a shell
// stays whole: the terminal breaks it, and copies it as one line.
func Fold(w io.Writer, columns int) io.Writer { return &folder{w, columns} }

type folder struct {
	w       io.Writer
	columns int
}

func (f *folder) Write(p []byte) (int, error) {
	var b strings.Builder
	for line := range strings.Lines(string(p)) {
		text, ended := strings.CutSuffix(line, "\n")
		b.WriteString(fold(text, f.columns))
		if ended {
			b.WriteByte('\n')
		}
	}
	if _, err := io.WriteString(f.w, b.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// hanging is how much further to the right a line goes on.
const hanging = 4

func fold(line string, columns int) string {
	text := strings.TrimLeft(line, " ")
	if Width(line) <= columns || strings.HasPrefix(text, "aws ") || strings.HasPrefix(text, "tamachi ") {
		return line
	}
	indent := len(line) - len(text)
	hang := strings.Repeat(" ", min(indent+hanging, columns/2))
	var b strings.Builder
	at := min(indent, columns/2)
	b.WriteString(strings.Repeat(" ", at))
	for i, part := range parts(text) {
		wide := Width(part)
		switch bare := strings.TrimLeft(part, " "); {
		case i > 0 && at+wide > columns && at > len(hang):
			b.WriteString("\n" + hang + bare)
			at = len(hang) + Width(bare)
		default:
			b.WriteString(part)
			at += wide
		}
	}
	return b.String()
}

// parts are a line's words, each after the space before it, and every character of
// Japanese by itself. What lines up columns is two spaces at most.
func parts(text string) (out []string) {
	var now strings.Builder
	space := 0
	end := func() {
		if now.Len() > 0 {
			out = append(out, now.String())
			now.Reset()
		}
	}
	was := ' '
	for _, r := range text {
		if r == ' ' {
			space++
			was = r
			continue
		}
		if space > 0 || (breaks(was) || breaks(r)) && !strings.ContainsRune(closing, r) && !strings.ContainsRune(opening, was) {
			end()
			now.WriteString(strings.Repeat(" ", min(space, 2)))
			space = 0
		}
		now.WriteRune(r)
		was = r
	}
	end()
	return out
}

// breaks tells of a character around which a line may be broken.
func breaks(r rune) bool { return unicode.Is(wide, r) }

// closing begin no line, and opening end none.
// Source: JIS X 4051, as far as the desk's texts need it.
const (
	closing = "、。，．・：；！？）］｝」』】〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ)]},.:;!?"
	opening = "（［｛「『【〈《([{"
)
