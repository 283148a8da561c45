package people

import (
	"cmp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/plan"
)

// ownerTag says who answers for a desktop beside its user: the sweep asks them.
const ownerTag = change.OwnerTag

// move plans what has changed for those who are in the directory: the groups
// that their line of the feed names, and of those that others have no more; the
// bundle that it names for their desktop; who answers for the desktop.
func move(f *Facts, r Rules) (Result, error) {
	d := &draft{facts: f, rules: r}
	d.strangers()
	managed := mentioned(f.Feed)
	for i := range f.Feed.People {
		p := &f.Feed.People[i]
		key := strings.ToLower(p.Account)
		if !r.wants(p) || p.At(f.At) == hr.Left {
			continue
		}
		_, there := f.Users[key]
		if !there && len(r.Only) > 0 {
			d.doubt(text.NotThere, "name", p.Name(), "line", p.Line, "account", p.Account)
		}
		if !there || d.groupless(p) || d.bundleless(p) {
			continue
		}
		u := user{Directory: f.Location.ID, Account: p.Account, Given: p.Given, Surname: p.Surname}
		d.regroup(p, u, managed)
		for i := range f.Desktops[key] {
			d.rehouse(p, u, &f.Desktops[key][i])
		}
	}
	return d.end("mover", true)
}

// regroup brings somebody's groups to those of the feed.
func (d *draft) regroup(p *hr.Person, u user, managed []string) {
	for _, g := range managed {
		in := change.Membership{Directory: u.Directory, Group: g, User: u.Account}
		wanted, has := contains(p.Groups, g), contains(d.facts.Member[strings.ToLower(u.Account)], g)
		switch {
		case wanted && !has:
			d.step(u, plan.Step{
				Resource: u.Account, What: plan.Say(text.Join, "name", named(u), "group", g),
				Why: plan.Say(text.InFeed, "line", p.Line),
				CLI: in.AddCLI(),
			}, change.AddMember, change.RemoveMember, in)
		case has && !wanted:
			d.step(u, plan.Step{
				Resource: u.Account, What: plan.Say(text.LeaveGroup, "name", named(u), "group", g),
				Why: plan.Say(text.NotInFeed, "line", p.Line),
				CLI: in.RemoveCLI(),
			}, change.RemoveMember, change.AddMember, in)
		}
	}
}

// bundleless tells of a bundle that is not there.
func (d *draft) bundleless(p *hr.Person) bool {
	if p.Bundle == "" || d.facts.Bundles[p.Bundle] == "AVAILABLE" {
		return false
	}
	d.doubt(text.MoverBundle, "name", p.Name(), "line", p.Line, "bundle", p.Bundle)
	return true
}

// rehouse brings somebody's desktop to the bundle and the owner of the feed. The
// owner comes first: a migrated desktop takes its tags along.
func (d *draft) rehouse(p *hr.Person, u user, w *types.Workspace) {
	id, bundle := aws.ToString(w.WorkspaceId), aws.ToString(w.BundleId)
	if now := d.facts.Owners[id]; p.Manager != "" && !strings.EqualFold(now, p.Manager) {
		in := tagged{id, ownerTag, p.Manager}
		s := d.step(u, plan.Step{
			Resource: id, What: plan.Say(text.Owner, "name", named(u), "owner", p.Manager),
			Why: plan.Say(text.ManagerInFeed, "line", p.Line),
			CLI: line("workspaces", "create-tags", "--resource-id", id, "--tags", "Key="+ownerTag+",Value="+p.Manager),
		}, tagDesktop, untagDesktop, in)
		if now != "" {
			back, err := plan.MoveOf(tagDesktop, tagged{id, ownerTag, now})
			d.err = cmp.Or(d.err, err)
			s.Undo = &back
		}
	}
	if p.Bundle == "" || p.Bundle == bundle {
		return
	}
	in := migration{Directory: u.Directory, Account: u.Account, From: bundle, Into: p.Bundle}
	s := d.step(u, plan.Step{
		Resource: id, What: plan.Say(text.Migrate, "name", named(u), "bundle", p.Bundle),
		Why: plan.Say(text.BundleInFeed, "line", p.Line),
		CLI: line("workspaces", "migrate-workspace", "--source-workspace-id", id, "--bundle-id", p.Bundle),
	}, migrateDesktop, "", in)
	back, err := plan.MoveOf(migrateDesktop, in.back())
	d.err = cmp.Or(d.err, err)
	s.Undo, s.Lost = &back, plan.Say(text.RootVolume)
}
