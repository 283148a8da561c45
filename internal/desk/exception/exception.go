package exception

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/settings"
)

// Grant is one exception as it is asked for.
type Grant struct {
	Kind      string    `json:"kind"` // printing, wallpaper, or another of the settings
	User      string    `json:"user"`
	Directory string    `json:"directory"`
	Group     string    `json:"group"`
	Until     time.Time `json:"until"`
}

// suffix makes a duty of a kind: "printing exception".
const suffix = " exception"

// endDuty is the duty of taking exceptions back.
const endDuty = "exception end"

// check tells whether the settings allow the exception at all.
func (g *Grant) check(conf *settings.Settings, now time.Time) error {
	rule, known := conf.Exceptions[g.Kind]
	if !known {
		kinds := []string{}
		for k := range conf.Exceptions {
			kinds = append(kinds, k)
		}
		slices.Sort(kinds)
		return fmt.Errorf("%q: want one of %s", g.Kind, strings.Join(kinds, ", "))
	}
	g.Group = rule.Group
	switch {
	case !g.Until.After(now):
		return fmt.Errorf("--until %s is past", g.Until.Format(time.DateOnly))
	case rule.Longest > 0 && g.Until.Sub(now) > rule.Longest:
		return fmt.Errorf("--until: an exception of %s holds %s at most", g.Kind, rule.Longest)
	}
	return nil
}

// Plan is the plan of an exception.
func (g Grant) Plan(by, reason string, place plan.Place, zone *time.Location, now time.Time) (*plan.Plan, error) {
	m := change.Membership{Directory: g.Directory, Group: g.Group, User: g.User}
	do, err := plan.MoveOf(change.AddMember, m)
	if err != nil {
		return nil, err
	}
	undo, err := plan.MoveOf(change.RemoveMember, m)
	if err != nil {
		return nil, err
	}
	facts, err := json.Marshal(g)
	if err != nil {
		return nil, err
	}
	until := g.Until.In(zone).Format("2006-01-02 15:04")
	return plan.New(plan.Plan{
		Duty: g.Kind + suffix, Made: now, By: by, Reason: reason, Places: []plan.Place{place}, Facts: facts,
		Steps: []plan.Step{{
			Resource: g.Directory, Owner: g.User, Do: do, Undo: &undo, CLI: m.AddCLI(),
			What: plan.Say(text.What, "kind", g.Kind, "user", g.User, "group", g.Group, "until", until),
			Why:  plan.Say(text.Why, "reason", reason),
		}},
	})
}

// Standing is an exception and how it is.
type Standing struct {
	Grant
	Plan   string `json:"plan"`
	State  State  `json:"state"`
	Reason string `json:"reason,omitempty"`
	By     string `json:"by"`

	place plan.Place
}

// State is how an exception is.
type State string

// The states of an exception.
const (
	Waiting State = "WAITING" // not applied: nobody agreed yet, or not everybody
	InForce State = "IN_FORCE"
	Over    State = "OVER" // its end is past, and it is still there
	Ended   State = "ENDED"
	Idle    State = "IDLE" // the user was in the group before; it ends nothing
)

// standings reads the exceptions out of the plans, the newest first.
func standings(all []*plan.Record, now time.Time) []Standing {
	ended := endings(all)
	out := []Standing{}
	for _, r := range all {
		var g Grant
		if !strings.HasSuffix(r.Plan.Duty, suffix) || r.Plan.Undoes != "" || len(r.Plan.Steps) != 1 || json.Unmarshal(r.Plan.Facts, &g) != nil {
			continue
		}
		s := Standing{Grant: g, Plan: r.Plan.ID, State: Waiting, Reason: r.Plan.Reason, By: r.Plan.By, place: r.Plan.Places[0]}
		switch {
		case ended[r.Plan.ID]:
			s.State = Ended
		case r.Count(plan.Applied) == 0:
		case !r.Changed(0):
			s.State = Idle
		case now.Before(g.Until):
			s.State = InForce
		default:
			s.State = Over
		}
		out = append(out, s)
	}
	return covered(out)
}

// covered leaves an exception that is over in force while another one of the
// same person and group is: to take it back would take that one back too.
func covered(all []Standing) []Standing {
	for i, s := range all {
		if s.State != Over {
			continue
		}
		if slices.ContainsFunc(all, func(o Standing) bool {
			return (o.State == InForce || o.State == Idle && o.Until.After(s.Until)) && o.Directory == s.Directory && o.Group == s.Group && strings.EqualFold(o.User, s.User)
		}) {
			all[i].State = InForce
		}
	}
	return all
}

// ends are the facts of a plan that takes exceptions back.
type ends struct {
	Plans []string `json:"plans"` // one for each step
}

// endings are the plans of exceptions that were taken back, by their end or by
// an undo.
func endings(all []*plan.Record) map[string]bool {
	out := map[string]bool{}
	for _, r := range all {
		if r.Plan.Undoes != "" && r.Count(plan.Applied) == len(r.Steps) {
			out[r.Plan.Undoes] = true
		}
		var e ends
		if r.Plan.Duty != endDuty || json.Unmarshal(r.Plan.Facts, &e) != nil || len(e.Plans) != len(r.Steps) {
			continue
		}
		for i, s := range r.Steps {
			if s.State == plan.Applied {
				out[e.Plans[i]] = true
			}
		}
	}
	return out
}

// End is the plan that takes back what is over; nil where nothing is.
func End(all []Standing, by string, zone *time.Location, now time.Time) (*plan.Plan, error) {
	p := plan.Plan{Duty: endDuty, Made: now, By: by}
	var facts ends
	for _, s := range all {
		if s.State != Over {
			continue
		}
		m := change.Membership{Directory: s.Directory, Group: s.Group, User: s.User}
		do, err := plan.MoveOf(change.RemoveMember, m)
		if err != nil {
			return nil, err
		}
		undo, err := plan.MoveOf(change.AddMember, m)
		if err != nil {
			return nil, err
		}
		at := slices.Index(p.Places, s.place)
		if at < 0 {
			at = len(p.Places)
			p.Places = append(p.Places, s.place)
		}
		facts.Plans = append(facts.Plans, s.Plan)
		p.Steps = append(p.Steps, plan.Step{
			Place: at, Resource: s.Directory, Owner: s.User, Do: do, Undo: &undo, CLI: m.RemoveCLI(),
			What: plan.Say(text.Removes, "kind", s.Kind, "user", s.User, "group", s.Group),
			Why:  plan.Say(text.IsOver, "until", s.Until.In(zone).Format("2006-01-02 15:04"), "plan", s.Plan),
		})
	}
	if len(p.Steps) == 0 {
		return nil, nil //nolint:nilnil // nothing is over
	}
	b, err := json.Marshal(facts)
	if err != nil {
		return nil, err
	}
	p.Facts = b
	return plan.New(p)
}
