package slow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/price"
	"tamachi/internal/desk/report"
)

// Duty is the name of the plans that make a desktop larger, and of what the
// settings say about their approval.
const Duty = "diagnose slow"

// resize is the word of --fix.
const resize = "resize"

// growing is how long AWS refuses another change to a larger compute type after
// one. Source: WorkSpaces Administration Guide, "Modify a WorkSpace in WorkSpaces
// Personal".
const growing = 6 * time.Hour

// longestMonth is the hours of a month that has the most: what a desktop that is
// paid by the hour can cost more is bounded by them.
const longestMonth = 31 * 24

// larger is one size up.
type larger struct {
	size   change.Size
	more   *big.Rat // a month; nil where no price is known
	atMost bool     // if it runs all the month
}

// monthly is what a desktop of one size costs more a month than of another.
func monthly(was, then price.Rates, mode string) (more *big.Rat, atMost bool) {
	if mode != "AUTO_STOP" {
		if was.AlwaysOn == nil || then.AlwaysOn == nil {
			return nil, false
		}
		return new(big.Rat).Sub(then.AlwaysOn, was.AlwaysOn), false
	}
	hours := big.NewRat(longestMonth, 1)
	a, b := was.Hourly(hours), then.Hourly(hours)
	if a == nil || b == nil {
		return nil, false
	}
	return b.Sub(b, a), true
}

// Evidence is what those who are asked to agree see, the shortest first.
type Evidence struct {
	More     string              `json:"more,omitempty"` // a month
	Graph    []string            `json:"graph,omitempty"`
	Programs []string            `json:"programs,omitempty"` // shares of all CPUs
	Findings []Finding           `json:"findings"`
	Changes  []Change            `json:"changes,omitempty"`
	Points   map[string][]Sample `json:"points"`
}

func (p *Plan) evidence(more string) Evidence {
	e := Evidence{More: more, Graph: p.Graph, Findings: p.Findings, Changes: p.Changes, Points: p.Metrics}
	if p.Load != nil {
		for _, one := range p.Load.Processes[:min(shown, len(p.Load.Processes))] {
			e.Programs = append(e.Programs, fmt.Sprintf("%s %s%%", one.Name, round(one.Percent)))
		}
	}
	return e
}

// fix proposes one size up as a plan, or goes on with the one that waits.
func (f *Flags) fix(ctx context.Context, d *plan.Desk, place plan.Place, a *account.Account, s sheet, r Rules) error {
	p, lang := s.Plans[0], d.Language()
	out := d.Streams.Out
	if f.JSON {
		out = d.Streams.Err
	}
	if err := s.Write(out, lang); err != nil {
		return err
	}
	switch {
	case len(p.Findings) == 0 && f.JSON:
		return f.Print(d.Streams.Out, lang, s)
	case len(p.Findings) == 0:
		return nil
	case p.up == nil:
		return errors.New(text.NoReason.In(lang))
	}
	for _, c := range p.Changes {
		if c.Size != "" && p.At.Sub(c.Time) < growing {
			return errors.New(text.TooSoon.In(lang, "time", c.Time.In(s.zone).Format("2006-01-02 15:04"), "size", c.Size, "hours", int(growing.Hours())))
		}
	}
	by, _, err := plan.Who(ctx, a)
	if err != nil {
		return err
	}
	proposal, err := p.proposal(r, f.Prices == "", plan.Plan{Duty: Duty, Made: p.At, By: by, Reason: f.Reason, Places: []plan.Place{place}})
	if err != nil {
		return err
	}
	waits, err := d.Same(Duty, proposal.Steps[0].Do)
	if err != nil {
		return err
	}
	if waits != "" {
		return d.GoOn(ctx, waits)
	}
	return d.Propose(ctx, proposal)
}

// proposal is the plan. What an option says of prices people can judge; a rule
// counts the prices of the settings alone.
func (p *Plan) proposal(r Rules, counts bool, proposal plan.Plan) (*plan.Plan, error) {
	do, err := plan.MoveOf(change.ComputeType, p.up.size)
	if err != nil {
		return nil, err
	}
	undo, err := plan.MoveOf(change.ComputeType, p.up.size.Back())
	if err != nil {
		return nil, err
	}
	step := plan.Step{
		Resource: p.Desktop, Owner: p.User, Do: do, Undo: &undo, CLI: p.up.size.CLI(), Lost: plan.Say(text.Lost),
		What: plan.Say(text.ResizeNoPrice, "user", p.User, "from", p.Compute, "to", p.up.size.Want), Why: p.why(),
	}
	more := ""
	if p.up.more != nil {
		m, amount := text.Resize, p.up.more.FloatString(2)
		if p.up.atMost {
			m = text.ResizeAtMost
		}
		step.What = plan.Say(m, "user", p.User, "from", p.Compute, "to", p.up.size.Want, "more", amount, "currency", r.Prices.Currency)
		more = amount + " " + r.Prices.Currency
		if counts {
			step.More = &plan.More{Amount: amount, Currency: r.Prices.Currency}
		}
	}
	facts, err := json.Marshal(p.evidence(more))
	if err != nil {
		return nil, err
	}
	proposal.Facts, proposal.Steps = facts, []plan.Step{step}
	return plan.New(proposal)
}

// why is what was found that a larger size helps against, in both languages.
func (p *Plan) why() plan.Text {
	var en, ja []string
	for _, f := range p.Findings {
		if !slices.Contains([]string{"cpu", "memory", "process"}, f.Kind) {
			continue
		}
		en, ja = append(en, f.Evidence.In(report.English)), append(ja, f.Evidence.In(report.Japanese))
	}
	return plan.Text{En: strings.Join(en, "; "), Ja: strings.Join(ja, "、")}
}
