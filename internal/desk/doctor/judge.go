package doctor

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// Finding is one thing that is broken, or a suspect.
type Finding struct {
	Kind     string      `json:"kind"` // state, clock, disk, shell, profile, logon, files, suspect
	Evidence report.Line `json:"evidence"`
}

// Rung is one step of the ladder of repairs.
type Rung struct {
	Name    string      `json:"name"`
	Lost    report.Line `json:"lost"`
	Command string      `json:"command"`
	Advised bool        `json:"advised,omitempty"` // the lowest that can help
}

// Plan is the diagnosis of one desktop.
type Plan struct {
	At        time.Time          `json:"at"`
	Desktop   string             `json:"desktop"`
	User      string             `json:"user"`
	Directory string             `json:"directory"`
	Bundle    string             `json:"bundle"`
	State     string             `json:"state"`
	Error     string             `json:"error,omitempty"`
	Node      *probe.Node        `json:"node,omitempty"`
	Seen      *Seen              `json:"seen,omitempty"`
	Unprobed  string             `json:"unprobed,omitempty"`
	Missing   []*account.Problem `json:"unanswered,omitempty"`
	Snapshot  time.Time          `json:"restoreSnapshot,omitzero"` // the newest to restore from
	UserSnap  time.Time          `json:"rebuildSnapshot,omitzero"` // the newest of the user's volume
	Findings  []Finding          `json:"findings"`
	Ladder    []Rung             `json:"ladder"`
}

// The rungs, from the gentlest.
const (
	check    = "check"
	repair   = "repair"
	restart  = "restart"
	restore  = "restore"
	rebuild  = "rebuild"
	recreate = "recreate"
)

// suspicious is how old an installation may be to be a suspect.
const suspicious = 7 * 24 * time.Hour

func (p *Plan) find(kind string, m report.Message, pairs ...any) {
	p.Findings = append(p.Findings, Finding{kind, report.Say(m, pairs...)})
}

// judge compares what was seen with what is right, and builds the ladder.
func (p *Plan) judge(t settings.Thresholds) {
	advised := ""
	advise := func(rung string) {
		order := []string{"", check, repair, restart, restore, rebuild, recreate}
		if slices.Index(order, rung) > slices.Index(order, advised) {
			advised = rung
		}
	}
	switch p.State {
	case "AVAILABLE":
	case "UNHEALTHY":
		p.find("state", text.State, "state", p.State, "error", p.Error)
		advise(restart)
	case "ERROR":
		p.find("state", text.State, "state", p.State, "error", p.Error)
		advise(rebuild)
	default:
		p.find("state", text.State, "state", p.State, "error", p.Error)
	}
	if s := p.Seen; s != nil {
		p.inside(s, t, advise)
	}
	p.ladder(advised)
}

func (p *Plan) inside(s *Seen, t settings.Thresholds, advise func(string)) {
	if skew := p.At.Sub(s.Clock); !s.Clock.IsZero() && skew.Abs() > t.ClockSkew {
		p.find("clock", text.Clock, "clock", s.Clock.Format(time.RFC3339), "skew", skew.Round(time.Second))
		advise(restart)
	}
	for _, d := range s.Disks {
		if d.Percent >= t.DiskPercent {
			p.find("disk", text.Disk, "disk", d.Name, "percent", strconv.FormatFloat(d.Percent, 'f', 0, 64))
			advise(check) // whoever has the files decides
		}
	}
	if s.Session && len(s.Shell) == 0 {
		p.find("shell", text.Shell)
		advise(restart)
	}
	for _, d := range s.Profile {
		p.find("profile", text.Profile, "kind", d.Kind, "what", d.What)
		advise(restore)
	}
	for _, d := range s.Logon {
		p.find("logon", text.Logon, "what", d.What)
		advise(check)
	}
	if len(s.Files) > 0 || s.SFC == "damaged" {
		p.find("files", text.Files, "what", shownFiles(s))
		advise(repair)
	}
	if s.SFC == "unrepaired" {
		p.find("files", text.Unrepaired)
		advise(rebuild)
	}
	if len(p.Findings) == 0 {
		return // nothing is broken: nothing is suspect
	}
	for _, i := range s.Installs {
		if p.At.Sub(i.At) < suspicious {
			p.find("suspect", text.Suspect, "name", i.Name, "time", i.At.Format("2006-01-02 15:04 MST"))
		}
	}
}

func shownFiles(s *Seen) string {
	if len(s.Files) == 0 {
		return "sfc"
	}
	var names []string
	for _, f := range s.Files[:min(3, len(s.Files))] {
		names = append(names, f.Kind+" "+f.What)
	}
	return strings.Join(names, ", ")
}

// ladder is every rung with what it loses.
func (p *Plan) ladder(advised string) {
	since := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.UTC().Format("2006-01-02 15:04 MST")
	}
	document, script := "AWS-RunShellScript", "dpkg --configure -a; apt-get -f install -y"
	node := "-"
	if p.Node != nil {
		node = p.Node.ID
		if p.Node.Windows {
			document, script = "AWS-RunPowerShellScript", "sfc /scannow"
		}
	}
	fix := func(rung string) string {
		return plan.Shell("tamachi", "diagnose", "desktop", p.Desktop, "--fix", rung)
	}
	p.Ladder = []Rung{
		{check, report.Say(text.LostNothing), plan.Shell("tamachi", "diagnose", "desktop", p.Desktop), false},
		{repair, report.Say(text.LostNothing), plan.Shell("aws", "ssm", "send-command", "--document-name", document, "--instance-ids", node, "--parameters", `commands=["`+script+`"]`), false},
		{restart, report.Say(text.LostUnsaved), fix(restart), false},
		{restore, report.Say(text.LostSince, "time", since(p.Snapshot)), fix(restore), false},
		{rebuild, report.Say(text.LostSystem, "time", since(p.UserSnap)), fix(rebuild), false},
		{recreate, report.Say(text.LostAll), plan.Shell("aws", "workspaces", "terminate-workspaces", "--terminate-workspace-requests", p.Desktop) + " && " +
			plan.Shell("aws", "workspaces", "create-workspaces", "--workspaces", "DirectoryId="+p.Directory+",UserName="+p.User+",BundleId="+p.Bundle), false},
	}
	for i := range p.Ladder {
		p.Ladder[i].Advised = p.Ladder[i].Name == advised
	}
	if p.Snapshot.IsZero() { // nothing to restore from
		p.Ladder = slices.DeleteFunc(p.Ladder, func(r Rung) bool { return r.Name == restore })
		if advised == restore {
			i := slices.IndexFunc(p.Ladder, func(r Rung) bool { return r.Name == rebuild })
			p.Ladder[i].Advised = true
		}
	}
}
