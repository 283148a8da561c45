package morning

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

// TestLinesLeadIntoTheConsole is what somebody at a terminal can click, of every
// kind of thing that a line is about.
func TestLinesLeadIntoTheConsole(t *testing.T) {
	found := judge(storyFacts(), Rules{StuckAfter: time.Hour, Zone: tokyo})
	found.Findings = append(found.Findings,
		Finding{Kind: InAlarm, Alarms: []Alarm{{Name: "disk of sato", Metric: "DiskFull", Since: found.At}}},
		Finding{Kind: AgentsLost, Nodes: []Node{{ID: "mi-0123456789abcdef0", Name: "pc-07", LastPing: found.At}}},
		Finding{Kind: PatchesBroken, Patches: []PatchRun{{Node: "mi-0123456789abcdef1", Status: "Failed", Asked: found.At, Why: PutOff}}},
		Finding{Kind: DirectoryImpaired, Directory: &Directory{ID: "d-9067099999", Stage: "Impaired"}},
	)
	found.link((&account.Account{Region: "ap-northeast-1"}).Console(t.Context()))
	agenda := &Agenda{Open: []Incident{{Plan: "p-0123456789", Duty: "cost", By: "arn"}}, Waiting: []Waiting{{ID: "a-0123456789", Title: approval.Title{En: "x"}, Expires: found.At}}}
	agenda.link([]*Plan{found})
	if agenda.Open[0].Link != "" || agenda.Waiting[0].Link != "" {
		t.Errorf("want no page at AWS of what is the desk's, got %+v", agenda)
	}
	var out strings.Builder
	if err := found.Write(&out, report.English, tokyo); err != nil {
		t.Fatal(err)
	}
	const base = "\x1b]8;;https://ap-northeast-1.console.aws.amazon.com/"
	for _, want := range []string{
		base + "workspaces/v2/workspaces?region=ap-northeast-1#/workspaces/ws-b1kd02x8f\x1b\\fujita.kouhei\x1b]8;;\x1b\\",
		base + "cloudwatch/home?region=ap-northeast-1#alarmsV2:alarm/disk%20of%20sato\x1b\\disk of sato\x1b]8;;\x1b\\",
		base + "systems-manager/fleet-manager/managed-nodes/mi-0123456789abcdef0/general?region=ap-northeast-1\x1b\\",
		base + "systems-manager/fleet-manager/managed-nodes/mi-0123456789abcdef1/general?region=ap-northeast-1\x1b\\",
		base + "directoryservicev2/home?region=ap-northeast-1#!/directories/d-9067099999\x1b\\d-9067099999",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %q in\n%q", want, out.String())
		}
	}
	if strings.Count(out.String(), "\x1b]8;;h") != strings.Count(out.String(), "\x1b]8;;\x1b") {
		t.Errorf("want each link ended, got %q", out.String())
	}
}

// TestJSONHasLinks is of a plane, and a pipe: the document has the pages, and the
// text has nothing that a file should not hold.
func TestJSONHasLinks(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		s.cloud.console = true
		_, out, _ := s.run(t.Context(), Flags{Options: duty.Options{JSON: true}}, "")
		var got struct {
			Findings []struct {
				Desktops []struct{ ID, Link string }
			}
		}
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatalf("%v in:\n%s", err, out)
		}
		for _, d := range got.Findings[0].Desktops {
			if want := "http://127.0.0.1:4566/_tamachi/console/desktops/" + d.ID; d.Link != want {
				t.Errorf("want %s, got %q", want, d.Link)
			}
		}
		if _, plain, _ := s.run(t.Context(), Flags{}, ""); strings.Contains(plain, "\x1b") || strings.Contains(plain, "_tamachi") {
			t.Errorf("want plain text for a pipe, got %q", plain)
		}
	})
}

// TestPlansHaveLinks is the agenda of a plane on this machine.
func TestPlansHaveLinks(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		s.cloud.console = true
		found := &Plan{At: s.world.Clock.Now()}
		found.link(s.cloud.account().Console(t.Context()))
		a := &Agenda{StandUp: []Incident{{Plan: "p-0123456789", Duty: "cost", By: "x", What: plan.Text{En: "y", Ja: "y"}}}, Waiting: []Waiting{{ID: "a-0123456789"}}}
		a.link([]*Plan{{}, found})
		if a.StandUp[0].Link != "http://127.0.0.1:4566/_tamachi/console/plans/p-0123456789" || a.Waiting[0].Link != "http://127.0.0.1:4566/_tamachi/console/approvals?request=a-0123456789" {
			t.Errorf("want their pages, got %+v", a)
		}
		if a.links["p-0123456789"] != a.StandUp[0].Link || a.links["a-0123456789"] != a.Waiting[0].Link {
			t.Errorf("want them for a terminal too, got %v", a.links)
		}
	})
}
