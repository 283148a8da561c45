package approval

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/question"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/shelf"
)

// Kind is that of the questions about requests.
const Kind = "approval"

// The answers to them.
const (
	approve = "approve"
	refuse  = "refuse"
)

// Tell asks those whose vote is wanted now, each by a question of their own.
// Each stage is told once. Nobody is told where the duty has no way to speak.
func (r *Record) Tell(ctx context.Context, w account.World) error {
	if w.Tell == nil {
		return nil
	}
	var failed []error
	for _, person := range r.Asked(w.Clock.Now()) {
		if _, err := question.Ask(ctx, w, r.question(person, w)); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// maxShown is how much of the evidence the page of a question shows.
const maxShown = 20_000

func (r *Record) question(person string, w account.World) question.Question {
	q := r.Request
	_, stage := r.State(w.Clock.Now())
	until := q.Expires.In(w.Location).Format("2006-01-02 15:04")
	var evidence bytes.Buffer
	if json.Indent(&evidence, q.Evidence, "", "  ") == nil && evidence.Len() > maxShown {
		evidence.Truncate(maxShown)
		evidence.WriteString("\n...")
	}
	return question.Question{
		Kind: Kind, Subject: q.ID, Key: strconv.Itoa(stage), Person: person, Expires: q.Expires,
		What: [2]string{
			text.Asks.In(report.English, "who", q.who(), "title", q.Title.En),
			text.Asks.In(report.Japanese, "who", q.who(), "title", q.Title.Ja),
		},
		Why:      [2]string{q.why(report.English), q.why(report.Japanese)},
		Do:       [2]string{text.Answer.In(report.English, "time", until), text.Answer.In(report.Japanese, "time", until)},
		CLI:      "tamachi approval approve " + q.ID,
		Evidence: evidence.String(),
		Choices: []question.Choice{
			{Value: approve, Label: [2]string{"Agree", "承認"}},
			{Value: refuse, Label: [2]string{"Refuse", "却下"}, Reason: true, Danger: true},
		},
	}
}

// why is the reason, and why people are asked where a rule could have agreed.
func (r *Request) why(l report.Lang) string {
	switch {
	case r.Rule == nil:
		return r.Reason
	case r.Reason == "":
		return r.Rule.In(l)
	}
	return r.Reason + " / " + r.Rule.In(l)
}

// Taker makes votes of the answers.
func Taker(w account.World) question.Taker {
	return question.Taker{
		Open: func(q *question.Question) *question.Refused {
			v := Vote{Person: q.Person, Agree: true}
			return refused(wanted(w, q.Subject, v), q, v) // what is no answer to the person, Take will say
		},
		Take: func(_ context.Context, q *question.Question, a question.Answer) error {
			folder, err := folderOf(w)
			if err != nil {
				return err
			}
			v := Vote{Person: q.Person, By: a.By, Via: Via(a.Via), Agree: a.Choice == approve, Reason: a.Reason}
			r, err := folder.Decide(q.Subject, v, w.Clock.Now())
			if errors.Is(err, ErrTwice) && r.has(v) {
				return nil // it was counted, and the process ended before the question knew
			}
			if no := refused(err, q, v); no != nil {
				return no
			}
			return err
		},
		After: func(ctx context.Context, q *question.Question) error {
			folder, err := folderOf(w)
			if err != nil {
				return err
			}
			r, err := folder.Read(q.Subject)
			if err != nil {
				return err
			}
			return r.Tell(ctx, w)
		},
	}
}

// wanted tells why a vote would not count.
func wanted(w account.World, id string, v Vote) error {
	folder, err := folderOf(w)
	if err != nil {
		return err
	}
	r, err := folder.Read(id)
	if err == nil {
		_, err = r.judge(v, w.Clock.Now())
	}
	return err
}

func folderOf(w account.World) (Folder, error) {
	s, err := shelf.In(w.Getenv)
	return In(s), err
}

// has tells whether a vote is among those that count.
func (r *Record) has(v Vote) bool {
	for _, o := range r.Votes {
		if o.Person == v.Person && o.Agree == v.Agree && o.Via == v.Via {
			return true
		}
	}
	return false
}

// refused says in both languages why a vote does not count; nil is that it
// does, or that the trouble is ours.
func refused(err error, q *question.Question, v Vote) *question.Refused {
	if err == nil {
		return nil
	}
	en, ja := Explain(err, report.English, q.Subject, v), Explain(err, report.Japanese, q.Subject, v)
	if en == err { //nolint:errorlint // Explain returns the same error where it knows no sentence
		return nil
	}
	return &question.Refused{Text: [2]string{en.Error(), ja.Error()}}
}
