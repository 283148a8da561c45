package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The errors that callers tell apart with errors.Is.
var (
	// ErrNotFound reports a key that is not in the table and scope.
	ErrNotFound = errors.New("no such record")
	// ErrNoSpace reports a full disk; nothing of the transaction was kept.
	// Make room in the data folder's file system and try again.
	ErrNoSpace = errors.New("no space left for the store; make room on the file system of the data folder")
	// ErrClosed reports a store that was closed.
	ErrClosed = errors.New("the store is closed")
	// ErrMisuse reports a programmer's mistake: a scope that does not fit the
	// table, a write in a View, a Tx that outlived its function.
	ErrMisuse = errors.New("misuse of the store")
	// ErrFormat reports a file that is no store, or one of a later version.
	ErrFormat = errors.New("not a store that this version can read")
	// ErrTrimmed reports a cursor whose next rows Trim has removed.
	ErrTrimmed = errors.New("the feed after this cursor was trimmed")
	// ErrCursor reports a cursor that no feed of this kind gave out.
	ErrCursor = errors.New("not a cursor of this feed")
)

var errExited = errors.New("the transaction function ended its goroutine")

// translate names the SQLite errors that callers must tell apart and keeps
// the rest as they are.
func translate(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE:
		return fmt.Errorf("%w: %w", ErrNoSpace, err)
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return err
}

func misuse(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrMisuse}, args...)...)
}
