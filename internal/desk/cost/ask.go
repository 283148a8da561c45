package cost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/question"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// asking asks the owners of desktops that nobody uses.
type asking struct {
	world  account.World
	conf   *settings.Settings
	unused time.Duration
	out    io.Writer
	lang   report.Lang
	asked  int
}

// leastLife is how long an answer is taken at least; after the time that the
// settings give to an owner, others are asked besides.
const leastLife = 30 * day

// rulings reads what was answered so far.
func rulings(w account.World) (map[string]*Ruling, error) {
	s, err := shelf.In(w.Getenv)
	if err != nil {
		return nil, nil //nolint:nilerr // where nothing can be remembered nobody was asked
	}
	all, err := question.In(s).About(KeepKind)
	if err != nil {
		return nil, fmt.Errorf("read what owners have answered: %w", err)
	}
	return Rulings(all), nil
}

// everyone asks about each desktop of a plan that waits for an answer. Who was
// asked already is not asked again: the question is the same one, and is told
// once.
func (a *asking) everyone(ctx context.Context, p *Plan) error {
	var failed []error
	for i := range p.Rows {
		if row := &p.Rows[i]; row.AskOwner {
			if err := a.about(ctx, row, p); err != nil {
				failed = append(failed, fmt.Errorf("%s: %w", row.ID, err))
			}
		}
	}
	return errors.Join(failed...)
}

func (a *asking) about(ctx context.Context, row *Row, p *Plan) error {
	now := a.world.Clock.Now()
	said := row.Said
	if !said.holds(now, row.LastLogin, a.unused) {
		said = &Ruling{At: now, round: now.UTC().Format("2006-01-02T15:04:05Z")}
	}
	first := a.conf.Members([]string{row.Owner})
	if len(first) == 0 {
		first = a.conf.Members([]string{a.conf.Owner})
	}
	if len(first) == 0 {
		fmt.Fprintln(a.out, text.NobodyToAsk.In(a.lang, "desktop", row.ID, "owner", row.Owner))
	}
	for _, person := range first {
		if err := a.one(ctx, row, p, person, said.round, text.AskDo); err != nil {
			return err
		}
	}
	if now.Sub(said.At) < a.conf.Thresholds.AnswerWithin && len(first) > 0 {
		return nil
	}
	for _, person := range a.conf.Members(a.conf.Escalate) {
		if err := a.one(ctx, row, p, person, said.round+escalated, text.AskRaised); err != nil {
			return err
		}
	}
	return nil
}

func (a *asking) one(ctx context.Context, row *Row, p *Plan, person, key string, do report.Message) error {
	life := max(leastLife, 4*a.conf.Thresholds.AnswerWithin)
	var why [2]string
	for _, l := range row.Why {
		why[0], why[1] = why[0]+l.In(report.English)+"; ", why[1]+l.In(report.Japanese)+"; "
	}
	if row.Now != "" {
		why[0] += text.AskCost.In(report.English, "cost", row.Now, "currency", p.Currency)
		why[1] += text.AskCost.In(report.Japanese, "cost", row.Now, "currency", p.Currency)
	}
	for i := range why {
		why[i] = strings.TrimSuffix(why[i], "; ")
	}
	r, err := question.Ask(ctx, a.world, question.Question{
		Kind: KeepKind, Subject: row.ID, Key: key, Person: person, Why: why, Expires: a.world.Clock.Now().Add(life),
		What: both(text.AskWhat, "desktop", row.ID, "user", row.User),
		Do:   both(do, "owner", row.Owner, "days", int(a.unused/day)),
		CLI:  "tamachi cost answer " + row.ID + " keep|release",
		Choices: []question.Choice{
			{Value: keep, Label: [2]string{"Keep", "使い続ける"}},
			{Value: release, Label: [2]string{"Release", "返却する"}, Danger: true},
		},
	})
	if r != nil {
		a.asked++
	}
	return err
}

func both(m report.Message, pairs ...any) [2]string {
	return [2]string{m.In(report.English, pairs...), m.In(report.Japanese, pairs...)}
}

// Taker refuses answers about a desktop of which another one said already that
// it is kept or released.
func Taker(w account.World) question.Taker {
	open := func(q *question.Question) *question.Refused {
		all, err := rulings(w)
		round, _ := strings.CutSuffix(q.Key, escalated)
		if said := all[q.Subject]; err == nil && said != nil && (said.round != round || said.Answer != "") {
			return &question.Refused{Text: both(text.AnsweredBy, "desktop", q.Subject, "by", said.By)}
		}
		return nil
	}
	return question.Taker{Open: open, Take: func(_ context.Context, q *question.Question, _ question.Answer) error {
		if no := open(q); no != nil {
			return no
		}
		return nil
	}}
}
