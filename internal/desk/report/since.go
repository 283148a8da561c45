package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// maxDays bounds a number of days; records of AWS go back ten years at most.
const maxDays = 3660

// ParseSince reads a --since flag: a length of time (12h, 30d), a time of the last
// 24 hours (22:30), a day (2006-01-02) or a time (2006-01-02T15:04, with or
// without zone).
func ParseSince(s string, now time.Time, zone *time.Location) (time.Time, error) {
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return now.Add(-d), nil
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && 0 < n && n <= maxDays {
			return now.AddDate(0, 0, -n), nil
		}
	}
	if t, err := time.ParseInLocation("15:04", s, zone); err == nil {
		y, m, d := now.In(zone).Date()
		at := time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, zone)
		if at.After(now) {
			at = at.AddDate(0, 0, -1)
		}
		return at, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil && t.Before(now) {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--since %q: want 12h, 30d, 22:30, 2006-01-02 or 2006-01-02T15:04, in the past", s)
}
