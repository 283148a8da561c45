package house

import (
	"context"
	"errors"
	"slices"
	"strings"

	room "tamachi/internal/aws/services/desk"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// Person is whom the settings know by the visitor's ARN.
func (f *deskFile) Person(v room.Visitor) (string, error) {
	conf, err := settings.Load(f.World.Getenv)
	if err != nil {
		return "", &room.Refusal{Why: err.Error()}
	}
	return conf.Caller(v.ARN), nil
}

// Requests returns what was asked for in a visitor's account, the newest first.
func (f *deskFile) Requests(ctx context.Context, v room.Visitor) ([]room.Request, error) {
	s, err := f.shelf()
	if err != nil {
		return nil, err
	}
	person, err := f.Person(v)
	if err != nil {
		return nil, err
	}
	all, broken := approval.In(s).List()
	if broken != nil {
		f.h.o.Log.WarnContext(ctx, "requests cannot be read", "err", broken)
	}
	out := []room.Request{}
	for _, r := range all {
		if f.shows(v, s, r.Request) {
			out = append(out, f.requestOf(r, person))
		}
	}
	return out, nil
}

// Request returns one of them.
func (f *deskFile) Request(_ context.Context, v room.Visitor, id string) (*room.Request, error) {
	person, err := f.Person(v)
	if err != nil {
		return nil, err
	}
	r, _, err := f.request(v, id)
	if err != nil {
		return nil, err
	}
	return new(f.requestOf(r, person)), nil
}

func (f *deskFile) request(v room.Visitor, id string) (*approval.Record, approval.Folder, error) {
	s, err := f.shelf()
	if err != nil {
		return nil, approval.Folder{}, err
	}
	folder := approval.In(s)
	r, err := folder.Read(id)
	if errors.Is(err, approval.ErrUnknown) || err == nil && !f.shows(v, s, r.Request) {
		return nil, folder, &room.Unknown{What: say(v, "There is no request "+id+".", "申請 "+id+" はありません。")}
	}
	return r, folder, err
}

// ofPlan is how the subject of a plan's request begins.
const ofPlan = "plan "

// shows tells whether a request is of the visitor's account: the plan's, where it
// is about one.
func (f *deskFile) shows(v room.Visitor, s shelf.Shelf, q *approval.Request) bool {
	id, about := strings.CutPrefix(q.Subject, ofPlan)
	if !about {
		return asks(v, q.By)
	}
	r, err := plan.In(s).Read(id)
	return err == nil && f.sees(v, r.Plan)
}

// Decide counts a vote, and tells those of the next stage.
func (f *deskFile) Decide(ctx context.Context, v room.Visitor, id string, agree bool, reason string) (*room.Request, error) {
	person, err := f.Person(v)
	if err != nil {
		return nil, err
	}
	_, folder, err := f.request(v, id)
	if err != nil {
		return nil, err
	}
	vote := approval.Vote{Person: person, By: v.ARN, Via: approval.Console, Agree: agree, Reason: reason}
	r, err := folder.Decide(id, vote, f.World.Clock.Now())
	if err != nil {
		why := approval.Explain(err, langOf(v), id, vote).Error()
		switch {
		case errors.Is(err, approval.ErrSelf), errors.Is(err, approval.ErrNotAsked), errors.Is(err, approval.ErrNobody):
			return nil, &room.Denial{Why: why}
		case errors.Is(err, approval.ErrTwice), errors.Is(err, approval.ErrClosed), errors.Is(err, approval.ErrExpired), errors.Is(err, approval.ErrReason), errors.Is(err, shelf.ErrInUse):
			return nil, &room.Refusal{Why: why}
		}
		return nil, err
	}
	if err := r.Tell(ctx, f.World); err != nil { // the vote counts all the same
		f.h.o.Log.WarnContext(ctx, "those who are asked next could not be told", "resource", id, "err", err)
	}
	return new(f.requestOf(r, person)), nil
}

func (f *deskFile) requestOf(r *approval.Record, person string) room.Request {
	now := f.World.Clock.Now()
	state, stage := r.State(now)
	q, asked := r.Request, r.Asked(now)
	out := room.Request{
		RequestId: &q.ID, Subject: &q.Subject, Duty: &q.Duty, Title: room.Say(q.Title.En, q.Title.Ja), By: &q.By, Person: text(q.Person), For: q.For,
		Reason: text(q.Reason), Evidence: text(string(q.Evidence)), MadeAt: &q.Made, ExpiresAt: &q.Expires, State: new(string(state)), Stage: new(int32(stage)),
		Asked: asked, Mine: new(person != "" && slices.Contains(asked, person)),
	}
	if id, about := strings.CutPrefix(q.Subject, ofPlan); about {
		out.PlanId = &id
	}
	for _, st := range q.Stages {
		out.Stages = append(out.Stages, room.Stage{Name: text(st.Name), Of: st.Of, Need: new(int32(st.Need))})
	}
	if by := q.Rule; by != nil && by.Agrees {
		out.Votes = append(out.Votes, room.Vote{At: &q.Made, Person: &by.Name, By: &by.Name, Via: new("rule"), Reason: &by.Why.En, Agree: new(true), Stage: new(int32(0))})
	}
	for _, vote := range r.Votes {
		out.Votes = append(out.Votes, room.Vote{
			At: &vote.At, Person: &vote.Person, By: &vote.By, Via: new(string(vote.Via)), Reason: text(vote.Reason), Agree: &vote.Agree, Stage: new(int32(vote.Stage)),
		})
	}
	return out
}
