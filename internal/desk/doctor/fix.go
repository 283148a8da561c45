package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

// Duty is the name of the repairs' plans.
const Duty = "diagnose desktop"

// rungs are those that --fix takes, with the plan's actions of each.
var rungs = map[string][]string{
	repair: {Mend}, restart: {change.Reboot}, restore: {change.Restore}, rebuild: {change.Rebuild, change.Restore},
	recreate: {change.EndOld, change.CreateNew},
}

// fix proposes the rung as a plan.
func (f *Flags) fix(ctx context.Context, d *plan.Desk, place plan.Place, a *account.Account, lang report.Lang, s sheet, w types.Workspace) error {
	p := s.Plans[0]
	i := slices.IndexFunc(p.Ladder, func(r Rung) bool { return r.Name == f.Fix })
	if i < 0 {
		return errors.New(text.NoRung.In(lang, "rung", f.Fix))
	}
	if f.Fix == repair && (p.Node == nil || p.Unprobed != nil) {
		why := ""
		if p.Unprobed != nil {
			why = p.Unprobed.In(lang)
		}
		return errors.New(text.NoNode.In(lang, "why", why))
	}
	out := d.Streams.Out
	if f.JSON {
		out = d.Streams.Err
	}
	if err := s.Write(out, lang); err != nil {
		return err
	}
	by, _, err := plan.Who(ctx, a)
	if err != nil {
		return err
	}
	facts, err := json.Marshal(p)
	if err != nil {
		return err
	}
	steps, err := p.steps(ctx, a, f.Fix, w)
	if err != nil {
		return err
	}
	for n := range steps {
		steps[n].Owner, steps[n].Why, steps[n].Group = p.User, plan.Say(text.Why, "kinds", p.kinds()), p.Desktop
	}
	steps[0].Lost = both(p.Ladder[i].Lost)
	proposal, err := plan.New(plan.Plan{Duty: Duty, Made: p.At, By: by, Reason: f.Reason, Places: []plan.Place{place}, Facts: facts, Steps: steps, Notes: p.before(f.Fix)})
	if err != nil {
		return err
	}
	return d.Propose(ctx, proposal)
}

// before says what there is to go back to, before something is lost.
func (p *Plan) before(rung string) []plan.Text {
	switch {
	case rung == recreate:
		return []plan.Text{plan.Say(text.NothingKept)}
	case rung == rebuild && !p.Snapshot.IsZero():
		return []plan.Text{plan.Say(text.WayBack, "time", stamp(p.Snapshot))}
	case rung == rebuild:
		return []plan.Text{plan.Say(text.NoWayBack)}
	}
	return nil
}

// steps are what a rung does.
func (p *Plan) steps(ctx context.Context, a *account.Account, rung string, w types.Workspace) ([]plan.Step, error) {
	what := plan.Say(text.What, "rung", rung, "user", p.User)
	since, err := a.Theirs(ctx, p.At)
	if err != nil {
		return nil, err
	}
	switch rung {
	case repair:
		in := Mending{Node: p.Node.ID, Windows: p.Node.Windows, User: p.User, Since: since}
		return one(plan.Step{Resource: p.Desktop, What: what}, Mend, in, "", nil)
	case recreate:
		return p.anew(ctx, a, w)
	}
	in := change.Repair{Desktop: p.Desktop, Since: since}
	s := plan.Step{Resource: p.Desktop, What: what, CLI: in.CLI(rungs[rung][0])}
	if rung == rebuild && !p.Snapshot.IsZero() { // until the next snapshot replaces it
		return one(s, change.Rebuild, in, change.Restore, in)
	}
	return one(s, rungs[rung][0], in, "", nil)
}

func one(s plan.Step, action string, in any, undo string, back any) ([]plan.Step, error) {
	do, err := plan.MoveOf(action, in)
	if err != nil {
		return nil, err
	}
	s.Do = do
	if undo != "" {
		m, err := plan.MoveOf(undo, back)
		if err != nil {
			return nil, err
		}
		s.Undo = &m
	}
	return []plan.Step{s}, nil
}

// anew ends the desktop and makes one like it: user, bundle, running mode, sizes,
// encryption and tags are as they were.
func (p *Plan) anew(ctx context.Context, a *account.Account, w types.Workspace) ([]plan.Step, error) {
	like := change.Like(w)
	tags, err := a.Desktops.DescribeTags(ctx, &workspaces.DescribeTagsInput{ResourceId: w.WorkspaceId})
	if err != nil {
		return nil, account.Explain("workspaces:DescribeTags", err)
	}
	for _, t := range tags.TagList {
		if like.Tags == nil {
			like.Tags = map[string]string{}
		}
		like.Tags[*t.Key] = *t.Value
	}
	old := change.Old{Desktop: p.Desktop}
	first, err := one(plan.Step{Resource: p.Desktop, What: plan.Say(text.End, "user", p.User), CLI: old.CLI()}, change.EndOld, old, "", nil)
	if err != nil {
		return nil, err
	}
	second, err := one(plan.Step{Resource: p.User, What: plan.Say(text.MakeNew, "user", p.User, "bundle", p.Bundle)}, change.CreateNew, change.New{Old: p.Desktop, Request: like}, "", nil)
	return append(first, second...), err
}

func both(l report.Line) plan.Text {
	return plan.Text{En: l.In(report.English), Ja: l.In(report.Japanese)}
}
