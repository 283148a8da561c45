package exception

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

var (
	noon = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	here = plan.Place{Account: "123456789012", Region: "ap-northeast-1"}
)

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

// granted is the record of an exception whose step is in some state.
func granted(t *testing.T, kind, user string, days int, state plan.Progress) *plan.Record {
	t.Helper()
	g := Grant{Kind: kind, User: user, Directory: "d-1", Group: "Printing-Allowed", Until: noon.AddDate(0, 0, days)}
	p, err := g.Plan("arn:aws:iam::123456789012:user/tanabe", "tax forms", here, time.UTC, noon.AddDate(0, 0, -30))
	if err != nil {
		t.Fatal(err)
	}
	return &plan.Record{Plan: p, Steps: []plan.Standing{{State: state}}}
}

func TestStandings(t *testing.T) {
	over := granted(t, "printing", "yamada", -1, plan.Applied)
	over2 := granted(t, "printing", "sato", -2, plan.Applied)
	end, err := End(standings([]*plan.Record{over, over2}, noon), "arn", time.UTC, noon)
	if err != nil {
		t.Fatal(err)
	}
	undo, err := over.Undo("arn", noon, "")
	if err != nil {
		t.Fatal(err)
	}
	rows := []struct {
		name string
		all  []*plan.Record
		want string
	}{
		{"nobody agreed yet", []*plan.Record{granted(t, "printing", "yamada", 1, plan.Waiting)}, "yamada WAITING"},
		{"in force", []*plan.Record{granted(t, "printing", "yamada", 1, plan.Applied)}, "yamada IN_FORCE"},
		{"its end is past", []*plan.Record{over}, "yamada OVER"},
		{
			"over, while another of the same person is in force",
			[]*plan.Record{granted(t, "printing", "Yamada", 5, plan.Applied), over},
			"Yamada IN_FORCE, yamada IN_FORCE",
		},
		{"one was ended and the other could not be", []*plan.Record{{Plan: end, Steps: []plan.Standing{{State: plan.Applied}, {State: plan.Failed}}}, over, over2}, "yamada ENDED, sato OVER"},
		{"taken back before its end", []*plan.Record{{Plan: undo, Steps: []plan.Standing{{State: plan.Applied}}}, over}, "yamada ENDED"},
		{"an undo that was not applied", []*plan.Record{{Plan: undo, Steps: []plan.Standing{{}}}, over}, "yamada OVER"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			var got []string
			for _, s := range standings(r.all, noon) {
				got = append(got, fmt.Sprintf("%s %s", s.User, s.State))
			}
			if strings.Join(got, ", ") != r.want {
				t.Errorf("want %s, got %s", r.want, strings.Join(got, ", "))
			}
		})
	}
	if len(end.Steps) != 2 || end.Steps[0].Do.Action != change.RemoveMember || len(end.Places) != 1 {
		t.Errorf("want two steps in one place, got %+v", end)
	}
	if p, err := End(standings([]*plan.Record{undone(undo), over}, noon), "arn", time.UTC, noon); p != nil || err != nil {
		t.Errorf("want nothing to end, got %v, %v", p, err)
	}
}

func undone(p *plan.Plan) *plan.Record {
	return &plan.Record{Plan: p, Steps: []plan.Standing{{State: plan.Applied}}}
}

func TestWhatIsRefused(t *testing.T) {
	conf := settings.Default()
	conf.Exceptions["printing"] = settings.Exception{Group: "P", Longest: 24 * time.Hour}
	rows := []struct {
		name string
		kind string
		in   time.Duration
		want string
	}{
		{"a kind that nobody knows", "prnting", time.Hour, "want one of printing, wallpaper"},
		{"an end that is past", "printing", -time.Second, "is past"},
		{"an end too far", "printing", 25 * time.Hour, "at most"},
		{"one that may be as long as one likes", "wallpaper", 10000 * time.Hour, ""},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			g := Grant{Kind: r.kind, Until: noon.Add(r.in)}
			err := g.check(conf, noon)
			if (err == nil) != (r.want == "") || err != nil && !strings.Contains(err.Error(), r.want) {
				t.Errorf("want %q, got %v", r.want, err)
			}
		})
	}
}

func TestUntil(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	for s, want := range map[string]string{
		"2026-12-31":           "2027-01-01T00:00:00+09:00", // the day is over then
		"2026-12-31T17:00":     "2026-12-31T17:00:00+09:00",
		"2026-12-31T17:00:00Z": "2026-12-31T17:00:00Z",
	} {
		got, err := parseUntil(s, tokyo)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%s: want %s, got %s, %v", s, want, got.Format(time.RFC3339), err)
		}
	}
	if _, err := parseUntil("tomorrow", tokyo); err == nil {
		t.Error("want tomorrow refused")
	}
}
