package morning

import (
	"context"
	"slices"
	"strings"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/maintenance"
)

// Maintenance is work on desktops or nodes that is to be expected.
type Maintenance struct {
	Name  string    `json:"name"` // of a maintenance window, or the directory
	Mode  string    `json:"mode,omitempty"`
	Count int       `json:"desktops,omitempty"` // of a directory, those of the mode
	From  time.Time `json:"from"`
	To    time.Time `json:"to,omitzero"`
}

// windows reads the maintenance windows of Systems Manager and when each is open
// next.
func (e Eyes) windows(ctx context.Context, n *account.Notebook[Facts]) error {
	next, err := maintenance.Next(ctx, e.Nodes)
	if err != nil {
		return n.Missed(err)
	}
	var all []Maintenance
	for _, w := range next {
		all = append(all, Maintenance{Name: w.Name, From: w.From, To: w.To})
	}
	n.Note(func(f *Facts) { f.Windows = all })
	return nil
}

// tomorrow lists the maintenance of the rest of today and of tomorrow, in a time
// zone: that of the reader stands in for the Region's.
func (c *file) tomorrow(zone *time.Location) []Maintenance {
	y, m, d := c.At.In(zone).Date()
	day := time.Date(y, m, d+1, 0, 0, 0, 0, zone)
	end := day.AddDate(0, 0, 1)
	var out []Maintenance
	for _, w := range c.Windows {
		if w.From.After(c.At) && w.From.Before(end) {
			out = append(out, w)
		}
	}
	for _, room := range c.Directories {
		if !room.Maintenance {
			continue
		}
		count := map[string]int{}
		for _, d := range c.Desktops {
			if d.Directory == room.ID {
				count[d.Request.RunningMode]++
			}
		}
		for _, mode := range []maintenance.Mode{maintenance.AlwaysOn, maintenance.AutoStop} {
			from, to, is := maintenance.Night(mode, day)
			if n := count[string(mode)]; n > 0 && is {
				out = append(out, Maintenance{room.ID, string(mode), n, from, to})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Maintenance) int { return a.From.Compare(b.From) })
	return out
}

func (g *page) maintenance(all []Maintenance) {
	var parts []string
	for _, w := range all {
		when := g.clock(w.From)
		if !w.To.IsZero() {
			when += "-" + w.To.In(g.zone).Format("15:04")
		}
		if w.Count > 0 {
			parts = append(parts, g.say(text.MaintenanceOf, "directory", w.Name, "mode", w.Mode, "n", w.Count, "when", when))
		} else {
			parts = append(parts, g.say(text.MaintenanceWindow, "name", w.Name, "when", when))
		}
	}
	if len(parts) > 0 {
		g.line("", g.say(text.Tomorrow, "list", strings.Join(parts, "; ")))
	}
}
