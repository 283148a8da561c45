package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

// delivery is one line of what was taken.
type delivery struct {
	At    time.Time `json:"at"`
	Stamp int64     `json:"stamp"`
	Sum   string    `json:"sum"` // of the signature
	Path  string    `json:"path"`
	Said  *Said     `json:"said"`
}

// mostDeliveries are kept; by the newest one that comes again is known.
const mostDeliveries = 1000

// deliveries takes the journal for this process and reads the last one.
func (i *Intake) deliveries() (*shelf.Journal, *delivery, error) {
	j, lines, err := shelf.Latest(i.journal, mostDeliveries)
	if err != nil || len(lines) == 0 {
		return j, nil, err
	}
	d := &delivery{}
	if err := json.Unmarshal(lines[len(lines)-1], d); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%s, last line: %w", i.journal, err), j.Close())
	}
	return j, d, nil
}

// Said is what a delivery brought.
type Said struct {
	People  int      `json:"people"` // of the feed since then
	Joined  []string `json:"joined"`
	Changed []string `json:"changed"`
	Left    []string `json:"left"`
}

// compare says what is new in a feed. Who is no more in it has not left: the
// leaver's duty wants that said.
func compare(before, after *hr.Feed, now time.Time) *Said {
	s := &Said{People: len(after.People), Joined: []string{}, Changed: []string{}, Left: []string{}}
	find := before.Finder()
	for i := range after.People {
		p := &after.People[i]
		old := find(p)
		name := p.Account
		if name == "" {
			name = p.Name()
		}
		left := p.At(now) == hr.Left
		switch {
		case left && (old == nil || old.At(now) != hr.Left):
			s.Left = append(s.Left, name)
		case left:
		case old == nil || old.At(now) == hr.Left:
			s.Joined = append(s.Joined, name)
		case old.State != p.State || !slices.Equal(old.Groups, p.Groups) || old.Bundle != p.Bundle || old.Mode != p.Mode ||
			old.Department != p.Department || old.Manager != p.Manager || old.Account != p.Account:
			s.Changed = append(s.Changed, name)
		}
	}
	return s
}

// tell writes to the team what is to do now.
func (s *Said) tell(ctx context.Context, w account.World, id string) error {
	if w.Tell == nil || len(s.Joined)+len(s.Changed)+len(s.Left) == 0 {
		return nil
	}
	return w.Tell(ctx, notify.Post{
		ID: "hr-" + id[:16], Topic: "people",
		What: both(text.News, "joined", len(s.Joined), "changed", len(s.Changed), "left", len(s.Left)),
		Do:   both(text.Do),
	})
}

func both(m report.Message, pairs ...any) [2]string {
	return [2]string{m.In(report.English, pairs...), m.In(report.Japanese, pairs...)}
}

// text is everything that this package says to a person.
var text = struct{ News, Do report.Message }{
	News: report.Message{
		En: `The personnel department reports: {joined} new, {changed} changed, {left} left`,
		Ja: `人事データの更新: 入社 {joined} 名、異動 {changed} 名、退職 {left} 名`,
	},
	Do: report.Message{En: `look at the plans: tamachi joiner, tamachi mover, tamachi leaver`, Ja: `計画を確認してください: tamachi joiner、tamachi mover、tamachi leaver`},
}
