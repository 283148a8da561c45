package notice

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
	"tamachi/internal/notify"
)

// AnnounceAction is the name of the plans' action that speaks to everyone.
const AnnounceAction = "notice:Announce"

// announceDuty is the duty whose approval an announcement needs.
const announceDuty = "announcement"

// Announcement is the input of the action.
type Announcement struct {
	Topic string    `json:"topic"`
	What  [2]string `json:"what"`
	Do    [2]string `json:"do,omitzero"`
}

// Actions are the actions of this package.
func Actions(w account.World, ways Ways) plan.Actions {
	return plan.Actions{AnnounceAction: plan.One(
		func(ctx context.Context, _ *account.Account, ask plan.Ask[Announcement]) (plan.Seen, error) {
			d, err := Open(w, ways)
			if err != nil {
				return plan.Seen{}, err
			}
			said, err := d.Said(ctx, "announce-"+ask.Token)
			if err != nil || !said {
				return plan.Seen{State: plan.Todo}, err
			}
			return plan.Seen{State: plan.Done}, nil
		},
		func(ctx context.Context, _ *account.Account, ask plan.Ask[Announcement]) error {
			d, err := Open(w, ways)
			if err != nil {
				return err
			}
			return d.Send(ctx, notify.Post{
				ID: "announce-" + ask.Token, Topic: ask.Input.Topic, Urgent: true, Everyone: true, What: ask.Input.What, Do: ask.Input.Do,
			})
		},
	)}
}

// announce makes the plan of an announcement.
func (d *Desk) announce(a Announcement, by, reason string, place plan.Place) (*plan.Plan, error) {
	if _, must := d.Settings.Approvals[announceDuty]; !must {
		if _, must = d.Settings.Approvals["*"]; !must {
			return nil, errNoRule
		}
	}
	move, err := plan.MoveOf(AnnounceAction, a)
	if err != nil {
		return nil, err
	}
	facts, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	channel := d.Settings.Channel(a.Topic)
	return plan.New(plan.Plan{
		Duty: announceDuty, Made: d.Clock.Now(), By: by, Reason: reason, Places: []plan.Place{place}, Facts: facts,
		Steps: []plan.Step{{
			Resource: channel, Do: move, Why: plan.Say(text.AnnounceWhy, "reason", reason),
			What: plan.Text{
				En: text.Announce.In("en", "channel", channel, "what", a.What[0]),
				Ja: text.Announce.In("ja", "channel", channel, "what", a.What[1]),
			},
		}},
	})
}

var errNoRule = errors.New("no rule for announcements")

// jobID is the same for a failure of a job that is told again within a run.
func jobID(job, at, how string) string {
	sum := sha256.Sum256([]byte(job + "\x00" + at + "\x00" + how))
	return "job-" + hex.EncodeToString(sum[:8])
}
