package cost

import (
	"encoding/json"
	"strings"
	"testing"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/policy"
)

func TestChangesAreThePlanOfTheSweep(t *testing.T) {
	found := sweep(t, newCloud(t, fleet()), rules(t))
	found.Caller = "arn:aws:sts::111122223333:assumed-role/DeskReader/tamachi-desk"
	p, err := changes([]account.Place{{Account: "111122223333"}}, []*Plan{found}, Wishes{Role: "DeskReader", Minutes: 120, Reason: "the month ends"})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Steps) != 5 || p.Duty != Duty || p.Places[0].Role != "DeskReader" || p.Reason != "the month ends" {
		t.Fatalf("got %+v", p)
	}
	var kept Evidence
	if err := json.Unmarshal(p.Facts, &kept); err != nil || len(kept.Promises) != 5 || kept.Promises[0].Saving != "40.67" || kept.Promises[0].Hour != "1/4" {
		t.Errorf("want a promise a step, got %+v, %v", kept, err)
	}
	for _, s := range p.Steps {
		if s.Resource != "ws-e" {
			continue
		}
		if s.Owner != "boss.hiro" || s.What.En != "gone.goro: AUTO_STOP after 120 minutes" || !strings.Contains(s.Why.Ja, "月 24.00 の節約") {
			t.Errorf("got %+v", s)
		}
		if want := "aws workspaces modify-workspace-properties --workspace-id ws-e --workspace-properties RunningMode=AUTO_STOP,RunningModeAutoStopTimeoutInMinutes=120"; s.CLI != want {
			t.Errorf("want %s, got %s", want, s.CLI)
		}
		var back change.Mode
		if err := json.Unmarshal(s.Undo.Input, &back); err != nil || back.Want.Mode != "ALWAYS_ON" || back.Was.Minutes != 120 {
			t.Errorf("want the way back, got %s", s.Undo.Input)
		}
	}
	found.Caller = ""
	if _, err := changes([]account.Place{{}}, []*Plan{found}, Wishes{Minutes: 60}); err == nil {
		t.Error("want no plan by a caller whom nobody knows")
	}
}

// TestApplyPolicyIsThatOfItsActions holds --policy --apply to what the actions
// say they call: the reads are in the other policy.
func TestApplyPolicyIsThatOfItsActions(t *testing.T) {
	read, write := change.Actions().Permissions(change.RunningMode)
	for text, actions := range map[string][]string{readPolicy(): read, applyPolicy(): write} {
		p, err := policy.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range actions {
			if p.Evaluate(a, "*") != policy.Allow {
				t.Errorf("want %s allowed", a)
			}
		}
	}
	if n := strings.Count(applyPolicy(), "workspaces:"); n != len(write) {
		t.Errorf("want %d actions, got %d", len(write), n)
	}
}
