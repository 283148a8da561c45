package cost

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tamachi/internal/desk/question"
)

// KeepKind is the kind of the questions whether a desktop is still needed.
const KeepKind = "cost keep"

// The answers to them.
const (
	keep    = "keep"
	release = "release"
)

// Ruling is what was said about one desktop when somebody was asked last.
type Ruling struct {
	Answer string    `json:"answer,omitempty"` // keep or release; "" is none yet
	By     string    `json:"by,omitempty"`
	At     time.Time `json:"at"` // of the answer; without one when the first was asked
	Asked  []string  `json:"asked"`
	Raised bool      `json:"escalated,omitempty"` // others were asked because nobody answered

	round string
	ends  time.Time // of the questions
}

// escalated marks the keys of questions that go to others than the owner.
const escalated = " escalated"

// Rulings are those of all desktops, by id. People who are asked about the same
// desktop at once may say two things: then it is kept.
func Rulings(all []*question.Record) map[string]*Ruling {
	out := map[string]*Ruling{}
	for _, r := range slices.SortedFunc(slices.Values(all), func(a, b *question.Record) int {
		return cmp.Or(a.Question.Made.Compare(b.Question.Made), cmp.Compare(a.Question.ID, b.Question.ID))
	}) {
		q := r.Question
		round, raised := strings.CutSuffix(q.Key, escalated)
		now := out[q.Subject]
		if now == nil || now.round != round {
			now = &Ruling{At: q.Made, round: round}
			out[q.Subject] = now
		}
		now.Asked = append(now.Asked, q.Person)
		now.Raised = now.Raised || raised
		now.ends = q.Expires
		if a := r.Answer; a != nil && now.Answer != keep {
			now.Answer, now.By, now.At = a.Choice, q.Person, a.At
		}
	}
	return out
}

// holds tells whether a ruling still says something: a kept desktop is asked
// about again when it was as long unused as one that nobody was asked about, and
// who used one that was released needs it.
func (r *Ruling) holds(now, login time.Time, unused time.Duration) bool {
	switch {
	case r == nil:
		return false
	case r.Answer == keep:
		return now.Sub(r.At) < unused
	case r.Answer == release:
		return !login.After(r.At)
	}
	return now.Before(r.ends)
}
