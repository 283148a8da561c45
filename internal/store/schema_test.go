package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tamachi/internal/store"
)

func TestChangedIndexesAreRebuilt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	define := func(indexes ...string) *store.Table[note] {
		all := map[string]func(*note) string{
			"text":   func(n *note) string { return n.Text },
			"first":  func(n *note) string { return n.Text[:1] },
			"length": func(n *note) string { return fmt.Sprint(len(n.Text)) },
		}
		t := &store.Table[note]{Name: "test.notes", Reach: store.Plane, Key: func(n *note) string { return n.ID }, Indexes: map[string]func(*note) string{}}
		for _, x := range indexes {
			t.Indexes[x] = all[x]
		}
		return t
	}
	const records = 1203 // more than two pages of the rebuild
	for round, indexes := range [][]string{{}, {"text"}, {"first", "length"}, {"text", "first", "length"}, {"length"}} {
		table := define(indexes...)
		s, err := store.Open(t.Context(), store.Options{Path: path}, table)
		if err != nil {
			t.Fatalf("open with indexes %v: %v", indexes, err)
		}
		err = s.Update(t.Context(), func(tx *store.Tx) error {
			for i := 0; round == 0 && i < records; i++ {
				if err := table.Put(tx, store.Scope{}, &note{ID: fmt.Sprintf("%04d", i), Text: strings.Repeat("ab", i%3+1)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = s.View(t.Context(), func(tx *store.Tx) error {
			for index, want := range map[string]struct {
				value string
				n     int
			}{"text": {"abab", records / 3}, "first": {"a", records}, "length": {"6", records / 3}} {
				if table.Indexes[index] == nil {
					continue
				}
				got, err := table.By(tx, store.Scope{}, index, want.value, store.Page{})
				if err != nil || len(got) != want.n {
					t.Errorf("round %d, index %s: %d records (%v), want %d", round, index, len(got), err, want.n)
				}
			}
			return nil
		})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestForeignFilesAreRefused(t *testing.T) {
	tests := map[string]func(t *testing.T, path string){
		"a text file": func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"another program's database": func(t *testing.T, path string) { execSQL(t, path, "CREATE TABLE cats (name TEXT)") },
		"a later version's store": func(t *testing.T, path string) {
			s, err := store.Open(t.Context(), store.Options{Path: path}, &notes)
			if err == nil {
				err = s.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
			execSQL(t, path, "PRAGMA user_version = 99")
		},
		"a table whose reach changed": func(t *testing.T, path string) {
			changed := notes
			changed.Reach = store.Account
			s, err := store.Open(t.Context(), store.Options{Path: path}, &changed)
			if err == nil {
				err = s.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, prepare := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			prepare(t, path)
			s, err := store.Open(t.Context(), store.Options{Path: path}, &notes)
			if err == nil {
				_ = s.Close()
			}
			if !errors.Is(err, store.ErrFormat) || !strings.Contains(err.Error(), path) {
				t.Errorf("Open = %v, want ErrFormat that names the file", err)
			}
		})
	}
}

func TestBadDefinitionsAreRefused(t *testing.T) {
	key := func(n *note) string { return n.ID }
	tests := map[string][]store.Definition{
		"a name that is no name":      {&store.Table[note]{Name: `x"; DROP TABLE feed`, Reach: store.Plane, Key: key}},
		"a table without reach":       {&store.Table[note]{Name: "x.y", Key: key}},
		"two tables of one name":      {&notes, &notes},
		"an index that is no name":    {&store.Table[note]{Name: "x.y", Reach: store.Plane, Key: key, Indexes: map[string]func(*note) string{"a b": key}}},
		"an index without a function": {&store.Table[note]{Name: "x.y", Reach: store.Plane, Key: key, Indexes: map[string]func(*note) string{"a": nil}}},
		"a table without a key":       {&store.Table[note]{Name: "x.y", Reach: store.Plane}},
	}
	for name, defs := range tests {
		s, err := store.Open(t.Context(), store.Options{}, defs...)
		if err == nil {
			_ = s.Close()
		}
		if !errors.Is(err, store.ErrMisuse) {
			t.Errorf("%s: Open = %v, want ErrMisuse", name, err)
		}
	}
}

func execSQL(t *testing.T, path, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), query)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}
