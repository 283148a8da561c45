package recorded

import (
	"fmt"
	"strings"
)

// closing is what ends a bracket.
var closing = map[byte]byte{'(': ')', '{': '}', '[': ']'}

// whole says where a script of PowerShell has a bracket or a text that does not end, or
// ends one that did not begin. It knows no more of the language: what parses it is not
// to be had in Go.
func whole(script string) error {
	_, err := code(script, 0, 0)
	return err
}

// code reads from a place on up to the sign that ends it, 0 is the end of the script.
func code(s string, i int, end byte) (after int, err error) {
	for i < len(s) {
		switch c := s[i]; {
		case end != 0 && c == end:
			return i + 1, nil
		case strings.IndexByte(")}]", c) >= 0:
			return 0, fmt.Errorf("%c ends nothing: %q", c, s[:i+1])
		case closing[c] != 0:
			i, err = code(s, i+1, closing[c])
		case c == '"':
			i, err = text(s, i+1)
		case c == '\'':
			n := strings.IndexByte(s[i+1:], '\'') // a doubled one is two texts
			if n < 0 {
				return 0, fmt.Errorf("the text does not end: %q", s[i:])
			}
			i += n + 2
		case c == '#' && (i == 0 || strings.IndexByte(" \t\r\n;({|", s[i-1]) >= 0):
			n := strings.IndexByte(s[i:]+"\n", '\n')
			i += n
		case c == '`':
			i += 2
		default:
			i++
		}
		if err != nil {
			return 0, err
		}
	}
	if end != 0 {
		return 0, fmt.Errorf("%c is missing at the end", end)
	}
	return i, nil
}

// text reads what stands between double quotes, in which there is code in $().
func text(s string, i int) (after int, err error) {
	for i < len(s) {
		switch {
		case s[i] == '"':
			return i + 1, nil
		case s[i] == '`':
			i += 2
		case strings.HasPrefix(s[i:], "$("):
			if i, err = code(s, i+2, ')'); err != nil {
				return 0, err
			}
		default:
			i++
		}
	}
	return 0, fmt.Errorf("a text does not end")
}
