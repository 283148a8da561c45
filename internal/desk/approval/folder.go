package approval

import (
	"fmt"
	"regexp"
	"time"

	"tamachi/internal/desk/shelf"
)

// Folder is where requests are kept.
type Folder struct{ shelf.Records[Record] }

// In is the folder of requests on a shelf.
func In(s shelf.Shelf) Folder {
	return Folder{shelf.Records[Record]{
		Dir: s.Folder("approvals"), Kind: "request", Form: idForm, Unknown: ErrUnknown,
		Made: func(r *Record) time.Time { return r.Request.Made }, Parse: parse,
	}}
}

type line struct {
	Request *Request `json:"request,omitempty"`
	Vote    *Vote    `json:"vote,omitempty"`
}

var idForm = regexp.MustCompile(`^a-[0-9a-f]{10}$`)

// Save writes a request down.
func (f Folder) Save(r *Request) error { return f.Create(r.ID, line{Request: r}) }

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
	j, r, err := f.Open(id)
	if err != nil {
		return nil, err
	}
	defer j.Close()
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
		if err := shelf.Decode(b, &l); err != nil {
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
