package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Reach says what the keys of a table are unique in.
type Reach int

// The reaches of a table.
const (
	Regional Reach = iota + 1 // an account and a Region
	Account                   // an account; Scope.Region is empty
	Plane                     // everywhere; Scope is empty
)

// String names the reach as the design does.
func (r Reach) String() string {
	switch r {
	case Regional:
		return "regional"
	case Account:
		return "account"
	case Plane:
		return "plane"
	}
	return fmt.Sprintf("reach %d", int(r))
}

// Scope is whose records are meant: those of an account in a Region.
type Scope struct{ Account, Region string }

// In is the scope of an account in a Region.
func In(account, region string) Scope { return Scope{Account: account, Region: region} }

// Table describes a table of records of type R. It is a package variable of
// its room and does not change after Open. R is stored as JSON.
type Table[R any] struct {
	Name  string // "workspaces.desktops"
	Reach Reach
	// Key gives a record's key: not empty, valid UTF-8 without NUL. Lists are in
	// the byte order of keys.
	Key func(*R) string
	// Indexes give further values to find a record by; several records may
	// share one, and a record whose value is empty is not in that index. When
	// what a function returns changes, its name must change too, so that Open
	// builds it anew.
	Indexes map[string]func(*R) string
	// Migrations bring records that an earlier version stored into today's form;
	// the list only grows at its end.
	Migrations []Migration
}

// Page says which part of a list is wanted. The zero Page is all of it.
type Page struct {
	After      string // only keys that come after this one in the order of the list
	Limit      int    // at most so many; 0 means all
	Descending bool   // highest key first
	Min        string // only keys >= Min; empty means from the lowest
	Max        string // only keys < Max; empty means to the highest
}

// Row is a record with the scope it belongs to.
type Row[R any] struct {
	Scope  Scope
	Record *R
}

// Form is a record as the store keeps it.
type Form struct {
	Key     string            `json:"key"`
	Indexes map[string]string `json:"indexes,omitempty"`
	Terms   []string          `json:"terms,omitempty"` // of a journal
	Data    json.RawMessage   `json:"data"`
}

// ErrDecode reports a stored record that does not fit its type any more.
var ErrDecode = errors.New("a stored record cannot be read")

// Get returns the record with the key, or ErrNotFound.
func (t *Table[R]) Get(tx *Tx, sc Scope, key string) (*R, error) {
	s, err := t.open(tx, sc)
	if err != nil {
		return nil, err
	}
	if !storable(key) {
		return nil, t.missing(key)
	}
	var data string // alone: what is asked for is known
	err = tx.conn.one(s.one, []any{sc.Account, sc.Region, key}, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, t.missing(key)
	}
	if err != nil {
		return nil, tx.note(err)
	}
	r := new(R)
	if err := t.decode(s, key, data, r); err != nil {
		return nil, err
	}
	return r, nil
}

// decode reads a record into r, which is new.
func (t *Table[R]) decode(s *schema, key, data string, r *R) error {
	if s.read.readInto(data, reflect.ValueOf(r).Elem()) {
		return nil
	}
	*r = *new(R)
	if err := json.Unmarshal([]byte(data), r); err != nil {
		return fmt.Errorf("table %s: record %s: %w: %w", t.Name, key, ErrDecode, err)
	}
	return nil
}

// Put inserts the record, or replaces the one with its key.
func (t *Table[R]) Put(tx *Tx, sc Scope, r *R) error {
	s, err := t.open(tx, sc)
	if err != nil {
		return err
	}
	if err := tx.writing(); err != nil {
		return err
	}
	key := t.Key(r)
	if key == "" || !storable(key) {
		return misuse("table %s: %q cannot be a key", t.Name, key)
	}
	data, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("table %s: encode record %s: %w", t.Name, key, err)
	}
	tx.wrote = true
	version := tx.publish(t.Name, sc, key, false)
	args := append([]any{sc.Account, sc.Region, key, version, string(data)}, t.indexValues(s.indexes, r)...)
	if s.same != "" {
		res, err := tx.exec(s.same, args...)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n > 0 {
			return err
		}
	}
	_, err = tx.exec(s.put, args...)
	return err
}

// Delete removes the record with the key, or returns ErrNotFound.
func (t *Table[R]) Delete(tx *Tx, sc Scope, key string) error {
	s, err := t.open(tx, sc)
	if err != nil {
		return err
	}
	if err := tx.writing(); err != nil {
		return err
	}
	if !storable(key) {
		return t.missing(key)
	}
	res, err := tx.exec(s.delete, sc.Account, sc.Region, key)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, t.missing(key))
	}
	tx.publish(t.Name, sc, key, true)
	return nil
}

// List returns the records of the scope in the order of their keys.
func (t *Table[R]) List(tx *Tx, sc Scope, p Page) ([]*R, error) {
	return t.list(tx, sc, "", nil, p)
}

// By returns the records of the scope whose index has the value, in the order
// of their keys. No record has the empty value.
func (t *Table[R]) By(tx *Tx, sc Scope, index, value string, p Page) ([]*R, error) {
	if t.Indexes[index] == nil {
		return nil, misuse("table %s has no index %q", t.Name, index)
	}
	if !storable(value) {
		value = "" // nothing has it
	}
	return t.list(tx, sc, " AND "+column(index)+" = ?", []any{value}, p)
}

// First returns the record of the scope that By returns first, ErrNotFound when
// there is none.
func (t *Table[R]) First(tx *Tx, sc Scope, index, value string) (*R, error) {
	found, err := t.By(tx, sc, index, value, Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, t.missing(index + "=" + value)
	}
	return found[0], nil
}

// Values returns the values that an index has in the scope, each once and in
// their order, without reading a record.
func (t *Table[R]) Values(tx *Tx, sc Scope, index string) (values []string, err error) {
	s, err := t.open(tx, sc)
	if err != nil {
		return nil, err
	}
	if t.Indexes[index] == nil {
		return nil, misuse("table %s has no index %q", t.Name, index)
	}
	x := column(index)
	err = tx.conn.each(func(rows row) error {
		var v string
		err := rows.Scan(&v)
		values = append(values, v)
		return err
	}, "SELECT DISTINCT "+x+" FROM "+s.quoted+" INDEXED BY "+indexOf(s, index)+" WHERE "+x+" IS NOT NULL AND account = ? AND region = ? ORDER BY "+x, sc.Account, sc.Region)
	return values, tx.note(err)
}

// Everywhere returns the records of all scopes whose index has the value, or
// all records when index is empty, in the order of account, Region and key. It
// is for engines and for the start of the house; operations use List and By.
func (t *Table[R]) Everywhere(tx *Tx, index, value string) ([]Row[R], error) {
	s, err := t.lookup(tx)
	if err != nil {
		return nil, err
	}
	query, args := s.get, []any(nil)
	if index != "" {
		if t.Indexes[index] == nil {
			return nil, misuse("table %s has no index %q", t.Name, index)
		}
		query += " WHERE " + column(index) + " = ?"
		args = append(args, value)
	}
	return t.query(tx, s, query+" ORDER BY account, region, key", args...)
}

// Form returns the record as the store would keep it, for golden files.
func (t *Table[R]) Form(r *R) (Form, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return Form{}, err
	}
	f := Form{Key: t.Key(r), Data: data}
	for name, value := range t.Indexes {
		if v := value(r); v != "" {
			if f.Indexes == nil {
				f.Indexes = make(map[string]string)
			}
			f.Indexes[name] = v
		}
	}
	return f, nil
}

func (t *Table[R]) list(tx *Tx, sc Scope, where string, args []any, p Page) ([]*R, error) {
	s, err := t.open(tx, sc)
	if err != nil {
		return nil, err
	}
	if p.Limit < 0 {
		return nil, misuse("table %s: a page of %d records", t.Name, p.Limit)
	}
	var q strings.Builder
	q.WriteString(s.get + " WHERE account = ? AND region = ?" + where)
	args = append([]any{sc.Account, sc.Region}, args...)
	bound := func(condition, key string) {
		if key != "" {
			q.WriteString(" AND key " + condition + " ?")
			args = append(args, key)
		}
	}
	order, beyond := " ORDER BY key", ">"
	if p.Descending {
		order, beyond = " ORDER BY key DESC", "<"
	}
	bound(beyond, p.After)
	bound(">=", p.Min)
	bound("<", p.Max)
	q.WriteString(order)
	if p.Limit > 0 {
		// A bare parameter would have SQLite plan the statement anew whenever it is
		// bound: it looks at the value of a limit that is a number.
		q.WriteString(" LIMIT ? + 0")
		args = append(args, p.Limit)
	}
	rows, err := t.query(tx, s, q.String(), args...)
	if err != nil {
		return nil, err
	}
	out := make([]*R, len(rows))
	for i := range rows {
		out[i] = rows[i].Record
	}
	return out, nil
}

// query reads records; the statement begins with the schema's get.
func (t *Table[R]) query(tx *Tx, s *schema, query string, args ...any) ([]Row[R], error) {
	var out []Row[R]
	err := tx.conn.each(func(rows row) error {
		one := Row[R]{Record: new(R)}
		var key, data string
		if err := rows.Scan(&one.Scope.Account, &one.Scope.Region, &key, &data); err != nil {
			return err
		}
		if err := t.decode(s, key, data, one.Record); err != nil {
			return err
		}
		out = append(out, one)
		return nil
	}, query, args...)
	return out, tx.note(err)
}

func (t *Table[R]) lookup(tx *Tx) (*schema, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	s := tx.store.tables[t.Name]
	if s == nil {
		return nil, misuse("table %s was not given to Open", t.Name)
	}
	return s, nil
}

// open finds the table's schema and checks that the scope fits its reach.
func (t *Table[R]) open(tx *Tx, sc Scope) (*schema, error) {
	s, err := t.lookup(tx)
	if err != nil {
		return nil, err
	}
	if (sc.Account != "") != (t.Reach != Plane) || (sc.Region != "") != (t.Reach == Regional) {
		return nil, misuse("table %s has reach %v, the scope is account %q and Region %q", t.Name, t.Reach, sc.Account, sc.Region)
	}
	return s, nil
}

func (t *Table[R]) missing(key string) error {
	return fmt.Errorf("table %s: %q: %w", t.Name, key, ErrNotFound)
}

// storable tells whether SQLite keeps the text as it is.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func (t *Table[R]) define() definition {
	indexes := slices.Sorted(maps.Keys(t.Indexes))
	complete := t.Key != nil
	for _, value := range t.Indexes {
		complete = complete && value != nil
	}
	for _, m := range t.Migrations {
		complete = complete && m.Name != "" && m.Do != nil
	}
	return definition{name: t.Name, reach: t.Reach, indexes: indexes, complete: complete, moves: t.Migrations, read: readers{}.of(reflect.TypeFor[R]()), values: func(data string) ([]any, error) {
		r := new(R)
		if err := json.Unmarshal([]byte(data), r); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDecode, err)
		}
		return t.indexValues(indexes, r), nil
	}}
}

// indexValues returns the values for the index columns, nil for "not in it".
func (t *Table[R]) indexValues(indexes []string, r *R) []any {
	out := make([]any, len(indexes))
	for i, x := range indexes {
		if v := t.Indexes[x](r); v != "" {
			out[i] = strings.ReplaceAll(strings.ToValidUTF8(v, "\uFFFD"), "\x00", "\uFFFD")
		}
	}
	return out
}
