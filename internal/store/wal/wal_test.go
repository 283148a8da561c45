package wal_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"tamachi/internal/store/wal"
)

func open(t *testing.T, path, options string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?"+options)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%.80s: %v", s, err)
		}
	}
}

func text(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var out string
	if err := db.QueryRow(query).Scan(&out); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

// What is committed is in the files: SQLite's own file system reads it, from a
// second connection and from copies of the files, as after kill -9.
func TestACommitIsInTheFilesAsSQLiteWritesThem(t *testing.T) {
	if err := wal.Register(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "store.db")
	// A cache of 20 pages: a long transaction spills into the log before its
	// commit and reads it back.
	db := open(t, path, "_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(500)&_pragma=cache_size(20)&vfs="+wal.Name)
	run(t, db, "CREATE TABLE notes (n INTEGER PRIMARY KEY, text TEXT)")
	beside := open(t, path, "_pragma=query_only(1)")
	insert := func(from, count int) []string {
		var out []string
		for n := from; n < from+count; n++ {
			out = append(out, fmt.Sprintf("INSERT INTO notes VALUES (%d, '%s')", n, strings.Repeat("x", 1+n%3000)))
		}
		return out
	}
	written := 0
	for round, count := range []int{1, 5, 2500, 1, 300, 40, 2000, 3} {
		run(t, db, append(append([]string{"BEGIN"}, insert(written, count)...), "COMMIT")...)
		written += count
		// Half of what follows is undone, spilled pages among it.
		run(t, db, append([]string{"BEGIN"}, append(insert(written, 1200), "SAVEPOINT s")...)...)
		run(t, db, append(insert(written+5000, 600), "ROLLBACK TO s", "UPDATE notes SET text = text || 'y' WHERE n % 7 = 0", "ROLLBACK")...)
		want := fmt.Sprint(written)
		copied := filepath.Join(t.TempDir(), "store.db")
		for _, suffix := range []string{"", "-wal"} {
			b, err := os.ReadFile(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(copied+suffix, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for name, reader := range map[string]*sql.DB{"beside": beside, "copied": open(t, copied, "")} {
			if got := text(t, reader, "SELECT count(*) FROM notes WHERE length(text) = 1 + n % 3000"); got != want {
				t.Errorf("round %d, %s: want %s notes, got %s", round, name, want, got)
			}
			if got := text(t, reader, "PRAGMA integrity_check"); got != "ok" {
				t.Errorf("round %d, %s: %s", round, name, got)
			}
		}
	}
}
