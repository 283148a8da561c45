package slow

import (
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/price"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// series are means of five minutes that end at noon.
func series(values ...float64) (out []Sample) {
	for i, v := range values {
		out = append(out, Sample{noon.Add(time.Duration(i-len(values)) * period), v})
	}
	return out
}

func calm() *Facts {
	return &Facts{
		At: noon, Desktop: "ws-1", User: "yamada.taro", State: "AVAILABLE", Compute: "STANDARD", Mode: "ALWAYS_ON", RootGiB: 80, UserGiB: 50,
		Node:    &probe.Node{Desktop: "ws-1", ID: "mi-1", By: "computer name", Online: true, Windows: true},
		Metrics: map[string][]Sample{"CPUUsage": series(20, 30, 20, 20, 10, 12, 15), "InSessionLatency": series(20, 30)},
		Load:    &probe.Load{CPUs: 2, MemoryKiB: 4000, MemoryFree: 3000, Processes: []probe.Process{{Name: "explorer", PID: 9, Count: 1, Percent: 4}}},
	}
}

func TestWhatMakesADesktopSlow(t *testing.T) {
	table, err := price.Read(strings.NewReader(`{"Region":"ap-northeast-1","Currency":"USD","Cells":[
		{"Compute":"STANDARD","OS":"Windows","Mode":"AlwaysOn","Unit":"Month","Price":"40.5","Source":"test","Date":"2026-11-01"},
		{"Compute":"PERFORMANCE","OS":"Windows","Mode":"AlwaysOn","Unit":"Month","Price":"61","Source":"test","Date":"2026-11-01"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name      string
		change    func(*Facts)
		kinds     string
		proposals string
		says      string
	}{
		{"nothing", func(*Facts) {}, "", "", "nothing that was measured"},
		{"the CPU for half an hour", func(f *Facts) { f.Metrics["CPUUsage"] = series(20, 90, 95, 91, 99, 90, 97) }, "cpu", "size-up", "STANDARD to PERFORMANCE, 20.50 USD more a Month (prices of 2026-11-01)"},
		{"the CPU for a moment", func(f *Facts) { f.Metrics["CPUUsage"] = series(20, 20, 20, 20, 20, 90, 97) }, "", "", ""},
		{"the CPU before, and not now", func(f *Facts) { f.Metrics["CPUUsage"] = series(90, 90, 90, 90, 90, 90, 90, 20) }, "", "", ""},
		{"one program", func(f *Facts) {
			f.Load.Processes = append(f.Load.Processes, probe.Process{Name: "Teams", PID: 8840, Count: 3, Percent: 61})
		}, "process", "stop-process,size-up", `aws ssm send-command --document-name AWS-RunPowerShellScript --instance-ids mi-1 --parameters 'commands=["Stop-Process -Id 8840"]'`},
		{"the memory", func(f *Facts) { f.Load.MemoryFree = 100 }, "memory", "size-up", "98% of the memory"},
		{"a disk", func(f *Facts) { f.Load.Disks = []probe.Disk{{Name: "C:", Percent: 97}} }, "disk", "free-space", "C: is 97% full"},
		{"the way", func(f *Facts) { f.Metrics["InSessionLatency"] = series(250, 300) }, "latency", "network", "tamachi diagnose client"},
		{"the largest size", func(f *Facts) { f.Compute = "GENERALPURPOSE_8XLARGE"; f.Load.MemoryFree = 0 }, "memory", "size-up", "no size above"},
		{"no price for the next size", func(f *Facts) { f.Compute = "POWER"; f.Load.MemoryFree = 0 }, "memory", "size-up", "no price is known"},
		{"it sleeps", func(f *Facts) { f.State = "STOPPED" }, "stopped", "", "is STOPPED"},
		{"nobody could ask it", func(f *Facts) {
			f.Load, f.Node = nil, nil
			f.Unprobed = new(report.Say(report.Message{En: "no node", Ja: "no node"}))
			f.Metrics["RootVolumeDiskUsage"] = series(95)
		}, "disk", "", "not asked itself: no node"},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := calm()
			row.change(f)
			p := judge(f, Rules{Thresholds: settings.Default().Thresholds, Prices: table})
			var kinds, proposals []string
			for _, one := range p.Findings {
				kinds = append(kinds, one.Kind)
			}
			for _, one := range p.Proposals {
				proposals = append(proposals, one.Kind)
			}
			if got := strings.Join(kinds, ","); got != row.kinds {
				t.Errorf("want %q found, got %q", row.kinds, got)
			}
			if got := strings.Join(proposals, ","); got != row.proposals {
				t.Errorf("want %q proposed, got %q", row.proposals, got)
			}
			var b strings.Builder
			if err := (sheet{[]*Plan{p}, time.UTC}).Write(&b, report.English); err != nil || !strings.Contains(b.String(), row.says) {
				t.Errorf("want it to say %q, got %v\n%s", row.says, err, b.String())
			}
		})
	}
}

func FuzzNames(f *testing.F) {
	f.Add([]byte(`{"rebuildWorkspaceRequests":[{"workspaceId":"ws-1"}]}`))
	f.Add([]byte(`[[[[{"a":null}]]]]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if names(b, "ws-1") && !strings.Contains(string(b), "ws-1") && !strings.Contains(string(b), `\u`) {
			t.Errorf("%s does not name it", b)
		}
	})
}
