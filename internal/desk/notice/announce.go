package notice

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
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
	return plan.Actions{
		TellAction: tell(w, ways),
		AnnounceAction: sends(w, ways, "announce-", (*Desk).Said, func(a Announcement) notify.Post {
			return notify.Post{Topic: a.Topic, Urgent: true, Everyone: true, What: a.What, Do: a.Do}
		}),
	}
}

// Announce makes the plan of an announcement. Without a rule for who must agree
// it is ErrNoRule.
func Announce(conf *settings.Settings, a Announcement, p plan.Plan) (*plan.Plan, error) {
	if _, must := conf.Approvals[announceDuty]; !must {
		if _, must = conf.Approvals["*"]; !must {
			return nil, ErrNoRule
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
	channel := conf.Channel(a.Topic)
	p.Duty, p.Facts = announceDuty, facts
	p.Steps = []plan.Step{{
		Resource: channel, Do: move, Why: plan.Say(text.AnnounceWhy, "reason", p.Reason),
		What: plan.Text{
			En: text.Announce.In("en", "channel", channel, "what", a.What[0]),
			Ja: text.Announce.In("ja", "channel", channel, "what", a.What[1]),
		},
	}}
	return plan.New(p)
}

// ErrNoRule is an announcement to which nobody could agree.
var ErrNoRule = errors.New("an announcement to everyone needs an approval, and the settings have no rule for it (approvals: announcement)")

// NoRule is ErrNoRule for a reader.
func NoRule(l report.Lang) string { return text.NoRule.In(l) }

// jobID is the same for a failure of a job that is told again within a run.
func jobID(job, at, how string) string {
	sum := sha256.Sum256([]byte(job + "\x00" + at + "\x00" + how))
	return "job-" + hex.EncodeToString(sum[:8])
}
