package morning

import (
	"strings"
	"testing"
	"time"
)

func TestParseSince(t *testing.T) {
	now := at("08:00:00") // a Tuesday in Tokyo
	for _, row := range []struct{ name, flag, want string }{
		{"a length of time", "12h", "2026-11-23T20:00:00+09:00"},
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
	now := at("08:00:00")
	f.Fuzz(func(t *testing.T, s string) {
		if got, err := ParseSince(s, now, tokyo); err == nil && got.After(now) {
			t.Errorf("want the past, got %s", got)
		}
	})
}

func TestEvening(t *testing.T) {
	for _, row := range []struct{ name, now, want string }{
		{"in the morning it is yesterday's", "08:00:00", "2026-11-23T18:00:00+09:00"},
		{"after midnight too", "00:10:00", "2026-11-23T18:00:00+09:00"},
		{"in the evening it is still yesterday's", "19:00:00", "2026-11-23T18:00:00+09:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := Evening(at(row.now), tokyo).Format(time.RFC3339); got != row.want {
				t.Errorf("want %s, got %s", row.want, got)
			}
		})
	}
}

func TestWrongUse(t *testing.T) {
	for _, row := range []struct {
		name string
		args []string
		want string
	}{
		{"an argument", []string{"now"}, `unknown argument "now"`},
		{"an unknown flag", []string{"--fixit"}, "unknown flag"},
		{"a language that is not spoken", []string{"--lang", "fr"}, "want ja or en"},
		{"yes to no question", []string{"--yes"}, "go with --fix"},
		{"anyway without a repair", []string{"--anyway"}, "go with --fix"},
		{"a time that is none", []string{"--since", "soon"}, "--since"},
		{"no time to wait", []string{"--fix", "--timeout", "0s"}, "above zero"},
	} {
		t.Run(row.name, func(t *testing.T) {
			code, out, errs := runCommand(t, row.args...)
			if code != 2 || out != "" || !strings.Contains(errs, row.want) {
				t.Errorf("want exit 2 and %q, got %d, %q, %q", row.want, code, out, errs)
			}
		})
	}
}

func TestPolicyNeedsNoAccount(t *testing.T) {
	t.Setenv("AWS_REGION", "")
	code, out, _ := runCommand(t, "--policy")
	if code != 0 || out != ReadPolicy() {
		t.Errorf("want the check's policy, got %d, %s", code, out)
	}
	if code, out, _ = runCommand(t, "--policy", "--fix"); code != 0 || out != ApplyPolicy() {
		t.Errorf("want the repair's policy, got %d, %s", code, out)
	}
}
