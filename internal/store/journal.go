package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Journal describes a table that only grows: what happened, numbered in the
// order of commits and found again by time and by terms. A record costs one
// B-tree in its commit, and no row of the feed: the numbers are the feed of a
// journal. Its terms are indexed later, those of many records together. A Journal is a package variable of its room and does
// not change after Open. Its reach is regional; R is stored as JSON.
type Journal[R any] struct {
	Name string // "cloudtrail.trail"
	// ID names a record, so that it is replaced rather than written twice.
	ID func(*R) string
	// At is when the record happened, kept to the millisecond.
	At func(*R) time.Time
	// Terms are what the record is found by. The ID, At and Terms of a record
	// never change. The empty term is every record's.
	Terms func(*R) []string
	// Text writes a record as JSON, in the form that encoding/json reads; nil
	// means encoding/json.
	Text func(*R) ([]byte, error)
}

// Entry is a record of a journal with its place.
type Entry[R any] struct {
	Place  int64 // grows with every commit
	Scope  Scope
	At     time.Time
	Record *R
}

// Span says which part of a journal is wanted, the newest first.
type Span struct {
	From, To time.Time // From <= At < To
	// Before continues behind this entry of the same question; zero begins.
	BeforeAt    time.Time
	BeforePlace int64
	Limit       int // at most so many
}

// Line is a record made ready to be written, so that the work of that is done
// outside of the transaction.
type Line struct {
	scope Scope
	id    string
	at    int64
	data  string
	terms []int64
}

// Line makes a record ready.
func (j *Journal[R]) Line(sc Scope, r *R) (Line, error) {
	if sc.Account == "" || sc.Region == "" {
		return Line{}, misuse("journal %s is regional, the scope is account %q and Region %q", j.Name, sc.Account, sc.Region)
	}
	id := j.ID(r)
	if id == "" || !storable(id) {
		return Line{}, misuse("journal %s: %q cannot be an id", j.Name, id)
	}
	data, err := j.text(r)
	if err != nil {
		return Line{}, fmt.Errorf("journal %s: encode record %s: %w", j.Name, id, err)
	}
	return Line{scope: sc, id: id, at: j.At(r).UnixMilli(), data: string(data), terms: j.terms(sc, r)}, nil
}

// Len is the length of the line's text.
func (l Line) Len() int { return len(l.data) }

// Splice returns the line with n bytes of its text at a place replaced: by what
// was not known when the line was made. The text must stay JSON, and the
// record's ID, At and Terms what they were.
func (l Line) Splice(at, n int, with []byte) Line {
	var b strings.Builder
	b.Grow(len(l.data) - n + len(with))
	b.WriteString(l.data[:at])
	b.Write(with)
	b.WriteString(l.data[at+n:])
	l.data = b.String()
	return l
}

// Write writes a record and returns its place. place is where an earlier Write
// of the same record was told that it is, and 0 for a new one; where another
// record or none is at that place, as after a rollback, the record is written
// anew.
func (j *Journal[R]) Write(tx *Tx, place int64, l Line) (int64, error) {
	s, err := j.lookup(tx)
	if err != nil {
		return 0, err
	}
	if err := tx.writing(); err != nil {
		return 0, err
	}
	if place != 0 {
		res, err := tx.exec("UPDATE "+s.quoted+" SET data = ? WHERE seq = ? AND id = ?", l.data, place, l.id)
		if err != nil {
			return 0, err
		}
		if n, err := res.RowsAffected(); err != nil || n == 1 {
			return place, err
		}
	}
	res, err := tx.exec("INSERT INTO "+s.quoted+" (account, region, at, id, data) VALUES (?, ?, ?, ?, ?)", l.scope.Account, l.scope.Region, l.at, l.id, l.data)
	if err != nil {
		return 0, err
	}
	if place, err = res.LastInsertId(); err != nil {
		return 0, err
	}
	tx.batch.posted = append(tx.batch.posted, written{j.Name, posted{spot{l.at, place}, l.terms}})
	return place, nil
}

// After returns up to limit records of all scopes in the order of their
// commits, beginning behind a place.
func (j *Journal[R]) After(tx *Tx, place int64, limit int) ([]Entry[R], error) {
	s, err := j.lookup(tx)
	if err != nil {
		return nil, err
	}
	return j.query(tx, s, "SELECT seq, account, region, at, data FROM "+s.quoted+" WHERE seq > ? ORDER BY seq LIMIT ? + 0", place, limit)
}

// Last returns the place of the newest record, 0 when there is none.
func (j *Journal[R]) Last(tx *Tx) (int64, error) {
	s, err := j.lookup(tx)
	if err != nil {
		return 0, err
	}
	var place sql.NullInt64
	err = tx.conn.one("SELECT max(seq) FROM "+s.quoted, nil, &place)
	return place.Int64, tx.note(err)
}

// Trim removes up to limit of the oldest records, those from before a time that
// are indexed, and returns how many. The newest record stays, so that places
// never repeat.
func (j *Journal[R]) Trim(tx *Tx, before time.Time, limit int) (int, error) {
	s, err := j.lookup(tx)
	if err != nil {
		return 0, err
	}
	if err := tx.writing(); err != nil {
		return 0, err
	}
	mark, last, err := tx.bounds(s)
	if err != nil {
		return 0, err
	}
	old, err := j.After(tx, 0, limit)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, e := range old {
		if e.Place == last || e.Place > mark || !e.At.Before(before) {
			break
		}
		at := e.At.UnixMilli()
		for _, t := range j.terms(e.Scope, e.Record) { // rows of this place, and of places that are gone already
			if _, err := tx.exec("DELETE FROM "+s.terms+" WHERE term = ? AND at IN (?, ?) AND seq <= ?", t, at, at|slotMask, e.Place); err != nil {
				return n, err
			}
		}
		if _, err := tx.exec("DELETE FROM "+s.quoted+" WHERE seq = ?", e.Place); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Form returns the record as the journal would keep it, for golden files.
func (j *Journal[R]) Form(r *R) (Form, error) {
	data, err := j.text(r)
	if err != nil {
		return Form{}, err
	}
	return Form{Key: j.ID(r), Terms: j.Terms(r), Data: data}, nil
}

func (j *Journal[R]) text(r *R) ([]byte, error) {
	if j.Text == nil {
		return json.Marshal(r)
	}
	return j.Text(r)
}

func (j *Journal[R]) query(tx *Tx, s *schema, query string, args ...any) ([]Entry[R], error) {
	var out []Entry[R]
	err := tx.conn.each(func(rows row) error {
		e := Entry[R]{Record: new(R)}
		var at int64
		var data string
		if err := rows.Scan(&e.Place, &e.Scope.Account, &e.Scope.Region, &at, &data); err != nil {
			return err
		}
		if !s.read.readInto(data, reflect.ValueOf(e.Record).Elem()) {
			*e.Record = *new(R)
			if err := json.Unmarshal([]byte(data), e.Record); err != nil {
				return fmt.Errorf("journal %s: record %d: %w: %w", j.Name, e.Place, ErrDecode, err)
			}
		}
		e.At = time.UnixMilli(at).UTC()
		out = append(out, e)
		return nil
	}, query, args...)
	return out, tx.note(err)
}

func (j *Journal[R]) terms(sc Scope, r *R) []int64 {
	out := []int64{termOf(sc, "")}
	for _, t := range j.Terms(r) {
		if n := termOf(sc, t); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// termOf is the number that stands for a term in a scope. SHA-256, because the
// callers of the plane choose the terms and must not be able to make them meet.
func termOf(sc Scope, term string) int64 {
	var room [128]byte
	b := append(room[:0], sc.Account...)
	b = append(append(b, 0), sc.Region...)
	b = append(append(b, 0), term...)
	sum := sha256.Sum256(b)
	return int64(binary.BigEndian.Uint64(sum[:])) // any 64 bits will do
}

func (j *Journal[R]) lookup(tx *Tx) (*schema, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	s := tx.store.tables[j.Name]
	if s == nil {
		return nil, misuse("journal %s was not given to Open", j.Name)
	}
	return s, nil
}

func (j *Journal[R]) open(tx *Tx, sc Scope) (*schema, error) {
	if sc.Account == "" || sc.Region == "" {
		return nil, misuse("journal %s is regional, the scope is account %q and Region %q", j.Name, sc.Account, sc.Region)
	}
	return j.lookup(tx)
}

func (j *Journal[R]) define() definition {
	return definition{
		name: j.Name, reach: Regional, journal: true, read: readers{}.of(reflect.TypeFor[R]()),
		complete: j.ID != nil && j.At != nil && j.Terms != nil,
		termsOf: func(sc Scope, data string) []int64 {
			r := new(R)
			if err := json.Unmarshal([]byte(data), r); err != nil {
				return []int64{termOf(sc, "")}
			}
			return j.terms(sc, r)
		},
	}
}

// fitJournal makes a journal, or finds it made.
func fitJournal(c *conn, t *schema) error {
	var list string
	var reach Reach
	err := c.one("SELECT reach, indexes FROM house WHERE name = ?", []any{t.name}, &reach, &list)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return foundJournal(c, t)
	case err != nil:
		return err
	case list != journalMark:
		return fmt.Errorf("%w: it was no journal and is now one, which needs a migration", ErrFormat)
	}
	var mark int64
	if err := c.one("SELECT seq FROM marks WHERE journal = ?", []any{t.name}, &mark); !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	// An earlier version wrote it, and indexed each record as it was written.
	if err := c.run("ALTER TABLE " + t.terms + " ADD COLUMN list BLOB"); err != nil {
		return err
	}
	return c.run("INSERT INTO marks (journal, seq) SELECT ?, coalesce(max(seq), 0) FROM "+t.quoted, t.name)
}

func foundJournal(c *conn, t *schema) error {
	for _, q := range []string{
		"CREATE TABLE " + t.quoted + " (seq INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, at INTEGER NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL)",
		"CREATE TABLE " + t.terms + " (term INTEGER NOT NULL, at INTEGER NOT NULL, seq INTEGER NOT NULL, list BLOB, PRIMARY KEY (term, at, seq)) WITHOUT ROWID",
	} {
		if err := c.run(q); err != nil {
			return err
		}
	}
	if err := c.run("INSERT INTO marks (journal, seq) VALUES (?, 0)", t.name); err != nil {
		return err
	}
	return c.run("INSERT INTO house (name, reach, indexes) VALUES (?, ?, ?)", t.name, t.reach, journalMark)
}

// journalMark stands where a table's list of indexes stands.
const journalMark = `"journal"`
