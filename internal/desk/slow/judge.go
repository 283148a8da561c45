package slow

import (
	"math/big"
	"slices"
	"strconv"
	"time"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/price"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// Rules are what the facts are judged by.
type Rules struct {
	settings.Thresholds
	Prices *price.Table // nil: no price is known
	OS     string       // as the table writes it, where the desktop does not tell
}

// Finding is one thing that makes the desktop slow.
type Finding struct {
	Kind     string      `json:"kind"` // cpu, memory, disk, latency, process, stopped
	Evidence report.Line `json:"evidence"`
}

// Proposal is one thing to do about it.
type Proposal struct {
	Kind    string      `json:"kind"` // stop-process, size-up, free-space, network
	What    report.Line `json:"what"`
	Command string      `json:"command,omitempty"`
}

// Plan is the diagnosis of one desktop.
type Plan struct {
	*Facts
	Findings  []Finding  `json:"findings"`
	Proposals []Proposal `json:"proposals"`
	Graph     []string   `json:"graph,omitempty"` // of CPU and memory

	up *larger // nil where a larger size is not proposed
}

// ranked are the compute types from the smallest to the largest; those with a
// graphics card are another family.
// Source: WorkSpaces API Reference, WorkspaceProperties, ComputeTypeName;
// Administration Guide, "Modify a WorkSpace in WorkSpaces Personal".
var ranked = []string{"VALUE", "STANDARD", "PERFORMANCE", "POWER", "POWERPRO", "GENERALPURPOSE_4XLARGE", "GENERALPURPOSE_8XLARGE"}

// hog is the share of all CPUs from which on one program is called the cause.
const hog = 50

// judge compares the facts with the rules.
func judge(f *Facts, r Rules) *Plan {
	p := &Plan{Facts: f, Findings: []Finding{}, Proposals: []Proposal{}}
	if f.State != "AVAILABLE" {
		p.find("stopped", text.NotAvailable, "state", f.State)
		return p
	}
	p.Graph = f.draw(r)
	busy := p.above("cpu", "CPUUsage", r.CPUPercent, r.CPUFor)
	full := p.above("memory", "MemoryUsage", r.MemoryPercent, period)
	if p.above("latency", "InSessionLatency", r.LatencyMilliseconds, r.LatencyFor) {
		p.propose("network", "", text.LookAtPath)
	}
	p.disks(r.DiskPercent)
	greedy := p.processes(r.MemoryPercent)
	if busy || full || greedy {
		p.grow(r)
	}
	return p
}

func (p *Plan) find(kind string, m report.Message, pairs ...any) {
	p.Findings = append(p.Findings, Finding{kind, report.Say(m, pairs...)})
}

func (p *Plan) propose(kind, command string, m report.Message, pairs ...any) {
	p.Proposals = append(p.Proposals, Proposal{kind, report.Say(m, pairs...), command})
}

// above finds a metric that was above its threshold for so long at the end.
func (p *Plan) above(kind, metric string, threshold float64, long time.Duration) bool {
	samples := p.Metrics[metric]
	n := 0
	for _, s := range slices.Backward(samples) {
		if s.Value < threshold {
			break
		}
		n++
	}
	need := max(1, int(long/period))
	if n < need || threshold <= 0 {
		return false
	}
	last := samples[len(samples)-1]
	p.find(kind, text.Above, "metric", metric, "value", round(last.Value), "threshold", round(threshold), "minutes", n*int(period.Minutes()))
	return true
}

func (p *Plan) disks(threshold float64) {
	if p.Load == nil {
		p.above("disk", "RootVolumeDiskUsage", threshold, period)
		p.above("disk", "UserVolumeDiskUsage", threshold, period)
		return
	}
	for _, d := range p.Load.Disks {
		if d.Percent >= threshold {
			p.find("disk", text.DiskFull, "disk", d.Name, "value", round(d.Percent))
			p.propose("free-space", "", text.FreeSpace, "disk", d.Name)
		}
	}
}

// processes finds programs that use most of the machine at this moment.
func (p *Plan) processes(memory float64) bool {
	if p.Load == nil || p.Load.Unreadable {
		return false
	}
	l, found := p.Load, false
	top := slices.Clone(l.Processes)
	slices.SortStableFunc(top, func(a, b probe.Process) int {
		if a.Percent > b.Percent {
			return -1
		}
		return 1
	})
	if len(top) > 0 && top[0].Percent >= hog {
		one := top[0]
		p.find("process", text.Hog, "name", one.Name, "n", one.Count, "percent", round(one.Percent))
		p.propose("stop-process", p.stop(one), text.Stop, "name", one.Name, "pid", one.PID)
		found = true
	}
	if l.MemoryKiB > 0 && 100*(1-l.MemoryFree/l.MemoryKiB) >= memory {
		p.find("memory", text.MemoryFull, "value", round(100*(1-l.MemoryFree/l.MemoryKiB)))
		found = true
	}
	return found
}

// stop is the command that ends a program. A process's id is the node's word.
func (p *Plan) stop(one probe.Process) string {
	document, command := "AWS-RunShellScript", "kill "+strconv.Itoa(one.PID)
	if p.Node.Windows {
		document, command = "AWS-RunPowerShellScript", "Stop-Process -Id "+strconv.Itoa(one.PID)
	}
	return plan.Shell("aws", "ssm", "send-command", "--document-name", document, "--instance-ids", p.Node.ID, "--parameters", `commands=["`+command+`"]`)
}

// grow proposes one size up.
func (p *Plan) grow(r Rules) {
	i := slices.Index(ranked, p.Compute)
	if i < 0 || i+1 == len(ranked) {
		p.propose("size-up", "", text.NoLarger, "size", p.Compute)
		return
	}
	next := ranked[i+1]
	p.up = &larger{size: change.Size{Desktop: p.Desktop, Want: next, Was: p.Compute}}
	if more, unit, from := p.difference(r, next); more != nil {
		p.propose("size-up", p.up.size.CLI(), text.SizeUp, "from", p.Compute, "to", next, "more", more.FloatString(2), "currency", r.Prices.Currency, "unit", unit, "date", from)
		return
	}
	p.propose("size-up", p.up.size.CLI(), text.SizeUpNoPrice, "from", p.Compute, "to", next)
}

// difference is what the larger size costs more: a month, or an hour of
// AUTO_STOP.
func (p *Plan) difference(r Rules, next string) (more *big.Rat, unit, date string) {
	if r.Prices == nil {
		return nil, "", ""
	}
	os := r.OS
	if all := r.Prices.Systems(); os == "" && len(all) == 1 {
		os = all[0]
	}
	now := r.Prices.RatesOf(price.Kind{Compute: p.Compute, OS: os, RootGiB: p.RootGiB, UserGiB: p.UserGiB})
	then := r.Prices.RatesOf(price.Kind{Compute: next, OS: os, RootGiB: p.RootGiB, UserGiB: p.UserGiB})
	p.up.more, p.up.atMost = monthly(now, then, p.Mode)
	a, b, unit := now.AlwaysOn, then.AlwaysOn, price.Month
	if p.Mode == "AUTO_STOP" {
		a, b, unit = now.Hour, then.Hour, price.Hour
	}
	if a == nil || b == nil {
		return nil, "", ""
	}
	return new(big.Rat).Sub(b, a), unit, then.Cells[0].Date
}

func round(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }
