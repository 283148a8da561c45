package model

import (
	"regexp"
	"strings"
	"sync"
)

// matcher compiles a pattern at its first use. AWS's patterns are matched
// against the whole value, whether they are anchored or not. A pattern that Go
// cannot express (look-ahead) matches everything; a test lists those.
func matcher(pattern string) func(string) bool {
	compiled := sync.OnceValue(func() *regexp.Regexp {
		re, err := compile(pattern)
		if err != nil {
			return nil
		}
		return re
	})
	return func(value string) bool {
		re := compiled()
		return re == nil || re.MatchString(value)
	}
}

func compile(pattern string) (*regexp.Regexp, error) {
	return regexp.Compile(`\A(?:` + translate(pattern) + `)\z`)
}

// translate turns what Java and ECMAScript write into Go's dialect: \uXXXX
// into \x{XXXX}.
func translate(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '\\' || i+1 == len(pattern) {
			b.WriteByte(pattern[i])
			continue
		}
		if pattern[i+1] == 'u' && i+6 <= len(pattern) {
			b.WriteString(`\x{` + pattern[i+2:i+6] + `}`)
			i += 5
			continue
		}
		b.WriteString(pattern[i : i+2])
		i++
	}
	return b.String()
}
