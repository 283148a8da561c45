package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
)

// Tx is a transaction under way. It is good only inside the function that it
// was given to.
type Tx struct {
	store    *Store
	conn     *conn // nil when the function has returned
	writable bool
	wrote    bool   // a writing statement ran
	batch    *batch // nil in a View
	broken   error  // a statement that SQLite refused: nothing may be kept
}

// written is a record that a transaction wrote into a journal.
type written struct {
	journal string
	posted
}

// usable says why tx cannot serve now, or nil.
func (tx *Tx) usable() error {
	if tx.conn == nil {
		return misuse("the transaction is over")
	}
	return tx.broken
}

func (tx *Tx) writing() error {
	if err := tx.usable(); err != nil {
		return err
	}
	if !tx.writable {
		return misuse("a write in a View")
	}
	return nil
}

// exec runs a writing statement and remembers a failure.
func (tx *Tx) exec(query string, args ...any) (driver.Result, error) {
	tx.wrote = true
	res, err := tx.conn.exec(query, args...)
	return res, tx.note(err)
}

// note remembers what SQLite refused; a missing row is no refusal.
func (tx *Tx) note(err error) error {
	if err != nil && tx.broken == nil && !errors.Is(err, sql.ErrNoRows) && !errors.Is(err, ErrDecode) {
		tx.broken = err
	}
	return err
}
