package house

import (
	"context"
	"errors"
	"time"

	room "tamachi/internal/aws/services/desk"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/image"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// ImageSeats tells which image each desktop is on.
func (f *deskFile) ImageSeats(ctx context.Context, v room.Visitor) ([]room.ImageSeat, error) {
	a, err := f.hands(ctx, v, v.Region)
	if err != nil {
		return nil, err
	}
	seats, err := image.Who(ctx, a, f.World.Clock.Now())
	if err != nil {
		return nil, troubled(v, err)
	}
	out := []room.ImageSeat{}
	for _, s := range seats {
		out = append(out, room.ImageSeat{
			WorkspaceId: &s.Desktop, UserName: &s.User, DirectoryId: &s.Directory, BundleId: &s.Bundle, ImageId: text(s.Image),
			Standing: new(string(s.Standing)), State: &s.State,
		})
	}
	return out, nil
}

// CheckImage holds an image against the settings' list.
func (f *deskFile) CheckImage(ctx context.Context, v room.Visitor, id, master string) (*room.ImageCheck, error) {
	conf, err := settings.Load(f.World.Getenv)
	if err != nil {
		return nil, &room.Refusal{Why: err.Error()}
	}
	a, err := f.hands(ctx, v, v.Region)
	if err != nil {
		return nil, err
	}
	c, err := image.Accept(ctx, f.World, a, langOf(v), id, master, conf.Acceptance)
	if err != nil {
		return nil, answered(v, err)
	}
	out := &room.ImageCheck{
		At: &c.At, ImageId: text(c.Image), MadeAt: moment(c.Made), Master: text(c.Desktop), Accepted: new(len(c.Missing()) == 0), Unprobed: text(c.Unprobed),
		Items: []room.CheckItem{},
	}
	if c.Node != nil {
		out.NodeId = &c.Node.ID
	}
	for _, i := range c.Items {
		out.Items = append(out.Items, room.CheckItem{Kind: &i.Kind, Name: &i.Name, Ok: &i.OK, Evidence: both(i.Evidence), Next: text(i.Next)})
	}
	return out, nil
}

// moment is a time that is known.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// answered is what a duty answers a visitor in its own words: what is not there,
// or cannot be done.
func answered(v room.Visitor, err error) error {
	if _, ours := errors.AsType[*account.Problem](err); ours {
		return troubled(v, err)
	}
	if e, ok := errors.AsType[*report.Exit](err); ok && e.Err != nil {
		err = e.Err
	}
	return &room.Refusal{Why: err.Error()}
}

func both(l report.Line) *room.Sentence { return room.Say(l.In(report.English), l.In(report.Japanese)) }
