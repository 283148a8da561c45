package cost

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/settings"
)

// TestASwitchIsAnnounced makes the announcement a plan of its own, to which
// somebody must agree, and the switch one that comes after it.
func TestASwitchIsAnnounced(t *testing.T) {
	a := newAsker(t)
	found := sweep(t, newCloud(t, fleet()), rules(t))
	found.Caller = "arn:aws:iam::111122223333:user/tanabe"
	made, err := changes([]account.Place{{}}, []*Plan{found}, Wishes{Minutes: 60})
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	f := &sweepFlags{Announce: "desktops", Ahead: 90 * time.Minute, Minutes: 60}
	d := &plan.Desk{World: a.world, Streams: plan.Streams{In: &out, Out: &out, Err: &errs}}
	set, err := settings.Load(a.world.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.announced(t.Context(), d, set, made); err == nil || !strings.Contains(err.Error(), "needs an approval") {
		t.Errorf("want no announcement to which nobody could agree, got %v", err)
	}
	rule := askedPeople + "approvals: {announcement: {stages: [{of: [director]}]}}\nchannels: {desktops: \"#vdi\"}\n"
	if err := os.WriteFile(a.world.Getenv("TAMACHI_DESK"), []byte(rule), 0o600); err != nil {
		t.Fatal(err)
	}
	if set, err = settings.Load(a.world.Getenv); err != nil {
		t.Fatal(err)
	}
	after, err := f.announced(t.Context(), d, set, made)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := d.Folder()
	if err != nil {
		t.Fatal(err)
	}
	first, err := folder.Read(after.After.Plan)
	if err != nil {
		t.Fatal(err)
	}
	const want = "announce to everyone in #vdi: 4 desktops that run all day will stop 60 minutes after their users leave, and start again when somebody connects (AUTO_STOP); 2 hours from now at the earliest"
	if s := first.Plan.Steps[0]; s.What.En != want || s.Do.Action != notice.AnnounceAction || !strings.Contains(s.What.Ja, "4 台を、2 時間後以降に自動停止") {
		t.Errorf("want %q, got %+v", want, s)
	}
	if after.After.Wait != f.Ahead || len(after.Steps) != len(made.Steps) || after.ID == made.ID || !strings.Contains(errs.String(), "the announcement comes first: "+first.Plan.ID) {
		t.Errorf("got %+v, %q", after.After, errs.String())
	}
	if err := folder.Save(after); err != nil {
		t.Fatal(err)
	}
	if err := d.GoOn(t.Context(), after.ID); err == nil || !strings.Contains(err.Error(), first.Plan.ID+" comes first") {
		t.Errorf("want the switch to wait, got %v", err)
	}

	// What becomes ALWAYS_ON stops for nobody.
	up := *made
	up.Steps = made.Steps[:0:0]
	for _, s := range made.Steps {
		if strings.HasSuffix(s.What.En, "ALWAYS_ON") {
			up.Steps = append(up.Steps, s)
		}
	}
	if same, err := f.announced(t.Context(), d, set, &up); err != nil || same != &up || len(up.Steps) != 1 {
		t.Errorf("want no announcement for it, got %+v, %v", same, err)
	}
}

func TestLargePlansAreCut(t *testing.T) {
	found := sweep(t, newCloud(t, fleet()), rules(t))
	found.Caller = "arn:aws:iam::111122223333:user/tanabe"
	p, err := changes([]account.Place{{}}, []*Plan{found}, Wishes{Minutes: 60, Most: 2})
	if err != nil || len(p.Steps) != 2 || p.Notes[0].En != "3 more are for the next plan: one has 2 steps at most (steps-in-one-plan of the settings)" {
		t.Errorf("got %+v, %v", p, err)
	}
}
