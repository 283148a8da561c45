package question

import (
	"html/template"
	"net/http"

	"tamachi/internal/desk/report"
)

// view is what the page shows.
type view struct {
	Lang                               report.Lang
	Style                              template.CSS
	Title, What, Wrong, Said           string
	Facts                              []fact
	Evidence, EvidenceLabel            string
	Choices                            []choiceView
	Do, Reason, ReasonNote, ReasonText string
	Send, Until, Other                 string
	OtherLang                          report.Lang
}

type fact struct{ Name, Text string }

type choiceView struct {
	Value, Label, Note string
	Danger, On         bool
}

// show is a question as its person sees it: with a form while it can be
// answered, else with how it ended.
func (p *Page) show(r *http.Request, rec *Record) view {
	q := rec.Question
	own := p.Settings.People[q.Person].Language
	if own == "" {
		own = p.Settings.Language
	}
	l := accepted(r, own)
	i, other := 0, report.Japanese
	if l == report.Japanese {
		i, other = 1, report.English
	}
	v := view{
		Lang: l, Style: template.CSS(pageCSS), Title: text.Title.In(l), What: q.What[i],
		Evidence: q.Evidence, EvidenceLabel: text.Evidence.In(l), Other: text.Other.In(l), OtherLang: other,
	}
	if q.Why[i] != "" {
		v.Facts = append(v.Facts, fact{text.Why.In(l), q.Why[i]})
	}
	if rec.Answer != nil {
		v.Wrong = text.Answered.In(l)
		v.Facts = append(v.Facts, fact{text.Do.In(l), text.Chosen.In(l, "choice", q.label(rec.Answer.Choice)[i], "time", when(rec.Answer.At, p.Settings))})
		return v
	}
	if !p.Clock.Now().Before(q.Expires) {
		v.Wrong = text.Late.In(l)
		return v
	}
	if open := p.Takers[q.Kind].Open; open != nil {
		if no := open(q); no != nil {
			v.Wrong = no.Text[i]
			return v
		}
	}
	v.form(q, i)
	v.Until = text.Until.In(l, "person", q.Person, "time", when(q.Expires, p.Settings))
	return v
}

func (v *view) form(q *Question, i int) {
	l := v.Lang
	v.Do, v.Reason, v.Send = q.Do[i], text.Reason.In(l), text.Send.In(l)
	if v.Do == "" {
		v.Do = text.Do.In(l)
	}
	for _, c := range q.Choices {
		one := choiceView{Value: c.Value, Label: c.Label[i], Danger: c.Danger}
		if c.Reason {
			one.Note, v.ReasonNote = text.ReasonNeeded.In(l), text.ReasonFree.In(l)
		}
		v.Choices = append(v.Choices, one)
	}
}

// choose keeps what the person had put in, so that nothing is written twice.
func (v *view) choose(value, reason string) {
	for i := range v.Choices {
		v.Choices[i].On = v.Choices[i].Value == value
	}
	v.ReasonText = reason
}

// label is a choice's in both languages.
func (q *Question) label(value string) [2]string {
	for _, c := range q.Choices {
		if c.Value == value {
			return c.Label
		}
	}
	return [2]string{value, value}
}
