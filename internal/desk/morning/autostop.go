package morning

import (
	"slices"
	"time"
)

// lateStop is how much later than its timeout an AUTO_STOP desktop may stop:
// AWS bills and stops by the hour, and looks at connections now and then.
const lateStop = time.Hour

// wakers are the operations after which a desktop runs though nobody came.
var wakers = []string{"StartWorkspaces", "RebootWorkspaces", "RebuildWorkspaces", "RestoreWorkspace", "ModifyWorkspaceProperties"}

// overdue tells whether a desktop should have stopped by itself, as far as it
// shows: nobody has been connected for longer than its timeout.
func (f *Facts) overdue(d Desktop) bool {
	u, known := f.Connected[d.ID]
	if d.State != "AVAILABLE" || d.Request.RunningMode != "AUTO_STOP" || d.Request.AutoStopMinutes <= 0 || !known || u.State != "DISCONNECTED" {
		return false
	}
	return !u.Last.IsZero() && u.Last.Before(f.dueSince(d))
}

// dueSince is the time before which a desktop must have been used last to be
// stopped by now. The timeout may be longer than a time.Duration can be.
func (f *Facts) dueSince(d Desktop) time.Time {
	const day = 24 * 60
	m := int(d.Request.AutoStopMinutes)
	return f.At.UTC().AddDate(0, 0, -m/day).Add(-time.Duration(m%day)*time.Minute - lateStop)
}

// wakersSince is how far back the calls that wake desktops matter; ok is false
// where no desktop is overdue.
func (f *Facts) wakersSince() (since time.Time, ok bool) {
	for _, d := range f.Desktops {
		if due := f.dueSince(d); f.overdue(d) && (!ok || due.Before(since)) {
			since, ok = due, true
		}
	}
	return since, ok
}

// notStopping lists desktops that should have stopped and were not woken since.
// One that nobody has ever used is not accused: nothing says since when it runs.
// Where the trail is silent nobody is accused either, for somebody may have woken
// them.
func (c *file) notStopping() []Finding {
	f := Finding{Kind: NotStopping}
	if c.silent("cloudtrail:LookupEvents") {
		return nil
	}
	for _, d := range c.Desktops {
		if !c.overdue(d) || c.woken(d) {
			continue
		}
		f.Desktops = append(f.Desktops, d)
		if u := c.Connected[d.ID]; f.Begun.IsZero() || u.Last.Before(f.Begun) {
			f.Begun = u.Last
		}
	}
	if f.Desktops == nil {
		return nil
	}
	return []Finding{f}
}

func (c *file) woken(d Desktop) bool {
	due := c.dueSince(d)
	if e, ok := c.createdBy(d); ok && e.Time.After(due) {
		return true
	}
	return slices.ContainsFunc(wakers, func(name string) bool {
		return slices.ContainsFunc(c.byName[name], func(e Event) bool {
			return e.ErrorCode == "" && e.Time.After(due) && slices.Contains(e.Desktops, d.ID)
		})
	})
}

func (g *page) notStopping(f *Finding) {
	var ids []string
	for _, d := range f.Desktops {
		ids = append(ids, "WorkspaceId="+d.ID)
	}
	g.line("", g.say(text.NotStopping, "n", len(f.Desktops), "users", g.users(f.Desktops)))
	g.line(g.say(text.Why), g.say(text.NotStoppingWhy, "time", g.clock(f.Begun), "minutes", f.Desktops[0].Request.AutoStopMinutes))
	g.line(g.say(text.Next), g.say(text.NotStoppingNext, "requests", ids[0]))
}
