package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tamachi/internal/store"
)

// upper and twice are migrations of notes.
var (
	upper = store.Migration{Name: "shout", Do: onText(strings.ToUpper)}
	twice = store.Migration{Name: "say it twice", Do: onText(func(s string) string { return s + s })}
)

func onText(f func(string) string) func(json.RawMessage) (json.RawMessage, error) {
	return func(old json.RawMessage) (json.RawMessage, error) {
		var n note
		if err := json.Unmarshal(old, &n); err != nil {
			return nil, err
		}
		n.Text = f(n.Text)
		return json.Marshal(n)
	}
}

// withMoves is the table of notes in a version that has these migrations.
func withMoves(moves ...store.Migration) *store.Table[note] {
	return &store.Table[note]{
		Name: "test.notes", Reach: store.Plane, Key: func(n *note) string { return n.ID },
		Indexes:    map[string]func(*note) string{"text": func(n *note) string { return n.Text }},
		Migrations: moves,
	}
}

func TestMigrationsRunOnceAndInOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	const records = 1203
	for round, row := range []struct {
		moves []store.Migration
		want  string // text of every record
	}{
		{nil, "ab"},
		{[]store.Migration{upper}, "AB"},
		{[]store.Migration{upper}, "AB"},
		{[]store.Migration{upper, twice}, "ABAB"},
		{[]store.Migration{upper, twice}, "ABAB"},
	} {
		table := withMoves(row.moves...)
		s, err := store.Open(t.Context(), store.Options{Path: path}, table)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		err = s.Update(t.Context(), func(tx *store.Tx) error {
			for i := 0; round == 0 && i < records; i++ {
				if err := table.Put(tx, store.Scope{}, &note{ID: fmt.Sprintf("%04d", i), Text: "ab"}); err != nil {
					return err
				}
			}
			found, err := table.By(tx, store.Scope{}, "text", row.want, store.Page{})
			if len(found) != records {
				t.Errorf("round %d: %d records with text %q, want %d", round, len(found), row.want, records)
			}
			return err
		})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMigrationsOnlyAppend(t *testing.T) {
	broken := store.Migration{Name: "fail", Do: func(json.RawMessage) (json.RawMessage, error) { return nil, errors.New("cannot") }}
	for name, row := range map[string]struct {
		moves []store.Migration
		ok    bool
	}{
		"the same list":             {[]store.Migration{upper}, true},
		"one more":                  {[]store.Migration{upper, twice}, true},
		"one less":                  {nil, false},
		"another one in its place":  {[]store.Migration{twice}, false},
		"one put before it":         {[]store.Migration{twice, upper}, false},
		"one more that cannot work": {[]store.Migration{upper, broken}, false},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			first := withMoves(upper)
			s, err := store.Open(t.Context(), store.Options{Path: path}, first)
			if err != nil {
				t.Fatal(err)
			}
			err = s.Update(t.Context(), func(tx *store.Tx) error { return first.Put(tx, store.Scope{}, &note{ID: "a", Text: "x"}) })
			if err := errors.Join(err, s.Close()); err != nil {
				t.Fatal(err)
			}
			s, err = store.Open(t.Context(), store.Options{Path: path}, withMoves(row.moves...))
			if (err == nil) != row.ok {
				t.Errorf("opened with %v, want ok %v", err, row.ok)
			}
			if err == nil {
				err = s.Close()
			} else { // whatever failed, the version before still opens it
				s, err = store.Open(t.Context(), store.Options{Path: path}, withMoves(upper))
				if err == nil {
					err = s.Close()
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// A store of the first format, which knew no migrations, takes part in them.
func TestFirstFormatIsCarriedOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s, err := store.Open(t.Context(), store.Options{Path: path}, withMoves())
	if err != nil {
		t.Fatal(err)
	}
	table := withMoves()
	err = s.Update(t.Context(), func(tx *store.Tx) error { return table.Put(tx, store.Scope{}, &note{ID: "a", Text: "x"}) })
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	execSQL(t, path, "ALTER TABLE house DROP COLUMN migrations")
	execSQL(t, path, "PRAGMA user_version = 1")
	table = withMoves(upper)
	s, err = store.Open(t.Context(), store.Options{Path: path}, table)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(t.Context(), func(tx *store.Tx) error {
		n, err := table.Get(tx, store.Scope{}, "a")
		if err == nil && n.Text != "X" {
			t.Errorf("text %q, want X", n.Text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
