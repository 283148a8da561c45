package model

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// matcher compiles a pattern at its first use. AWS's patterns are matched
// against the whole value, whether they are anchored or not. A pattern that
// can be expressed neither in Go nor in the table below matches everything; a
// test lists those.
func matcher(pattern string) func(string) bool {
	if special := specials[pattern]; special != nil {
		return special
	}
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

// dialect are classes that Java knows and Go does not, and counts beyond Go's
// limit of 1000, each in an equal form.
var dialect = strings.NewReplacer(
	`(\p{LD}|\p{Punct}| )`, `[\p{L}\p{Nd}[:punct:] ]`,
	`\uD800\uDC00-\uDBFF\uDFFF`, `\x{10000}-\x{10FFFF}`, // surrogate pairs
	`[A-Za-z0-9:_/+=,@.\\-]{0,1023}`, `[A-Za-z0-9:_/+=,@.\\-]{0,1000}[A-Za-z0-9:_/+=,@.\\-]{0,23}`,
	`.{1,2000}`, `.{1,1000}.{0,1000}`,
)

// translate turns what Java and ECMAScript write into Go's dialect.
func translate(pattern string) string {
	pattern = dialect.Replace(pattern)
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

// specials are patterns with look-ahead, or with counts that would make large
// programs: rules in Go that accept the same values.
var specials = map[string]func(string) bool{
	`^(?!\s*$).+`:   func(s string) bool { return line(s) && strings.Trim(s, " \t\v\f") != "" },
	`^.{1,100000}$`: func(s string) bool { n := utf8.RuneCountInString(s); return line(s) && n >= 1 && n <= 100000 },
	dsUserName:      func(s string) bool { return line(s) && !strings.ContainsAny(s, `\"/[]:;|=,+*?<>@`) },
	dsPassword:      strongPassword,
	dsAlias:         alias,
	// An account alias: no two hyphens in a row.
	`^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`: accountAlias,
}

// Patterns of the Directory Service, as its model spells them.
const (
	dsUserName = `^(?!.*\\|.*"|.*\/|.*\[|.*\]|.*:|.*;|.*\||.*=|.*,|.*\+|.*\*|.*\?|.*<|.*>|.*@).*$`
	dsPassword = `(?=^.{8,64}$)((?=.*\d)(?=.*[A-Z])(?=.*[a-z])|(?=.*\d)(?=.*[^A-Za-z0-9\s])(?=.*[a-z])|` +
		`(?=.*[^A-Za-z0-9\s])(?=.*[A-Z])(?=.*[a-z])|(?=.*\d)(?=.*[A-Z])(?=.*[^A-Za-z0-9\s]))^.*`
	dsAlias = `^(?!D-|d-)([\da-zA-Z]+)([-]*[\da-zA-Z])*`
)

// line tells whether s is matched by a dot and a star: no line breaks.
func line(s string) bool { return !strings.ContainsAny(s, "\n\r\u0085\u2028\u2029") }

// strongPassword wants 8 to 64 characters of at least three of four kinds:
// digits, capital letters, small letters, others that are no blanks.
func strongPassword(s string) bool {
	n := utf8.RuneCountInString(s)
	if n < 8 || n > 64 || !line(s) {
		return false
	}
	var digit, upper, lower, other int
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digit = 1
		case r >= 'A' && r <= 'Z':
			upper = 1
		case r >= 'a' && r <= 'z':
			lower = 1
		case !strings.ContainsRune(" \t\v\f", r):
			other = 1
		}
	}
	return digit+upper+lower+other >= 3
}

// alias wants letters and digits with hyphens inside, not "d-" at the start.
func alias(s string) bool {
	if s == "" || s[0] == '-' || s[len(s)-1] == '-' || strings.HasPrefix(s, "d-") || strings.HasPrefix(s, "D-") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// accountAlias wants 3 to 63 small letters, digits and single hyphens, with a
// letter or digit at both ends.
func accountAlias(s string) bool {
	if len(s) < 3 || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' || strings.Contains(s, "--") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
}
