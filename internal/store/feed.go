package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Change is one row of the feed: a record was written or deleted.
type Change struct {
	Cursor Cursor // the place of this row: go on from here
	Table  string
	Scope  Scope
	Key    string
	// Version is that of the record after this change. It grows with every
	// change of a key, also when the key is deleted and made again.
	Version int64
	Deleted bool
	At      time.Time // when it was written, to the millisecond
}

// Cursor is a place in the feed, opaque to its holder; empty is the beginning.
type Cursor string

func cursorAt(seq int64) Cursor { return Cursor(strconv.FormatInt(seq, 36)) }

func (c Cursor) seq() (int64, error) {
	if c == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(string(c), 36, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%w: %q", ErrCursor, string(c))
	}
	return n, nil
}

// Changes returns up to limit rows of the feed after the cursor, oldest first;
// limit 0 means all, no tables means all tables. The empty cursor begins with
// what Trim left; one that is behind Trim gives ErrTrimmed, and its holder has
// to look at the records themselves.
func (s *Store) Changes(ctx context.Context, after Cursor, limit int, tables ...string) ([]Change, error) {
	seq, err := after.seq()
	if err != nil {
		return nil, err
	}
	if s.quiet(seq, tables) {
		return nil, ctx.Err()
	}
	query := "SELECT seq, tab, account, region, key, deleted, at FROM feed WHERE seq > ?"
	args := []any{seq}
	if len(tables) > 0 {
		query += " AND tab IN (?" + strings.Repeat(", ?", len(tables)-1) + ")"
		for _, t := range tables {
			args = append(args, t)
		}
	}
	query += " ORDER BY seq"
	if limit > 0 {
		query += " LIMIT " + strconv.Itoa(limit)
	}
	var out []Change
	err = s.View(ctx, func(tx *Tx) error {
		if trimmed, err := tx.placeOf(trimmer); err != nil {
			return err
		} else if after != "" && seq < trimmed {
			return fmt.Errorf("%w: %q", ErrTrimmed, string(after))
		}
		return tx.conn.each(func(rows row) error {
			var c Change
			var at int64
			if err := rows.Scan(&c.Version, &c.Table, &c.Scope.Account, &c.Scope.Region, &c.Key, &c.Deleted, &at); err != nil {
				return err
			}
			c.Cursor, c.At = cursorAt(c.Version), time.UnixMilli(at).UTC()
			out = append(out, c)
			return nil
		}, query, args...)
	})
	return out, err
}

// quiet tells without a query that none of the tables has changed behind a
// place: engines ask for theirs after every commit of anything.
func (s *Store) quiet(seq int64, tables []string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(tables) == 0 || s.closed || seq < s.begun {
		return false
	}
	for _, t := range tables {
		if s.latest[t] > seq {
			return false
		}
	}
	return true
}

// moves notes the rows of the feed that a commit brought.
func (s *Store) moves(rows []feedRow) {
	s.mu.Lock()
	for _, r := range rows {
		s.latest[r.table] = r.seq
	}
	s.mu.Unlock()
	s.bell.Ring()
}

// Head returns the end of the feed as this transaction sees it. An engine that
// reads the records of a table and the head in one View misses nothing when it
// goes on from there.
func (tx *Tx) Head() (Cursor, error) {
	if err := tx.usable(); err != nil {
		return "", err
	}
	seq, err := tx.head()
	if err != nil || seq == 0 {
		return "", tx.note(err)
	}
	return cursorAt(seq), nil
}

func (tx *Tx) head() (int64, error) {
	if tx.batch != nil {
		return tx.batch.head, nil
	}
	return tx.conn.head()
}

// head is the end of the feed, 0 when it never had a row.
func (c *conn) head() (seq int64, err error) {
	err = c.one("SELECT seq FROM sqlite_sequence WHERE name = 'feed'", nil, &seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return seq, err
}

// trimmer is under which name the cursors hold how far Trim came.
const trimmer = ""

// SetCursor remembers how far an engine has worked through the feed, in the
// transaction that holds the effect of that work.
func (tx *Tx) SetCursor(engine string, c Cursor) error {
	if engine == trimmer {
		return misuse("an engine without a name")
	}
	if err := tx.writing(); err != nil {
		return err
	}
	seq, err := c.seq()
	if err != nil {
		return err
	}
	return tx.setPlace(engine, seq)
}

func (tx *Tx) setPlace(engine string, seq int64) error {
	_, err := tx.exec("INSERT INTO cursors (engine, seq) VALUES (?, ?) ON CONFLICT (engine) DO UPDATE SET seq = excluded.seq", engine, seq)
	return err
}

// Cursor returns where SetCursor left the engine; empty when it never did.
func (tx *Tx) Cursor(engine string) (Cursor, error) {
	if err := tx.usable(); err != nil {
		return "", err
	}
	seq, err := tx.placeOf(engine)
	if err != nil || seq == 0 {
		return "", err
	}
	return cursorAt(seq), nil
}

// placeOf is 0 for an engine without a cursor.
func (tx *Tx) placeOf(engine string) (int64, error) {
	var seq int64
	err := tx.conn.one("SELECT seq FROM cursors WHERE engine = ?", []any{engine}, &seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return seq, tx.note(err)
}

// keep is how long a row of the feed stays at least, for readers that keep
// their place in memory only.
const keep = time.Hour

// Trim removes the rows of the feed that every engine with a cursor has left
// behind and that are an hour old, and returns how many. It removes nothing
// while no engine has a cursor.
func (s *Store) Trim(ctx context.Context) (int64, error) {
	var n int64
	err := s.Update(ctx, func(tx *Tx) error {
		n = 0
		var last sql.NullInt64
		err := tx.conn.one("SELECT max(seq) FROM feed WHERE seq <= (SELECT min(seq) FROM cursors WHERE engine <> ?) AND at <= ?",
			[]any{trimmer, s.clk.Now().Add(-keep).UnixMilli()}, &last)
		if err != nil || !last.Valid {
			return tx.note(err)
		}
		res, err := tx.exec("DELETE FROM feed WHERE seq <= ?", last.Int64)
		if err != nil {
			return err
		}
		if n, err = res.RowsAffected(); err != nil {
			return err
		}
		return tx.setPlace(trimmer, last.Int64)
	})
	return n, err
}

// feedRow is a row of the feed that its batch has not written yet.
type feedRow struct {
	seq     int64
	table   string
	scope   Scope
	key     string
	deleted bool
	at      int64
}

// publish notes a row of the feed, which is written with those of the batch
// before its commit, and returns its number, which is the record's new version.
func (tx *Tx) publish(table string, sc Scope, key string, deleted bool) int64 {
	b := tx.batch
	b.head++
	b.feed = append(b.feed, feedRow{b.head, table, sc, key, deleted, tx.store.clk.Now().UnixMilli()})
	return b.head
}

// batch is what the updates of one commit have in common.
type batch struct {
	head   int64     // the end of the feed, counting what is not written yet
	feed   []feedRow // of the updates so far
	posted []written // what they wrote into journals
}

// batchMark is a place in a batch.
type batchMark struct {
	head         int64
	feed, posted int
}

func (b *batch) mark() batchMark { return batchMark{b.head, len(b.feed), len(b.posted)} }

// forget takes back what came behind a mark.
func (b *batch) forget(m batchMark) {
	b.head, b.feed, b.posted = m.head, b.feed[:m.feed], b.posted[:m.posted]
}

// feedAtOnce are how many rows of the feed one statement writes. A statement
// for each was 4 % of the CPU time of a PutParameter.
var feedAtOnce = []int{16, 4, 1}

// writeFeed writes the rows of a batch.
func (s *Store) writeFeed(rows []feedRow) error {
	for len(rows) > 0 {
		n := feedAtOnce[slices.IndexFunc(feedAtOnce, func(n int) bool { return n <= len(rows) })]
		args := make([]any, 0, 7*n)
		for _, r := range rows[:n] {
			args = append(args, r.seq, r.table, r.scope.Account, r.scope.Region, r.key, r.deleted, r.at)
		}
		query := "INSERT INTO feed (seq, tab, account, region, key, deleted, at) VALUES (?, ?, ?, ?, ?, ?, ?)" + strings.Repeat(", (?, ?, ?, ?, ?, ?, ?)", n-1)
		if _, err := s.writer.exec(query, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}
