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
	Unprobed  *report.Line       `json:"unprobed,omitempty"`
	Missing   []*account.Problem `json:"unanswered,omitempty"`
	Snapshot  time.Time          `json:"restoreSnapshot,omitzero"` // the newest to restore from
	UserSnap  time.Time          `json:"rebuildSnapshot,omitzero"` // the newest of the user's volume
	Findings  []Finding          `json:"findings"`
	Ladder    []Rung             `json:"ladder"`
	Broken    time.Time          `json:"broken,omitzero"`   // the earliest time at which something was damaged, where that is known
	History   []Attempt          `json:"history,omitempty"` // rungs that were taken before
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
		if d.Kind == "owner" {
			advise(repair) // its files are there
			continue
		}
		advise(restore)
	}
	for _, d := range s.Logon {
		said := text.Logon
		if d.Kind == string(probe.ScriptFailed) {
			said = text.LogonFailed
		}
		p.find("logon", said, "what", d.What)
		advise(check)
	}
	if len(s.Files) > 0 || s.System == damaged {
		p.find("files", text.Files, "what", shownFiles(s))
		advise(repair)
	}
	if s.System == unrepaired {
		p.find("files", text.Unrepaired)
		advise(rebuild)
	}
	if len(p.Findings) == 0 {
		return // nothing is broken: nothing is suspect
	}
	p.suspects(s)
}

// suspects are the programs that came shortly before something was damaged; where
// nobody knows when that was, those of the last days.
func (p *Plan) suspects(s *Seen) {
	for _, d := range slices.Concat(s.Profile, s.Files, s.Logon) {
		if !d.At.IsZero() && (p.Broken.IsZero() || d.At.Before(p.Broken)) {
			p.Broken = d.At
		}
	}
	for _, i := range s.Installs {
		at := i.At.Format("2006-01-02 15:04 MST")
		switch before := p.Broken.Sub(i.At); {
		case p.Broken.IsZero() && p.At.Sub(i.At) < suspicious:
			p.find("suspect", text.Suspect, "name", i.Name, "time", at)
		case !p.Broken.IsZero() && before < near && before > -slack:
			p.find("suspect", text.SuspectNear, "name", i.Name, "time", at, "broken", stamp(p.Broken))
		}
	}
}

// near is how long before the damage an installation may be to be a suspect of it,
// and slack how long an installer goes on after it is written down.
const (
	near  = 24 * time.Hour
	slack = 15 * time.Minute
)

func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04 MST")
}

func shownFiles(s *Seen) string {
	if len(s.Files) == 0 {
		return "sfc, DISM"
	}
	var names []string
	for _, f := range s.Files[:min(3, len(s.Files))] {
		names = append(names, f.Kind+" "+f.What)
	}
	return strings.Join(names, ", ")
}

// ladder is every rung with what it loses.
func (p *Plan) ladder(advised string) {
	fix := func(rung string) string {
		return plan.Shell("tamachi", "diagnose", "desktop", p.Desktop, "--fix", rung)
	}
	p.Ladder = []Rung{
		{check, report.Say(text.LostNothing), plan.Shell("tamachi", "diagnose", "desktop", p.Desktop), false},
		{repair, report.Say(text.LostNothing), fix(repair), false},
		{restart, report.Say(text.LostUnsaved), fix(restart), false},
		{restore, report.Say(text.LostSince, "time", stamp(p.Snapshot)), fix(restore), false},
		{rebuild, report.Say(text.LostSystem, "time", stamp(p.UserSnap)), fix(rebuild), false},
		{recreate, report.Say(text.LostAll), fix(recreate), false},
	}
	if p.Snapshot.IsZero() { // nothing to restore from
		p.Ladder = slices.DeleteFunc(p.Ladder, func(r Rung) bool { return r.Name == restore })
		if advised == restore {
			advised = rebuild
		}
	}
	i := slices.IndexFunc(p.Ladder, func(r Rung) bool { return r.Name == advised })
	for i > 0 && i < len(p.Ladder)-1 && p.tried(p.Ladder[i].Name) {
		i++
	}
	if i >= 0 {
		p.Ladder[i].Advised = true
	}
}
