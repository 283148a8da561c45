package cost

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

// Duty is the name of the sweep's plans.
const Duty = "cost sweep"

// Promise is what a change was meant to save, kept with its plan as evidence.
type Promise struct {
	Desktop  string  `json:"desktop"`
	Saving   string  `json:"savingAMonth,omitempty"` // "" where no price is known
	Hours    float64 `json:"hoursAMonth"`            // at most
	AlwaysOn string  `json:"alwaysOn,omitempty"`     // the prices it was made by
	AutoStop string  `json:"autoStop,omitempty"`
	Hour     string  `json:"hour,omitempty"`
}

// Evidence is what is kept with a plan of the sweep.
type Evidence struct {
	Currency string    `json:"currency,omitempty"`
	Prices   []string  `json:"prices,omitempty"`
	Promises []Promise `json:"promises"` // one a step
}

// ReleaseDuty is the name of the plans that end what owners have released.
const ReleaseDuty = "cost release"

// Wishes are what a plan of the sweep is made by.
type Wishes struct {
	Role     string // that led to the places
	Minutes  int32  // the timeout of what becomes AUTO_STOP
	Reason   string
	Released bool // end what was released, instead of the changes
	Most     int  // steps of one plan; 0 is any number
}

// wants tells of a row that the plan is to have.
func (w *Wishes) wants(row *Row) bool {
	if w.Released {
		return row.Proposal == Release
	}
	return rank(row) == 0
}

// changes makes the plan of the changes that the sweep proposes in some places.
// It has no steps where there is nothing to change.
func changes(places []account.Place, found []*Plan, w Wishes) (*plan.Plan, error) {
	p := plan.Plan{Duty: Duty, Reason: w.Reason}
	if w.Released {
		p.Duty = ReleaseDuty
	}
	var kept Evidence
	more := 0
	for i, f := range found {
		if f == nil {
			continue
		}
		if f.Account == "" || f.Caller == "" {
			return nil, errors.New("a change must know the account and the caller, and GetCallerIdentity was not answered")
		}
		if p.By == "" {
			p.By, p.Made = f.Caller, f.At
		}
		place := plan.Place{Profile: places[i].Profile, Account: f.Account, Region: f.Region, Endpoint: f.Endpoint}
		if w.Role != "" && strings.Contains(f.Caller, ":assumed-role/"+w.Role+"/") {
			place.Role = w.Role
		}
		p.Places = append(p.Places, place)
		if f.Currency != "" {
			kept.Currency, kept.Prices = f.Currency, f.Prices
		}
		for r := range f.Rows {
			row := &f.Rows[r]
			if !w.wants(row) {
				continue
			}
			if w.Most > 0 && len(p.Steps) == w.Most {
				more++
				continue
			}
			s, err := step(row, w.Minutes)
			if err != nil {
				return nil, err
			}
			s.Place = len(p.Places) - 1
			p.Steps = append(p.Steps, s)
			kept.Promises = append(kept.Promises, row.promised)
		}
	}
	if len(p.Places) == 0 {
		return nil, errors.New("no account could be read")
	}
	if more > 0 {
		p.Notes = append(p.Notes, plan.Say(text.NextPlan, "n", more, "most", w.Most))
	}
	b, err := json.Marshal(kept)
	if err != nil {
		return nil, fmt.Errorf("encode the evidence: %w", err)
	}
	p.Facts = b
	return plan.New(p)
}

// step is the change of one desktop, or its end.
func step(row *Row, minutes int32) (plan.Step, error) {
	var en, ja []string
	for _, l := range row.Why {
		en, ja = append(en, l.In(report.English)), append(ja, l.In(report.Japanese))
	}
	if row.Saving != "" {
		l := report.Say(text.Saves, "saving", row.Saving)
		en, ja = append(en, l.In(report.English)), append(ja, l.In(report.Japanese))
	}
	s := plan.Step{Resource: row.ID, Owner: row.Owner, Why: plan.Text{En: strings.Join(en, "; "), Ja: strings.Join(ja, "; ")}}
	if row.Proposal == Release {
		err := end(&s, row)
		return s, err
	}
	err := modes(&s, row, minutes)
	return s, err
}

func end(s *plan.Step, row *Row) (err error) {
	s.What, s.Lost = plan.Say(text.EndIt, "user", row.User), plan.Say(text.Volumes)
	s.CLI = plan.Shell("aws", "workspaces", "terminate-workspaces", "--terminate-workspace-requests", row.ID)
	s.Do, err = plan.MoveOf(change.TerminateDesktop, change.Desktop{Desktop: row.ID})
	return err
}

func modes(s *plan.Step, row *Row, minutes int32) (err error) {
	m := change.Mode{Desktop: row.ID, Was: change.Billed{Mode: row.Mode, Minutes: int32(row.AutoStopMinutes)}} //nolint:gosec // AWS's own figure, at most 2,880
	what := text.MakeAlwaysOn
	if m.Want.Mode = alwaysOn; row.Proposal != ToAlwaysOn {
		m.Want, what = change.Billed{Mode: autoStop, Minutes: minutes}, text.MakeAutoStop
	}
	s.What, s.CLI = plan.Say(what, "user", row.User, "minutes", minutes), m.CLI()
	if s.Do, err = plan.MoveOf(change.RunningMode, m); err != nil {
		return err
	}
	undo, err := plan.MoveOf(change.RunningMode, m.Back())
	s.Undo = &undo
	return err
}
