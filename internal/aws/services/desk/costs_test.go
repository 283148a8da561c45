package desk_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/desk/cost"
)

// The prices are the test's own.
const prices = `{"Region":"ap-northeast-1","Currency":"USD","Cells":[
 {"Compute":"VALUE","OS":"Windows","Mode":"AlwaysOn","Unit":"Month","Price":"30","Source":"a test","Date":"2026-11-22"},
 {"Compute":"VALUE","OS":"Windows","Mode":"AutoStop","Unit":"Month","Price":"6","Source":"a test","Date":"2026-11-22"},
 {"Compute":"VALUE","OS":"Windows","Mode":"AutoStop","Unit":"Hour","Price":"0.25","Source":"a test","Date":"2026-11-22"}
]}`

// TestTheMonthsCost has no figure that no table gives: without one there are
// hours, and with one nobody guesses what system a desktop runs.
func TestTheMonthsCost(t *testing.T) {
	o := open(t)
	home := o.getenv("HOME")
	summary := func(system string) (map[string]any, string) {
		t.Helper()
		out, fault := o.desk(o.Config(), "DescribeCostSummary", map[string]any{"OperatingSystem": system, "Language": "ja"})
		if system == "" {
			out, fault = o.desk(o.Config(), "DescribeCostSummary", map[string]any{})
		}
		if s, ok := out["Summary"].(map[string]any); ok {
			return s, fault
		}
		return out, fault
	}
	s, fault := summary("")
	on, _ := s["Modes"].([]any)[0].(map[string]any)
	if fault != "" || s["Cost"] != nil || on["RunningMode"] != "ALWAYS_ON" || on["Desktops"] != 1.0 || !strings.Contains(fmt.Sprint(s["Unpriced"]), "no price table") {
		t.Fatalf("want hours only, and why, got %v %s", s, fault)
	}

	o.must(os.WriteFile(filepath.Join(home, "prices.json"), []byte(prices), 0o600))
	o.must(os.WriteFile(filepath.Join(home, "desk.yaml"), []byte(rules+"prices: prices.json\n"), 0o600))
	if s, fault := summary(""); fault != "" || s["Cost"] != nil || s["Untold"] != 1.0 || fmt.Sprint(s["Systems"]) != "[Windows]" || s["Unpriced"] != nil {
		t.Errorf("want nobody to guess the system, got %v %s", s, fault)
	}
	s, fault = summary("Windows")
	if text := fmt.Sprint(s); fault != "" || s["Cost"] == nil || s["Currency"] != "USD" || !strings.Contains(text, "Hours:96.0") || !strings.Contains(text, "a test, 2026-11-22") || s["Changes"] != 0.0 {
		t.Errorf("want the fee, the break-even and the source, got %v %s", s, fault)
	}
	if out, fault := summary("Solaris"); fault != "ResourceNotFoundException" || !strings.Contains(fmt.Sprint(out), "Solaris の価格はありません") {
		t.Errorf("a system without prices: got %v %s", out, fault)
	}

	o.must(os.WriteFile(filepath.Join(home, "prices.json"), []byte(strings.Replace(prices, "ap-northeast-1", "eu-west-3", 1)), 0o600))
	if s, fault := summary(""); fault != "" || !strings.Contains(fmt.Sprint(s["Unpriced"]), "another Region, eu-west-3") {
		t.Errorf("prices of elsewhere: got %v %s", s, fault)
	}
	o.must(os.WriteFile(filepath.Join(home, "prices.json"), []byte(`{"Region":"","secret":1}`), 0o600))
	if s, fault := summary(""); fault != "" || !strings.Contains(fmt.Sprint(s["Unpriced"]), "cannot be read") || strings.Contains(fmt.Sprint(s), "secret") {
		t.Errorf("a broken table: got %v %s", s, fault)
	}
}

// late is a clock that can be behind.
type late struct {
	clock.Real
	by atomic.Int64 // nanoseconds, not above zero
}

// Now is then.
func (l *late) Now() time.Time { return l.Real.Now().Add(time.Duration(l.by.Load())) }

// TestTheMonthsChanges counts what a sweep's plan did, and says who may not see
// what it saved.
func TestTheMonthsChanges(t *testing.T) {
	c := new(late)
	c.by.Store(int64(-2 * time.Minute))
	o := openAt(t, c)
	facts, err := json.Marshal(cost.Evidence{Currency: "USD", Promises: []cost.Promise{{Desktop: o.desktop, Saving: "10", AlwaysOn: "30", AutoStop: "6", Hour: "1/4"}}})
	o.must(err)
	elsewhere := o.own()
	elsewhere.Endpoint = strings.Replace(elsewhere.Endpoint, "127.0.0.1", "localhost", 1)
	id := o.proposesWith(cost.ReleaseDuty, facts, elsewhere)
	if out, fault := o.desk(o.Config(), "ApplyPlan", map[string]any{"PlanId": id}); fault != "" {
		t.Fatalf("apply: %v %s", out, fault)
	}
	apitest.Eventually(t, "the change in the ledger", func() bool {
		out, fault := o.desk(o.Config(), "DescribeCostSummary", map[string]any{})
		s, _ := out["Summary"].(map[string]any)
		return fault == "" && s["Changes"] == 1.0
	})
	for range 2 { // samples of the desktop, now that it stops by itself
		c.by.Add(int64(time.Minute))
		o.must(o.Upkeep(t.Context()))
	}
	out, fault := o.desk(o.Config(), "DescribeCostSummary", map[string]any{})
	if s, _ := out["Summary"].(map[string]any); fault != "" || fmt.Sprint(s["Savings"]) != "[map[Currency:USD Promised:0.00 Realised:0.00]]" {
		t.Errorf("want the savings of the first second, got %v %s", out, fault)
	}
	blind := o.hire("blind", `"workspaces:DescribeWorkspaces"`)
	out, fault = o.desk(blind, "DescribeCostSummary", map[string]any{})
	if s, _ := out["Summary"].(map[string]any); fault != "" || s["Changes"] != nil || !strings.Contains(fmt.Sprint(s["Unanswered"]), "cloudwatch:GetMetricData") {
		t.Errorf("who may not read metrics: got %v %s", out, fault)
	}
	none := o.hire("none", `"iam:GetUser"`)
	if out, fault := o.desk(none, "DescribeCostSummary", map[string]any{}); fault != "AccessDeniedException" {
		t.Errorf("who may nothing: got %v %s", out, fault)
	}
}
