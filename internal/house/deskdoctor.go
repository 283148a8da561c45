package house

import (
	"context"
	"errors"

	room "tamachi/internal/aws/services/desk"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/doctor"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// Diagnose looks into a desktop with the visitor's credentials.
func (f *deskFile) Diagnose(ctx context.Context, v room.Visitor, workspaceID string) (*room.Diagnosis, error) {
	conf, err := settings.Load(f.World.Getenv)
	if err != nil {
		return nil, &room.Refusal{Why: err.Error()}
	}
	a, err := f.hands(ctx, v, v.Region)
	if err != nil {
		return nil, err
	}
	found, err := account.DesktopsByID(ctx, a.Desktops, []string{workspaceID})
	if err != nil {
		return nil, troubled(v, err)
	}
	if len(found) == 0 {
		return nil, &room.Unknown{What: say(v, "There is no desktop "+workspaceID+".", "デスクトップ "+workspaceID+" はありません。")}
	}
	p, err := doctor.Look(ctx, f.World, a, found[0], conf.Thresholds)
	if err != nil {
		return nil, troubled(v, err)
	}
	d := diagnosisOf(p)
	if p.Unprobed != nil {
		d.Unprobed = new(p.Unprobed.In(langOf(v)))
	}
	for _, problem := range p.Missing {
		d.Unanswered = append(d.Unanswered, problem.In(langOf(v)))
	}
	return d, nil
}

// troubled is an error of the account in the visitor's language.
func troubled(v room.Visitor, err error) error {
	p, ok := errors.AsType[*account.Problem](err)
	switch {
	case !ok:
		return err
	case p.Kind == account.Denied:
		return &room.Denial{Why: p.In(langOf(v))}
	}
	return &room.Refusal{Why: p.In(langOf(v))}
}

func diagnosisOf(p *doctor.Plan) *room.Diagnosis {
	d := &room.Diagnosis{
		At: &p.At, WorkspaceId: &p.Desktop, UserName: &p.User, State: &p.State,
		Findings: []room.Finding{}, Ladder: []room.Rung{},
	}
	if p.Node != nil {
		d.NodeId = &p.Node.ID
	}
	for _, f := range p.Findings {
		d.Findings = append(d.Findings, room.Finding{Kind: &f.Kind, Evidence: both(f.Evidence)})
	}
	for _, r := range p.Ladder {
		d.Ladder = append(d.Ladder, room.Rung{Name: &r.Name, Lost: both(r.Lost), Command: &r.Command, Advised: &r.Advised})
	}
	return d
}

func both(l report.Line) *room.Sentence { return room.Say(l.In(report.English), l.In(report.Japanese)) }
