package morning

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tamachi/internal/arn"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// Agenda is what the desk itself knows of the day: what was put right since the
// last working day began, what is not finished, what waits for somebody's
// agreement, and what the colleague of the evening left.
type Agenda struct {
	Since   time.Time  `json:"since"`
	StandUp []Incident `json:"standUp"`
	Open    []Incident `json:"open"` // plans that were begun and are not done
	Waiting []Waiting  `json:"waiting"`
	Note    *Note      `json:"handOver,omitempty"`
	Unread  string     `json:"unread,omitempty"` // what of it could not be read, and why

	links report.Links // for a terminal
}

// Incident is a plan that was applied: what was wrong, and what was done.
type Incident struct {
	At    time.Time `json:"at"`
	Plan  string    `json:"plan"`
	Duty  string    `json:"duty"`
	Why   plan.Text `json:"cause"`
	What  plan.Text `json:"fix"`
	Done  int       `json:"done"`
	Steps int       `json:"steps"`
	By    string    `json:"by"`
	Link  string    `json:"link,omitempty"`
}

// Waiting is a request that somebody must agree to.
type Waiting struct {
	ID      string         `json:"id"`
	Title   approval.Title `json:"title"`
	By      string         `json:"by"`
	People  []string       `json:"people"` // whose vote is wanted now
	Mine    bool           `json:"mine"`   // the caller's is among them
	Expires time.Time      `json:"expires"`
	Link    string         `json:"link,omitempty"`
}

// workday is the beginning of the last working day before a time.
func workday(now time.Time, s *settings.Settings) time.Time {
	y, m, d := now.In(s.Location()).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, s.Location())
	for range 14 { // no holidays are longer
		day = day.AddDate(0, 0, -1)
		if s.WorkingDay(day.Add(12 * time.Hour)) {
			return day
		}
	}
	return day
}

// agenda reads what the desk knows, for the accounts that were looked at. Who
// visits a plane is told of their own account alone.
func (d *desk) agenda(ctx context.Context, since time.Time, of ...*Plan) *Agenda {
	a := &Agenda{Since: since, StandUp: []Incident{}, Open: []Incident{}, Waiting: []Waiting{}}
	var broken []string
	note := func(err error) {
		if err != nil {
			broken = append(broken, err.Error())
		}
	}
	memory, err := shelf.In(d.world.Getenv)
	if err != nil {
		a.Unread = err.Error()
		return a
	}
	plans, err := d.plans()
	note(err)
	for _, r := range plans {
		if looked(r.Plan, of) {
			a.plan(r)
		}
	}
	requests, err := approval.In(memory).List()
	note(err)
	for _, r := range requests {
		if state, _ := r.State(d.world.Clock.Now()); state == approval.Pending && concerns(ctx, r.Request.By) {
			a.Waiting = append(a.Waiting, d.waiting(r, of))
		}
	}
	slices.SortStableFunc(a.Waiting, func(x, y Waiting) int {
		if x.Mine != y.Mine {
			return cmp.Compare(btoi(y.Mine), btoi(x.Mine))
		}
		return x.Expires.Compare(y.Expires)
	})
	slices.SortStableFunc(a.StandUp, func(x, y Incident) int { return x.At.Compare(y.At) })
	a.Note, err = lastNote(memory)
	note(err)
	if v := account.VisitIn(ctx); v != nil && a.Note != nil && !slices.Contains(a.Note.Accounts, v.Account) {
		a.Note = nil
	}
	a.Unread = strings.Join(broken, "; ")
	a.link(of)
	return a
}

// concerns tells whether whoever this is done for may know what somebody asks.
func concerns(ctx context.Context, by string) bool {
	v := account.VisitIn(ctx)
	if v == nil {
		return true
	}
	who, err := arn.Parse(by)
	return err == nil && who.Account == v.Account
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// looked tells whether a plan is about one of the accounts that were looked at.
func looked(p *plan.Plan, of []*Plan) bool {
	return slices.ContainsFunc(p.Places, func(at plan.Place) bool {
		return slices.ContainsFunc(of, func(f *Plan) bool {
			return f.Account == at.Account && f.Region == at.Region && f.Endpoint == at.Endpoint
		})
	})
}

// plan files what became of a plan.
func (a *Agenda) plan(r *plan.Record) {
	i := Incident{Plan: r.Plan.ID, Duty: r.Plan.Duty, Done: r.Count(plan.Applied), Steps: len(r.Steps), By: r.Plan.By}
	ended := false
	for _, e := range r.Events {
		switch e.Kind {
		case plan.KindApply:
			i.At, ended = e.At, false
			i.By = cmp.Or(e.By, i.By)
		case plan.KindEnd:
			ended = true
		}
	}
	if i.At.IsZero() {
		return
	}
	i.What, i.Why = told(r.Plan)
	switch {
	case !ended || i.Done < i.Steps && !i.At.Before(a.Since):
		a.Open = append(a.Open, i)
	case !i.At.Before(a.Since) && r.Plan.Undoes == "":
		a.StandUp = append(a.StandUp, i)
	}
}

// told is a plan in two sentences: what it does, and the causes that it names.
func told(p *plan.Plan) (what, why plan.Text) {
	const most = 2
	var causes []plan.Text
	for _, s := range p.Steps {
		if s.Why != (plan.Text{}) && !slices.Contains(causes, s.Why) {
			causes = append(causes, s.Why)
		}
	}
	for i, c := range causes[:min(len(causes), most)] {
		if i > 0 {
			why.En, why.Ja = why.En+"; ", why.Ja+"; "
		}
		why.En, why.Ja = why.En+c.En, why.Ja+c.Ja
	}
	if len(p.Steps) == 0 {
		return what, why
	}
	what = p.Steps[0].What
	if n := len(p.Steps) - 1; n > 0 {
		what = plan.Text{En: text.AndSteps.In(report.English, "what", what.En, "n", n), Ja: text.AndSteps.In(report.Japanese, "what", what.Ja, "n", n)}
	}
	return what, why
}

func (d *desk) waiting(r *approval.Record, of []*Plan) Waiting {
	now := d.world.Clock.Now()
	w := Waiting{ID: r.Request.ID, Title: r.Request.Title, By: cmp.Or(r.Request.Person, r.Request.By), People: r.Asked(now), Expires: r.Request.Expires}
	for _, f := range of {
		if me := d.conf.Caller(f.Caller); me != "" && slices.Contains(w.People, me) {
			w.Mine = true
		}
	}
	return w
}

// write prints the agenda, nothing where there is nothing.
func (a *Agenda) write(g *page) {
	if a.Note != nil && a.Note.At.After(a.Since) {
		g.line("", g.say(text.HandOver, "by", a.Note.By, "time", g.clock(a.Note.At)))
		for _, line := range a.Note.lines() {
			g.out.WriteString("  " + report.Plain(line) + "\n")
		}
	}
	if len(a.Waiting) > 0 {
		g.line("", g.say(text.Waits, "n", len(a.Waiting)))
		for _, w := range a.Waiting[:min(len(a.Waiting), most)] {
			title := w.Title.En
			if g.lang == report.Japanese {
				title = w.Title.Ja
			}
			people := strings.Join(w.People, ", ")
			if w.Mine {
				people = g.say(text.You)
			}
			g.line(w.ID, g.say(text.WaitsFor, "title", title, "by", w.By, "people", people, "time", g.clock(w.Expires)))
		}
		g.line(g.say(text.Next), g.say(text.WaitsNext, "id", a.Waiting[0].ID))
	}
	g.incidents(text.OpenPlans, a.Open)
	if len(a.Open) > 0 {
		g.line(g.say(text.Next), g.say(text.OpenNext, "id", a.Open[0].Plan))
	}
	g.incidents(text.StandUp, a.StandUp)
	if a.Unread != "" {
		g.line("", g.say(text.Unread, "problem", a.Unread))
	}
}

func (g *page) incidents(head report.Message, all []Incident) {
	if len(all) == 0 {
		return
	}
	g.line("", g.say(head, "n", len(all)))
	for _, i := range all[max(0, len(all)-most):] {
		what := g.say(text.Incident, "what", i.What.In(g.lang), "done", i.Done, "of", i.Steps, "by", i.By[strings.LastIndexByte(i.By, '/')+1:], "id", i.Plan)
		why := ""
		if s := i.Why.In(g.lang); s != "" {
			why = g.say(text.IncidentWhy, "why", clip(s))
		}
		g.line(fmt.Sprintf("%s %s", g.clock(i.At), report.Plain(i.Duty)), why, what)
	}
}
