package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"modernc.org/sqlite"
)

// conn is one SQLite connection with its prepared statements. It is used by
// one goroutine at a time, so the driver is called without database/sql: its
// locks and conversions were 6 % of the CPU time of a call.
//
// Statements run without the caller's context: in a group commit one caller's
// cancellation must not interrupt the others, and every statement is short.
type conn struct {
	db    driver.Conn
	stmts map[string]stmt
	args  []driver.NamedValue // of the statement that begins; used again and again
}

// stmt is what the driver's statements can.
type stmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func openConn(dsn string) (*conn, error) {
	db, err := (&sqlite.Driver{}).Open(dsn)
	if err != nil {
		return nil, translate(err)
	}
	return &conn{db: db, stmts: make(map[string]stmt)}, nil
}

// prepare returns the statement of a query, which is kept.
func (c *conn) prepare(query string) (stmt, error) {
	if st, ok := c.stmts[query]; ok {
		return st, nil
	}
	st, err := c.once(query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = st
	return st, nil
}

func (c *conn) once(query string) (stmt, error) {
	prepared, err := c.db.Prepare(query)
	if err != nil {
		return nil, translate(err)
	}
	st, ok := prepared.(stmt)
	if !ok {
		return nil, errors.Join(errors.New("the driver's statements have changed"), prepared.Close())
	}
	return st, nil
}

// bind makes the driver's arguments. They are good until the next bind.
func (c *conn) bind(args []any) ([]driver.NamedValue, error) {
	c.args = c.args[:0]
	for i, a := range args {
		v := driver.NamedValue{Ordinal: i + 1}
		switch a := a.(type) {
		case nil, string, int64, bool, []byte:
			v.Value = a
		case int:
			v.Value = int64(a)
		case Reach:
			v.Value = int64(a)
		default:
			return nil, misuse("a %T as the argument of a statement", a)
		}
		c.args = append(c.args, v)
	}
	return c.args, nil
}

func (c *conn) exec(query string, args ...any) (driver.Result, error) {
	st, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	return c.do(st, args)
}

func (c *conn) do(st stmt, args []any) (driver.Result, error) {
	values, err := c.bind(args)
	if err != nil {
		return nil, err
	}
	res, err := st.ExecContext(context.Background(), values)
	if err != nil {
		return nil, translate(err)
	}
	return res, nil
}

// run executes statements that are used once, such as those of the schema.
func (c *conn) run(query string, args ...any) error {
	st, err := c.once(query)
	if err == nil {
		_, err = c.do(st, args)
		err = errors.Join(err, st.Close())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	return nil
}

// each calls scan for every row of the query.
func (c *conn) each(scan func(row) error, query string, args ...any) (err error) {
	st, err := c.prepare(query)
	if err != nil {
		return err
	}
	values, err := c.bind(args)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(context.Background(), values)
	if err != nil {
		return translate(err)
	}
	defer func() { err = errors.Join(err, translate(rows.Close())) }()
	r := make(row, len(rows.Columns()))
	for {
		switch err := rows.Next(r); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return translate(err)
		}
		if err := scan(r); err != nil {
			return err
		}
	}
}

// one scans the first row of the query, or returns sql.ErrNoRows.
func (c *conn) one(query string, args []any, into ...any) error {
	found := false
	err := c.each(func(r row) error {
		if found {
			return nil
		}
		found = true
		return r.Scan(into...)
	}, query, args...)
	if err == nil && !found {
		return sql.ErrNoRows
	}
	return err
}

func (c *conn) close() error {
	var errs []error
	for _, st := range c.stmts {
		errs = append(errs, st.Close())
	}
	return errors.Join(append(errs, c.db.Close())...)
}

// row is a row of a query's result, good until the next.
type row []driver.Value

// Scan takes the values of the columns.
func (r row) Scan(into ...any) error {
	if len(into) != len(r) {
		return misuse("%d columns into %d variables", len(r), len(into))
	}
	for i, v := range r {
		if !assign(into[i], v) {
			return fmt.Errorf("%w: column %d is a %T, which no %T takes", ErrFormat, i, v, into[i])
		}
	}
	return nil
}

func assign(into any, v driver.Value) (ok bool) {
	if text, isText := v.(string); isText {
		if p, ok := into.(*string); ok {
			*p = text
			return true
		}
		return false
	}
	if p, ok := into.(*[]byte); ok {
		*p, ok = v.([]byte)
		return ok || v == nil
	}
	if p, null := into.(*sql.NullInt64); null && v == nil {
		*p = sql.NullInt64{}
		return true
	}
	n, ok := v.(int64)
	if !ok {
		return false
	}
	switch p := into.(type) {
	case *int64:
		*p = n
	case *int:
		*p = int(n)
	case *bool:
		*p = n != 0
	case *Reach:
		*p = Reach(n)
	case *sql.NullInt64:
		*p = sql.NullInt64{Int64: n, Valid: true}
	default:
		return false
	}
	return true
}
