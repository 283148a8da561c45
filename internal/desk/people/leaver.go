package people

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/spelling"
)

// keptTag is the tag of a leaver's desktop: the day until which it is kept.
const keptTag = "tamachi:kept-until"

// goer is somebody who leaves, and why we think so.
type goer struct {
	user
	why plan.Text
}

// goers are those of the feed who have left, and those who are named.
func (d *draft) goers() []goer {
	var all []goer
	f := d.facts
	for i := range f.Feed.People {
		p := &f.Feed.People[i]
		if p.Account != "" && p.At(f.At) == hr.Left && d.rules.wants(p) {
			all = append(all, goer{user{Directory: f.Location.ID, Account: p.Account, Given: p.Given, Surname: p.Surname}, plan.Say(text.HasLeft, "line", p.Line)})
		}
	}
	for _, name := range d.rules.Only {
		if f.Feed.Of(name) != nil && f.Feed.Of(name).At(f.At) == hr.Left {
			continue
		}
		key := strings.ToLower(name)
		if _, there := f.Users[key]; !there && len(f.Desktops[key]) == 0 {
			near := append(spelling.Near(name, f.Names), "-")
			d.doubt(text.Unknown, "account", name, "near", near[0])
			continue
		}
		all = append(all, goer{user{Directory: f.Location.ID, Account: name}, plan.Say(text.Asked)})
	}
	return all
}

// leave plans for those who go: the account is switched off, the desktop
// stopped and kept for some days.
func leave(f *Facts, r Rules) (Result, error) {
	d := &draft{facts: f, rules: r}
	until := f.At.AddDate(0, 0, r.Keep).UTC().Format(time.DateOnly)
	for _, g := range d.goers() {
		key := strings.ToLower(g.Account)
		if known, there := f.Users[key]; there && known.Enabled {
			d.step(g.user, plan.Step{
				Resource: g.Account, What: plan.Say(text.Disable, "name", named(g.user)),
				Why: g.why,
				CLI: line("ds-data", "disable-user", "--directory-id", f.Location.ID, "--sam-account-name", g.Account),
			}, disableUser, enableUser, g.user)
		}
		for i := range f.Desktops[key] {
			d.rest(g, &f.Desktops[key][i], until)
		}
	}
	return d.end("leaver", false)
}

// rest lets a leaver's desktop rest: stopped, with the day until which it is
// kept.
func (d *draft) rest(g goer, w *types.Workspace, until string) {
	id := aws.ToString(w.WorkspaceId)
	if w.WorkspaceProperties != nil && w.WorkspaceProperties.RunningMode == types.RunningModeAlwaysOn {
		m := change.Mode{Desktop: id, Was: change.Billed{Mode: string(types.RunningModeAlwaysOn)}, Want: change.Billed{Mode: string(types.RunningModeAutoStop), Minutes: 60}}
		s := d.step(g.user, plan.Step{
			Resource: id, What: plan.Say(text.ModeOff, "name", named(g.user)),
			Why: g.why,
			CLI: m.CLI(),
		}, change.RunningMode, "", m)
		back, err := plan.MoveOf(change.RunningMode, m.Back())
		d.err = cmp.Or(d.err, err)
		s.Undo = &back
	}
	if w.State == types.WorkspaceStateAvailable || w.State == types.WorkspaceStateUnhealthy {
		d.step(g.user, plan.Step{
			Resource: id, What: plan.Say(text.Stop, "name", named(g.user)),
			Why: g.why,
			CLI: line("workspaces", "stop-workspaces", "--stop-workspace-requests", id),
		}, change.StopDesktop, change.StartDesktop, change.Desktop{Desktop: id})
	}
	if d.facts.kept(id) == "" {
		d.step(g.user, plan.Step{
			Resource: id, What: plan.Say(text.Tag, "name", named(g.user), "day", until),
			Why: g.why,
			CLI: line("workspaces", "create-tags", "--resource-id", id, "--tags", "Key="+keptTag+",Value="+until),
		}, tagDesktop, untagDesktop, tagged{id, keptTag, until})
	}
}

// terminate plans the end of leavers' desktops whose days are over.
func terminate(f *Facts, r Rules) (Result, error) {
	d := &draft{facts: f, rules: r}
	for _, g := range d.goers() {
		for _, w := range f.Desktops[strings.ToLower(g.Account)] {
			id := aws.ToString(w.WorkspaceId)
			until, err := time.Parse(time.DateOnly, f.kept(id))
			switch {
			case err != nil:
				d.doubt(text.KeptUntil, "name", named(g.user), "desktop", id)
			case f.At.Before(until.AddDate(0, 0, 1)):
				d.note(text.Keep, "name", named(g.user), "desktop", id, "day", f.kept(id))
			default:
				s := d.step(g.user, plan.Step{
					Resource: id, What: plan.Say(text.Terminate, "name", named(g.user)),
					Why: plan.Say(text.KeptSince, "day", f.kept(id)),
					CLI: line("workspaces", "terminate-workspaces", "--terminate-workspace-requests", id),
				}, change.TerminateDesktop, "", change.Desktop{Desktop: id})
				s.Lost = plan.Say(text.Lost)
			}
		}
	}
	return d.end("leaver terminate", false)
}

// kept is the day until which a desktop is kept; "" where its tag says none.
func (f *Facts) kept(desktop string) string { return f.Kept[desktop] }

// read reads a move's input.
func read(m plan.Move, into any) bool { return json.Unmarshal(m.Input, into) == nil }
