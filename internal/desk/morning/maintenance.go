package morning

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/desk/account"
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
func (e Eyes) windows(ctx context.Context, n *notebook) error {
	var all []Maintenance
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := e.Nodes.DescribeMaintenanceWindows(ctx, &ssm.DescribeMaintenanceWindowsInput{
			NextToken: token, Filters: []types.MaintenanceWindowFilter{{Key: aws.String("Enabled"), Values: []string{"true"}}},
		})
		if err != nil {
			return nil, err
		}
		for _, w := range out.WindowIdentities {
			at, ok := windowTime(aws.ToString(w.NextExecutionTime))
			if !ok || !w.Enabled {
				continue
			}
			all = append(all, Maintenance{
				Name: cmp.Or(aws.ToString(w.Name), aws.ToString(w.WindowId)), From: at, To: at.Add(time.Duration(aws.ToInt32(w.Duration)) * time.Hour),
			})
		}
		return out.NextToken, nil
	})
	if err != nil {
		return n.unanswered(account.Explain("ssm:DescribeMaintenanceWindows", err))
	}
	n.note(func(f *Facts) { f.Windows = all })
	return nil
}

// windowTime reads NextExecutionTime, of ISO 8601 in its extended form, with or
// without seconds.
func windowTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.000Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// tomorrow lists the maintenance of the rest of today and of tomorrow, in a time
// zone: that of the reader stands in for the Region's.
//
// WorkSpaces' own: ALWAYS_ON desktops from 00:00 to 04:00 on Sundays; AUTO_STOP
// ones once a month, on a day from the third Monday on and for two weeks, from
// 00:00 to 05:00; both only where the directory has maintenance mode enabled.
// Source: WorkSpaces Administration Guide, "WorkSpace maintenance".
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
		if n := count["ALWAYS_ON"]; n > 0 && day.Weekday() == time.Sunday {
			out = append(out, Maintenance{room.ID, "ALWAYS_ON", n, day, day.Add(4 * time.Hour)})
		}
		if n := count["AUTO_STOP"]; n > 0 && monthly(day) {
			out = append(out, Maintenance{room.ID, "AUTO_STOP", n, day, day.Add(5 * time.Hour)})
		}
	}
	slices.SortStableFunc(out, func(a, b Maintenance) int { return a.From.Compare(b.From) })
	return out
}

// monthly tells of a day in the two weeks from the third Monday of a month on.
func monthly(day time.Time) bool {
	for _, month := range []time.Time{day, day.AddDate(0, 0, -day.Day())} { // this one, and the last
		first := time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, day.Location())
		third := first.AddDate(0, 0, (int(time.Monday)-int(first.Weekday())+7)%7+14)
		if !day.Before(third) && day.Before(third.AddDate(0, 0, 14)) {
			return true
		}
	}
	return false
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
