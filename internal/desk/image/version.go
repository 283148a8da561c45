package image

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	epoch    = regexp.MustCompile(`^[0-9]+:`)
	leading  = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)*`)
	anything = strings.NewReplacer(`\*`, ".*")
)

// reaches tells whether a version is at least another; known is false where it
// has no number. Numbers are compared one by one; what follows them, such as the
// revision of a Debian package, does not count, nor does an epoch before them.
func reaches(have, want string) (enough, known bool) {
	a, b := numbers(have), numbers(want)
	if a == nil {
		return false, false
	}
	for i := range max(len(a), len(b)) {
		var x, y uint64
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return x > y, true
		}
	}
	return true, true
}

func numbers(version string) (out []uint64) {
	found := leading.FindString(epoch.ReplaceAllString(strings.TrimSpace(version), ""))
	for part := range strings.SplitSeq(found, ".") {
		n, err := strconv.ParseUint(part, 10, 64)
		if err != nil {
			return out
		}
		out = append(out, n)
	}
	return out
}

// like tells whether a name fits one of some patterns, in any case; * is any text.
func like(name string, patterns []string) bool {
	for _, p := range patterns {
		if ok, err := regexp.MatchString("(?is)^"+anything.Replace(regexp.QuoteMeta(p))+"$", name); err == nil && ok {
			return true
		}
	}
	return false
}
