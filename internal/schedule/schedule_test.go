package schedule_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tamachi/internal/schedule"
)

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02T15:04:05", s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestExpressionsComeDueWhenTheirTextSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ expr, zone, after, want string }{
		"every half hour":                     {"cron(0/30 * * * ? *)", "UTC", "2026-07-01T10:29:59", "2026-07-01T10:30:00"},
		"the time itself is over":             {"cron(0/30 * * * ? *)", "UTC", "2026-07-01T10:30:00", "2026-07-01T11:00:00"},
		"seconds may lead":                    {"cron(0 30 23 ? * TUE#3 *)", "UTC", "2026-07-01T00:00:00", "2026-07-21T23:30:00"},
		"the second Thursday":                 {"cron(0 0 ? * THU#2 *)", "UTC", "2026-07-01T00:00:00", "2026-07-09T00:00:00"},
		"day 1 is Sunday":                     {"cron(0 2 ? * 1 *)", "UTC", "2026-07-01T00:00:00", "2026-07-05T02:00:00"},
		"the last Friday":                     {"cron(0 2 ? * 6L *)", "UTC", "2026-07-01T00:00:00", "2026-07-31T02:00:00"},
		"the last day of February":            {"cron(0 2 L 2 ? *)", "UTC", "2027-03-01T00:00:00", "2028-02-29T02:00:00"},
		"3W is Monday when the 3rd is Sunday": {"cron(0 2 3W * ? *)", "UTC", "2026-05-01T00:00:00", "2026-05-04T02:00:00"},
		"1W never leaves its month":           {"cron(0 2 1W * ? *)", "UTC", "2026-08-01T00:00:00", "2026-08-03T02:00:00"},
		"a range over the week's end":         {"cron(0 2 ? * FRI-SUN *)", "UTC", "2026-07-01T00:00:00", "2026-07-03T02:00:00"},
		"names in small letters":              {"cron(0 2 ? jan mon *)", "UTC", "2026-07-01T00:00:00", "2027-01-04T02:00:00"},
		"years gone by never come":            {"cron(0 2 * * ? 2020)", "UTC", "2026-07-01T00:00:00", ""},
		"no 30 February, ever":                {"cron(0 2 30 2 ? *)", "UTC", "2026-07-01T00:00:00", ""},
		"a wall clock elsewhere":              {"cron(0 16 ? * TUE *)", "America/Los_Angeles", "2026-07-01T00:00:00", "2026-07-07T23:00:00"},
		"a time that is skipped is not run":   {"cron(30 2 * * ? *)", "America/New_York", "2026-03-07T12:00:00", "2026-03-09T06:30:00"},
		"a time that comes twice runs first":  {"cron(30 1 * * ? *)", "America/New_York", "2026-11-01T04:00:00", "2026-11-01T05:30:00"},
		"and not again an hour later":         {"cron(30 1 * * ? *)", "America/New_York", "2026-11-01T05:30:00", "2026-11-02T06:30:00"},
		"a rate":                              {"rate(30 minutes)", "UTC", "2026-07-01T10:07:00", "2026-07-01T10:37:00"},
		"a day is 24 hours":                   {"rate(1 day)", "America/New_York", "2026-03-07T12:00:00", "2026-03-08T12:00:00"},
		"once":                                {"at(2026-07-07T15:55:00)", "UTC", "2026-07-01T00:00:00", "2026-07-07T15:55:00"},
		"once is not twice":                   {"at(2026-07-07T15:55:00)", "UTC", "2026-07-07T15:55:00", ""},
		"once at a time that is skipped":      {"at(2026-03-08T02:30:00)", "America/New_York", "2026-03-01T00:00:00", ""},
		"once on a wall clock elsewhere":      {"at(2026-07-07T15:55:00)", "Asia/Tokyo", "2026-07-01T00:00:00", "2026-07-07T06:55:00"},
		"before 1970 is before all":           {"cron(0 0 1 1 ? *)", "UTC", "1900-01-01T00:00:00", "1970-01-01T00:00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			s, err := schedule.Parse(c.expr, zone)
			if err != nil {
				t.Fatal(err)
			}
			var want time.Time
			if c.want != "" {
				want = at(c.want)
			}
			if got := s.Next(at(c.after)); !got.Equal(want) {
				t.Errorf("%s in %s after %s: %s, want %s", c.expr, c.zone, c.after, got.UTC(), want)
			}
		})
	}
}

func TestOffsetCountsFromWhatCameAfterTheBeginning(t *testing.T) {
	t.Parallel()
	s, err := schedule.Parse("cron(30 23 ? * TUE#3 *)", nil)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = s.Later(2); err != nil {
		t.Fatal(err)
	}
	// The third Tuesday of July 2026 is the 21st.
	if got, want := s.Next(at("2026-07-22T12:00:00")), at("2026-07-23T23:30:00"); !got.Equal(want) {
		t.Errorf("two days later: %s, want %s", got, want)
	}
	if got, want := s.From(at("2026-07-22T12:00:00")).Next(at("2026-07-22T12:00:00")), at("2026-08-20T23:30:00"); !got.Equal(want) {
		t.Errorf("begun after the Tuesday: %s, want %s", got, want)
	}
	for _, expr := range []string{"rate(1 day)", "at(2026-07-07T15:55:00)"} {
		s, err := schedule.Parse(expr, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Later(1); !errors.Is(err, schedule.ErrInvalid) {
			t.Errorf("%s takes an offset: %v", expr, err)
		}
	}
	if _, err := s.Later(7); !errors.Is(err, schedule.ErrInvalid) {
		t.Errorf("seven days: %v", err)
	}
}

func TestRateFromABeginningKeepsItsBeat(t *testing.T) {
	t.Parallel()
	s, err := schedule.Parse("rate(2 hours)", nil)
	if err != nil {
		t.Fatal(err)
	}
	s = s.From(at("2026-07-01T09:30:00"))
	for after, want := range map[string]string{
		"2026-07-01T08:00:00": "2026-07-01T11:30:00",
		"2026-07-01T09:30:00": "2026-07-01T11:30:00",
		"2026-07-01T11:29:59": "2026-07-01T11:30:00",
		"2026-07-01T11:30:00": "2026-07-01T13:30:00",
		"2027-07-01T11:30:00": "2027-07-01T13:30:00",
	} {
		if got := s.Next(at(after)); !got.Equal(at(want)) {
			t.Errorf("after %s: %s, want %s", after, got, want)
		}
	}
}

func TestWhatIsNoScheduleIsRefused(t *testing.T) {
	t.Parallel()
	for _, expr := range []string{
		"", "cron", "cron(", "cron()", "rate()", "at()", "every(1 day)", "cron(0 2 * * ? *", "CRON(0 2 * * ? *)",
		"cron(0 2 * * ?)", "cron(0 2 * * * *)", "cron(0 2 ? * ? *)", "cron(60 2 * * ? *)", "cron(0 24 * * ? *)",
		"cron(0 2 0 * ? *)", "cron(0 2 32 * ? *)", "cron(0 2 * 13 ? *)", "cron(0 2 ? * 0 *)", "cron(0 2 ? * 8 *)",
		"cron(0 2 * * ? 1969)", "cron(0 2 * * ? 2200)", "cron(0 2 * * ? 2030-2020)", "cron(*/0 2 * * ? *)", "cron(*/61 2 * * ? *)",
		"cron(0 2 ? * 2#6 *)", "cron(0 2 ? * 2#0 *)", "cron(0 2 ? * 3#1,6#3 *)", "cron(0 2 ? * MONL,TUEL *)", "cron(0 2 L,3 * ? *)",
		"cron(0 2 3W,4W * ? *)", "cron(0 2 1-3W * ? *)", "cron(0 2 W * ? *)", "cron(0 2 32W * ? *)", "cron(1,,2 2 * * ? *)", "cron(-1 2 * * ? *)",
		"cron(1- 2 * * ? *)", "cron(0 2 * FOO ? *)", "cron(+1 2 * * ? *)", "cron(1.5 2 * * ? *)", "cron(00001 2 * * ? *)",
		"rate(0 minutes)", "rate(1 minutes)", "rate(5 hour)", "rate(1 week)", "rate(-1 days)", "rate(+5 days)", "rate(5  days)", "rate(days)", "rate(99999999999 days)",
		"rate(9223372036854775807 minutes)", "at(2026-07-07)", "at(2026-07-07T15:55)", "at(2026-07-07T15:55:00Z)", "at(2026-13-07T15:55:00)", "at(2026-02-30T15:55:00)",
		"cron(" + strings.Repeat("0,", 300) + "0 2 * * ? *)",
	} {
		if s, err := schedule.Parse(expr, nil); !errors.Is(err, schedule.ErrInvalid) {
			t.Errorf("%q: %v, %v, want ErrInvalid", expr, s, err)
		}
	}
}

func TestLimitsOfAssociationsAndWindows(t *testing.T) {
	t.Parallel()
	for expr, takes := range map[string][2]bool{ // association, window
		"rate(29 minutes)":              {false, false},
		"rate(30 minutes)":              {true, false},
		"rate(1 hour)":                  {true, true},
		"rate(30 days)":                 {true, true},
		"rate(31 days)":                 {false, true},
		"cron(0/30 * * * ? *)":          {true, false},
		"cron(0/15 * * * ? *)":          {false, false},
		"cron(0,31 * * * ? *)":          {false, false}, // 29 minutes to the next hour
		"cron(10/10 0/12 * * ? *)":      {false, false},
		"cron(0 0/12 * * ? *)":          {true, true},
		"cron(0 2 ? * SUN *)":           {true, true},
		"cron(0 2 ? JAN SUN *)":         {false, true},
		"cron(50 23 * * ? *)":           {true, true},
		"cron(10,50 0,23 * * ? *)":      {false, false}, // 23:50 to 0:10
		"at(2026-07-07T15:55:00)":       {true, true},
		"cron(* 0 2 * * ? *)":           {false, false}, // every second
		"cron(30 0 2 ? * MON-FRI 2026)": {true, true},
	} {
		s, err := schedule.Parse(expr, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]bool{s.ForAssociation() == nil, s.ForWindow() == nil}; got != takes {
			t.Errorf("%s: association and window take it: %v, want %v", expr, got, takes)
		}
	}
}

// FuzzParse: whatever is read says when it comes due without a panic or a
// hang, and later than it was asked for.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"cron(0 30 23 ? * TUE#3 *)", "cron(0/15 1-4,7 LW JAN-MAR/2 ? 2020-2030)", "cron(0 0 31W 2 ? *)",
		"cron(0 0 ? * 2#5 2199)", "rate(5 minutes)", "at(2026-07-07T15:55:00)", "cron(* * * * * ? 1970)",
	} {
		f.Add(s, int64(1_782_864_000), 3)
	}
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, expr string, unix int64, days int) {
		s, err := schedule.Parse(expr, zone)
		if err != nil {
			if !errors.Is(err, schedule.ErrInvalid) {
				t.Fatalf("%q: %v", expr, err)
			}
			return
		}
		if later, err := s.Later(days); err == nil {
			s = later
		}
		_, _ = s.ForAssociation(), s.ForWindow()
		after := time.Unix(unix%10_000_000_000, 0)
		if next := s.Next(after); !next.IsZero() && !next.After(after) {
			t.Fatalf("%q: %s is not after %s", expr, next, after)
		}
		_ = s.From(after).Next(after)
	})
}
