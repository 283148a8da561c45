package inventory

import (
	"strings"
)

// compareVersions orders two versions as Debian does: runs of digits by their
// number, the rest by letters before other signs, a tilde before everything,
// an epoch in front. Source: Debian Policy Manual, 5.6.12 "Version".
func compareVersions(a, b string) int {
	ea, a := cutEpoch(a)
	eb, b := cutEpoch(b)
	if c := compareNumbers(ea, eb); c != 0 {
		return c
	}
	a, ra := cutRevision(a)
	b, rb := cutRevision(b)
	if c := compareParts(a, b); c != 0 {
		return c
	}
	return compareParts(ra, rb)
}

// cutRevision takes what comes after the last hyphen.
func cutRevision(s string) (upstream, revision string) {
	if i := strings.LastIndexByte(s, '-'); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}

func compareParts(a, b string) int {
	for a != "" || b != "" {
		var x, y string
		x, a = cutRun(a, false)
		y, b = cutRun(b, false)
		if c := compareSigns(x, y); c != 0 {
			return c
		}
		x, a = cutRun(a, true)
		y, b = cutRun(b, true)
		if c := compareNumbers(x, y); c != 0 {
			return c
		}
	}
	return 0
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// cutEpoch takes the number before a colon, if there is one.
func cutEpoch(s string) (epoch, rest string) {
	before, after, ok := strings.Cut(s, ":")
	if !ok || before == "" || strings.Trim(before, "0123456789") != "" {
		return "", s
	}
	return before, after
}

// cutRun takes the digits, or all up to the next digit, from the front.
func cutRun(s string, digits bool) (run, rest string) {
	i := 0
	for i < len(s) && digit(s[i]) == digits {
		i++
	}
	return s[:i], s[i:]
}

func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

func compareSigns(a, b string) int {
	for i := range max(len(a), len(b)) {
		if d := weight(a, i) - weight(b, i); d != 0 {
			return d
		}
	}
	return 0
}

// weight is a sign's place in the order; that of the end is 0.
func weight(s string, i int) int {
	switch {
	case i >= len(s):
		return 0
	case s[i] == '~':
		return -1
	case 'a' <= s[i]|0x20 && s[i]|0x20 <= 'z':
		return int(s[i])
	}
	return int(s[i]) + 256
}
