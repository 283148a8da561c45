package cost

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

// TestLedger applies a sweep ten days ago, and takes one change back after five:
// the desktops ran since then as the stand-in says.
func TestLedger(t *testing.T) {
	c := newCloud(t, fleet())
	found := sweep(t, c, rules(t))
	found.Caller = "arn:aws:iam::111122223333:user/tanabe"
	p, err := changes([]account.Place{{}}, []*Plan{found}, Wishes{Minutes: 60})
	if err != nil {
		t.Fatal(err)
	}
	applied := &plan.Record{Plan: p, Steps: make([]plan.Standing, len(p.Steps))}
	for i := range applied.Steps {
		applied.Steps[i] = plan.Standing{State: plan.Applied, At: noon.AddDate(0, 0, -10)}
	}
	undo, err := applied.Undo(found.Caller, noon, "")
	if err != nil {
		t.Fatal(err)
	}
	back := &plan.Record{Plan: undo, Steps: make([]plan.Standing, len(undo.Steps))}
	for i, s := range undo.Steps {
		if s.Resource == "ws-c" {
			back.Steps[i] = plan.Standing{State: plan.Applied, At: noon.AddDate(0, 0, -5)}
		}
	}
	c.desks[1].mode = autoStop // ws-b ran three hours on each of six days at work
	e := EyesOf(c.account(), clock.NewFrozen(noon))
	l, err := Book(t.Context(), e, []*plan.Record{back, applied}, p.Places[0], noon.Add(-window), noon)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, one := range l.Entries {
		got[one.Desktop] = one.Promised + " " + one.Realised
	}
	for desktop, want := range map[string]string{
		"ws-b": "2.84 3.50",   // a third of 8.51; a third of 24, less 18 h at 0.25
		"ws-c": "4.00 4.00",   // five days of thirty, and nobody came
		"ws-g": "13.56 11.50", // 78 h that AUTO_STOP would have billed, less a third of 24
	} {
		if got[desktop] != want {
			t.Errorf("%s: want promised and realised %q, got %q", desktop, want, got[desktop])
		}
	}
	var out bytes.Buffer
	if err := l.Write(&out, report.English); err != nil || !strings.Contains(out.String(), "USD: promised ") {
		t.Errorf("got %s, %v", out.String(), err)
	}
	if l, err := Book(t.Context(), e, []*plan.Record{applied}, plan.Place{Account: "999999999999"}, noon.Add(-window), noon); err != nil || len(l.Entries) != 0 {
		t.Errorf("want nothing of another account, got %+v, %v", l, err)
	}
}

// TestLedgerOfTheMonthAfter applies a sweep on the 23rd and looks at the whole
// month after it, and at the rest of its own.
func TestLedgerOfTheMonthAfter(t *testing.T) {
	desks := fleet()
	c := newCloud(t, desks)
	r := rules(t)
	r.Rulings = map[string]*Ruling{"ws-e": {Answer: release, By: "boss.hiro", At: noon.AddDate(0, 0, -1)}}
	found := sweep(t, c, r)
	found.Caller = "arn:aws:iam::111122223333:user/tanabe"
	var applied []*plan.Record
	for _, w := range []Wishes{{Minutes: 60}, {Minutes: 60, Released: true}} {
		p, err := changes([]account.Place{{}}, []*Plan{found}, w)
		if err != nil {
			t.Fatal(err)
		}
		rec := &plan.Record{Plan: p, Steps: make([]plan.Standing, len(p.Steps))}
		for i := range rec.Steps {
			rec.Steps[i] = plan.Standing{State: plan.Applied, At: noon}
		}
		applied = append(applied, rec)
	}
	c.desks[1].mode = autoStop // ws-b: three hours on each working day
	now := clock.NewFrozen(noon)
	book := func(month string) (map[string]string, *Ledger) {
		t.Helper()
		from, to, err := Month(month, now.Now())
		if err != nil {
			t.Fatal(err)
		}
		l, err := Book(t.Context(), EyesOf(c.account(), now), applied, applied[0].Plan.Places[0], from, to)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, one := range l.Entries {
			got[one.Desktop] = one.Mode + " " + one.Promised + " " + one.Realised
		}
		return got, l
	}
	if _, _, err := Month("2026-12", now.Now()); err == nil {
		t.Error("want no ledger of a month that has not begun")
	}
	if got, _ := book("2026-10"); len(got) != 0 {
		t.Errorf("want nothing before the sweep, got %v", got)
	}
	now.Advance(45 * day) // the 7th of January
	c.now = now.Now()
	got, l := book("2026-12")
	for desktop, want := range map[string]string{
		"ws-b": "AUTO_STOP 8.79 7.55",   // 31 days of 8.51; 24 for 31 days, less 23 days of 3 h at 0.25
		"ws-c": "AUTO_STOP 24.80 24.80", // nobody came
		"ws-e": "TERMINATED 31.00 31.00",
	} {
		if got[desktop] != want {
			t.Errorf("%s: want mode, promised and realised %q, got %q", desktop, want, got[desktop])
		}
	}
	var out bytes.Buffer
	if err := l.Write(&out, report.English); err != nil || !strings.HasPrefix(out.String(), "from 2026-12-01 to 2027-01-01 00:00, UTC\n") {
		t.Errorf("got %s, %v", out.String(), err)
	}
	if got, _ := book("2026-11"); got["ws-e"] != "TERMINATED 7.50 7.50" {
		t.Errorf("want seven and a half days of November, got %v", got)
	}
}

// A ledger of several currencies reads alike whenever it is written.
func TestTheLedgersCurrenciesAreInTheirOrder(t *testing.T) {
	l := Ledger{Entries: []Entry{{Plan: "p-1", Desktop: "ws-a", Mode: "AUTO_STOP"}}, Promised: map[string]string{}, Realised: map[string]string{}}
	want := []string{"AUD", "CHF", "EUR", "GBP", "JPY", "USD"}
	for _, currency := range want {
		l.Promised[currency], l.Realised[currency] = "1.00", "0.50"
	}
	var out strings.Builder
	if err := l.Write(&out, report.English); err != nil {
		t.Fatal(err)
	}
	if got := regexp.MustCompile(`\b(AUD|CHF|EUR|GBP|JPY|USD)\b`).FindAllString(out.String(), -1); !slices.Equal(slices.Compact(got), want) {
		t.Errorf("got the currencies %q, want %q", got, want)
	}
}
