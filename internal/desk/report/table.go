package report

import (
	"io"
	"strings"
	"unicode"
)

// Table is rows of cells, under a header if there is one.
type Table struct {
	Header []string
	Rows   [][]string
}

// Write prints the table with columns that line up on a terminal, two spaces
// apart, each line after indent. The last column is not padded.
func (t Table) Write(w io.Writer, indent string) error {
	all := t.Rows
	if len(t.Header) > 0 {
		all = append([][]string{t.Header}, t.Rows...)
	}
	var wide []int
	for _, row := range all {
		for i, cell := range row {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			wide[i] = max(wide[i], Width(Plain(cell)))
		}
	}
	var b strings.Builder
	for _, row := range all {
		b.WriteString(indent)
		for i, cell := range row {
			cell = Plain(cell)
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", wide[i]-Width(cell)+2))
			}
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Width is the number of terminal columns of s: East Asian wide and full-width
// characters take two, combining marks none.
// Source: Unicode Standard Annex #11, "East Asian Width".
func Width(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case unicode.Is(wide, r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// wide holds the blocks whose characters Annex #11 lists as W or F.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115f, 1},
		{0x2e80, 0x303e, 1},
		{0x3041, 0x33ff, 1},
		{0x3400, 0x4dbf, 1},
		{0x4e00, 0x9fff, 1},
		{0xa000, 0xa4cf, 1},
		{0xa960, 0xa97f, 1},
		{0xac00, 0xd7a3, 1},
		{0xf900, 0xfaff, 1},
		{0xfe30, 0xfe6f, 1},
		{0xff01, 0xff60, 1},
		{0xffe0, 0xffe6, 1},
	},
	R32: []unicode.Range32{
		{0x1f300, 0x1f64f, 1},
		{0x1f900, 0x1f9ff, 1},
		{0x20000, 0x3fffd, 1},
	},
}
