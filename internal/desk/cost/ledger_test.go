package cost

import (
	"bytes"
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
	p, err := Changes([]account.Place{{}}, []*Plan{found}, Wishes{Minutes: 60})
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
	l, err := Book(t.Context(), e, []*plan.Record{back, applied}, p.Places[0])
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
	if l, err := Book(t.Context(), e, []*plan.Record{applied}, plan.Place{Account: "999999999999"}); err != nil || len(l.Entries) != 0 {
		t.Errorf("want nothing of another account, got %+v, %v", l, err)
	}
}
