package morning

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

// Outcome is how the replacement of one desktop ended.
type Outcome struct {
	Request Request `json:"request"`
	Old     string  `json:"old"`
	New     string  `json:"new,omitempty"`
	State   string  `json:"state,omitempty"` // of the new desktop
	Message string  `json:"message,omitempty"`
	Good    bool    `json:"good"` // there, with what was asked for
}

// fix shows the plan of the repair, asks, and carries it out.
func (d *desk) fix(ctx context.Context, at account.Place, folder plan.Folder, f *Facts, p *Plan) error {
	if f.Account == "" {
		return d.failed(errors.New("--fix must know the account, and GetCallerIdentity was not answered"))
	}
	r := planRepair(p, f, d.flags.Anyway)
	if err := r.ReadTags(ctx, at.Eyes.Desktops); err != nil {
		return d.failed(err)
	}
	if err := p.Write(d.talk(), d.lang, d.world.Location); err != nil {
		return err
	}
	if len(p.Findings) == 0 {
		return d.report(p, r, nil, nil)
	}
	if err := r.Write(d.talk(), p, d.lang, d.world.Location); err != nil {
		return err
	}
	if len(r.Replacements) == 0 {
		return d.report(p, r, nil, &report.Exit{Code: report.Found})
	}
	steps, err := d.steps(at, folder, f, p, r)
	if err != nil {
		return d.failed(err)
	}
	return d.apply(ctx, at.Eyes, p, r, steps)
}

// talk is where what a person reads goes: with --json the document goes to
// stdout.
func (d *desk) talk() io.Writer {
	if d.flags.JSON {
		return d.streams.Err
	}
	return d.streams.Out
}

// steps is the repair as a plan: that of a run that was broken off, or a new one.
func (d *desk) steps(at account.Place, folder plan.Folder, f *Facts, p *Plan, r *Repair) (*plan.Plan, error) {
	if j := f.Journal; j != nil && !j.Ended {
		kept, err := folder.Read(j.Plan)
		if err != nil {
			return nil, err
		}
		return kept.Plan, nil
	}
	facts, err := json.Marshal(struct {
		Findings []Finding `json:"findings"`
		Repair   *Repair   `json:"repair"`
	}{p.Findings, r})
	if err != nil {
		return nil, fmt.Errorf("encode the evidence: %w", err)
	}
	out := plan.Plan{
		Duty: Duty, Made: f.At, By: f.Caller, Reason: d.flags.Reason, Facts: facts,
		Places: []plan.Place{plan.PlaceOf(d.flags.Reach, &at, f.Account)},
	}
	for _, item := range r.Replacements {
		if err := add(&out, item, p, d.world.Location); err != nil {
			return nil, err
		}
	}
	return plan.New(out)
}

// add adds the two steps of a replacement.
func add(p *plan.Plan, item Replacement, found *Plan, zone *time.Location) error {
	q := item.Request
	state := "ERROR"
	if item.Gone {
		state = "" // an earlier run has decided that
	}
	end, err := plan.MoveOf(change.EndOld, change.Old{Desktop: item.Old, State: state})
	if err != nil {
		return err
	}
	create, err := plan.MoveOf(change.CreateNew, change.New{Old: item.Old, Request: q})
	if err != nil {
		return err
	}
	group, why := q.Directory+"/"+strings.ToLower(q.User), found.whyOf(item.Old, zone)
	p.Steps = append(p.Steps, plan.Step{
		Group: group, Resource: item.Old, Owner: q.User, Do: end, Why: why, CLI: change.Old{Desktop: item.Old}.CLI(),
		What: plan.Say(text.StepEnd, "user", q.User), Lost: plan.Say(text.StepLost),
	}, plan.Step{
		Group: group, Resource: q.User, Owner: q.User, Do: create, Why: why,
		What: plan.Say(text.StepCreate, "user", q.User, "bundle", q.Bundle, "mode", cmp.Or(q.RunningMode, "-")),
	})
	return nil
}

// whyOf is the cause of a desktop's ERROR in both languages.
func (p *Plan) whyOf(desktop string, zone *time.Location) plan.Text {
	for i := range p.Findings {
		f := &p.Findings[i]
		for _, d := range f.Desktops {
			if f.Kind != InError || d.ID != desktop {
				continue
			}
			in := func(l report.Lang) string {
				g := &page{lang: l, zone: zone, plan: p}
				return strings.Join(g.why(f), "; ")
			}
			return plan.Text{En: in(report.English), Ja: in(report.Japanese)}
		}
	}
	return plan.Say(text.StepResumed)
}

func (d *desk) apply(ctx context.Context, a *account.Account, p *Plan, r *Repair, steps *plan.Plan) error {
	carrier := plan.Desk{World: d.world, Streams: d.streams, Actions: change.Actions(), Flags: plan.Flags{
		Yes: d.flags.Yes, Lang: string(d.lang), JSON: d.flags.JSON, Patience: d.flags.Timeout, Errors: mostErrors,
	}}
	record, took, err := carrier.Carry(ctx, steps, []*account.Account{a}, p.Caller)
	if record == nil {
		return d.report(p, r, nil, err)
	}
	outcomes := outcomesOf(record)
	if err := d.outcomes(d.talk(), outcomes, took); err != nil {
		return err
	}
	if errors.Is(err, plan.ErrStopped) {
		return d.report(p, r, outcomes, d.failed(errors.New(text.Stopped.In(d.lang))))
	}
	if err != nil {
		return d.report(p, r, outcomes, d.failed(errors.New(text.Interrupt.In(d.lang, "problem", err))))
	}
	if err := d.tell(ctx, steps, outcomes); err != nil {
		fmt.Fprintln(d.streams.Err, text.Untold.In(d.lang, "problem", err))
	}
	return d.report(p, r, outcomes, d.verdict(p, r, outcomes))
}

// mostErrors ends a repair that goes wrong everywhere: one call of each kind.
const mostErrors = account.Batch

// seen is how change.CreateNew notes what became of a new desktop.
var seen = regexp.MustCompile(`^(ws-\S+) is ([A-Z_]+)(?:: (.*))?$`)

// outcomesOf reads what became of each replacement of a plan.
func outcomesOf(r *plan.Record) []Outcome {
	var out []Outcome
	ends := map[string]plan.Standing{}
	for i, s := range r.Plan.Steps {
		var in change.New
		if s.Do.Action != change.CreateNew || json.Unmarshal(s.Do.Input, &in) != nil {
			ends[s.Group] = r.Steps[i]
			continue
		}
		st := r.Steps[i]
		o := Outcome{Request: in.Request, Old: in.Old, Good: st.State == plan.Applied, Message: st.Note}
		if m := seen.FindStringSubmatch(st.Note); m != nil {
			o.New, o.State, o.Message = m[1], m[2], m[3]
		}
		if st.State == plan.Waiting {
			o.Message = ends[s.Group].Note
		}
		out = append(out, o)
	}
	return out
}

// outcomes shows each new desktop, and how long the repair took.
func (d *desk) outcomes(w io.Writer, outcomes []Outcome, took time.Duration) error {
	say := func(m report.Message, pairs ...any) string { return m.In(d.lang, pairs...) }
	t := report.Table{Header: []string{say(text.ColumnUser), say(text.ColumnNew), say(text.ColumnState), say(text.ColumnError)}}
	bad := 0
	for _, o := range outcomes {
		failure := report.Plain(clip(o.Message))
		if o.Good {
			failure = ""
		} else {
			bad++
		}
		t.Rows = append(t.Rows, []string{o.Request.User, cmp.Or(o.New, "-"), cmp.Or(o.State, "-"), failure})
	}
	if err := t.Write(w, "  "); err != nil {
		return err
	}
	m := text.Repaired
	if bad > 0 {
		m = text.NotRepaired
	}
	_, err := fmt.Fprintln(w, say(m, "n", len(outcomes), "bad", bad, "took", took.Round(100*time.Millisecond)))
	return err
}

// verdict is the exit of a repair: done, unless something is still wrong.
func (d *desk) verdict(p *Plan, r *Repair, outcomes []Outcome) error {
	left := len(r.Refusals)
	for _, o := range outcomes {
		if !o.Good {
			left++
		}
	}
	for _, f := range p.Findings {
		if f.Kind != InError && f.Kind != RepairInterrupted { // those are counted above
			left++
		}
	}
	if left > 0 {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// report ends a repair: with --json it prints all of it as one document.
func (d *desk) report(p *Plan, r *Repair, outcomes []Outcome, end error) error {
	if !d.flags.JSON {
		return end
	}
	err := duty.JSON(d.streams.Out, struct {
		*Plan
		Repair   *Repair   `json:"repair"`
		Outcomes []Outcome `json:"outcomes"`
	}{p, r, outcomes})
	if err != nil {
		return err
	}
	return end
}
