package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// Snapshot copies the store in the file from into the new file to, as it is at
// one moment, while another process may be writing to it. The copy is on the
// disk and its integrity was checked when Snapshot returns.
func Snapshot(ctx context.Context, from, to string) (err error) {
	if _, err := os.Stat(from); err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	f, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) // SQLite takes an empty file as none
	if err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			_ = os.Remove(to)
		}
	}()
	source, err := open(from, "_pragma=busy_timeout(5000)")
	if err != nil {
		return err
	}
	_, err = source.ExecContext(ctx, "VACUUM INTO ?", to)
	if err = errors.Join(err, source.Close()); err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	if err := Check(ctx, to); err != nil {
		return err
	}
	return f.Sync()
}

// Check reads the whole of a store that nobody writes and says what is wrong
// with it.
func Check(ctx context.Context, path string) (err error) {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("check the store: %w", err)
	}
	db, err := open(path, "mode=ro")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var app int64
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
		return fmt.Errorf("check the store: %w: %w", ErrFormat, err)
	}
	if app != applicationID {
		return fmt.Errorf("check the store: %w: it belongs to another program", ErrFormat)
	}
	var answer string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&answer); err != nil {
		return fmt.Errorf("check the store: %w", err)
	}
	if answer != "ok" {
		return fmt.Errorf("check the store: %w: %s", ErrFormat, answer)
	}
	return nil
}

func open(path, options string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	return sql.Open("sqlite", "file:"+(&url.URL{Path: abs}).EscapedPath()+"?"+options)
}
