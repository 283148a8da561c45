package plan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// maxEvidence is how many bytes of a plan's facts go into the request; the plan
// itself has all of them.
const maxEvidence = 64 << 10

// Permit says who agreed to a plan, or nothing where nobody must. Its error is
// what the plan waits for; the request is made when there is none yet.
func (d *Desk) Permit(ctx context.Context, r *Record) (agreed string, err error) {
	conf, err := settings.Load(d.World.Getenv)
	if err != nil {
		return "", err
	}
	rule, must := conf.Approval(r.Plan.Duty, len(r.Plan.Steps))
	if !must {
		return "", nil
	}
	shelves, err := shelf.In(d.World.Getenv)
	if err != nil {
		return "", err
	}
	folder := approval.In(shelves)
	asked, err := folder.Of(r.Plan.Digest)
	if err != nil {
		return "", err
	}
	now := d.World.Clock.Now()
	if asked != nil {
		// What was begun in time may be gone on with: half of a plan is no rest.
		if at := r.begun(); !at.IsZero() {
			now = at
		}
		switch state, _ := asked.State(now); state {
		case approval.Approved:
			return voters(asked), nil
		case approval.Pending:
			d.remind(ctx, asked) // who was told already is not told again
			return "", d.waits(r.Plan, asked)
		case approval.Rejected:
			return "", errors.New(text.Refused.In(d.Language(), "id", asked.Request.ID))
		case approval.Expired: // asked for anew
		}
	}
	asked, err = d.ask(r.Plan, conf, rule, folder)
	if err != nil {
		return "", err
	}
	if by := asked.Request.Rule; by != nil && by.Agrees {
		fmt.Fprintln(d.Streams.Err, by.In(d.Language()))
		return voters(asked), nil
	}
	d.remind(ctx, asked)
	return "", d.waits(r.Plan, asked)
}

func (d *Desk) remind(ctx context.Context, asked *approval.Record) {
	if err := asked.Tell(ctx, d.World); err != nil {
		fmt.Fprintln(d.Streams.Err, text.Untold.In(d.Language(), "problem", err))
	}
}

func (d *Desk) ask(p *Plan, conf *settings.Settings, rule settings.Approval, folder approval.Folder) (*approval.Record, error) {
	evidence := p.Facts
	if len(evidence) > maxEvidence {
		evidence, _ = json.Marshal(fmt.Sprintf("%d bytes of facts: tamachi plan show %s --json", len(p.Facts), p.ID)) // a string encodes
	}
	title := Say(text.RequestTitle, "duty", p.Duty, "n", len(p.Steps))
	if len(p.Steps) > 0 {
		title.En += ": " + p.Steps[0].What.En
		title.Ja += ": " + p.Steps[0].What.Ja
	}
	now := d.World.Clock.Now()
	said, err := p.byRule(conf, rule, folder, now)
	if err != nil {
		return nil, err
	}
	q, err := approval.New(approval.Request{
		Subject: "plan " + p.ID, Digest: p.Digest, Duty: p.Duty, Title: approval.Title{En: title.En, Ja: title.Ja},
		By: p.By, For: p.owners(conf), Reason: p.Reason, Evidence: evidence, Rule: said,
	}, rule, conf, now)
	if errors.Is(err, approval.ErrReason) {
		err = errors.New(text.NoReason.In(d.Language()))
	}
	if err != nil {
		return nil, err
	}
	if err := folder.Save(q); err != nil {
		return nil, err
	}
	return &approval.Record{Request: q}, nil
}

// owners are the people of the settings whom the plan concerns.
func (p *Plan) owners(conf *settings.Settings) []string {
	var out []string
	for _, s := range p.Steps {
		if _, known := conf.People[s.Owner]; known {
			out = append(out, s.Owner)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (d *Desk) waits(p *Plan, r *approval.Record) error {
	said := text.WaitsFor.In(d.Language(), "people", strings.Join(r.Asked(d.World.Clock.Now()), ", "), "id", r.Request.ID, "plan", p.ID)
	if r.Request.Rule != nil {
		said += "\n" + r.Request.Rule.In(d.Language())
	}
	return errors.New(said)
}

// voters are those who agreed, for the plan's record.
func voters(r *approval.Record) string {
	var names []string
	if by := r.Request.Rule; by != nil && by.Agrees {
		names = append(names, by.In(report.English))
	}
	for _, v := range r.Votes {
		names = append(names, v.Person)
	}
	return r.Request.ID + ": " + strings.Join(names, ", ")
}

// approve is "tamachi plan approve": a vote for the request of a plan.
func (d *Desk) approve(ctx context.Context, folder Folder, id string) error {
	r, err := folder.Read(id)
	if err != nil {
		return d.Failed(err)
	}
	shelves, err := shelf.In(d.World.Getenv)
	if err != nil {
		return d.Failed(err)
	}
	asked, err := approval.In(shelves).Of(r.Plan.Digest)
	if err != nil {
		return d.Failed(err)
	}
	if asked == nil {
		return &report.Exit{Code: report.Found, Err: errors.New(text.NotAskedFor.In(d.Language(), "id", id))}
	}
	return approval.Decide(ctx, d.World, d.Streams.Out, approval.Options{
		ID: asked.Request.ID, Agree: true, Reason: d.Flags.Reason, JSON: d.Flags.JSON, Lang: d.Language(),
	})
}
