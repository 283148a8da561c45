package cost

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"tamachi/internal/desk/report"
)

// Write prints the plan in the reader's language; all shows also what is right
// as it is.
func (p *Plan) Write(w io.Writer, lang report.Lang, zone *time.Location, all bool) error {
	say := func(m report.Message, pairs ...any) string { return m.In(lang, pairs...) }
	t := report.Table{Header: []string{
		say(text.ColumnUser), say(text.ColumnDesktop), say(text.ColumnMode), say(text.ColumnLogin), say(text.ColumnHours),
		say(text.ColumnMonth), say(text.ColumnEven), say(text.ColumnNow), say(text.ColumnDo), say(text.ColumnSaving), say(text.ColumnWhy),
	}}
	change, ask, exempt, hidden := 0, 0, 0, 0
	for i := range p.Rows {
		r := &p.Rows[i]
		switch {
		case r.Exempt != "":
			exempt++
		case rank(r) == 0:
			change++
		}
		if r.AskOwner {
			ask++
		}
		if rank(r) == 2 && !all {
			hidden++
			continue
		}
		t.Rows = append(t.Rows, p.line(r, lang, zone))
	}
	if len(t.Rows) > 0 {
		if err := t.Write(w, ""); err != nil {
			return err
		}
	}
	out := []string{say(text.Summary, "n", len(p.Rows), "on", p.Modes[alwaysOn], "off", p.Modes[autoStop], "change", change, "ask", ask, "exempt", exempt)}
	if hidden > 0 {
		out = append(out, say(text.More, "n", hidden))
	}
	if n := p.released(); n > 0 {
		out = append(out, say(text.Released, "n", n))
	}
	if p.Currency != "" {
		out = append(out, say(text.Money, "cost", p.Cost, "saving", p.Saving, "currency", p.Currency))
	} else {
		out = append(out, say(text.NoMoney, "hours", one(p.threshold)))
	}
	for _, what := range p.NoPrice {
		out = append(out, say(text.NoPrice, "what", what))
	}
	for _, s := range p.Prices {
		out = append(out, say(text.Source, "region", p.Region, "source", s))
	}
	for _, u := range p.Unanswered {
		out = append(out, say(text.Unanswered, "problem", u.In(lang)))
	}
	_, err := fmt.Fprintln(w, strings.Join(out, "\n"))
	return err
}

func (p *Plan) line(r *Row, lang report.Lang, zone *time.Location) []string {
	login := text.NeverShort.In(lang)
	if !r.LastLogin.IsZero() {
		login = r.LastLogin.In(zone).Format(time.DateOnly)
	}
	even := r.BreakEven
	if even == "" {
		even = "(" + one(p.threshold) + ")"
	}
	var why []string
	for _, l := range r.Why {
		why = append(why, l.In(lang))
	}
	if r.Certain == "low" {
		why = append(why, text.Low.In(lang))
	}
	return []string{
		r.User, r.ID, r.Mode, login, one(r.Hours), span(r.Month[0], r.Month[1]), even, cmp.Or(r.Now, "-"), r.do(lang), cmp.Or(r.Saving, "-"),
		strings.Join(why, "; "),
	}
}

// do is the proposal in words.
func (r *Row) do(lang report.Lang) string {
	words := map[Proposal]report.Message{Keep: text.DoKeep, ToAutoStop: text.DoAutoStop, ToAlwaysOn: text.DoAlwaysOn, Ask: text.DoAsk, Release: text.DoRelease, Shorter: text.DoShorter}
	do := words[r.Proposal].In(lang, "owner", r.Owner)
	if r.AskOwner && r.Proposal != Ask {
		return text.AskToo.In(lang, "do", do, "owner", r.Owner)
	}
	return do
}
