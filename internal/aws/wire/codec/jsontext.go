package codec

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string and returns its value, which is a part of the body
// unless it holds escapes. The body is known to be valid UTF-8.
func (r *reader) str() ([]byte, error) {
	start := r.at + 1
	for i := start; i < len(r.text); i++ {
		switch c := r.text[i]; {
		case c == '"':
			r.at = i + 1
			return r.text[start:i], nil
		case c == '\\':
			return r.escaped(start, i)
		case c < ' ':
			return nil, malformed()
		}
	}
	return nil, malformed()
}

// escaped reads the rest of a string from its first backslash.
func (r *reader) escaped(start, i int) ([]byte, error) {
	out := bytes.Clone(r.text[start:i])
	for i < len(r.text) {
		switch c := r.text[i]; {
		case c == '"':
			r.at = i + 1
			return out, nil
		case c < ' ':
			return nil, malformed()
		case c != '\\':
			out = append(out, c)
			i++
			continue
		}
		char, size := unescape(r.text[i:])
		if size == 0 {
			return nil, malformed()
		}
		out = utf8.AppendRune(out, char)
		i += size
	}
	return nil, malformed()
}

// unescape reads one escape; size is 0 for none. A lone surrogate is none:
// what it stands for cannot be stored as UTF-8.
func unescape(text []byte) (char rune, size int) {
	if len(text) < 2 {
		return 0, 0
	}
	switch text[1] {
	case '"', '\\', '/':
		return rune(text[1]), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		return unescapeUnicode(text)
	}
	return 0, 0
}

func unescapeUnicode(text []byte) (rune, int) {
	first, ok := hex4(text)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(first) {
		return first, 6
	}
	second, ok := hex4(text[6:])
	if !ok {
		return 0, 0
	}
	pair := utf16.DecodeRune(first, second)
	if pair == utf8.RuneError {
		return 0, 0
	}
	return pair, 12
}

// hex4 reads \uXXXX.
func hex4(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	var v rune
	for _, c := range text[2:6] {
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			v = v<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return v, true
}

// number reads a number by JSON's grammar, which is narrower than strconv's.
func (r *reader) number() ([]byte, error) {
	start := r.at
	if r.byteIs('-') {
		r.at++
	}
	switch whole := r.digits(); {
	case whole == 0, whole > 1 && r.text[r.at-whole] == '0':
		return nil, malformed()
	}
	if r.byteIs('.') {
		r.at++
		if r.digits() == 0 {
			return nil, malformed()
		}
	}
	if r.byteIs('e') || r.byteIs('E') {
		r.at++
		if r.byteIs('+') || r.byteIs('-') {
			r.at++
		}
		if r.digits() == 0 {
			return nil, malformed()
		}
	}
	return r.text[start:r.at], nil
}

func (r *reader) byteIs(c byte) bool { return r.at < len(r.text) && r.text[r.at] == c }

func (r *reader) digits() int {
	start := r.at
	for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
	}
	return r.at - start
}
