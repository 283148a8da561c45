package cost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/settings"
)

// announced makes and asks for the announcement of what a plan switches, and
// returns the plan as one that comes after it. What switches nobody's desktop
// off needs none.
func (f *sweepFlags) announced(ctx context.Context, d *plan.Desk, set *settings.Settings, p *plan.Plan) (*plan.Plan, error) {
	n := 0
	for _, s := range p.Steps {
		var m change.Mode
		if json.Unmarshal(s.Do.Input, &m) == nil && m.Want.Mode == autoStop && m.Was.Mode != autoStop {
			n++
		}
	}
	if n == 0 {
		return p, nil
	}
	first, err := notice.Announce(set, notice.Announcement{
		Topic: f.Announce, Do: both(text.AnnounceDo),
		What: both(text.AnnounceWhat, "n", n, "minutes", f.Minutes, "hours", int((f.Ahead+time.Hour-1)/time.Hour)),
	}, plan.Plan{Made: p.Made, By: p.By, Reason: reasonOf(f.Reason, d), Places: p.Places[:1]})
	if errors.Is(err, notice.ErrNoRule) {
		return nil, errors.New(notice.NoRule(d.Language()))
	}
	if err != nil {
		return nil, err
	}
	second := *p
	second.After = &plan.After{Plan: first.ID, Wait: f.Ahead}
	if p, err = plan.New(second); err != nil {
		return nil, err
	}
	// What is said of the first goes to stderr: stdout is the sweep's.
	desk := &plan.Desk{World: d.World, Actions: d.Actions, Flags: d.Flags, Streams: plan.Streams{In: d.Streams.In, Out: d.Streams.Err, Err: d.Streams.Err}}
	desk.Flags.JSON = false
	if err := f.Settle(ctx, desk, first); err != nil {
		if said := err.Error(); said != "" {
			fmt.Fprintln(d.Streams.Err, said)
		}
	}
	fmt.Fprintln(d.Streams.Err, text.Announced.In(d.Language(), "id", first.ID))
	return p, nil
}

// reasonOf is why an announcement is made.
func reasonOf(given string, d *plan.Desk) string {
	if given != "" {
		return given
	}
	return text.AnnounceWhy.In(d.Language())
}
