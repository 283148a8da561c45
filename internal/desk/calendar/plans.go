package calendar

import (
	"time"

	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/settings"
)

const (
	ofPlans = "plans"
	// soon is how far ahead plans are shown: they may open every night, and end with
	// the first.
	soon = 7 * 24 * time.Hour
)

// plans are the times in which plans that somebody began go on in their windows.
func plans(all []*plan.Record, conf *settings.Settings, now time.Time) ([]Event, error) {
	var out []Event
	for _, r := range all {
		spans, err := r.Openings(conf, now, now.Add(soon))
		if err != nil {
			return nil, err
		}
		n := 0
		for _, s := range r.Plan.Steps {
			if s.Wave > 0 {
				n++
			}
		}
		for _, s := range spans {
			out = append(out, Event{
				UID: uid("plan", ofPlans, r.Plan.ID+"-"+s.From.UTC().Format("20060102T1504Z")), Source: ofPlans, From: s.From, To: s.To,
				What: both(text.Plan, "duty", r.Plan.Duty, "n", n), Why: both(text.PlanWhy, "plan", r.Plan.ID, "window", r.Plan.Window, "reason", r.Plan.Reason),
			})
		}
	}
	return out, nil
}
