// Package report turns findings into what a person reads: messages in Japanese
// and English, tables that line up with East Asian characters, and exit codes.
// It knows nothing of AWS.
package report

import (
	"fmt"
	"strings"
)

// Lang is a language that the desk speaks.
type Lang string

// The languages of the desk.
const (
	English  Lang = "en"
	Japanese Lang = "ja"
)

// ParseLang reads the value of a --lang flag.
func ParseLang(s string) (Lang, error) {
	switch l := Lang(strings.ToLower(s)); l {
	case English, Japanese:
		return l, nil
	}
	return "", fmt.Errorf("language %q: want ja or en", s)
}

// Language tells the reader's language from the locale variables LC_ALL,
// LC_MESSAGES and LANG, in that order (POSIX, "Environment Variables"); it is
// English unless the first that is set begins with "ja".
func Language(getenv func(string) string) Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		v := getenv(name)
		if v == "" {
			continue
		}
		if v == "ja" || strings.HasPrefix(v, "ja_") || strings.HasPrefix(v, "ja.") {
			return Japanese
		}
		return English
	}
	return English
}
