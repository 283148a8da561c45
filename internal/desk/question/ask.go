package question

import (
	"context"
	"strings"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

// button is the action of the buttons under a question; a hyphen and the choice
// follow, and the value is the question's id.
const button = "answer"

// Ask keeps a question and writes to the person, with buttons where they are
// reached by a chat and with a link where the settings have an address for
// answers. Asked again it is the same question, told once. Nobody is told where
// the program has no way to speak; the question stands all the same.
func Ask(ctx context.Context, w account.World, q Question) (*Record, error) {
	s, err := shelf.In(w.Getenv)
	if err != nil {
		return nil, err
	}
	r, err := In(s).Save(q, w.Clock.Now())
	if err != nil || r.Answer != nil || w.Tell == nil {
		return r, err
	}
	link, err := linkOf(w, s, r.Question)
	if err != nil {
		return r, err
	}
	return r, w.Tell(ctx, r.Question.post(link))
}

func linkOf(w account.World, s shelf.Shelf, q *Question) (string, error) {
	conf, err := settings.Load(w.Getenv)
	if err != nil || conf.Answers.URL == "" {
		return "", err
	}
	k, err := OpenKey(s, w.Rand)
	if err != nil {
		return "", err
	}
	return k.URL(conf.Answers.URL, q), nil
}

func (q *Question) post(link string) notify.Post {
	do := q.Do
	if q.CLI != "" {
		for i := range do {
			do[i] += ": " + q.CLI
		}
	}
	p := notify.Post{ID: "ask-" + q.ID, To: []string{q.Person}, What: q.What, Why: q.Why, Do: do, Link: link}
	for _, c := range q.Choices {
		p.Buttons = append(p.Buttons, notify.Button{Label: c.Label, Action: button + "-" + c.Value, Value: q.ID, Danger: c.Danger})
	}
	return p
}

// Clicked is the question and the choice of a click on a button of Ask; ok is
// false for another one's button.
func Clicked(c notify.Click) (id, choice string, ok bool) {
	choice, ok = strings.CutPrefix(c.Action, button+"-")
	return c.Value, choice, ok && idForm.MatchString(c.Value)
}
