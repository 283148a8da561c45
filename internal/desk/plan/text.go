package plan

import (
	"io"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/desk/report"
)

// Look is how a plan is shown.
type Look struct {
	Lang report.Lang
	Zone *time.Location
	All  bool // every step, not the first of them
	CLI  bool // with the AWS CLI's lines
}

// shown is how many steps a screen takes.
const shown = 40

// Write shows a plan, and how far it is. One without steps is kept nowhere, and
// has no id that anybody could use.
func (r *Record) Write(w io.Writer, l Look) error {
	v := &view{Look: l, plan: r.Plan}
	v.head()
	if len(r.Steps) == 0 {
		v.line(v.say(text.Empty))
	} else if err := v.steps(r); err != nil {
		return err
	}
	for _, n := range r.Plan.Notes {
		v.line("! " + report.Plain(n.In(l.Lang)))
	}
	_, err := io.WriteString(w, v.out.String())
	return err
}

type view struct {
	Look
	plan *Plan
	out  strings.Builder
}

func (v *view) say(m report.Message, pairs ...any) string { return m.In(v.Lang, pairs...) }
func (v *view) line(s string)                             { v.out.WriteString(s + "\n") }

func (v *view) clock(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(v.Zone).Format("2006-01-02 15:04")
}

func (v *view) head() {
	p, title := v.plan, text.Title
	if len(p.Steps) == 0 {
		title = text.TitleOfNone
	}
	v.line(v.say(title, "id", p.ID, "duty", p.Duty, "time", v.clock(p.Made), "by", p.By))
	for _, place := range p.Places {
		v.line("  " + v.say(text.Place) + ": " + report.Plain(place.title()))
	}
	if p.Reason != "" {
		v.line("  " + v.say(text.Reason) + ": " + report.Plain(p.Reason))
	}
	if p.Window != "" {
		v.line("  " + v.say(text.Window, "window", p.Window))
	}
	if p.Stop > 0 {
		v.line("  " + v.say(text.Stop, "n", p.Stop))
	}
	if p.Undoes != "" {
		v.line("  " + v.say(text.Undoes, "id", p.Undoes))
	}
	if p.After != nil {
		v.line("  " + v.say(text.ComesAfter, "id", p.After.Plan, "wait", p.After.Wait))
	}
}

func (p Place) title() string {
	parts := []string{p.Account, p.Region}
	for _, s := range []string{p.Profile, p.Role, p.Endpoint} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}

func (v *view) steps(r *Record) error {
	back := 0
	for _, s := range v.plan.Steps {
		if s.Undo != nil {
			back++
		}
	}
	v.line(v.say(text.Steps, "n", len(r.Steps), "undo", back))
	t := report.Table{Header: []string{
		v.say(text.ColumnN), v.say(text.ColumnWhere), v.say(text.ColumnWhat), v.say(text.ColumnWhy), v.say(text.ColumnUndo), v.say(text.ColumnState),
	}}
	most := len(r.Steps)
	if !v.All {
		most = min(most, shown)
	}
	for i, s := range v.plan.Steps[:most] {
		t.Rows = append(t.Rows, v.row(s, r.Steps[i]))
	}
	if err := t.Write(&v.out, "  "); err != nil {
		return err
	}
	if most < len(r.Steps) {
		v.line("  " + v.say(text.More, "n", len(r.Steps)-most))
	}
	v.losses()
	if v.CLI {
		v.line(v.say(text.Equivalent))
		for _, s := range v.plan.Steps[:most] {
			if s.CLI != "" {
				v.line("  " + report.Plain(s.CLI))
			}
		}
	}
	return nil
}

// losses says each thing that is lost once, with those that lose it.
func (v *view) losses() {
	whose := map[string][]string{}
	var order []string
	for _, s := range v.plan.Steps {
		lost := s.Lost.In(v.Lang)
		if lost == "" {
			continue
		}
		if whose[lost] == nil {
			order = append(order, lost)
		}
		whose[lost] = append(whose[lost], s.Resource)
	}
	for _, lost := range order {
		names := whose[lost]
		more := ""
		if len(names) > 5 {
			more = ", +" + strconv.Itoa(len(names)-5)
			names = names[:5]
		}
		v.line("! " + v.say(text.Lost) + ": " + report.Plain(lost+" ("+strings.Join(names, ", ")+more+")"))
	}
}

func (v *view) row(s Step, st Standing) []string {
	undo := v.say(text.No)
	if s.Undo != nil {
		undo = v.say(text.Yes)
	}
	where := s.Resource
	if s.Owner != "" && s.Owner != s.Resource {
		where += " " + s.Owner
	}
	if len(v.plan.Places) > 1 {
		where = v.plan.Places[s.Place].Account + " " + v.plan.Places[s.Place].Region + " " + where
	}
	return []string{strconv.Itoa(s.N), where, s.What.In(v.Lang), s.Why.In(v.Lang), undo, v.state(st)}
}

func (v *view) state(s Standing) string {
	m := text.Waiting
	switch s.State {
	case Waiting:
	case Begun:
		m = text.Begun
	case Asked:
		m = text.Asked
	case Applied:
		m = text.Done
	case Failed:
		m = text.Failed
	case Skipped:
		m = text.Skipped
	case Undoing:
		m = text.Undoing
	case Undone:
		m = text.Undone
	case Kept:
		m = text.Kept
	}
	said := v.say(m, "note", s.Note)
	if s.State == Applied && s.Note == unmoved {
		said += " (" + v.say(text.Unmoved) + ")"
	}
	return said
}
