package house

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	room "tamachi/internal/aws/services/desk"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// Plans returns the plans of a visitor's account, the newest first. A file that
// cannot be read hides no other.
func (f *deskFile) Plans(ctx context.Context, v room.Visitor) ([]room.Plan, error) {
	s, err := f.shelf()
	if err != nil {
		return nil, err
	}
	all, broken := plan.In(s).List()
	if broken != nil {
		f.h.o.Log.WarnContext(ctx, "plans cannot be read", "err", broken)
	}
	states := f.states(ctx, s)
	out := []room.Plan{}
	for _, r := range all {
		if f.sees(v, r.Plan) {
			out = append(out, f.brief(r, states[r.Plan.Digest]))
		}
	}
	return out, nil
}

// states are the newest requests by the digest of what they are about.
func (f *deskFile) states(ctx context.Context, s shelf.Shelf) map[string]*approval.Record {
	all, broken := approval.In(s).List()
	if broken != nil {
		f.h.o.Log.WarnContext(ctx, "requests cannot be read", "err", broken)
	}
	out := map[string]*approval.Record{}
	for _, r := range all {
		if out[r.Request.Digest] == nil {
			out[r.Request.Digest] = r
		}
	}
	return out
}

func (f *deskFile) brief(r *plan.Record, asked *approval.Record) room.Plan {
	p := r.Plan
	b := room.Plan{
		PlanId: &p.ID, Duty: &p.Duty, By: &p.By, Reason: text(p.Reason), Undoes: text(p.Undoes), MadeAt: &p.Made,
		Steps: new(int32(len(r.Steps))), Done: new(int32(r.Count(plan.Applied))), Failed: new(int32(r.Count(plan.Failed, plan.Skipped, plan.Kept))),
		Begun: new(len(r.Events) > 0), Running: new(f.atWork(p.ID)),
	}
	if asked != nil {
		state, _ := asked.State(f.World.Clock.Now())
		b.RequestId, b.RequestState = &asked.Request.ID, new(string(state))
	}
	return b
}

// read finds a plan that the visitor may see.
func (f *deskFile) read(v room.Visitor, id string) (*plan.Record, shelf.Shelf, error) {
	s, err := f.shelf()
	if err != nil {
		return nil, s, err
	}
	r, err := plan.In(s).Read(id)
	if errors.Is(err, plan.ErrUnknown) || err == nil && !f.sees(v, r.Plan) {
		return nil, s, &room.Unknown{What: say(v, "There is no plan "+id+".", "計画 "+id+" はありません。")}
	}
	if errors.Is(err, plan.ErrTampered) {
		return nil, s, &room.Refusal{Why: err.Error()}
	}
	return r, s, err
}

// Plan returns one with its steps, and with its request where it has one.
func (f *deskFile) Plan(_ context.Context, v room.Visitor, id string) (*room.PlanDetail, error) {
	r, s, err := f.read(v, id)
	if err != nil {
		return nil, err
	}
	asked, err := approval.In(s).Of(r.Plan.Digest)
	if err != nil {
		return nil, err
	}
	d := &room.PlanDetail{Plan: f.brief(r, asked), Elsewhere: text(f.elsewhere(v, r.Plan, "apply")), Window: text(r.Plan.Window)}
	if at := f.at(v).Opens(r); !at.IsZero() {
		d.OpensAt = &at
	}
	for _, at := range r.Plan.Places {
		d.Places = append(d.Places, room.Place{Account: &at.Account, Region: &at.Region, Role: text(at.Role), Endpoint: text(at.Endpoint)})
	}
	for _, n := range r.Plan.Notes {
		d.Notes = append(d.Notes, *room.Say(n.En, n.Ja))
	}
	now := f.seen(id)
	for i, st := range r.Plan.Steps {
		one := stepOf(r.Plan, st, r.Steps[i])
		if one.Changed = new(r.Changed(i)); i < len(now) {
			one.Now = text(now[i])
		}
		d.Steps = append(d.Steps, one)
	}
	for _, e := range r.Events {
		if e.Kind != plan.KindStep {
			d.Events = append(d.Events, room.PlanEvent{At: &e.At, Kind: &e.Kind, By: text(e.By), Note: text(e.Note)})
		}
	}
	if asked == nil {
		d.Approvers, err = f.approvers(r)
		return d, err
	}
	person, err := f.Person(v)
	if err != nil {
		return nil, err
	}
	d.Request = new(f.requestOf(asked, person))
	return d, nil
}

// approvers are those who must agree to a plan that nobody was asked about.
func (f *deskFile) approvers(r *plan.Record) ([]string, error) {
	conf, err := settings.Load(f.World.Getenv)
	if err != nil {
		return nil, &room.Refusal{Why: err.Error()}
	}
	rule, must := conf.Approval(r.Plan.Duty, len(r.Steps))
	if !must || len(r.Events) > 0 {
		return nil, nil
	}
	var all []string
	for _, s := range rule.Stages {
		all = append(all, s.Of...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func stepOf(p *plan.Plan, s plan.Step, st plan.Standing) room.Step {
	at := p.Places[s.Place]
	out := room.Step{
		Number: new(int32(s.N)), Resource: &s.Resource, Owner: text(s.Owner), Account: &at.Account, Region: &at.Region,
		What: room.Say(s.What.En, s.What.Ja), Why: room.Say(s.Why.En, s.Why.Ja), Lost: room.Say(s.Lost.En, s.Lost.Ja), Cli: text(s.CLI),
		Action: &s.Do.Action, Input: text(string(s.Do.Input)), State: text(string(st.State)), Note: text(st.Note), Tried: new(int32(st.Tried)),
	}
	if s.Undo != nil {
		out.UndoInput = text(string(s.Undo.Input))
	}
	if !st.At.IsZero() {
		out.At = &st.At
	}
	return out
}

// elsewhere says why this plane cannot apply a plan, or take it back: it has the
// visitor's credentials and no others.
func (f *deskFile) elsewhere(v room.Visitor, p *plan.Plan, verb string) string {
	for _, at := range p.Places {
		if at.Account != v.Account || at.Role != "" {
			return say(v, "The plan goes to other accounts too. Use the CLI: tamachi plan "+verb+" "+p.ID,
				"他のアカウントにも及ぶ計画です。CLI を使ってください: tamachi plan "+verb+" "+p.ID)
		}
	}
	return ""
}

// job is a plan that is to be applied.
type job struct {
	id         string
	desk       *plan.Desk
	journal    *plan.Journal
	accounts   []*account.Account
	by, agreed string
}

const (
	mostJobs   = 100           // that wait
	mostAtWork = 4             // at once
	patience   = 2 * time.Hour // of a step: a rebuild takes long
	mostErrors = 10            // of a plan, as with the CLI
)

// kindAsked is the event of a plan that somebody asked the plane to apply.
const kindAsked = "asked"

// Apply checks what can be checked, writes down who asked, and leaves the rest
// to run.
func (f *deskFile) Apply(ctx context.Context, v room.Visitor, id string) error {
	r, s, err := f.read(v, id)
	if err != nil {
		return err
	}
	if why := f.elsewhere(v, r.Plan, "apply"); why != "" {
		return &room.Refusal{Why: why}
	}
	folder := plan.In(s)
	j, err := folder.Open(id)
	if errors.Is(err, shelf.ErrInUse) {
		return &room.Refusal{Why: say(v, "The plan is being applied.", "この計画は適用中です。")}
	}
	if err != nil {
		return err
	}
	queued, err := f.prepare(ctx, v, folder, j)
	if err != nil {
		return errors.Join(err, j.Close())
	}
	f.begun(id, nil)
	select {
	case f.jobs <- *queued:
		return nil
	default:
		f.over(id)
		return errors.Join(&room.Refusal{Why: say(v, "Too many plans wait to be applied.", "適用待ちの計画が多すぎます。")}, j.Close())
	}
}

// at is the desk as a visitor stands at it. What a terminal would show of the way,
// the record of a plan tells.
func (f *deskFile) at(v room.Visitor) *plan.Desk {
	return &plan.Desk{
		World: f.World, Actions: f.Actions, Streams: plan.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard},
		Flags: plan.Flags{Lang: v.Language, Patience: patience, Errors: mostErrors},
	}
}

func (f *deskFile) prepare(ctx context.Context, v room.Visitor, folder plan.Folder, j *plan.Journal) (*job, error) {
	p := j.Record.Plan
	q := &job{id: p.ID, desk: f.at(v), journal: j, by: v.ARN}
	q.desk.Watch = f.watch
	var err error
	if q.agreed, err = q.desk.Permit(ctx, j.Record); err == nil {
		err = q.desk.InTurn(folder, j.Record)
	}
	if err != nil {
		return nil, &room.Refusal{Why: err.Error()}
	}
	for _, at := range p.Places {
		a, err := f.hands(ctx, v, at.Region)
		if err != nil {
			return nil, err
		}
		q.accounts = append(q.accounts, a)
	}
	if err := j.Note(plan.Event{At: f.World.Clock.Now(), Kind: kindAsked, By: v.ARN, Note: "console"}); err != nil {
		return nil, fmt.Errorf("write down who applies plan %s: %w", p.ID, err)
	}
	return q, nil
}

// begun and over tell of a plan at work.
func (f *deskFile) begun(id string, now []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.applied[id] = now
}

func (f *deskFile) over(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.applied, id)
}

func (f *deskFile) atWork(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, is := f.applied[id]
	return is
}

// seen is what the steps of a plan at work are seen as while they are waited for.
func (f *deskFile) seen(id string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.applied[id]
}

// watch keeps that for a plan.
func (f *deskFile) watch(r *plan.Record) {
	now := make([]string, len(r.Steps))
	for i, s := range r.Steps {
		now[i] = s.Now
	}
	f.begun(r.Plan.ID, now)
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
