package morning

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/outage"
	"tamachi/internal/desk/report"
)

// Plan is what the check found: a value that prints as text, goes out as JSON
// and can be kept as evidence.
type Plan struct {
	At         time.Time    `json:"at"`
	Since      time.Time    `json:"since"`
	Account    string       `json:"account"`
	Caller     string       `json:"caller"`
	Region     string       `json:"region"`
	Endpoint   string       `json:"endpoint,omitempty"`
	Counts     Counts       `json:"counts"`
	Findings   []Finding    `json:"findings"`
	Unanswered []Unanswered `json:"unanswered"`
	Truncated  []string     `json:"truncated,omitempty"`
	Repeats    time.Time    `json:"repeats"` // since when an alarm's repetitions count

	Maintenance []Maintenance `json:"maintenance,omitempty"` // until the end of tomorrow

	console account.Console
	links   report.Links // into it, for a terminal
}

// Counts is the fleet in one line.
type Counts struct {
	Total  int            `json:"total"`
	InUse  *int           `json:"inUse"`  // a user is connected; null where it could not be read
	Recent *int           `json:"recent"` // created since; null where the trail could not be read
	Error  int            `json:"error"`
	States map[string]int `json:"states"`
}

// FindingKind sorts findings.
type FindingKind string

// The kinds of finding, in the order in which they are shown.
const (
	InError           FindingKind = "desktops-in-error"
	RepairInterrupted FindingKind = "repair-interrupted"
	Disconnected      FindingKind = "sessions-ended-at-once"
	Unhealthy         FindingKind = "desktops-unhealthy"
	Stuck             FindingKind = "desktops-stuck"
	CreationsFailed   FindingKind = "creations-failed"
	DirectoryImpaired FindingKind = "directory-impaired"
	InAlarm           FindingKind = "alarms"
	AlarmsMisnamed    FindingKind = "alarms-misnamed"
	PatchesBroken     FindingKind = "patches-broken"
	AgentsLost        FindingKind = "agents-lost"
	NotStopping       FindingKind = "desktops-not-stopping"
)

// Finding is one thing that a person should know, with its evidence.
type Finding struct {
	Kind      FindingKind `json:"kind"`
	Desktops  []Desktop   `json:"desktops,omitempty"`
	Directory *Directory  `json:"directory,omitempty"`
	Cause     *Cause      `json:"cause,omitempty"`  // of desktops in ERROR
	Events    []Event     `json:"events,omitempty"` // evidence of other kinds
	Targets   []Target    `json:"targets,omitempty"`
	Code      string      `json:"code,omitempty"`
	Message   string      `json:"message,omitempty"`
	State     string      `json:"state,omitempty"` // of stuck desktops
	Begun     time.Time   `json:"begun,omitzero"`  // of an interrupted repair; of desktops that do not stop, the oldest last use
	Alarms    []Alarm     `json:"alarms,omitempty"`
	Misnamed  []Misnamed  `json:"misnamed,omitempty"`
	Nodes     []Node      `json:"nodes,omitempty"`
	Patches   []PatchRun  `json:"patches,omitempty"`

	Outage *outage.Incident `json:"outage,omitempty"`
}

// Rules are the thresholds of the check.
type Rules struct {
	StuckAfter time.Duration  // a passing state that lasts longer is a finding
	Zone       *time.Location // in which tomorrow begins; nil is UTC
}

// judge makes the plan of the facts. It is pure: the same facts give the same
// plan.
func judge(f *Facts, rules Rules) *Plan {
	p := &Plan{
		At: f.At, Since: f.Since, Account: f.Account, Caller: f.Caller, Region: f.Region, Endpoint: f.Endpoint,
		Findings: []Finding{}, Unanswered: f.Unanswered, Truncated: f.Truncated, Repeats: f.Repeats,
	}
	c := newCase(f)
	p.Counts = c.counts()
	p.Findings = append(p.Findings, c.inError()...)
	p.Findings = append(p.Findings, c.interrupted()...)
	for i := range f.Outages {
		p.Findings = append(p.Findings, Finding{Kind: Disconnected, Outage: &f.Outages[i], Begun: f.Outages[i].From})
	}
	p.Findings = append(p.Findings, c.unhealthy()...)
	p.Findings = append(p.Findings, c.stuck(rules.StuckAfter)...)
	p.Findings = append(p.Findings, c.failedCreations()...)
	p.Findings = append(p.Findings, c.impaired()...)
	p.Findings = append(p.Findings, c.inAlarm()...)
	p.Findings = append(p.Findings, c.misnamedAlarms()...)
	p.Findings = append(p.Findings, c.patchesBroken()...)
	p.Findings = append(p.Findings, c.agentsLost()...)
	p.Findings = append(p.Findings, c.notStopping()...)
	p.Maintenance = c.tomorrow(cmp.Or(rules.Zone, time.UTC))
	return p
}

// file is the facts with the indexes that judging needs.
type file struct {
	*Facts
	created map[string]Event   // the CreateWorkspaces that made a desktop
	asked   map[Target]Event   // the newest one for a user whose answer is not in the trail
	owners  map[Target]Desktop // a desktop of each user
	byName  map[string][]Event // newest first
	states  map[Target]State   // accounts
	rooms   map[string]Directory

	byID                  map[string]Desktop
	byComputer, byAddress map[string][]Desktop
}

func newCase(f *Facts) *file {
	c := &file{
		Facts: f, created: map[string]Event{}, asked: map[Target]Event{}, owners: map[Target]Desktop{}, byName: map[string][]Event{},
		states: map[Target]State{}, rooms: map[string]Directory{},
		byID: map[string]Desktop{}, byComputer: map[string][]Desktop{}, byAddress: map[string][]Desktop{},
	}
	for _, e := range f.Events {
		c.byName[e.Name] = append(c.byName[e.Name], e)
		if e.Name == "CreateWorkspaces" {
			c.creation(e)
		}
	}
	for _, d := range f.Desktops {
		if d.State != "TERMINATED" && d.State != "TERMINATING" {
			c.owners[target(d.Directory, d.User)] = d
		}
		c.byID[d.ID] = d
		if name := strings.ToLower(d.Computer); name != "" {
			c.byComputer[name] = append(c.byComputer[name], d)
		}
		if d.Address != "" {
			c.byAddress[d.Address] = append(c.byAddress[d.Address], d)
		}
	}
	for _, a := range f.Accounts {
		c.states[target(a.Directory, a.User)] = a.State
	}
	for _, d := range f.Directories {
		c.rooms[d.ID] = d
	}
	return c
}

// creation files a CreateWorkspaces under the desktops that it made. A record
// may be without its answer, for a plane writes that a moment after the call;
// then the users for whom desktops were asked must do.
func (c *file) creation(e Event) {
	for _, id := range e.Desktops {
		c.created[id] = e
	}
	if e.ErrorCode != "" || len(e.Desktops)+len(e.Failed) > 0 {
		return
	}
	for _, a := range e.Asked {
		key := target(a.Directory, a.User)
		if old, ok := c.asked[key]; !ok || old.Time.Before(e.Time) {
			c.asked[key] = e
		}
	}
}

// createdBy finds the call that made a desktop.
func (c *file) createdBy(d Desktop) (Event, bool) {
	if e, ok := c.created[d.ID]; ok {
		return e, true
	}
	e, ok := c.asked[target(d.Directory, d.User)]
	return e, ok
}

// target is a key for a user: account names do not differ by case.
func target(directory, user string) Target { return Target{directory, strings.ToLower(user)} }

// silent tells whether an action could not be asked.
func (c *file) silent(action string) bool {
	return slices.ContainsFunc(c.Unanswered, func(u Unanswered) bool { return u.Problem.Action == action })
}

func (c *file) counts() Counts {
	n := Counts{Total: len(c.Desktops), States: map[string]int{}}
	inUse, recent := 0, 0
	for _, d := range c.Desktops {
		n.States[d.State]++
		if c.Connected[d.ID].State == "CONNECTED" {
			inUse++
		}
		if _, ok := c.createdBy(d); ok {
			recent++
		}
	}
	n.Error = n.States["ERROR"]
	if c.Connected != nil {
		n.InUse = &inUse
	}
	if !c.silent("cloudtrail:LookupEvents") {
		n.Recent = &recent
	}
	return n
}

func (c *file) inError() []Finding {
	groups := map[string]*Finding{}
	for _, d := range c.Desktops {
		if d.State != "ERROR" {
			continue
		}
		cause := c.causeOf(d)
		key := cause.key(d)
		if groups[key] == nil {
			groups[key] = &Finding{Kind: InError, Cause: cause}
			if room, ok := c.rooms[d.Directory]; ok {
				groups[key].Directory = &room
			}
		}
		g := groups[key]
		g.Desktops = append(g.Desktops, d)
		if e, ok := c.createdBy(d); ok && !slices.ContainsFunc(g.Cause.Created, func(o Event) bool { return o.ID == e.ID }) {
			g.Cause.Created = append(g.Cause.Created, e)
		}
	}
	out := sorted(groups)
	for _, f := range out {
		slices.SortFunc(f.Cause.Created, func(a, b Event) int { return a.Time.Compare(b.Time) })
	}
	return out
}

// sorted gives groups in the order of their first user, and their desktops in
// the order of users.
func sorted(groups map[string]*Finding) []Finding {
	var out []Finding
	for _, g := range groups {
		slices.SortFunc(g.Desktops, func(a, b Desktop) int {
			return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.ID, b.ID))
		})
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Desktops[0].User, b.Desktops[0].User), cmp.Compare(a.Desktops[0].ID, b.Desktops[0].ID))
	})
	return out
}

// interrupted tells of users whose desktop a repair has terminated and not
// created again, for nothing else remembers them; and of a repair that was broken
// off, until it has been gone on with and verified.
func (c *file) interrupted() []Finding {
	if c.Journal == nil {
		return nil
	}
	f := Finding{Kind: RepairInterrupted, Begun: c.Journal.Begun}
	for _, item := range c.Journal.Items {
		if _, has := c.owners[target(item.Request.Directory, item.Request.User)]; !has {
			f.Targets = append(f.Targets, Target{item.Request.Directory, item.Request.User})
		}
	}
	if f.Targets == nil && c.Journal.Ended {
		return nil
	}
	return []Finding{f}
}

func (c *file) unhealthy() []Finding {
	f := Finding{Kind: Unhealthy}
	for _, d := range c.Desktops {
		if d.State == "UNHEALTHY" || d.State == "IMPAIRED" {
			f.Desktops = append(f.Desktops, d)
		}
	}
	if f.Desktops == nil {
		return nil
	}
	return []Finding{f}
}

// stuck finds desktops in a passing state for too long. The trail knows when
// the state began; a start by a user's connection is not in it, so a desktop
// without an event is not accused.
func (c *file) stuck(after time.Duration) []Finding {
	groups := map[string]*Finding{}
	for _, d := range c.Desktops {
		name := movers[d.State]
		if name == "" {
			continue
		}
		began, known := c.movedBy(d, name)
		if !known || c.At.Sub(began.Time) <= after {
			continue
		}
		if groups[d.State] == nil {
			groups[d.State] = &Finding{Kind: Stuck, State: d.State}
		}
		g := groups[d.State]
		g.Desktops = append(g.Desktops, d)
		g.Events = append(g.Events, began)
	}
	for _, g := range groups {
		slices.SortFunc(g.Events, func(a, b Event) int { return a.Time.Compare(b.Time) })
	}
	return sorted(groups)
}

// movedBy finds the newest call of a name that moved a desktop.
func (c *file) movedBy(d Desktop, name string) (Event, bool) {
	if name == "CreateWorkspaces" {
		return c.createdBy(d)
	}
	i := slices.IndexFunc(c.byName[name], func(e Event) bool {
		return e.ErrorCode == "" && slices.Contains(e.Desktops, d.ID)
	})
	if i < 0 {
		return Event{}, false
	}
	return c.byName[name][i], true
}

// failedCreations finds the CreateWorkspaces calls, and items of calls, that
// were refused, unless the user has a desktop by now.
func (c *file) failedCreations() []Finding {
	var out []Finding
	for _, e := range slices.Backward(c.byName["CreateWorkspaces"]) {
		if e.ErrorCode != "" {
			open := c.without(e.Asked)
			if len(e.Asked) == 0 || len(open) > 0 {
				out = addFailure(out, e, e.ErrorCode, e.ErrorMessage, open)
			}
			continue
		}
		for _, f := range e.Failed {
			if open := c.without([]Target{f.Target}); len(open) > 0 {
				out = addFailure(out, e, f.Code, f.Message, open)
			}
		}
	}
	return out
}

// without keeps the users who have no desktop.
func (c *file) without(asked []Target) []Target {
	var out []Target
	for _, t := range asked {
		if _, has := c.owners[target(t.Directory, t.User)]; !has {
			out = append(out, t)
		}
	}
	return out
}

func addFailure(all []Finding, e Event, code, message string, users []Target) []Finding {
	directory := ""
	if len(users) > 0 {
		directory = users[0].Directory
	}
	i := slices.IndexFunc(all, func(f Finding) bool {
		return f.Code == code && f.directory() == directory
	})
	if i < 0 {
		f := Finding{Kind: CreationsFailed, Code: code, Message: message}
		if directory != "" {
			f.Directory = &Directory{ID: directory}
		}
		all = append(all, f)
		i = len(all) - 1
	}
	f := &all[i]
	if !slices.ContainsFunc(f.Events, func(o Event) bool { return o.ID == e.ID }) {
		f.Events = append(f.Events, e)
	}
	for _, u := range users {
		if !slices.Contains(f.Targets, u) {
			f.Targets = append(f.Targets, u)
		}
	}
	return all
}

func (f *Finding) directory() string {
	if f.Directory == nil {
		return ""
	}
	return f.Directory.ID
}

func (c *file) impaired() []Finding {
	var out []Finding
	for _, d := range c.Directories {
		if d.sick() {
			out = append(out, Finding{Kind: DirectoryImpaired, Directory: &d})
		}
	}
	return out
}

// sick tells whether a directory cannot serve desktops, as far as is known.
// Source: Directory Service API Reference, DirectoryDescription; WorkSpaces
// API Reference, WorkspaceDirectory.
func (d Directory) sick() bool {
	switch d.Stage {
	case "Impaired", "Inoperable", "Failed", "RestoreFailed":
		return true
	}
	return d.Registration == "ERROR"
}
