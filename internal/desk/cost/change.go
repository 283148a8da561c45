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

// Changes makes the plan of the changes that the sweep proposes in some places;
// role is the one that led there, minutes the timeout of what becomes AUTO_STOP.
// It has no steps where there is nothing to change.
func Changes(places []account.Place, found []*Plan, role string, minutes int32, reason string) (*plan.Plan, error) {
	p := plan.Plan{Duty: Duty, Reason: reason}
	var kept Evidence
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
		if role != "" && strings.Contains(f.Caller, ":assumed-role/"+role+"/") {
			place.Role = role
		}
		p.Places = append(p.Places, place)
		if f.Currency != "" {
			kept.Currency, kept.Prices = f.Currency, f.Prices
		}
		for r := range f.Rows {
			row := &f.Rows[r]
			if row.Proposal != ToAutoStop && row.Proposal != ToAlwaysOn {
				continue
			}
			s, err := step(row, minutes)
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
	b, err := json.Marshal(kept)
	if err != nil {
		return nil, fmt.Errorf("encode the evidence: %w", err)
	}
	p.Facts = b
	return plan.New(p)
}

// step is the change of one desktop.
func step(row *Row, minutes int32) (plan.Step, error) {
	m := change.Mode{Desktop: row.ID, Was: change.Billed{Mode: row.Mode, Minutes: int32(row.AutoStopMinutes)}} //nolint:gosec // AWS's own figure, at most 2,880
	what := text.MakeAlwaysOn
	if m.Want.Mode = alwaysOn; row.Proposal == ToAutoStop {
		m.Want, what = change.Billed{Mode: autoStop, Minutes: minutes}, text.MakeAutoStop
	}
	do, err := plan.MoveOf(change.RunningMode, m)
	if err != nil {
		return plan.Step{}, err
	}
	undo, err := plan.MoveOf(change.RunningMode, m.Back())
	if err != nil {
		return plan.Step{}, err
	}
	var en, ja []string
	for _, l := range row.Why {
		en, ja = append(en, l.In(report.English)), append(ja, l.In(report.Japanese))
	}
	if row.Saving != "" {
		l := report.Say(text.Saves, "saving", row.Saving)
		en, ja = append(en, l.In(report.English)), append(ja, l.In(report.Japanese))
	}
	return plan.Step{
		Resource: row.ID, Owner: row.Owner, What: plan.Say(what, "user", row.User, "minutes", minutes),
		Why: plan.Text{En: strings.Join(en, "; "), Ja: strings.Join(ja, "; ")},
		CLI: m.CLI(), Do: do, Undo: &undo,
	}, nil
}
