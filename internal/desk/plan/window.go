package plan

import (
	"slices"
	"time"

	"tamachi/internal/desk/settings"
)

// window tells when the steps of a plan's waves may be begun; nil is always.
func (d *Desk) window(p *Plan) (func() bool, error) {
	if p.Window == "" {
		return nil, nil //nolint:nilnil // nil is a plan without a window
	}
	conf, err := settings.Load(d.World.Getenv)
	if err != nil {
		return nil, err
	}
	w, err := settings.ParseWindow(p.Window)
	if err != nil {
		return nil, err
	}
	return func() bool { return conf.Open(w, d.World.Clock.Now()) }, nil
}

// Opens is when the window opens for the steps of a record that wait for it; zero
// where none waits, or it is open, or never opens again.
func (d *Desk) Opens(r *Record) time.Time {
	w, err := settings.ParseWindow(r.Plan.Window)
	if err != nil || r.Plan.Window == "" || r.Count(Waiting) == 0 {
		return time.Time{}
	}
	conf, err := settings.Load(d.World.Getenv)
	if err != nil || conf.Open(w, d.World.Clock.Now()) {
		return time.Time{}
	}
	return conf.Opens(w, d.World.Clock.Now())
}

// Openings are the times in which the steps that wait for a plan's window may be
// begun, once somebody has begun to apply it; and those in which some were begun.
func (r *Record) Openings(conf *settings.Settings, from, until time.Time) ([]settings.Span, error) {
	begun := r.begun()
	if r.Plan.Window == "" || begun.IsZero() {
		return nil, nil
	}
	w, err := settings.ParseWindow(r.Plan.Window)
	if err != nil {
		return nil, err
	}
	spans := conf.Spans(w, from, until)
	if r.Count(Waiting) == 0 {
		last := r.Events[len(r.Events)-1].At
		spans = slices.DeleteFunc(spans, func(s settings.Span) bool { return s.From.After(last) })
	}
	return spans, nil
}
