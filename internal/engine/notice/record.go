package notice

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tamachi/internal/notify"
	"tamachi/internal/store"
)

// record is a notice in the store.
type record struct {
	ID       string               `json:"id"`
	To       string               `json:"to"`
	State    notify.DeliveryState `json:"state"`
	Attempts int                  `json:"attempts"`
	Error    string               `json:"error,omitempty"` // of the last attempt
	Posted   time.Time            `json:"posted"`
	Changed  time.Time            `json:"changed"`
	Due      string               `json:"due"`              // key of its deadline
	Sealed   []byte               `json:"sealed,omitempty"` // the notice, until it has ended
}

// deadline is when something is to be done about a notice: to send it, or to
// forget one that has ended.
type deadline struct {
	At string `json:"at"`
	ID string `json:"id"`
}

var (
	records = store.Table[record]{
		Name: "notice.notices", Reach: store.Plane, Key: func(r *record) string { return r.ID },
	}
	deadlines = store.Table[deadline]{Name: "notice.deadlines", Reach: store.Plane, Key: (*deadline).key}
)

// Tables lists what the engine keeps.
func Tables() []store.Definition { return []store.Definition{&records, &deadlines} }

func (d *deadline) key() string { return d.At + "/" + d.ID }

// moment writes a time so that the order of bytes is the order of times.
func moment(t time.Time) string { return t.UTC().Format(sortable) }

const sortable = "20060102T150405.000000000Z"

func purpose(id string) string { return "notice " + id }

// put stores a record with its next deadline instead of the one before.
func put(tx *store.Tx, r *record, next time.Time) error {
	if r.Due != "" {
		if err := deadlines.Delete(tx, store.Scope{}, r.Due); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	d := &deadline{At: moment(next), ID: r.ID}
	r.Due = d.key()
	if err := deadlines.Put(tx, store.Scope{}, d); err != nil {
		return err
	}
	return records.Put(tx, store.Scope{}, r)
}

func (e *Engine) seal(n notify.Notice) ([]byte, error) {
	b, err := json.Marshal(n)
	if err != nil {
		return nil, err
	}
	return e.ports.Box.Seal(purpose(n.ID), b)
}

func (e *Engine) open(r *record) (n notify.Notice, err error) {
	b, err := e.ports.Box.Open(purpose(r.ID), r.Sealed)
	if err != nil {
		return n, fmt.Errorf("open notice %s: %w", r.ID, err)
	}
	return n, json.Unmarshal(b, &n)
}
