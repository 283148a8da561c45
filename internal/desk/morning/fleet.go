package morning

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/report"
)

// section is what was found in one account and Region.
type section struct {
	account.Place
	Plan *Plan `json:"plan,omitempty"`
	Jobs []Job `json:"jobs,omitempty"` // of the evening
}

// quiet is how long a check runs without a word of how far it is.
const quiet = 2 * time.Second

// read reads and judges places side by side; with jobs also what runs there.
func (d *desk) read(ctx context.Context, places []account.Place, jobs bool) ([]section, error) {
	sections, began := make([]section, len(places)), d.world.Clock.Now()
	err := account.Each(ctx, places, func(ctx context.Context, i int, p *account.Place) error {
		found, _, err := d.look(ctx, d.eyes(p.Eyes))
		if err == nil && jobs {
			var missing []Unanswered
			if sections[i].Jobs, missing, err = running(ctx, p.Eyes.Nodes); err == nil {
				found.Unanswered = append(found.Unanswered, missing...)
			}
		}
		if err == nil {
			found.link(d.consoleOf(ctx, p.Eyes))
			sections[i].Plan, p.Account = found, found.Account
		}
		return err
	}, func(ready int) {
		if d.world.Clock.Now().Sub(began) > quiet && ready < len(places) {
			fmt.Fprintln(d.streams.Err, text.Progress.In(d.lang, "n", ready, "of", len(places)))
		}
	})
	for i := range sections {
		sections[i].Place = places[i]
	}
	slices.SortStableFunc(sections, func(a, b section) int { return cmp.Compare(b.weight(), a.weight()) })
	return sections, err
}

// fleet is the check of several accounts and Regions. One that cannot be read
// is shown with its reason, above the others.
func (d *desk) fleet(ctx context.Context, places []account.Place) error {
	sections, err := d.read(ctx, places, false)
	if err != nil {
		return d.failed(err)
	}
	found := false
	var plans []*Plan
	for _, s := range sections {
		found = found || s.Problem != nil || len(s.Plan.Findings) > 0
		if s.Plan != nil {
			plans = append(plans, s.Plan)
		}
	}
	agenda := d.agenda(ctx, workday(d.world.Clock.Now(), d.conf), plans...)
	if d.flags.JSON {
		err = duty.JSON(d.streams.Out, map[string]any{"places": sections, "agenda": agenda})
	} else if err = d.sections(sections); err == nil {
		err = d.show(agenda)
	}
	if err == nil && found {
		return &report.Exit{Code: report.Found}
	}
	return err
}

// weight puts what is worst first: what cannot be seen, then what has most
// desktops in ERROR, then most findings.
func (s *section) weight() int {
	if s.Plan == nil {
		return 1 << 60
	}
	return s.Plan.Counts.Error<<20 + len(s.Plan.Findings)
}

func (d *desk) sections(all []section) error {
	total, broken := 0, 0
	for i, s := range all {
		if i > 0 {
			fmt.Fprintln(d.streams.Out)
		}
		fmt.Fprintln(d.streams.Out, "== "+s.Title())
		if s.Problem != nil {
			fmt.Fprintln(d.streams.Out, text.Unanswered.In(d.lang, "problem", s.Problem.In(d.lang)))
			continue
		}
		if err := s.Plan.Write(d.streams.Out, d.lang, d.world.Location); err != nil {
			return err
		}
		total, broken = total+s.Plan.Counts.Total, broken+s.Plan.Counts.Error
	}
	_, err := fmt.Fprintf(d.streams.Out, "\n%s\n", text.AllPlaces.In(d.lang, "places", len(all), "n", total, "broken", broken))
	return err
}
