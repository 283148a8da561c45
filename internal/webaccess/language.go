package webaccess

import (
	"strconv"
	"strings"
)

// language picks "ja" or "en" from an Accept-Language header (RFC 9110, section
// 12.5.4): the one with the greater weight, the earlier one among equals,
// English when neither is named.
func language(accept string) string {
	best, weight := "en", 0.0
	for part := range strings.SplitSeq(accept, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if primary != "ja" && primary != "en" {
			continue
		}
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			f, err := strconv.ParseFloat(v, 64)
			if err != nil || f < 0 || f > 1 {
				continue
			}
			q = f
		}
		if q > weight {
			best, weight = primary, q
		}
	}
	return best
}
