package route

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
	"tamachi/internal/netpath"
)

// Duty is the name of the plans that put a route back, and of what the settings say
// about their approval.
const Duty = "diagnose path"

// errUnsure is a break that no plan mends: what it was is not certain.
type errUnsure struct{ report.Line }

// Error says it in English.
func (e *errUnsure) Error() string { return e.In(report.English) }

func unsure(m report.Message, pairs ...any) error { return &errUnsure{report.Say(m, pairs...)} }

// lost is the route that was deleted, where the trail leaves no doubt about it:
// that it was deleted, what it was before, and that its target takes packets still.
// Putting it back must open the hop.
func (p *Plan) lost() (*Lost, error) {
	b := p.Broken
	if b.What != hopRoute && b.What != hopRouteBack {
		if len(b.Restore) == 0 {
			return nil, unsure(text.NoRoute, "id", b.ID)
		}
		return nil, unsure(text.OnlyRoutes, "id", b.ID)
	}
	if b.Change == nil || b.Change.Event != "DeleteRoute" {
		return nil, unsure(text.NotDeleted, "id", b.ID)
	}
	if b.was == nil {
		return nil, unsure(text.NotRemembered, "cidr", b.Change.in.DestinationCidrBlock, "id", b.ID)
	}
	l := &Lost{Table: b.ID, CIDR: b.Change.in.DestinationCidrBlock, Target: b.was.in.target()}
	if !p.lives(l.Target) {
		return nil, unsure(text.TargetGone, "target", l.Target)
	}
	if after := p.with(l); after.Broken != nil && after.Broken.What == b.What && after.Broken.ID == b.ID {
		return nil, unsure(text.NotEnough, "cidr", l.CIDR, "rule", after.Broken.Rule)
	}
	return l, nil
}

// lives tells whether a target is known to take packets.
func (p *Plan) lives(target string) bool {
	switch kind(target) {
	case "pcx", "nat", "igw", "vgw":
		return p.gate(target) != nil && !p.dead(target)
	case "tgw":
		return slices.ContainsFunc(p.World.Transits, func(t netpath.Transit) bool { return t.ID == target })
	}
	return false
}

// with is how the way would be with a route.
func (p *Plan) with(l *Lost) *Plan {
	f := *p.Facts
	f.World.Networks = slices.Clone(f.World.Networks)
	for i := range f.World.Networks {
		n := &f.World.Networks[i]
		n.Subnets = slices.Clone(n.Subnets)
		for k := range n.Subnets {
			if s := &n.Subnets[k]; s.Table == l.Table {
				s.Routes = append(slices.Clone(s.Routes), netpath.Route{Prefix: prefix(&l.CIDR), Target: l.Target})
			}
		}
	}
	return judge(&f)
}

// fixCommand is the command with --fix.
func (f *Flags) fixCommand(w account.World, c *cobra.Command, actions plan.Actions, args []string) error {
	if err := f.check(args); err != nil {
		return duty.Misuse(err)
	}
	if f.Verify {
		return duty.Misuse(errors.New("--fix verifies by itself: without --verify"))
	}
	lang, err := f.Language(w)
	if err != nil {
		return err
	}
	d := plan.At(c, w, actions, plan.Flags{
		Yes: f.Yes, JSON: f.JSON, Lang: string(lang), Reason: f.Reason, Patience: f.Patience, Calls: f.Reach.Calls,
	})
	if err := f.fix(c.Context(), d); err != nil {
		return failed(lang, err)
	}
	return nil
}

// fix proposes to put the route back, or goes on with the plan that waits.
func (f *Flags) fix(ctx context.Context, d *plan.Desk) error {
	stop := f.Reach.Watch(d.Streams.Err, d.Language())
	place, a, err := plan.Here(ctx, f.Reach)
	var s sheet
	if err == nil {
		s, err = f.look(ctx, d.World, a)
	}
	stop() // what follows asks a person, or says itself how far it is
	if err != nil {
		return err
	}
	if s.Broken == nil {
		return f.Print(d.Streams.Out, d.Language(), s)
	}
	out := d.Streams.Out
	if f.JSON {
		out = d.Streams.Err
	}
	if err := s.Write(out, d.Language()); err != nil {
		return err
	}
	l, err := s.lost()
	if err != nil {
		return err
	}
	notes, err := bookOf(ctx, d.World.Getenv, a, f.Asked)
	if err != nil {
		return err
	}
	if err := notes.keep(s.Plan); err != nil {
		return err
	}
	do, err := plan.MoveOf(PutBack, l)
	if err != nil {
		return err
	}
	waits, err := d.Same(Duty, do)
	if err != nil {
		return err
	}
	if waits != "" {
		return d.GoOn(ctx, waits)
	}
	by, _, err := plan.Who(ctx, a)
	if err != nil {
		return err
	}
	p, err := s.proposal(ctx, a, l, plan.Plan{Duty: Duty, Made: s.At, By: by, Reason: f.Reason, Places: []plan.Place{place}})
	if err != nil {
		return err
	}
	return d.Propose(ctx, p)
}

// proposal is the plan: the route, and then a test from the desktop itself.
func (s sheet) proposal(ctx context.Context, a *account.Account, l *Lost, p plan.Plan) (*plan.Plan, error) {
	do, err := plan.MoveOf(PutBack, l)
	if err != nil {
		return nil, err
	}
	undo, err := plan.MoveOf(TakeOut, l)
	if err != nil {
		return nil, err
	}
	c, asked := s.Broken.Change, []any{"from", s.From.Name, "to", s.To.Name, "packet", s.Asked.packet()}
	first := plan.Step{
		Group: l.Table, Resource: l.Table, Owner: s.From.Owner, Do: do, Undo: &undo, CLI: l.mend().Command(),
		What: plan.Say(text.PutBack, "cidr", l.CIDR, "target", l.Target, "table", l.Table),
		Why:  plan.Say(text.PutBackWhy, append(asked, "event", c.Event, "time", s.time(c.Time), "by", c.By)...),
	}
	if after := s.with(l); after.Broken != nil {
		b := after.Broken
		p.Notes = append(p.Notes, plan.Text{
			En: text.StopsThen.In(report.English, "what", hops[b.What].In(report.English), "id", b.ID, "rule", b.Rule),
			Ja: text.StopsThen.In(report.Japanese, "what", hops[b.What].In(report.Japanese), "id", b.ID, "rule", b.Rule),
		})
	}
	second, why, err := s.knocking(ctx, a, asked)
	if err != nil {
		return nil, err
	}
	p.Steps = []plan.Step{first}
	if second != nil {
		second.Group = l.Table
		p.Steps = append(p.Steps, *second)
	} else {
		p.Notes = append(p.Notes, plan.Text{
			En: text.NoTest.In(report.English, "why", why.In(report.English), "command", s.Asked.again()),
			Ja: text.NoTest.In(report.Japanese, "why", why.In(report.Japanese), "command", s.Asked.again()),
		})
	}
	if p.Facts, err = json.Marshal(s.Plan); err != nil {
		return nil, err
	}
	return plan.New(p)
}

// knocking is the test from the desktop; nil where there is no desktop that can be
// asked, and why.
func (s sheet) knocking(ctx context.Context, a *account.Account, asked []any) (*plan.Step, report.Line, error) {
	switch {
	case s.From.desktop == nil:
		return nil, report.Say(text.NoDesktop, "from", s.From.Name), nil
	case s.Asked.Protocol != "tcp":
		return nil, report.Say(text.OnlyTCP), nil
	}
	n, err := probe.Translate(ctx, a.Nodes, *s.From.desktop)
	if none, ok := errors.AsType[*probe.NoNode](err); ok {
		return nil, none.Line(), nil
	}
	if err != nil {
		if p := account.Explain("ssm:DescribeInstanceInformation", err); !p.Ends() {
			return nil, report.Say(text.Unanswered, "problem", p.Error()), nil
		}
		return nil, report.Line{}, err
	}
	if !n.Online {
		return nil, report.Say(text.Offline, "node", n.ID), nil
	}
	since, err := a.Theirs(ctx, s.At)
	if err != nil {
		return nil, report.Line{}, err
	}
	do, err := plan.MoveOf(Knock, Knocking{Node: n.ID, Windows: n.Windows, Address: s.To.Address.String(), Port: s.Asked.Port, Since: since})
	if err != nil {
		return nil, report.Line{}, err
	}
	return &plan.Step{Resource: s.From.Name, Do: do, What: plan.Say(text.Test, asked...), Why: plan.Say(text.TestWhy)}, report.Line{}, nil
}

// fixPolicy is the IAM policy that looking needs, and that of putting the route back
// and trying it from the desktop. Whoever takes it back needs ec2:DeleteRoute.
func fixPolicy(actions plan.Actions) string {
	read, write := actions.Permissions(PutBack, Knock)
	all := append(append(read, write...), "ssm:DescribeInstanceInformation")
	all = slices.DeleteFunc(all, func(a string) bool { return slices.Contains(reads(), a) })
	slices.Sort(all)
	return account.PolicyDocument(
		account.Statement{Sid: "TamachiDiagnosePath", Effect: "Allow", Resource: "*", Action: reads()},
		account.Statement{Sid: "TamachiDiagnosePathFix", Effect: "Allow", Resource: "*", Action: all},
	)
}
