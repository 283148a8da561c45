package approval

import (
	"context"
	"fmt"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
	"tamachi/internal/notify"
)

// The actions of the buttons under a request.
const (
	ApproveButton = "approve"
	RefuseButton  = "refuse"
)

// Tell writes to those whose vote is wanted now, with buttons where they are
// reached by a chat. Each stage is told once. Nobody is told where the duty has
// no way to speak.
func (r *Record) Tell(ctx context.Context, w account.World) error {
	asked := r.Asked(w.Clock.Now())
	if w.Tell == nil || len(asked) == 0 {
		return nil
	}
	_, stage := r.State(w.Clock.Now())
	q := r.Request
	return w.Tell(ctx, notify.Post{
		ID: fmt.Sprintf("ask-%s-%d", q.ID, stage), To: asked,
		What: [2]string{
			text.Asks.In(report.English, "who", q.who(), "title", q.Title.En),
			text.Asks.In(report.Japanese, "who", q.who(), "title", q.Title.Ja),
		},
		Why: [2]string{q.Reason, q.Reason},
		Do: [2]string{
			text.Answer.In(report.English, "id", q.ID, "time", q.Expires.In(w.Location).Format("2006-01-02 15:04")),
			text.Answer.In(report.Japanese, "id", q.ID, "time", q.Expires.In(w.Location).Format("2006-01-02 15:04")),
		},
		Buttons: []notify.Button{
			{Label: [2]string{"Agree", "承認"}, Action: ApproveButton, Value: q.ID},
			{Label: [2]string{"Refuse", "却下"}, Action: RefuseButton, Value: q.ID, Danger: true},
		},
	})
}
