package house

import (
	"context"
	"strings"

	room "tamachi/internal/aws/services/desk"
	"tamachi/internal/desk/bulk"
	"tamachi/internal/desk/plan"
)

// ProposeChange keeps the plan of a change to desktops, as the visitor sees them.
func (f *deskFile) ProposeChange(ctx context.Context, v room.Visitor, in *room.ProposeDesktopChangeInput) (string, error) {
	o := bulk.Order{Verb: bulk.Verb(*in.Change), Desktops: in.WorkspaceIds}
	if in.AutoStopTimeoutInMinutes != nil {
		o.Minutes = *in.AutoStopTimeoutInMinutes
	}
	if in.Reason != nil {
		o.Reason = strings.TrimSpace(*in.Reason)
	}
	if err := o.Check(langOf(v)); err != nil {
		return "", &room.Wrong{What: err.Error()}
	}
	a, err := f.hands(ctx, v, v.Region)
	if err != nil {
		return "", err
	}
	p, err := bulk.Propose(ctx, a, f.place(v), v.ARN, o, f.World.Clock.Now().UTC())
	if err != nil {
		return "", troubled(v, err)
	}
	return f.keep(v, p)
}

// place is where a visitor's plans go: this plane.
func (f *deskFile) place(v room.Visitor) plan.Place {
	return plan.Place{Account: v.Account, Region: v.Region, Endpoint: f.h.access.HTTP}
}

// keep writes a plan down. One that changes nothing is refused, with why.
func (f *deskFile) keep(v room.Visitor, p *plan.Plan) (string, error) {
	if len(p.Steps) == 0 {
		why := []string{say(v, "There is nothing to change.", "変更するものはありません。")}
		for _, n := range p.Notes {
			why = append(why, n.In(langOf(v)))
		}
		return "", &room.Refusal{Why: strings.Join(why, "\n")}
	}
	s, err := f.shelf()
	if err != nil {
		return "", err
	}
	return p.ID, plan.In(s).Save(p)
}
