package notice

import (
	"context"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/settings"
	"tamachi/internal/notify"
)

// TellAction is the name of the plans' action that tells the people whom a plan
// concerns what will happen, before it does.
const TellAction = "notice:Tell"

// Told is the input of the action.
type Told struct {
	Topic  string    `json:"topic"`
	To     []string  `json:"to"` // names of people and groups of the settings
	Urgent bool      `json:"urgent,omitempty"`
	What   [2]string `json:"what"`
	Why    [2]string `json:"why,omitzero"`
	Do     [2]string `json:"do,omitzero"`
}

// Reachable tells whether a post of this kind would have a way to anybody.
func Reachable(conf *settings.Settings, t Told) bool {
	if conf.Outbox != "" {
		return true
	}
	if conf.Slack.TokenFile != "" && conf.Channel(t.Topic) != "" {
		return true
	}
	for _, name := range conf.Members(t.To) {
		if p := conf.People[name]; p.Slack != "" && conf.Slack.TokenFile != "" || p.Mail != "" && conf.Mail.Relay != "" {
			return true
		}
	}
	return false
}

// tell is TellAction. A post that waits for the morning counts as said: nobody
// is woken for it.
func tell(w account.World, ways Ways) plan.Action {
	return sends(w, ways, "tell-", (*Desk).Taken, func(t Told) notify.Post {
		return notify.Post{Topic: t.Topic, To: t.To, Urgent: t.Urgent, What: t.What, Why: t.Why, Do: t.Do}
	})
}

// sends is an action that sends a post once. Its id is that of the step behind a
// prefix, and done tells whether the post with an id has gone its way.
func sends[I any](w account.World, ways Ways, prefix string, done func(*Desk, context.Context, string) (bool, error), post func(I) notify.Post) plan.Action {
	return plan.One(
		func(ctx context.Context, _ *account.Account, ask plan.Ask[I]) (plan.Seen, error) {
			d, err := Open(w, ways)
			if err != nil {
				return plan.Seen{}, err
			}
			gone, err := done(d, ctx, prefix+ask.Token)
			if err != nil || !gone {
				return plan.Seen{State: plan.Todo}, err
			}
			return plan.Seen{State: plan.Done}, nil
		},
		func(ctx context.Context, _ *account.Account, ask plan.Ask[I]) error {
			d, err := Open(w, ways)
			if err != nil {
				return err
			}
			p := post(ask.Input)
			p.ID = prefix + ask.Token
			return d.Send(ctx, p)
		},
	)
}
