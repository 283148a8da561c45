package morning

import (
	"fmt"
	"time"
)

// eveningHour is when the night begins: what went wrong before was seen by
// somebody at work.
const eveningHour = 18

// Evening is 18:00 of the day before, in a time zone.
func Evening(now time.Time, zone *time.Location) time.Time {
	y, m, d := now.In(zone).AddDate(0, 0, -1).Date()
	return time.Date(y, m, d, eveningHour, 0, 0, 0, zone)
}

// ParseSince reads a --since flag: a length of time (12h), a time of the last
// 24 hours (22:30), a day (2006-01-02) or a time (2006-01-02T15:04, with or
// without zone).
func ParseSince(s string, now time.Time, zone *time.Location) (time.Time, error) {
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return now.Add(-d), nil
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
	return time.Time{}, fmt.Errorf("--since %q: want 12h, 22:30, 2006-01-02 or 2006-01-02T15:04, in the past", s)
}
