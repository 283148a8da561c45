package morning

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// page writes a plan for one reader.
type page struct {
	lang report.Lang
	zone *time.Location
	plan *Plan
	out  strings.Builder
}

// most is how many names a line lists before "and N more".
const most = 12

// Write prints the plan in the reader's language and time zone.
func (p *Plan) Write(w io.Writer, lang report.Lang, zone *time.Location) error {
	g := &page{lang: lang, zone: zone, plan: p}
	for i := range p.Findings {
		g.finding(&p.Findings[i])
	}
	if len(p.Findings) == 0 {
		g.line("", text.Healthy.In(lang, "counts", g.counts()))
	} else {
		g.line("", g.counts())
	}
	g.maintenance(p.Maintenance)
	for _, u := range p.Unanswered {
		if !g.folded(u.Problem) {
			g.line("", text.Unanswered.In(lang, "problem", u.Problem.In(lang)))
		}
	}
	for _, name := range p.Truncated {
		g.line("", text.Truncated.In(lang, "n", mostEvents, "event", name))
	}
	return g.write(w)
}

// write prints what was said, with links where somebody could click them.
func (g *page) write(w io.Writer) error {
	_, err := io.WriteString(w, g.plan.links.In(g.out.String()))
	return err
}

// folded tells whether a question that was not answered needs no line of its
// own: the line of counts has said that who is connected is not known, and an
// endpoint that does not know alarms, patches or maintenance windows has none.
func (g *page) folded(p *account.Problem) bool {
	switch p.Action {
	case "workspaces:DescribeWorkspacesConnectionStatus", "cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory",
		"cloudwatch:GetMetricData", "ssm:DescribeInstanceInformation",
		"ssm:ListCommands", "ssm:DescribeInstancePatchStates", "ssm:DescribeMaintenanceWindows":
		return p.Kind == account.Unknown
	}
	return false
}

func (g *page) line(label string, parts ...string) {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	if len(parts) == 0 {
		return
	}
	if label == "" {
		fmt.Fprintln(&g.out, strings.Join(parts, "; "))
		return
	}
	lead := "  " + label + ": "
	for i, part := range parts {
		if i > 0 {
			lead = strings.Repeat(" ", report.Width(lead))
		}
		end := ";"
		if i == len(parts)-1 {
			end = ""
		}
		fmt.Fprintln(&g.out, lead+part+end)
	}
}

func (g *page) say(m report.Message, pairs ...any) string { return m.In(g.lang, pairs...) }

// clock writes a time of today as 07:15, of another day as 11-21 23:10.
func (g *page) clock(t time.Time) string {
	t, now := t.In(g.zone), g.plan.At.In(g.zone)
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format("15:04")
	}
	if t.Year() == now.Year() {
		return t.Format("01-02 15:04")
	}
	return t.Format("2006-01-02 15:04")
}

func (g *page) list(names []string) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return g.say(text.More, "list", strings.Join(names[:most], ", "), "n", len(names)-most)
}

func (g *page) users(desktops []Desktop) string {
	var names []string
	for _, d := range desktops {
		names = append(names, cmp.Or(d.User, d.ID))
	}
	return g.list(names)
}

func (g *page) targets(targets []Target) string {
	var names []string
	for _, t := range targets {
		names = append(names, t.User)
	}
	slices.Sort(names)
	return g.list(slices.Compact(names))
}

func (g *page) counts() string {
	c := g.plan.Counts
	inUse, recent := g.say(text.InUseUnknown), g.say(text.RecentUnknown)
	if c.InUse != nil {
		inUse = g.say(text.InUse, "n", *c.InUse)
	}
	if c.Recent != nil {
		recent = g.say(text.Recent, "n", *c.Recent, "since", g.clock(g.plan.Since))
	}
	passing := 0
	for state := range movers {
		passing += c.States[state]
	}
	onTheWay := ""
	if passing > 0 {
		onTheWay = g.say(text.OnTheWay, "n", passing)
	}
	return g.say(text.Counts, "n", c.Total, "inUse", inUse, "recent", recent, "onTheWay", onTheWay, "error", g.say(text.Errors, "n", c.Error))
}

func (g *page) finding(f *Finding) {
	switch f.Kind {
	case InError:
		g.line("", g.say(text.InError, "n", len(f.Desktops), "users", g.users(f.Desktops)))
		g.line(g.say(text.Why), g.why(f)...)
		label, next := g.remedy(f)
		g.line(label, next)
	case RepairInterrupted:
		if len(f.Targets) == 0 {
			g.line("", g.say(text.Unverified, "time", g.clock(f.Begun)))
			g.line(g.say(text.Fix), g.say(text.UnverifiedNext))
			return
		}
		g.line("", g.say(text.Interrupted, "n", len(f.Targets), "users", g.targets(f.Targets), "time", g.clock(f.Begun)))
		g.line(g.say(text.Fix), g.say(text.InterruptedNext, "n", len(f.Targets)))
	case Unhealthy:
		// Bare ids: for this option the CLI takes each word as an id, WorkspaceId=
		// and all.
		var requests []string
		for _, d := range f.Desktops {
			requests = append(requests, d.ID)
		}
		g.line("", g.say(text.Unhealthy, "n", len(f.Desktops), "users", g.users(f.Desktops)))
		g.line(g.say(text.Next), g.say(text.UnhealthyNext, "requests", strings.Join(requests[:min(len(requests), account.Batch)], " ")))
	case Stuck:
		var ids []string
		for _, d := range f.Desktops {
			ids = append(ids, d.ID)
		}
		last := f.Events[len(f.Events)-1]
		g.line("", g.say(text.Stuck, "n", len(f.Desktops), "state", f.State, "users", g.users(f.Desktops),
			"minutes", int(g.plan.At.Sub(last.Time).Minutes())))
		g.line(g.say(text.Next), g.say(text.StuckNext, "time", g.clock(f.Events[0].Time), "event", last.Name,
			"ids", strings.Join(ids[:min(len(ids), account.Batch)], " ")))
	case CreationsFailed:
		g.failed(f)
	case DirectoryImpaired:
		g.line("", g.directory(f.Directory))
		g.line(g.say(text.Next), g.say(text.ImpairedNext, "directory", f.Directory.ID))
	case Disconnected:
		head, rows := f.Outage.Tell(g.lang, g.clock)
		g.line("", head)
		for _, r := range rows {
			g.line(r.Label, r.Text)
		}
	case InAlarm:
		g.alarms(f)
	case AlarmsMisnamed:
		g.misnamed(f)
	case PatchesBroken:
		g.patches(f)
	case AgentsLost:
		g.agents(f)
	case NotStopping:
		g.notStopping(f)
	}
}

func (g *page) failed(f *Finding) {
	in := ""
	if id := f.directory(); id != "" {
		in = g.say(text.FailedIn, "directory", id)
	}
	first, last := f.Events[0], f.Events[len(f.Events)-1]
	if len(f.Events) == 1 {
		g.line("", g.say(text.FailedOnce, "time", g.clock(first.Time), "code", f.Code, "directory", in))
	} else {
		g.line("", g.say(text.Failed, "n", len(f.Events), "from", g.clock(first.Time), "to", g.clock(last.Time),
			"code", f.Code, "directory", in))
	}
	var by []string
	for _, e := range f.Events {
		by = append(by, e.By)
	}
	slices.Sort(by)
	why := []string{report.Plain(f.Message), g.say(text.FailedBy, "by", g.list(slices.Compact(by)), "requests", g.requests(f.Events))}
	if len(f.Targets) > 0 {
		why = append(why, g.say(text.FailedUsers, "users", g.targets(f.Targets)))
	}
	g.line(g.say(text.Why), why...)
}

func (g *page) requests(events []Event) string {
	var ids []string
	for _, e := range events {
		ids = append(ids, cmp.Or(e.RequestID, e.ID))
	}
	list := strings.Join(ids, ", ")
	if len(ids) > 3 {
		list = g.say(text.More, "list", strings.Join(ids[:3], ", "), "n", len(ids)-3)
	}
	return g.say(text.Requests, "n", len(ids), "ids", list)
}

func (g *page) directory(d *Directory) string {
	stage, reason := d.Stage, d.StageReason
	if d.Registration == "ERROR" {
		stage, reason = g.say(text.Registration), cmp.Or(d.Error, reason)
	}
	if reason != "" {
		reason = ": " + reason
	}
	return g.say(text.Impaired, "directory", d.ID, "stage", stage, "reason", reason)
}
