package morning

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tamachi/internal/desk/report"
)

// why tells a cause in two steps: what happened to the desktops, and what had
// happened to the account they needed.
func (g *page) why(f *Finding) []string {
	c := f.Cause
	created := g.created(f)
	switch c.Kind {
	case AccountOff, JoinRefused:
		join := g.say(text.JoinRefused, "directory", c.Directory, "account", c.Account)
		return []string{join2(created, join), g.account(f)}
	case DirectorySick:
		return []string{join2(created, g.raw(c)), g.directory(f.Directory)}
	case CauseUnknown:
	}
	return []string{join2(created, g.raw(c))}
}

func join2(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// created says when the desktops were asked for, from the trail.
func (g *page) created(f *Finding) string {
	events := f.Cause.Created
	if len(events) == 0 {
		if g.plan.Counts.Recent == nil {
			return "" // the trail could not be read, and the page says so below
		}
		return g.say(text.NotCreated, "n", len(f.Desktops), "since", g.clock(g.plan.Since))
	}
	from, to := g.clock(events[0].Time), g.clock(events[len(events)-1].Time)
	if from == to {
		return g.say(text.Created, "time", from, "requests", g.requests(events))
	}
	return g.say(text.CreatedBetween, "from", from, "to", to, "requests", g.requests(events))
}

// account tells the story of the account that the directory refused.
func (g *page) account(f *Finding) string {
	c := f.Cause
	var story string
	switch {
	case c.Off != nil:
		story = g.say(text.OffBy, "event", c.Off.Name, "account", c.Account, "time", g.clock(c.Off.Time), "by", c.Off.By)
	case len(c.Created) > 0 && g.plan.Counts.Recent != nil:
		story = g.say(text.NoOffEvent, "account", c.Account, "since", g.clock(g.plan.At.Add(-history)))
	}
	return join2(story, g.now(c))
}

// now tells whether the account can be used now.
func (g *page) now(c *Cause) string {
	switch c.State {
	case Disabled:
		return g.say(text.StillOff)
	case Absent:
		return g.say(text.StillAbsent)
	case Enabled:
		if c.On == nil {
			return g.say(text.OnNow)
		}
		return g.say(text.OnSince, "time", g.clock(c.On.Time), "by", c.On.By, "state", g.say(text.AccountIs))
	}
	if c.On == nil {
		return ""
	}
	return g.say(text.OnSince, "time", g.clock(c.On.Time), "by", c.On.By, "state", g.say(text.StateSilent))
}

func (g *page) raw(c *Cause) string {
	if c.ErrorCode == "" && c.ErrorMessage == "" {
		return g.say(text.NoError)
	}
	m := text.Unknown
	if c.Kind == DirectorySick {
		m = text.Quoted
	}
	return g.say(m, "code", cmp.Or(c.ErrorCode, "-"), "message", cmp.Or(clip(c.ErrorMessage), "-"))
}

// clip keeps an error of a stranger's making to a readable length; --json has
// the whole.
func clip(s string) string {
	const longest = 400
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "..."
	}
	return s
}

// remedy is the next step for desktops in ERROR, and its label.
func (g *page) remedy(f *Finding) (label, step string) {
	c, n := f.Cause, len(f.Desktops)
	switch f.remedy() {
	case recreate:
		return g.say(text.Fix), g.say(text.Recreates, "n", n, "how", g.how(f.Desktops))
	case enableAccount:
		if c.State == Absent {
			return g.say(text.Next), g.say(text.CheckAccount, "directory", c.Directory, "account", c.Account)
		}
		return g.say(text.Next), g.say(text.EnableFirst, "directory", c.Directory, "account", c.Account)
	case mendDirectory:
		return g.say(text.Next), g.say(text.DirectoryFirst, "directory", c.Directory)
	case lookBack:
		return g.say(text.Next), g.say(text.LookBack)
	case findCause:
	}
	return g.say(text.Next), g.say(text.RecreatesAnyway, "n", n, "how", g.how(f.Desktops))
}

// how names the bundles and running modes of desktops.
func (g *page) how(desktops []Desktop) string {
	bundles, modes := map[string]bool{}, map[string]bool{}
	for _, d := range desktops {
		bundles[d.Request.Bundle] = true
		if d.Request.RunningMode != "" {
			modes[d.Request.RunningMode] = true
		}
	}
	m := text.Bundle
	if len(bundles) > 1 {
		m = text.Bundles
	}
	parts := []string{g.say(m, "ids", strings.Join(slices.Sorted(maps.Keys(bundles)), ", "))}
	return report.Plain(strings.Join(append(parts, slices.Sorted(maps.Keys(modes))...), ", "))
}

// remedyKind is what can be done about desktops in ERROR.
type remedyKind int

const (
	recreate      remedyKind = iota + 1 // the cause is gone
	enableAccount                       // the account is off
	mendDirectory                       // the directory is impaired
	lookBack                            // the trail was not read far enough back
	findCause                           // unknown: only at the operator's word
)

func (f *Finding) remedy() remedyKind {
	c := f.Cause
	switch {
	case c.Gone:
		return recreate
	case f.Directory != nil && f.Directory.sick(), c.Kind == DirectorySick:
		return mendDirectory
	case c.Account != "" && (c.State == Disabled || c.State == Absent || c.Kind == AccountOff):
		return enableAccount
	case c.NotInTrail:
		return lookBack
	}
	return findCause
}
