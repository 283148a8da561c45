package approval

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"tamachi/internal/desk/shelf"
)

// Folder is where requests are kept.
type Folder struct{ dir string }

// In is the folder of requests on a shelf.
func In(s shelf.Shelf) Folder { return Folder{s.Folder("approvals")} }

type line struct {
	Request *Request `json:"request,omitempty"`
	Vote    *Vote    `json:"vote,omitempty"`
}

var idForm = regexp.MustCompile(`^a-[0-9a-f]{10}$`)

func (f Folder) path(id string) (string, error) {
	if !idForm.MatchString(id) {
		return "", fmt.Errorf("request %q: %w", id, ErrUnknown)
	}
	return filepath.Join(f.dir, id+".jsonl"), nil
}

// Save writes a request down.
func (f Folder) Save(r *Request) error {
	path, err := f.path(r.ID)
	if err != nil {
		return err
	}
	if err := shelf.Create(path, line{Request: r}); err != nil {
		return fmt.Errorf("keep request %s: %w", r.ID, err)
	}
	return nil
}

// Read returns a request and its votes.
func (f Folder) Read(id string) (*Record, error) {
	path, err := f.path(id)
	if err != nil {
		return nil, err
	}
	lines, err := shelf.Lines(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("request %s: %w", id, ErrUnknown)
	}
	if err != nil {
		return nil, fmt.Errorf("read request %s: %w", id, err)
	}
	return parse(id, lines)
}

// List returns all requests, the newest first. What cannot be read is in the
// error, and hides no other.
func (f Folder) List() ([]*Record, error) {
	all, err := shelf.Each(f.dir, idForm, f.Read)
	slices.SortStableFunc(all, func(a, b *Record) int { return b.Request.Made.Compare(a.Request.Made) })
	return all, err
}

// Of returns the newest request about a digest, or nil.
func (f Folder) Of(digest string) (*Record, error) {
	all, err := f.List()
	for _, r := range all {
		if r.Request.Digest == digest {
			return r, nil
		}
	}
	return nil, err
}

// Decide counts a vote, or says why it does not. It is on disk when Decide
// returns; who the person is has been proved by whoever calls.
func (f Folder) Decide(id string, v Vote, now time.Time) (*Record, error) {
	path, err := f.path(id)
	if err != nil {
		return nil, err
	}
	j, lines, err := shelf.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("request %s: %w", id, ErrUnknown)
	}
	if err != nil {
		return nil, err
	}
	defer j.Close()
	r, err := parse(id, lines)
	if err != nil {
		return nil, err
	}
	if v.Stage, err = r.judge(v, now); err != nil {
		return r, err
	}
	v.At = now.UTC()
	if err := j.Append(line{Vote: &v}); err != nil {
		return nil, err
	}
	r.Votes = append(r.Votes, v)
	return r, nil
}

func parse(id string, lines [][]byte) (*Record, error) {
	r := &Record{Votes: []Vote{}}
	for i, b := range lines {
		var l line
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := d.Decode(&l); err != nil {
			return nil, fmt.Errorf("request %s, line %d: %w", id, i+1, err)
		}
		switch {
		case i == 0 && l.Request != nil:
			r.Request = l.Request
		case i > 0 && l.Vote != nil:
			r.Votes = append(r.Votes, *l.Vote)
		default:
			return nil, fmt.Errorf("request %s, line %d: neither a request nor a vote", id, i+1)
		}
	}
	if r.Request == nil || r.Request.ID != id || len(r.Request.Stages) == 0 || r.Request.Digest == "" {
		return nil, fmt.Errorf("request %s: the file holds another, or none", id)
	}
	return r, nil
}
