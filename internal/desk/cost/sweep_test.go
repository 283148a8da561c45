package cost

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/price"
	"tamachi/internal/desk/report"
	"tamachi/internal/policy"
)

// noon is when the sweep is run.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// The prices of these tests are made up: they are the tests' own. Break-even is
// at 96 hours.
const madeUp = `{"Region":"ap-northeast-1","Currency":"USD","Cells":[
 {"Compute":"STANDARD","OS":"Windows","Mode":"AlwaysOn","Unit":"Month","Price":"30","Source":"a test","Date":"2026-11-22"},
 {"Compute":"STANDARD","OS":"Windows","Mode":"AutoStop","Unit":"Month","Price":"6","Source":"a test","Date":"2026-11-22"},
 {"Compute":"STANDARD","OS":"Windows","Mode":"AutoStop","Unit":"Hour","Price":"0.25","Source":"a test","Date":"2026-11-22"}
]}`

const people = `account,surname,state,manager,end
gone.goro,Gone,left,boss.hiro,2026-10-31
baby.mako,Baby,育休,boss.hiro,
`

// daily is somebody who is there from nine o'clock for so many hours on
// weekdays, since a day.
func daily(hours int, since time.Time) func(string, time.Time) (bool, bool) {
	return func(metric string, at time.Time) (bool, bool) {
		there := at.Weekday() != time.Saturday && at.Weekday() != time.Sunday && at.Hour() >= 9 && at.Hour() < 9+hours
		if metric == "Stopped" {
			there = at.Weekday() == time.Saturday || at.Weekday() == time.Sunday || at.Hour() < 9 || at.Hour() >= 10+hours
			return there && hours > 0 || hours == 0, !at.Before(since)
		}
		return there, !at.Before(since)
	}
}

func fleet() []desk {
	long, ago := noon.AddDate(0, -3, 0), noon.AddDate(0, 0, -45)
	return []desk{
		{"ws-a", "heavy.hana", "ALWAYS_ON", "AVAILABLE", noon, nil, daily(9, long)},
		{"ws-b", "light.riku", "ALWAYS_ON", "AVAILABLE", noon, nil, daily(2, long)},
		{"ws-c", "away.aya", "ALWAYS_ON", "AVAILABLE", ago, nil, daily(0, long)},
		{"ws-d", "boss.hiro", "ALWAYS_ON", "AVAILABLE", noon, map[string]string{"Tamachi:Keep": "yes"}, daily(1, long)},
		{"ws-e", "gone.goro", "ALWAYS_ON", "AVAILABLE", ago, nil, daily(0, long)},
		{"ws-f", "baby.mako", "ALWAYS_ON", "STOPPED", noon.AddDate(0, 0, -20), nil, daily(1, long)},
		{"ws-g", "busy.ken", "AUTO_STOP", "AVAILABLE", noon, nil, daily(12, long)},
		{"ws-h", "usual.mei", "AUTO_STOP", "STOPPED", noon, nil, daily(3, long)},
		{"ws-i", "never.sora", "AUTO_STOP", "STOPPED", time.Time{}, nil, daily(0, long)},
		{"ws-j", "fresh.yui", "ALWAYS_ON", "AVAILABLE", noon, nil, daily(1, noon.AddDate(0, 0, -3))},
		{"ws-k", "broken.ren", "ALWAYS_ON", "ERROR", time.Time{}, nil, daily(0, long)},
	}
}

func rules(t testing.TB) Rules {
	t.Helper()
	prices, err := price.Read(strings.NewReader(madeUp))
	if err != nil {
		t.Fatal(err)
	}
	feed, err := hr.Read(strings.NewReader(people))
	if err != nil {
		t.Fatal(err)
	}
	return Rules{Prices: prices, OS: "Windows", Threshold: 80, Unused: 30 * day, Observed: 7 * day, Exempt: []string{"tamachi:keep"}, Feed: feed}
}

func sweep(t testing.TB, c *cloud, r Rules) *Plan {
	t.Helper()
	a := c.account()
	p, err := Sweep(t.Context(), EyesOf(a, clock.NewFrozen(noon)), r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSweep(t *testing.T) {
	p := sweep(t, newCloud(t, fleet()), rules(t))
	got := map[string]string{}
	for _, r := range p.Rows {
		got[r.User] = fmt.Sprintf("%s %t %s %s %.1f", r.Proposal, r.AskOwner, r.Owner, r.Saving, r.Hours)
	}
	for user, want := range map[string]string{
		"heavy.hana": "keep false heavy.hana  138.0",         // 15 working days of 9 h, and 3 h of today
		"light.riku": "AUTO_STOP false light.riku 8.51 32.0", // 30 - (6 + 62 h of 30 days at 0.25)
		"away.aya":   "AUTO_STOP true away.aya 24.00 0.0",    // nobody there: the hours are free
		"boss.hiro":  "keep false boss.hiro  16.0",           // by his tag
		"gone.goro":  "AUTO_STOP true boss.hiro 24.00 0.0",   // asked is who answers for it
		"baby.mako":  "AUTO_STOP false boss.hiro 24.00 16.0", // comes back: nobody is asked whether it can go
		"busy.ken":   "ALWAYS_ON false busy.ken 40.67 198.0", // 259 h a month
		"usual.mei":  "keep false usual.mei  63.0",           // below the break-even
		"never.sora": "ask true never.sora  0.0",             // nothing to save, but nobody needs it
		"fresh.yui":  "keep false fresh.yui  1.0",            // known for three days
		"broken.ren": "keep false broken.ren  0.0",           // ERROR: the morning's business
	} {
		if got[user] != want {
			t.Errorf("%s: want %q, got %q", user, want, got[user])
		}
	}
	var en, ja bytes.Buffer
	if err := p.Write(&en, report.English, time.UTC, false); err != nil {
		t.Fatal(err)
	}
	if err := p.Write(&ja, report.Japanese, time.UTC, true); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"11 desktops: 8 ALWAYS_ON, 3 AUTO_STOP; 5 to change, 3 to ask about, 1 exempt", "and 5 more that are right as they are",
		"gone.goro has left the company (HR); ALWAYS_ON for nobody", "prices of ap-northeast-1: a test, 2026-11-22",
	} {
		if !strings.Contains(en.String(), want) {
			t.Errorf("want %q in\n%s", want, en.String())
		}
	}
	for _, want := range []string{"gone.goro は退職済み (人事)", "AUTO_STOP へ、boss.hiro に確認", "タグ Tamachi:Keep=yes により対象外"} {
		if !strings.Contains(ja.String(), want) {
			t.Errorf("want %q in\n%s", want, ja.String())
		}
	}
	if b, err := json.Marshal(p); err != nil || !strings.Contains(string(b), `"proposal":"AUTO_STOP"`) {
		t.Errorf("want JSON, got %v", err)
	}
}

func TestSweepSaysWhatItDoesNotKnow(t *testing.T) {
	for _, row := range []struct{ deny, want, proposal string }{
		{"GetResources", "not known: tag:GetResources is denied", "keep"},
		{"GetMetricData", "not known: cloudwatch:GetMetricData", "keep"},
		{"DescribeWorkspacesConnectionStatus", "not known: workspaces:DescribeWorkspacesConnectionStatus is denied", "AUTO_STOP"},
	} {
		c := newCloud(t, fleet()[1:2])
		c.deny = row.deny
		p := sweep(t, c, rules(t))
		var out bytes.Buffer
		if err := p.Write(&out, report.English, time.UTC, true); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), row.want) || string(p.Rows[0].Proposal) != row.proposal {
			t.Errorf("%s: want %q and %s, got %s\n%s", row.deny, row.want, row.proposal, p.Rows[0].Proposal, out.String())
		}
	}
	r := rules(t)
	r.Prices.Region = "us-east-1"
	if p := sweep(t, newCloud(t, fleet()), r); p.Currency != "" || len(p.NoPrice) != 1 {
		t.Errorf("want no money by the prices of another Region, got %s %v", p.Currency, p.NoPrice)
	}
}

// TestSamplesOfAPlane reads the same use from an endpoint that samples by the
// minute: the hours are the same.
func TestSamplesOfAPlane(t *testing.T) {
	want := sweep(t, newCloud(t, fleet()[6:8]), rules(t))
	c := newCloud(t, fleet()[6:8])
	c.width = minute
	got := sweep(t, c, rules(t))
	for i := range want.Rows {
		if got.Rows[i].Hours != want.Rows[i].Hours || got.Rows[i].Month != want.Rows[i].Month {
			t.Errorf("%s: want %v, got %v", want.Rows[i].User, want.Rows[i].Month, got.Rows[i].Month)
		}
	}
}

// TestPolicyIsExact wants the policy to allow every call that was made, and
// nothing that was not.
func TestPolicyIsExact(t *testing.T) {
	c := newCloud(t, fleet())
	sweep(t, c, rules(t))
	p, err := policy.Parse(readPolicy())
	if err != nil {
		t.Fatal(err)
	}
	service := map[string]string{"GetMetricData": "cloudwatch", "GetResources": "tag"}
	for operation := range c.calls {
		if operation == "GetCallerIdentity" {
			continue
		}
		action := "workspaces:" + operation
		if s := service[operation]; s != "" {
			action = s + ":" + operation
		}
		if p.Evaluate(action, "*") != policy.Allow {
			t.Errorf("want %s allowed, for it was called", action)
		}
	}
	if n := strings.Count(readPolicy(), ":") - strings.Count(readPolicy(), `": `); n != len(c.calls)-1 {
		t.Errorf("want %d actions, those that were called, got %d", len(c.calls)-1, n)
	}
}

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

// BenchmarkSweep is the whole plan over 25,000 desktops with a month of samples
// every five minutes, over HTTP from a stand-in: a fifth ALWAYS_ON, of which a
// half is used so little that hours must decide.
func BenchmarkSweep(b *testing.B) {
	const many = 25_000
	var all []desk
	use := []func(string, time.Time) (bool, bool){}
	for hours := range 10 {
		use = append(use, daily(hours, noon.AddDate(0, -3, 0)))
	}
	for i := range many {
		d := desk{fmt.Sprintf("ws-%09d", i), fmt.Sprintf("user.%05d", i), "AUTO_STOP", "AVAILABLE", noon, nil, use[i%10]}
		if i%5 == 0 {
			d.mode = "ALWAYS_ON"
			d.one = use[i/5%10]
		}
		all = append(all, d)
	}
	c := newCloud(b, all)
	r := rules(b)
	sweep(b, c, r) // fills the stand-in's memory
	for b.Loop() {
		if p := sweep(b, c, r); len(p.Rows) != many {
			b.Fatalf("want %d desktops, got %d", many, len(p.Rows))
		}
	}
}

// TestTimeoutsAreTheCompanys finds what runs on for longer than the company
// wants, and leaves alone who is exempt.
func TestTimeoutsAreTheCompanys(t *testing.T) {
	f := sweep(t, newCloud(t, fleet()), rules(t)).Facts
	for i := range f.Desktops {
		switch d := &f.Desktops[i]; d.User {
		case "usual.mei", "never.sora", "busy.ken":
			d.AutoStopMinutes = 120
		}
	}
	r := rules(t)
	r.Minutes = 60
	p := Judge(f, r)
	wants(t, p, "ws-h", "timeout : right as it is: ")
	wants(t, p, "ws-h", "runs on for 120 minutes, and 60 are wanted")
	wants(t, p, "ws-i", "timeout : nobody connected in 30 days or more; runs on for 120 minutes")
	wants(t, p, "ws-g", "ALWAYS_ON ")
	p.Caller = "arn:aws:iam::111122223333:user/tanabe"
	made, err := changes([]account.Place{{}}, []*Plan{p}, Wishes{Minutes: 60})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range made.Steps {
		if s.Resource == "ws-h" {
			got = append(got, s.What.En, string(s.Do.Input), string(s.Undo.Input))
		}
	}
	want := `usual.mei: AUTO_STOP after 60 minutes {"desktop":"ws-h","want":{"mode":"AUTO_STOP","minutes":60},"was":{"mode":"AUTO_STOP","minutes":120}}`
	if !strings.HasPrefix(strings.Join(got, " "), want) {
		t.Errorf("want %s, got %s", want, got)
	}
	r.Exempt = []string{"team"}
	for i := range f.Desktops {
		f.Desktops[i].Tags = map[string]string{"team": "directors"}
	}
	wants(t, Judge(f, r), "ws-h", "keep : exempt by its tag team=directors")
}
