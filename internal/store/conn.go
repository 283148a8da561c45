package store

import (
	"context"
	"database/sql"
	"fmt"
)

// conn is one SQLite connection with its prepared statements. It is used by
// one goroutine at a time.
//
// Statements run without the caller's context: in a group commit one caller's
// cancellation must not interrupt the others, and every statement is short.
type conn struct {
	db    *sql.Conn
	stmts map[string]*sql.Stmt
}

func openConn(ctx context.Context, pool *sql.DB) (*conn, error) {
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, translate(err)
	}
	return &conn{db: c, stmts: make(map[string]*sql.Stmt)}, nil
}

func (c *conn) prepare(query string) (*sql.Stmt, error) {
	if st, ok := c.stmts[query]; ok {
		return st, nil
	}
	st, err := c.db.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, translate(err)
	}
	c.stmts[query] = st
	return st, nil
}

func (c *conn) exec(query string, args ...any) (sql.Result, error) {
	st, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	res, err := st.ExecContext(context.Background(), args...)
	if err != nil {
		return nil, translate(err)
	}
	return res, nil
}

// run executes statements that are used once, such as those of the schema.
func (c *conn) run(query string, args ...any) error {
	if _, err := c.db.ExecContext(context.Background(), query, args...); err != nil {
		return fmt.Errorf("%s: %w", query, translate(err))
	}
	return nil
}

// each calls scan for every row of the query.
func (c *conn) each(scan func(*sql.Rows) error, query string, args ...any) error {
	st, err := c.prepare(query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(context.Background(), args...)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

// one scans the only row of the query, or returns sql.ErrNoRows.
func (c *conn) one(query string, args []any, into ...any) error {
	st, err := c.prepare(query)
	if err != nil {
		return err
	}
	return translate(st.QueryRowContext(context.Background(), args...).Scan(into...))
}

func (c *conn) close() {
	for _, st := range c.stmts {
		_ = st.Close()
	}
	_ = c.db.Close()
}
