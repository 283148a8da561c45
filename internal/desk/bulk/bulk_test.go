package bulk

import (
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// plans is the plan of an order for what was found, and how many are left out.
func plans(t *testing.T, o Order, f found) (p *plan.Plan, held int) {
	t.Helper()
	f.at, f.since = noon, noon
	p, held, err := f.propose(plan.Place{Account: "123456789012", Region: "ap-northeast-1"}, "arn:aws:iam::123456789012:user/tanabe", o)
	if err != nil {
		t.Fatal(err)
	}
	return p, held
}

func TestWhatIsDoneToADesktop(t *testing.T) {
	morning := noon.Add(-4 * time.Hour)
	for _, row := range []struct {
		name         string
		order        Order
		seat         Seat
		action, undo string // "" is a desktop that is left out
		says         string // among what is lost, or why it is left out
	}{
		{"a stopped one starts, and can be stopped again", Order{Verb: Start}, Seat{State: "STOPPED"}, change.StartDesktop, change.StopDesktop, ""},
		{"one that runs is started already", Order{Verb: Start}, Seat{State: "AVAILABLE"}, "", "", "is so already"},
		{"somebody is cut off", Order{Verb: Stop}, Seat{State: "AVAILABLE", Mode: "AUTO_STOP", InUse: true}, change.StopDesktop, change.StartDesktop, "hanako is cut off"},
		{"AWS stops no ALWAYS_ON", Order{Verb: Stop}, Seat{State: "AVAILABLE", Mode: "ALWAYS_ON"}, "", "", "auto-stop changes that"},
		{"a reboot has no way back", Order{Verb: Reboot}, Seat{State: "AVAILABLE"}, change.Reboot, "", "not saved"},
		{"what is stopped is not rebooted", Order{Verb: Reboot}, Seat{State: "STOPPED"}, "", "", "is STOPPED"},
		{"to the snapshot", Order{Verb: Restore}, Seat{State: "ERROR", Snapshot: morning}, change.Restore, "", "since the snapshot of 2026-11-23 08:00"},
		{"to no snapshot", Order{Verb: Restore}, Seat{State: "ERROR"}, "", "", "no snapshot to restore"},
		{"rebuilt, and back to the snapshot", Order{Verb: Rebuild}, Seat{State: "ERROR", Snapshot: morning}, change.Rebuild, change.Restore, "newer than 2026-11-23 08:00"},
		{"rebuilt without one", Order{Verb: Rebuild}, Seat{State: "AVAILABLE"}, change.Rebuild, "", "there is no snapshot"},
		{"not while it moves", Order{Verb: Rebuild}, Seat{State: "STARTING"}, "", "", "is STARTING"},
		{"any can be deleted", Order{Verb: Terminate}, Seat{State: "ERROR"}, change.TerminateDesktop, "", "for good"},
		{"but not twice", Order{Verb: Terminate}, Seat{State: "TERMINATING"}, "", "", "is so already"},
		{"not before it is resumed", Order{Verb: Terminate}, Seat{State: "SUSPENDED"}, "", "", "is SUSPENDED"},
		{"the mode, and back", Order{Verb: AutoStop}, Seat{State: "STOPPED", Mode: "ALWAYS_ON"}, change.RunningMode, change.RunningMode, ""},
		{"another time to stop", Order{Verb: AutoStop, Minutes: 120}, Seat{State: "STOPPED", Mode: "AUTO_STOP", Minutes: 60}, change.RunningMode, change.RunningMode, ""},
		{"the same mode", Order{Verb: AutoStop}, Seat{State: "STOPPED", Mode: "AUTO_STOP", Minutes: 60}, "", "", "is so already"},
		{"always on", Order{Verb: AlwaysOn}, Seat{State: "AVAILABLE", Mode: "MANUAL"}, change.RunningMode, change.RunningMode, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.seat.Desktop, row.seat.User = "ws-000000001", "hanako"
			p, held := plans(t, row.order, found{seats: []Seat{row.seat}})
			if already := row.says == "is so already"; (held > 0) != (row.action == "" && !already) {
				t.Errorf("want it held %t, got %d", !already, held)
			}
			if row.action == "" {
				if len(p.Steps) != 0 || len(p.Notes) != 1 || !strings.Contains(p.Notes[0].En, row.says) {
					t.Fatalf("want it left out as %q, got %+v %+v", row.says, p.Steps, p.Notes)
				}
				return
			}
			if len(p.Steps) != 1 {
				t.Fatalf("want one step, got %+v", p)
			}
			s := p.Steps[0]
			undo := ""
			if s.Undo != nil {
				undo = s.Undo.Action
			}
			if s.Do.Action != row.action || undo != row.undo || !strings.Contains(s.Lost.En, row.says) || (s.Lost.En == "") != (row.says == "") {
				t.Errorf("want %s, back by %q, lost %q; got %s, %q, %q", row.action, row.undo, row.says, s.Do.Action, undo, s.Lost.En)
			}
			if s.Owner != "hanako" || s.CLI == "" || !strings.Contains(s.CLI, "ws-000000001") || s.Why.Ja == "" || s.What.Ja == "" {
				t.Errorf("want whom it concerns, and the line of the AWS CLI; got %+v", s)
			}
			if p.Duty != "desktop "+string(row.order.Verb) {
				t.Errorf("want the settings' approvals to know it, got %q", p.Duty)
			}
		})
	}
}

func TestWhatIsNotKnownIsSaid(t *testing.T) {
	denied := &account.Problem{Kind: account.Denied, Action: "workspaces:DescribeWorkspaceSnapshots"}
	p, held := plans(t, Order{Verb: Restore, Reason: "broken"}, found{
		seats:   []Seat{{Desktop: "ws-000000001", User: "hanako", State: "AVAILABLE", Unknown: true}},
		missing: []string{"ws-000000009"}, unknown: []*account.Problem{denied}, blind: true,
	})
	if len(p.Steps) != 1 || held != 1 || !strings.Contains(p.Steps[0].Lost.En, "is not known") || !strings.Contains(p.Steps[0].Why.En, "use not known") {
		t.Errorf("want the desktop, with what is not known of it; got %+v", p.Steps)
	}
	var notes string
	for _, n := range p.Notes {
		notes += n.En + "\n"
	}
	for _, want := range []string{"there is no desktop ws-000000009", "DescribeWorkspaceSnapshots"} {
		if !strings.Contains(notes, want) {
			t.Errorf("want %q among the notes, got %s", want, notes)
		}
	}
}

func TestAnOrderIsChecked(t *testing.T) {
	for _, row := range []struct {
		name  string
		order Order
		says  string
	}{
		{"what loses files wants a reason", Order{Verb: Terminate, Reason: "  "}, "say why"},
		{"what does not needs none", Order{Verb: Stop}, ""},
		{"no half hours", Order{Verb: AutoStop, Minutes: 90}, "multiple of 60"},
		{"not all the world", Order{Verb: Start, Desktops: make([]string, Most+1)}, "at most 1000"},
	} {
		err := row.order.Check(report.English)
		if got := ""; err != nil {
			if got = err.Error(); row.says == "" || !strings.Contains(got, row.says) {
				t.Errorf("%s: want %q, got %q", row.name, row.says, got)
			}
		} else if row.says != "" {
			t.Errorf("%s: want %q, got nothing", row.name, row.says)
		}
	}
}
