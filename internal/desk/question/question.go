package question

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Question is what one person is asked.
type Question struct {
	ID       string    `json:"id"`       // Ask makes it
	Kind     string    `json:"kind"`     // whose it is: "approval", "cost keep"
	Subject  string    `json:"subject"`  // what it is about: a request, a desktop
	Key      string    `json:"key"`      // the same person is asked about the same once for each: a stage, a month
	Person   string    `json:"person"`   // of the settings, who alone may answer
	What     [2]string `json:"what"`     // English, Japanese
	Why      [2]string `json:"why"`      // may be empty
	Do       [2]string `json:"do"`       // what is asked of the reader
	CLI      string    `json:"cli"`      // the command that answers too; may be empty
	Evidence string    `json:"evidence"` // plain text, shown as it is
	Choices  []Choice  `json:"choices"`
	Made     time.Time `json:"made"`
	Expires  time.Time `json:"expires"`
}

// Choice is one answer that there is.
type Choice struct {
	Value  string    `json:"value"` // lower case, digits and hyphens
	Label  [2]string `json:"label"`
	Reason bool      `json:"reason"` // it must say why
	Danger bool      `json:"danger"` // shown as such
}

// Answer is what the person chose.
type Answer struct {
	At     time.Time `json:"at"`
	Choice string    `json:"choice"`
	Reason string    `json:"reason,omitempty"`
	Via    Via       `json:"via"`
	By     string    `json:"by"` // how the person was known: a Slack member, an address, an ARN
}

// Via is the way an answer came.
type Via string

// The ways of an answer.
const (
	Slack Via = "slack"
	Link  Via = "link"
	CLI   Via = "cli"
)

// Record is a question with its answer; nil is none yet.
type Record struct {
	Question *Question `json:"question"`
	Answer   *Answer   `json:"answer"`
}

// Taker is what follows from the answers to one kind of question. Without one
// they are kept for the duty to read.
type Taker struct {
	// Open tells why an answer is no longer wanted; nil is that it is.
	Open func(*Question) *Refused
	// Take does what follows. It comes before the answer is kept, so a crash
	// between the two brings the same answer again: Take must bear that. An
	// answer for which it has a *Refused does not count.
	Take func(context.Context, *Question, Answer) error
	// After does what may fail, once the answer is kept: to tell others of it.
	After func(context.Context, *Question) error
}

// Takers are those of the program, by kind.
type Takers map[string]Taker

// Refused is why an answer does not count, in both languages.
type Refused struct{ Text [2]string }

// Error is the English text.
func (r *Refused) Error() string { return r.Text[0] }

// Why an answer does not count.
var (
	ErrUnknown  = errors.New("no such question")
	ErrForeign  = errors.New("somebody else is asked")
	ErrAnswered = errors.New("it is answered already")
	ErrExpired  = errors.New("the time to answer is over")
	ErrChoice   = errors.New("one of the answers must be chosen")
	ErrReason   = errors.New("a reason is wanted")
)

// maxReason is how many characters of a reason are taken.
const maxReason = 1000

// seal checks a new question and gives it its id.
func (q *Question) seal(now time.Time) error {
	if q.Kind == "" || q.Subject == "" || q.Person == "" || q.What[0] == "" || q.What[1] == "" || len(q.Choices) == 0 {
		return errors.New("a question needs a kind, a subject, a person, what it asks in both languages, and answers")
	}
	for _, c := range q.Choices {
		if !choiceForm.MatchString(c.Value) || c.Label[0] == "" || c.Label[1] == "" {
			return fmt.Errorf("the answer %q needs a plain value and a label in both languages", c.Value)
		}
	}
	if !q.Expires.After(now) {
		return ErrExpired
	}
	q.Made = now.UTC()
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", q.Kind, q.Subject, q.Key, q.Person))
	q.ID = "q-" + hex.EncodeToString(sum[:8])
	return nil
}

// judge tells whether an answer counts.
func (r *Record) judge(person string, a Answer, now time.Time) error {
	i := slices.IndexFunc(r.Question.Choices, func(c Choice) bool { return c.Value == a.Choice })
	switch {
	case person == "" || person != r.Question.Person:
		return ErrForeign
	case r.Answer != nil:
		return ErrAnswered
	case !now.Before(r.Question.Expires):
		return ErrExpired
	case i < 0:
		return ErrChoice
	case r.Question.Choices[i].Reason && a.Reason == "":
		return ErrReason
	case len([]rune(a.Reason)) > maxReason:
		return fmt.Errorf("%w, of up to %d characters", ErrReason, maxReason)
	}
	return nil
}
