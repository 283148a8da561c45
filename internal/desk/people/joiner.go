package people

import (
	"cmp"
	"strings"
	"time"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/spelling"
)

// Rules are by what people are judged.
type Rules struct {
	Bundle  string        // of those of whom the feed says none
	Minutes int32         // of AUTO_STOP
	Ahead   time.Duration // how long before their first day newcomers are made
	Keep    int           // days that a leaver's desktop is kept
	Anyway  bool          // doubts about names hold nobody back
	Only    []string      // accounts; none is everybody of the feed
	Reason  string
}

// draft is a plan in the making.
type draft struct {
	facts *Facts
	rules Rules
	steps []plan.Step
	notes []plan.Text
	held  int // people with a doubt
	seats int // desktops to make
	stop  bool
	err   error
}

// Result is a duty's plan, and how many people it leaves out.
type Result struct {
	Plan *plan.Plan
	Held int
}

func (d *draft) note(m report.Message, pairs ...any) {
	d.notes = append(d.notes, plan.Say(m, pairs...))
}

// doubt is a note about somebody who is left out.
func (d *draft) doubt(m report.Message, pairs ...any) {
	d.note(m, pairs...)
	d.held++
}

// end makes the plan. What a pre-flight found stops all of it.
func (d *draft) end(duty string, together bool) (Result, error) {
	for _, u := range d.facts.Unanswered {
		d.notes = append(d.notes, plan.Text{
			En: text.Unanswered.In(report.English, "problem", u.In(report.English)), Ja: text.Unanswered.In(report.Japanese, "problem", u.In(report.Japanese)),
		})
	}
	if d.err != nil {
		return Result{}, d.err
	}
	if d.stop {
		d.held, d.steps = max(d.held, 1), nil
	}
	p, err := plan.New(plan.Plan{
		Duty: duty, Made: d.facts.At, By: d.facts.Caller, Reason: d.rules.Reason, Places: []plan.Place{d.facts.Place},
		Together: together, Notes: d.notes, Steps: d.steps,
	})
	return Result{p, d.held}, err
}

// step adds a step of a person: what is done, and undone, by moves of one input.
func (d *draft) step(u user, s plan.Step, do, undo string, input any) *plan.Step {
	move, err := plan.MoveOf(do, input)
	s.Group, s.Owner, s.Do = u.Account, u.Account, move
	if undo != "" && err == nil {
		var back plan.Move
		back, err = plan.MoveOf(undo, input)
		s.Undo = &back
	}
	d.err = cmp.Or(d.err, err)
	d.steps = append(d.steps, s)
	return &d.steps[len(d.steps)-1]
}

func (r *Rules) wants(p *hr.Person) bool {
	return len(r.Only) == 0 || contains(r.Only, p.Account)
}

// strangers are those who were named, and of whom the feed knows nothing.
func (d *draft) strangers() {
	var known []string
	for i := range d.facts.Feed.People {
		known = append(known, d.facts.Feed.People[i].Account)
	}
	for _, name := range d.rules.Only {
		if d.facts.Feed.Of(name) == nil {
			d.doubt(text.NotNamed, "account", name, "near", append(spelling.Near(name, known), "-")[0])
		}
	}
}

// join plans what the newcomers of the feed lack: user, groups, desktop.
func join(f *Facts, r Rules) (Result, error) {
	d := &draft{facts: f, rules: r}
	d.strangers()
	for i := range f.Feed.People {
		p := f.Feed.People[i]
		if !r.wants(&p) || p.At(f.At) != hr.Active || !p.Start.IsZero() && p.Start.Sub(f.At) > r.Ahead {
			continue
		}
		d.join(&p)
	}
	d.preflight()
	if d.held > 0 && !d.stop {
		d.note(text.Held, "n", d.held)
	}
	return d.end("joiner", true)
}

// join plans one newcomer, all or nothing.
func (d *draft) join(p *hr.Person) {
	f := d.facts
	u := user{Directory: f.Location.ID, Account: cmp.Or(p.Account, derived(p)), Given: p.Given, Surname: p.Surname, Email: p.Email}
	who := []any{"name", p.Name(), "line", p.Line, "account", u.Account}
	switch {
	case u.Account == "":
		d.doubt(text.NoAccount, who...)
		return
	case len(u.Account) > 20:
		d.doubt(text.LongAccount, who...)
		return
	}
	key := strings.ToLower(u.Account)
	known, there := f.Users[key]
	bundle := cmp.Or(p.Bundle, d.rules.Bundle)
	desktop := len(f.Desktops[key]) > 0
	if d.misspelt(p, u, there) || d.groupless(p) {
		return
	}
	switch {
	case there && !known.Enabled:
		d.doubt(text.Off, who...)
		return
	case !desktop && bundle == "":
		d.doubt(text.NoBundle, who...)
		return
	}
	id := f.Location.ID
	why := plan.Say(text.New, "line", p.Line)
	if !there {
		d.step(u, plan.Step{
			Resource: u.Account, What: plan.Say(text.Create, "name", named(u)),
			Why: why,
			CLI: line("ds-data", "create-user", "--directory-id", id, "--sam-account-name", u.Account, "--given-name", u.Given, "--surname", u.Surname),
		}, createUser, deleteUser, u)
		// Taking the user back takes the password back: the step before finds it done.
		d.step(u, plan.Step{
			Resource: u.Account, What: plan.Say(text.Enable, "name", named(u)),
			Why: why,
		}, enableUser, deleteUser, u)
	}
	for _, g := range p.Groups {
		if in := (change.Membership{Directory: id, Group: g, User: u.Account}); !contains(f.Member[key], g) {
			d.step(u, plan.Step{
				Resource: u.Account, What: plan.Say(text.Join, "name", named(u), "group", g),
				Why: plan.Say(text.InFeed, "line", p.Line),
				CLI: in.AddCLI(),
			}, change.AddMember, change.RemoveMember, in)
		}
	}
	if !desktop {
		d.seat(p, u, bundle)
	}
}

// seat plans the desktop of a newcomer.
func (d *draft) seat(p *hr.Person, u user, bundle string) {
	id := d.facts.Location.ID
	s := seat{Directory: id, Account: u.Account, Bundle: bundle, Mode: cmp.Or(p.Mode, "AUTO_STOP")}
	if s.Mode == "AUTO_STOP" {
		s.Minutes = d.rules.Minutes
	}
	d.seats++
	d.step(u, plan.Step{
		Resource: u.Account, What: plan.Say(text.Seat, "name", named(u), "bundle", bundle, "mode", s.Mode),
		Why: plan.Say(text.NoDesktop, "line", p.Line),
		CLI: line("workspaces", "create-workspaces", "--workspaces", "DirectoryId="+id+",UserName="+u.Account+",BundleId="+bundle+",WorkspaceProperties={RunningMode="+s.Mode+"}"),
	}, createDesktop, removeDesktop, s)
}

// derived is the account of somebody for whom the feed has none: surname and
// given name as they sound.
func derived(p *hr.Person) string {
	surname, given, ok := strings.Cut(p.Kana, " ")
	if a, b := spelling.Latin(surname), spelling.Latin(given); ok && a != "" && b != "" {
		return a + "." + b
	}
	return ""
}

// misspelt finds slips in a name before an account is made of it: against its
// kana, its mail address, and the accounts that nobody of the feed has.
func (d *draft) misspelt(p *hr.Person, u user, there bool) bool {
	if there || d.rules.Anyway {
		return false
	}
	who := []any{"name", p.Name(), "line", p.Line, "account", u.Account}
	if sound := derived(p); sound != "" && !spelling.Same(u.Account, sound) && len(spelling.Near(u.Account, []string{sound})) > 0 {
		d.doubt(text.Kana, append(who, "kana", p.Kana, "near", sound)...)
		return true
	}
	local, _, _ := strings.Cut(p.Email, "@")
	if local != "" && !strings.EqualFold(local, u.Account) && !spelling.Same(local, u.Account) && len(spelling.Near(u.Account, []string{local})) > 0 {
		d.doubt(text.Mail, append(who, "mail", p.Email)...)
		return true
	}
	// Somebody with a desktop is somebody else. An account without one, of which
	// the feed knows nothing, was made of a slip.
	for _, near := range spelling.Near(u.Account, d.facts.Names) {
		if d.facts.Feed.Of(near) == nil && len(d.facts.Desktops[strings.ToLower(near)]) == 0 {
			d.doubt(text.Near, append(who, "near", near)...)
			return true
		}
	}
	return false
}

// groupless tells of a group that the directory does not have.
func (d *draft) groupless(p *hr.Person) bool {
	for _, g := range p.Groups {
		if contains(d.facts.Groups, g) {
			continue
		}
		if near := spelling.Near(g, d.facts.Groups); len(near) > 0 {
			d.doubt(text.NearGroup, "name", p.Name(), "line", p.Line, "group", g, "near", near[0])
		} else {
			d.doubt(text.NoGroup, "name", p.Name(), "line", p.Line, "group", g)
		}
		return true
	}
	return false
}
