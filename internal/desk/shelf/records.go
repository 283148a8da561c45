package shelf

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// Records is a folder with a journal a record. Its kind is a sort of record: a
// plan, a request, a question.
type Records[R any] struct {
	Dir     string
	Kind    string         // for messages
	Form    *regexp.Regexp // of an id
	Unknown error          // of an id that no record has
	Made    func(*R) time.Time
	Parse   func(id string, lines [][]byte) (*R, error)
}

// path is a record's file. No other id than one of the form comes near a path.
func (r Records[R]) path(id string) (string, error) {
	if !r.Form.MatchString(id) {
		return "", fmt.Errorf("%s %.40q: %w", r.Kind, id, r.Unknown)
	}
	return filepath.Join(r.Dir, id+".jsonl"), nil
}

// Create writes the first line of a new record; it is on disk when Create
// returns. One that is there already is fs.ErrExist.
func (r Records[R]) Create(id string, first any) error {
	path, err := r.path(id)
	if err != nil {
		return err
	}
	if err := Create(path, first); err != nil {
		return fmt.Errorf("keep %s %s: %w", r.Kind, id, err)
	}
	return nil
}

// Read returns a record.
func (r Records[R]) Read(id string) (*R, error) {
	path, err := r.path(id)
	if err != nil {
		return nil, err
	}
	lines, err := Lines(path)
	if err != nil {
		return nil, r.explain(id, err)
	}
	return r.Parse(id, lines)
}

// Open returns a record to add to, and keeps others from it until the journal
// is closed: they get ErrInUse.
func (r Records[R]) Open(id string) (*Journal, *R, error) {
	path, err := r.path(id)
	if err != nil {
		return nil, nil, err
	}
	j, lines, err := Open(path)
	if err != nil {
		return nil, nil, r.explain(id, err)
	}
	record, err := r.Parse(id, lines)
	if err != nil {
		return nil, nil, errors.Join(err, j.Close())
	}
	return j, record, nil
}

func (r Records[R]) explain(id string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s %s: %w", r.Kind, id, r.Unknown)
	}
	return fmt.Errorf("%s %s: %w", r.Kind, id, err)
}

// List returns all records, the newest first. What cannot be read is in the
// error, and hides no other.
func (r Records[R]) List() ([]*R, error) {
	entries, err := os.ReadDir(r.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var ids []string
	for _, e := range entries {
		if id, is := strings.CutSuffix(e.Name(), ".jsonl"); is && r.Form.MatchString(id) {
			ids = append(ids, id)
		}
	}
	all, broken := make([]*R, len(ids)), make([]error, len(ids))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0)) // to read them is mostly to decode them
	for i, id := range ids {
		g.Go(func() error { all[i], broken[i] = r.Read(id); return nil })
	}
	_ = g.Wait() // what went wrong is in broken
	all = slices.DeleteFunc(all, func(one *R) bool { return one == nil })
	slices.SortStableFunc(all, func(a, b *R) int { return r.Made(b).Compare(r.Made(a)) })
	return all, errors.Join(broken...)
}

// Decode reads a line; a field that its type does not have is an error.
func Decode(line []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
