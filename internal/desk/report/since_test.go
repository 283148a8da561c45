package report

import (
	"testing"
	"time"
)

var tokyo = time.FixedZone("JST", 9*60*60)

func TestParseSince(t *testing.T) {
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, tokyo) // a Tuesday
	for _, row := range []struct{ name, flag, want string }{
		{"a length of time", "12h", "2026-11-23T20:00:00+09:00"},
		{"a number of days", "30d", "2026-10-25T08:00:00+09:00"},
		{"too many days are refused", "9999999d", ""},
		{"an hour of today", "06:30", "2026-11-24T06:30:00+09:00"},
		{"an hour that is still to come today was yesterday", "22:30", "2026-11-23T22:30:00+09:00"},
		{"a day begins at midnight here", "2026-11-20", "2026-11-20T00:00:00+09:00"},
		{"a time of a day is here", "2026-11-20T18:00", "2026-11-20T18:00:00+09:00"},
		{"a time with a zone is there", "2026-11-20T18:00:00Z", "2026-11-21T03:00:00+09:00"},
		{"a time to come is refused", "2026-11-25", ""},
		{"a negative length is refused", "-5h", ""},
		{"an hour that does not exist is refused", "25:00", ""},
		{"words are refused", "yesterday", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := ParseSince(row.flag, now, tokyo)
			if row.want == "" {
				if err == nil {
					t.Errorf("want %q refused, got %s", row.flag, got)
				}
				return
			}
			if err != nil || got.In(tokyo).Format(time.RFC3339) != row.want {
				t.Errorf("want %s, got %s, %v", row.want, got.In(tokyo).Format(time.RFC3339), err)
			}
		})
	}
}

func FuzzParseSince(f *testing.F) {
	f.Add("12h")
	f.Add("22:30")
	f.Add("2026-11-20T18:00")
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, tokyo)
	f.Fuzz(func(t *testing.T, s string) {
		if got, err := ParseSince(s, now, tokyo); err == nil && got.After(now) {
			t.Errorf("want the past, got %s", got)
		}
	})
}
