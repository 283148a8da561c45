package question

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/shelf"
)

// Folder is where questions are kept.
type Folder struct{ dir string }

// In is the folder of questions on a shelf.
func In(s shelf.Shelf) Folder { return Folder{s.Folder("questions")} }

type line struct {
	Question *Question `json:"question,omitempty"`
	Answer   *Answer   `json:"answer,omitempty"`
}

var (
	idForm     = regexp.MustCompile(`^q-[0-9a-f]{16}$`)
	choiceForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)
)

func (f Folder) path(id string) (string, error) {
	if !idForm.MatchString(id) {
		return "", fmt.Errorf("question %.40q: %w", id, ErrUnknown)
	}
	return filepath.Join(f.dir, id+".jsonl"), nil
}

// Save keeps a new question and returns its id. One that is there already stays
// as it is.
func (f Folder) Save(q Question, now time.Time) (*Record, error) {
	if err := q.seal(now); err != nil {
		return nil, err
	}
	path, err := f.path(q.ID)
	if err != nil {
		return nil, err
	}
	err = shelf.Create(path, line{Question: &q})
	if errors.Is(err, fs.ErrExist) {
		return f.Read(q.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("keep question %s: %w", q.ID, err)
	}
	return &Record{Question: &q}, nil
}

// Read returns a question and its answer.
func (f Folder) Read(id string) (*Record, error) {
	path, err := f.path(id)
	if err != nil {
		return nil, err
	}
	lines, err := shelf.Lines(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("question %s: %w", id, ErrUnknown)
	}
	if err != nil {
		return nil, fmt.Errorf("read question %s: %w", id, err)
	}
	return parse(id, lines)
}

// List returns all questions, the newest first. What cannot be read is in the
// error, and hides no other.
func (f Folder) List() ([]*Record, error) {
	all, err := shelf.Each(f.dir, idForm, f.Read)
	slices.SortStableFunc(all, func(a, b *Record) int { return b.Question.Made.Compare(a.Question.Made) })
	return all, err
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
	path, err := d.Folder.path(id)
	if err != nil {
		return nil, err
	}
	j, lines, err := open(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("question %s: %w", id, ErrUnknown)
	}
	if err != nil {
		return nil, err
	}
	defer j.Close()
	r, err := parse(id, lines)
	if err != nil {
		return nil, err
	}
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
func open(ctx context.Context, path string) (*shelf.Journal, [][]byte, error) {
	for tries := 0; ; tries++ {
		j, lines, err := shelf.Open(path)
		if !errors.Is(err, shelf.ErrInUse) || tries == 50 {
			return j, lines, err
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
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := d.Decode(&l); err != nil {
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
