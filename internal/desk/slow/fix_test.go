package slow

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/price"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

func TestAGraphHasAPointForEachFiveMinutes(t *testing.T) {
	for _, row := range []struct {
		name    string
		samples []Sample
		want    string
	}{
		{"nothing is known", nil, strings.Repeat("·", 24)},
		{"the last half hour", series(0, 20, 50, 99, 100, 100), strings.Repeat("·", 18) + "▁▂▅███"},
		{"above the scale", series(100, 200), strings.Repeat("·", 22) + "▅█"},
		{"of yesterday", []Sample{{noon.Add(-24 * time.Hour), 50}}, strings.Repeat("·", 24)},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := graph(row.samples, noon, 100); got != row.want {
				t.Errorf("want %s, got %s", row.want, got)
			}
		})
	}
}

func TestTheRequestHasTheEvidenceAndThePrice(t *testing.T) {
	table, err := price.Read(strings.NewReader(`{"Region":"ap-northeast-1","Currency":"USD","Cells":[
		{"Compute":"STANDARD","OS":"Windows","Mode":"AlwaysOn","Unit":"Month","Price":"40.5","Source":"test","Date":"2026-11-01"},
		{"Compute":"PERFORMANCE","OS":"Windows","Mode":"AlwaysOn","Unit":"Month","Price":"61","Source":"test","Date":"2026-11-01"},
		{"Compute":"STANDARD","OS":"Windows","Mode":"AutoStop","Unit":"Month","Price":"10","Source":"test","Date":"2026-11-01"},
		{"Compute":"PERFORMANCE","OS":"Windows","Mode":"AutoStop","Unit":"Month","Price":"10","Source":"test","Date":"2026-11-01"},
		{"Compute":"STANDARD","OS":"Windows","Mode":"AutoStop","Unit":"Hour","Price":"0.40","Source":"test","Date":"2026-11-01"},
		{"Compute":"PERFORMANCE","OS":"Windows","Mode":"AutoStop","Unit":"Hour","Price":"0.65","Source":"test","Date":"2026-11-01"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name   string
		mode   string
		prices *price.Table
		counts bool
		says   string
		more   plan.More
	}{
		{"paid by the month", "ALWAYS_ON", table, true, "STANDARD to PERFORMANCE: 20.50 USD more a month", plan.More{Amount: "20.50", Currency: "USD"}},
		{"paid by the hour: all hours of a month", "AUTO_STOP", table, true, "at most 186.00 USD more a month", plan.More{Amount: "186.00", Currency: "USD"}},
		{"prices that an option names", "ALWAYS_ON", table, false, "20.50 USD more a month", plan.More{}},
		{"no prices", "ALWAYS_ON", nil, true, "no price is known", plan.More{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := calm()
			f.Mode = row.mode
			f.Metrics["CPUUsage"] = series(20, 90, 95, 91, 99, 90, 97)
			f.Load.Disks = []probe.Disk{{Name: "C:", Percent: 97}}
			f.Load.Processes = []probe.Process{{Name: "Teams", PID: 7, Count: 1, Percent: 61}}
			rules := Rules{Thresholds: settings.Default().Thresholds, Prices: row.prices}
			made, err := judge(f, rules).proposal(rules, row.counts, plan.Plan{Duty: Duty, Made: noon, By: "arn:aws:iam::123456789012:user/tanabe", Places: []plan.Place{{}}})
			if err != nil {
				t.Fatal(err)
			}
			s := made.Steps[0]
			if got := s.What.In(report.English); !strings.Contains(got, row.says) {
				t.Errorf("want it to say %q, got %q", row.says, got)
			}
			if want := "CPUUsage is 97, above 85 for 30 minutes; Teams (1) uses 61% of all CPUs"; s.Why.En != want {
				t.Errorf("want %q, got %q", want, s.Why.En)
			}
			if s.Undo == nil || s.Lost.Ja == "" || !strings.Contains(s.CLI, "ComputeTypeName=PERFORMANCE") {
				t.Errorf("want a way back, what is lost and the CLI, got %+v", s)
			}
			if got := s.More; (got == nil) != (row.more == plan.More{}) || got != nil && *got != row.more {
				t.Errorf("want %+v to be counted, got %+v", row.more, got)
			}
			var e Evidence
			if err := json.Unmarshal(made.Facts, &struct {
				*Evidence
				Findings json.RawMessage `json:"findings"`
			}{Evidence: &e}); err != nil {
				t.Fatal(err)
			}
			if want := "CPUUsage    -2h ·················▂██████ 97% (≥85%)"; len(e.Graph) != 1 || e.Graph[0] != want || e.Programs[0] != "Teams 61%" || len(e.Points["CPUUsage"]) != 7 {
				t.Errorf("want the graph, the programs and the points, got %+v", e)
			}
		})
	}
}

func FuzzSize(f *testing.F) {
	f.Add([]byte(`{"workspaceId":"ws-1","workspaceProperties":{"computeTypeName":"POWER"}}`))
	f.Add([]byte(`{"workspaceProperties":[]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got := size(b); got != "" && !json.Valid(b) {
			t.Errorf("%q is no request, and asks for %s", b, got)
		}
	})
}
