package model

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// AppendString appends a text as a JSON string, as encoding/json writes it
// without escapes for web pages: what is not UTF-8 becomes U+FFFD.
func AppendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return appendEscaped(b, s)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func appendEscaped(b []byte, s string) []byte {
	out := bytes.NewBuffer(b)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s)                // a string always has JSON
	return out.Bytes()[:out.Len()-1] // without the new line
}
