package morning

import (
	"context"
	"strings"

	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/notify"
)

// topic is the channel of what is told of desktops.
const topic = "desktops"

// tell writes to the team that desktops were made again, and asks to verify:
// once for each plan. Where the settings have no channel for it nobody is told.
func (d *desk) tell(ctx context.Context, p *plan.Plan, outcomes []Outcome) error {
	conf, err := settings.Load(d.world.Getenv)
	if err != nil || d.world.Tell == nil || conf.Channel(topic) == "" && conf.Outbox == "" {
		return err
	}
	var users, ids []string
	for _, o := range outcomes {
		if o.Good {
			users, ids = append(users, o.Request.User), append(ids, o.New)
		}
	}
	if len(users) == 0 {
		return nil
	}
	both := func(m report.Message, pairs ...any) [2]string {
		return [2]string{m.In(report.English, pairs...), m.In(report.Japanese, pairs...)}
	}
	why := p.Steps[0].Why
	return d.world.Tell(ctx, notify.Post{
		ID: "morning-" + p.ID, Topic: topic, Thread: p.ID,
		What: both(text.PostWhat, "n", len(users), "users", strings.Join(users, ", ")), Why: [2]string{why.En, why.Ja},
		Do: both(text.PostDo, "ids", strings.Join(ids, " "), "plan", p.ID),
	})
}
