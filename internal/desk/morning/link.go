package morning

import (
	"cmp"
	"context"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// consoleOf is the console of a place, where somebody will see the links: whoever
// visits a plane's console has them in the page.
func (d *desk) consoleOf(ctx context.Context, a *account.Account) account.Console {
	if a == nil || account.VisitIn(ctx) != nil || !d.flags.JSON && !report.Clickable(d.streams.Out, d.world.Getenv) {
		return account.Console{}
	}
	return a.Console(ctx)
}

// link says where each thing that the plan names can be looked at.
func (p *Plan) link(c account.Console) {
	links := report.Links{}
	directory := func(id string) string {
		page := c.Directory(id)
		links.Add(id, page)
		return page
	}
	desktop := func(id, user string) string {
		page := c.Desktop(id)
		links.Add(id, page)
		links.Add(user, page)
		return page
	}
	node := func(n *Node) {
		desktop(n.Desktop, n.User)
		n.Link = c.Node(n.ID)
		links.Add(n.ID, n.Link)
		links.Add(n.Name, n.Link)
	}
	for i := range p.Findings {
		f := &p.Findings[i]
		for j := range f.Desktops {
			one := &f.Desktops[j]
			one.Link = desktop(one.ID, one.User)
			directory(one.Directory)
		}
		if f.Directory != nil {
			f.Directory.Link = directory(f.Directory.ID)
		}
		for j := range f.Alarms {
			a := &f.Alarms[j]
			desktop(a.Desktop, a.User)
			a.Link = c.Alarm(a.Name)
			links.Add(a.Name, a.Link)
		}
		for j := range f.Misnamed {
			f.Misnamed[j].Link = c.Alarm(f.Misnamed[j].Name)
		}
		for j := range f.Nodes {
			node(&f.Nodes[j])
		}
		for j := range f.Patches {
			r := &f.Patches[j]
			desktop(r.Desktop, r.User)
			if r.Machine.ID != "" {
				node(&r.Machine)
			}
			r.Link = c.Node(r.Node)
			links.Add(r.Node, r.Link)
		}
	}
	p.console, p.links = c, links
}

// link says where the plans and requests can be looked at: at the first place with
// a console, for they are the desk's and no account's.
func (a *Agenda) link(of []*Plan) {
	var c account.Console
	for _, p := range of {
		c = cmp.Or(c, p.console)
	}
	links := report.Links{}
	for _, all := range [][]Incident{a.StandUp, a.Open} {
		for i := range all {
			all[i].Link = c.Plan(all[i].Plan)
			links.Add(all[i].Plan, all[i].Link)
		}
	}
	for i := range a.Waiting {
		w := &a.Waiting[i]
		w.Link = c.Request(w.ID)
		links.Add(w.ID, w.Link)
	}
	a.links = links
}
