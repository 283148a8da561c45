package guard

import (
	"io"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/desk/report"
)

// Write prints the result for a person.
func (r *Result) Write(w io.Writer, l report.Lang, zone *time.Location) error {
	p := printer{w: w, lang: l, zone: zone}
	p.line(text.Head.In(l, "policy", r.Policy, "type", r.Type, "since", p.time(r.Since)))
	p.line(text.Counts.In(l, "read", r.Read, "decided", r.Decided, "spared", r.Spared, "refused", r.Refused))
	p.line("")
	cut, unsure, services := r.split()
	if len(cut) == 0 {
		p.line(text.Nobody.In(l))
	} else {
		p.line(text.CutOff.In(l, "n", len(cut)))
		p.table(cut, text.ColumnBy, func(row *Row) string { return row.by(l) })
	}
	if len(unsure) > 0 {
		p.line("")
		p.line(text.Undecided.In(l, "n", len(unsure)))
		p.table(unsure, text.ColumnMissing, func(row *Row) string { return row.missing() })
	}
	if len(services) > 0 {
		p.line("")
		p.line(text.ThroughServices.In(l))
		p.modes(services)
		p.line(text.ModesNote.In(l))
	}
	return p.err
}

// split sorts rows into what is cut off, what is not known, and what services
// did, which may be in the first two as well.
func (r *Result) split() (cut, unsure, services []*Row) {
	for i := range r.Rows {
		row := &r.Rows[i]
		switch row.Verdict {
		case CutOff:
			cut = append(cut, row)
		case Undecided:
			unsure = append(unsure, row)
		case Passes:
		}
		if row.Via != "" {
			services = append(services, row)
		}
	}
	return cut, unsure, services
}

// by names the statement that decides.
func (r *Row) by(l report.Lang) string {
	if r.Statement == "" {
		return text.NoAllow.In(l)
	}
	return text.Line.In(l, "statement", r.Statement, "line", r.Line)
}

func (r *Row) missing() string { return strings.Join(r.Missing, ", ") }

// printer writes lines and remembers the first error.
type printer struct {
	w    io.Writer
	lang report.Lang
	zone *time.Location
	err  error
}

func (p *printer) line(s string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, s+"\n")
	}
}

func (p *printer) time(t time.Time) string { return t.In(p.zone).Format("2006-01-02 15:04") }

func (p *printer) table(rows []*Row, last report.Message, value func(*Row) string) {
	t := report.Table{Header: []string{
		text.ColumnPrincipal.In(p.lang), text.ColumnAction.In(p.lang), text.ColumnCount.In(p.lang), text.ColumnLast.In(p.lang), last.In(p.lang),
	}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []string{r.Principal, r.Action, strconv.Itoa(r.Count), p.time(r.Last), value(r)})
	}
	if p.err == nil {
		p.err = t.Write(p.w, "  ")
	}
}

func (p *printer) modes(rows []*Row) {
	t := report.Table{Header: []string{
		text.ColumnVia.In(p.lang), text.ColumnPrincipal.In(p.lang), text.ColumnAction.In(p.lang), text.ColumnCount.In(p.lang),
		text.ColumnForwarded.In(p.lang), text.ColumnRole.In(p.lang), text.ColumnLinked.In(p.lang),
	}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []string{
			r.Via, r.Principal, r.Action, strconv.Itoa(r.Count), p.verdict(r.Verdict), p.verdict(r.ByRole), p.verdict(r.ByServiceLinked),
		})
	}
	if p.err == nil {
		p.err = t.Write(p.w, "  ")
	}
}

func (p *printer) verdict(v Verdict) string {
	switch v {
	case CutOff:
		return text.IsCut.In(p.lang)
	case Undecided:
		return text.Unsure.In(p.lang)
	case Passes:
	}
	return text.Passes.In(p.lang)
}
