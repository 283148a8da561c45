package morning

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// quietFacts is a morning on which the one desktop is well.
func quietFacts() *Facts {
	f := storyFacts()
	f.Desktops, f.Repeats = f.Desktops[2:], f.At.AddDate(0, 0, -7)
	return f
}

const yamadas = "ws-a00000001"

// TestJudgeOfTheNight changes a quiet morning's facts, as TestJudge does the
// story's.
func TestJudgeOfTheNight(t *testing.T) {
	used := func(f *Facts, clock string) {
		f.Connected = map[string]Usage{yamadas: {State: "DISCONNECTED", Last: at(clock).AddDate(0, 0, -1)}}
	}
	patched := func(f *Facts, r PatchRun) {
		r.Node, r.Command, r.Asked, r.Machine = "mi-0000000000000000a", "c-1", at("02:00:00"), Node{ID: "mi-0000000000000000a", Source: yamadas, Platform: "Linux"}
		f.PatchRuns = append(f.PatchRuns, r)
	}
	for _, row := range []struct {
		name   string
		change func(*Facts)
		kinds  []FindingKind
	}{
		{"an alarm for the third time in a week", func(f *Facts) {
			f.Alarms = []Alarm{
				{Name: "office-latency", Metric: "InSessionLatency", Since: at("07:58:00"), Times: 1},
				{Name: "cpu-yamada", Metric: "CPUUsage", Desktop: yamadas, Since: at("07:12:00"), Times: 3},
			}
		}, []FindingKind{InAlarm}},
		{"alarms on metrics that are not there", func(f *Facts) {
			f.Misnamed = []Misnamed{
				{Name: "latency", Metrics: []Unpublished{{Name: "SessionLatency"}}, Put: `{"AlarmName":"latency","MetricName":"SessionLatency","Namespace":"AWS/WorkSpaces"}`},
				{Name: "busy", Metrics: []Unpublished{{Name: "NetworkIn"}, {Name: "CPUUtilization"}}, Put: `{"AlarmName":"busy","MetricName":"NetworkIn","Namespace":"AWS/WorkSpaces"}`},
			}
		}, []FindingKind{AlarmsMisnamed}},
		{"a node whose agent is silent though the desktop runs", func(f *Facts) {
			f.Lost = []Node{{ID: "mi-1", Source: yamadas, LastPing: at("05:10:00")}, {ID: "mi-2", Name: "printserver", LastPing: at("06:00:00")}}
		}, []FindingKind{AgentsLost}},
		{"a node that is known by the name of its computer", func(f *Facts) {
			f.Desktops[0].Computer = "WSAMZN-ABC"
			f.Lost = []Node{{ID: "mi-1", Name: "wsamzn-abc.corp.example.com", LastPing: at("05:10:00")}}
		}, []FindingKind{AgentsLost}},
		{"the agent of a stopped desktop is silent by right", func(f *Facts) {
			f.Desktops[0].State = "STOPPED"
			f.Lost = []Node{{ID: "mi-1", Source: yamadas}, {ID: "mi-2", Source: "ws-gone00000"}}
		}, nil},
		{"a node that was there minutes ago", func(f *Facts) { f.Lost = []Node{{ID: "mi-1", Source: yamadas, LastPing: at("07:55:00")}} }, nil},
		{"patches that a restart cut off, by the word of the node", func(f *Facts) {
			patched(f, PatchRun{Status: "Success", Said: "interrupted: a restart cut off the Install that began 2026-11-23T17:00:00Z"})
		}, []FindingKind{PatchesBroken}},
		{"an Install that went well after the one that a restart cut off", func(f *Facts) {
			patched(f, PatchRun{Status: "Success", Did: "Install", Said: "interrupted: a restart cut off the Install that began 2026-11-23T17:00:00Z"})
		}, nil},
		{"a Scan after an Install that a restart cut off", func(f *Facts) {
			patched(f, PatchRun{Status: "Success", Did: "Scan", Said: "interrupted: a restart cut off the Install that began 2026-11-23T17:00:00Z"})
		}, []FindingKind{PatchesBroken}},
		{"patches of a Windows desktop that a call restarted meanwhile", func(f *Facts) {
			patched(f, PatchRun{Status: "Failed"})
			f.PatchRuns[0].Machine.Platform = "Windows"
			f.Events = append(f.Events, Event{Name: "RebootWorkspaces", Time: at("02:20:00"), By: "yamada.taro", Desktops: []string{yamadas}})
		}, []FindingKind{PatchesBroken}},
		{"a restart before the patches is not why they failed", func(f *Facts) {
			patched(f, PatchRun{Status: "Failed"})
			f.Events = append(f.Events, Event{Name: "RebootWorkspaces", Time: at("01:20:00"), By: "yamada.taro", Desktops: []string{yamadas}})
		}, []FindingKind{PatchesBroken}},
		{"patches that were put off, and some without an end", func(f *Facts) {
			patched(f, PatchRun{Status: "Success", Said: "deferred: connected: yamada.taro"})
			patched(f, PatchRun{Status: "InProgress"})
		}, []FindingKind{PatchesBroken}},
		{"patches that are still on their way", func(f *Facts) {
			patched(f, PatchRun{Status: "InProgress"})
			f.PatchRuns[0].Asked = at("07:30:00")
		}, nil},
		{"an AUTO_STOP desktop that runs all night", func(f *Facts) { used(f, "18:30:00") }, []FindingKind{NotStopping}},
		{"one that was used an hour ago may still run", func(f *Facts) {
			f.Connected = map[string]Usage{yamadas: {State: "DISCONNECTED", Last: at("07:00:00")}}
		}, nil},
		{"one that somebody started an hour ago may still run", func(f *Facts) {
			used(f, "18:30:00")
			f.Events = append(f.Events, Event{Name: "StartWorkspaces", Time: at("07:00:00"), By: "tanabe", Desktops: []string{yamadas}})
		}, nil},
		{"where the trail is silent no desktop is accused", func(f *Facts) {
			used(f, "18:30:00")
			f.Unanswered = []Unanswered{unansweredProblem("cloudtrail:LookupEvents", account.Denied)}
		}, nil},
		{"one that nobody ever used is not accused", func(f *Facts) { f.Connected = map[string]Usage{yamadas: {State: "DISCONNECTED"}} }, nil},
		{"maintenance windows of today and tomorrow", func(f *Facts) {
			f.Windows = []Maintenance{
				{Name: "next-week", From: at("08:00:00").AddDate(0, 0, 6)},
				{Name: "tonight", From: at("23:00:00"), To: at("23:00:00").Add(3 * time.Hour)},
			}
		}, nil},
		{"AUTO_STOP desktops in their monthly weeks", func(f *Facts) { f.Directories[0].Maintenance = true }, nil},
		{"an endpoint without alarms, patches and windows says nothing of them", func(f *Facts) {
			f.Unanswered = []Unanswered{
				unansweredProblem("cloudwatch:DescribeAlarms", account.Unknown), unansweredProblem("ssm:DescribeMaintenanceWindows", account.Unknown),
				unansweredProblem("ssm:ListCommands", account.Denied),
			}
		}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := quietFacts()
			row.change(f)
			p := judge(f, Rules{StuckAfter: rules.StuckAfter, Zone: tokyo})
			var kinds []FindingKind
			for _, found := range p.Findings {
				kinds = append(kinds, found.Kind)
			}
			if !slices.Equal(kinds, row.kinds) {
				t.Fatalf("want findings %v, got %v", row.kinds, kinds)
			}
			golden(t, row.name, write(t, func(b *strings.Builder, l report.Lang) error { return p.Write(b, l, tokyo) }))
		})
	}
}

func TestOrdinals(t *testing.T) {
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 113: "113th"} {
		if got := ordinal(n); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
}
