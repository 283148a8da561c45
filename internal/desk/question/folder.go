package question

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/shelf"
)

// Folder is where questions are kept.
type Folder struct{ shelf.Records[Record] }

// In is the folder of questions on a shelf.
func In(s shelf.Shelf) Folder {
	return Folder{shelf.Records[Record]{
		Dir: s.Folder("questions"), Kind: "question", Form: idForm, Unknown: ErrUnknown,
		Made: func(r *Record) time.Time { return r.Question.Made }, Parse: parse,
	}}
}

type line struct {
	Question *Question `json:"question,omitempty"`
	Answer   *Answer   `json:"answer,omitempty"`
}

var (
	idForm     = regexp.MustCompile(`^q-[0-9a-f]{16}$`)
	choiceForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)
)

// Save keeps a new question and returns its id. One that is there already stays
// as it is.
func (f Folder) Save(q Question, now time.Time) (*Record, error) {
	if err := q.seal(now); err != nil {
		return nil, err
	}
	err := f.Create(q.ID, line{Question: &q})
	if errors.Is(err, fs.ErrExist) {
		return f.Read(q.ID)
	}
	if err != nil {
		return nil, err
	}
	return &Record{Question: &q}, nil
}

// About returns the questions of a kind, the newest first.
func (f Folder) About(kind string) ([]*Record, error) {
	all, err := f.List()
	return slices.DeleteFunc(all, func(r *Record) bool { return r.Question.Kind != kind }), err
}

// Desk takes answers.
type Desk struct {
	Folder Folder
	Takers Takers
	Clock  clock.Clock
	Log    func(string) // for the operator; no token is in it
}

// Answer counts an answer, or says why it does not. Who the person is has been
// proved by whoever calls.
func (d *Desk) Answer(ctx context.Context, id, person string, a Answer) (*Record, error) {
	r, err := d.answer(ctx, id, person, a)
	if err != nil {
		return r, err
	}
	q := r.Question
	d.Log(fmt.Sprintf("%s %s %s: %s: %s", q.ID, q.Kind, q.Subject, person, a.Choice))
	if after := d.Takers[q.Kind].After; after != nil {
		if err := after(context.WithoutCancel(ctx), q); err != nil {
			d.Log(fmt.Sprintf("%s: %v", q.ID, err))
		}
	}
	return r, nil
}

func (d *Desk) answer(ctx context.Context, id, person string, a Answer) (*Record, error) {
	j, r, err := d.open(ctx, id)
	if err != nil {
		return nil, err
	}
	defer j.Close()
	now := d.Clock.Now()
	a.At = now.UTC()
	if err := r.judge(person, a, now); err != nil {
		return r, err
	}
	if take := d.Takers[r.Question.Kind].Take; take != nil {
		if err := take(ctx, r.Question, a); err != nil {
			return r, err
		}
	}
	if err := j.Append(line{Answer: &a}); err != nil {
		return nil, err
	}
	r.Answer = &a
	return r, nil
}

// open waits for another answer to the same question, which is short.
func (d *Desk) open(ctx context.Context, id string) (*shelf.Journal, *Record, error) {
	for tries := 0; ; tries++ {
		j, r, err := d.Folder.Open(id)
		if !errors.Is(err, shelf.ErrInUse) || tries == 50 {
			return j, r, err
		}
		if err := account.Pause(ctx, 100*time.Millisecond); err != nil {
			return nil, nil, err
		}
	}
}

func parse(id string, lines [][]byte) (*Record, error) {
	r := &Record{}
	for i, b := range lines {
		var l line
		if err := shelf.Decode(b, &l); err != nil {
			return nil, fmt.Errorf("question %s, line %d: %w", id, i+1, err)
		}
		switch {
		case i == 0 && l.Question != nil:
			r.Question = l.Question
		case i == 1 && l.Answer != nil:
			r.Answer = l.Answer
		default:
			return nil, fmt.Errorf("question %s, line %d: neither a question nor its answer", id, i+1)
		}
	}
	if r.Question == nil || r.Question.ID != id {
		return nil, fmt.Errorf("question %s: the file holds another, or none", id)
	}
	return r, nil
}
