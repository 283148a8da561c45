package approval

import (
	"io"
	"strings"
	"time"

	"tamachi/internal/desk/report"
)

// maxEvidence is how much of the evidence a screen shows; --json has it whole.
const maxEvidence = 600

// Write shows a request, its votes and whom it waits for.
func (r *Record) Write(w io.Writer, l report.Lang, zone *time.Location, now time.Time) error {
	var b strings.Builder
	q := r.Request
	say := func(indent string, m report.Message, pairs ...any) {
		b.WriteString(indent + strings.TrimRight(m.In(l, pairs...), " ") + "\n")
	}
	at := func(t time.Time) string { return t.In(zone).Format("2006-01-02 15:04") }
	say("", text.Title, "id", q.ID, "title", q.Title.In(l), "by", q.who(), "time", at(q.Made))
	if len(q.For) > 0 {
		say("  ", text.For, "people", strings.Join(q.For, ", "))
	}
	if q.Reason != "" {
		say("  ", text.Reason, "reason", q.Reason)
	}
	if len(q.Evidence) > 0 {
		e := []rune(string(q.Evidence))
		if len(e) > maxEvidence {
			e = append(e[:maxEvidence], []rune(" ... (--json)")...)
		}
		say("  ", text.Evidence, "evidence", string(e))
	}
	if q.Rule != nil {
		b.WriteString("  " + q.Rule.In(l) + "\n")
	}
	for i, st := range q.Stages {
		say("  ", text.Stage, "n", i+1, "name", st.Name, "need", st.Need, "people", strings.Join(st.Of, ", "))
		for _, v := range r.Votes {
			if v.Stage != i {
				continue
			}
			m := text.Voted
			if !v.Agree {
				m = text.Against
			}
			say("    ", m, "person", v.Person, "time", at(v.At), "via", v.Via, "reason", v.Reason)
		}
	}
	state, _ := r.State(now)
	say("  ", label(state))
	if asked := r.Asked(now); len(asked) > 0 {
		say("  ", text.Waits, "people", strings.Join(asked, ", "), "id", q.ID)
	}
	say("  ", text.Until, "time", at(q.Expires))
	_, err := io.WriteString(w, b.String())
	return err
}

// In says in a language whether the rule agrees, and why.
func (r *Rule) In(l report.Lang) string {
	m := text.RuleAsks
	if r.Agrees {
		m = text.RuleAgrees
	}
	return m.In(l, "rule", r.Name, "why", r.Why.In(l))
}

// In returns the sentence in a language.
func (t Title) In(l report.Lang) string {
	if l == report.Japanese {
		return t.Ja
	}
	return t.En
}

// who is the person who asks, else the ARN.
func (r *Request) who() string {
	if r.Person != "" {
		return r.Person
	}
	return r.By
}

func label(s State) report.Message {
	switch s {
	case Approved:
		return text.Approved
	case Rejected:
		return text.Rejected
	case Expired:
		return text.Expired
	case Pending:
	}
	return text.Pending
}
