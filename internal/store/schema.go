package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Definition is a *Table or a *Journal of some record; Open takes those of all rooms.
type Definition interface {
	define() definition
}

type definition struct {
	name     string
	reach    Reach
	indexes  []string
	complete bool // every function is there
	moves    []Migration
	journal  bool // a Journal, not a Table
	read     reader
	// values reads a stored record and returns its index values, in the order
	// of indexes.
	values func(data string) ([]any, error)
	// termsOf reads a stored record of a journal and returns its terms.
	termsOf func(sc Scope, data string) []int64
}

// schema is a table as this store keeps it: its SQL, made once.
type schema struct {
	definition
	quoted string
	terms  string // of a journal: the table of its terms
	get    string // the start of every statement that reads rows
	one    string // the data of one record
	put    string
	// same is put for a record that is new or whose index values are what they
	// were; it changes nothing where they are not. SQLite writes every index anew
	// that a statement names, though nothing changes: a page of the log each.
	same   string
	delete string
}

const (
	applicationID = 0x54616d61 // "Tama"
	// formatVersion is 2 since tables have migrations, and 3 since the terms of
	// journals have lists.
	formatVersion = 3
)

var (
	tableName = regexp.MustCompile(`^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)*$`)
	indexName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)
)

func schemas(defs []Definition) (map[string]*schema, error) {
	out := make(map[string]*schema, len(defs))
	for _, d := range defs {
		def := d.define()
		if !tableName.MatchString(def.name) {
			return nil, misuse("table name %q", def.name)
		}
		if out[def.name] != nil {
			return nil, misuse("two tables are named %s", def.name)
		}
		if def.reach < Regional || def.reach > Plane || !def.complete {
			return nil, misuse("table %s lacks its reach, its key or the function of an index", def.name)
		}
		for _, x := range def.indexes {
			if !indexName.MatchString(x) {
				return nil, misuse("index name %q of table %s", x, def.name)
			}
		}
		out[def.name] = newSchema(def)
	}
	return out, nil
}

func newSchema(d definition) *schema {
	s := &schema{definition: d, quoted: `"` + d.name + `"`}
	if d.journal {
		s.terms = `"` + d.name + ` terms"`
		return s
	}
	columns, marks, sets := "account, region, key, version, data", "?, ?, ?, ?, ?", "version = excluded.version, data = excluded.data"
	plain := sets
	var same []string
	for _, x := range d.indexes {
		columns += ", " + column(x)
		marks += ", ?"
		sets += ", " + column(x) + " = excluded." + column(x)
		same = append(same, s.quoted+"."+column(x)+" IS excluded."+column(x))
	}
	s.get = "SELECT account, region, key, data FROM " + s.quoted
	s.one = "SELECT data FROM " + s.quoted + " WHERE account = ? AND region = ? AND key = ?"
	put := "INSERT INTO " + s.quoted + " (" + columns + ") VALUES (" + marks + ") ON CONFLICT (account, region, key) DO UPDATE SET "
	s.put = put + sets
	if len(same) > 0 {
		s.same = put + plain + " WHERE " + strings.Join(same, " AND ")
	}
	s.delete = "DELETE FROM " + s.quoted + " WHERE account = ? AND region = ? AND key = ?"
	return s
}

func column(index string) string { return `"by_` + index + `"` }

// migrate makes the file fit the definitions, in one transaction.
func migrate(c *conn, tables map[string]*schema) (err error) {
	if err := c.run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = c.run("ROLLBACK")
		}
	}()
	version, err := checkFormat(c)
	if err != nil {
		return err
	}
	for _, q := range []string{
		fmt.Sprintf("PRAGMA application_id = %d", applicationID),
		fmt.Sprintf("PRAGMA user_version = %d", formatVersion),
		"CREATE TABLE IF NOT EXISTS house (name TEXT PRIMARY KEY, reach INTEGER NOT NULL, indexes TEXT NOT NULL, migrations TEXT NOT NULL DEFAULT '[]') WITHOUT ROWID",
		"CREATE TABLE IF NOT EXISTS marks (journal TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID",
		"CREATE TABLE IF NOT EXISTS cursors (engine TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID",
		"CREATE TABLE IF NOT EXISTS feed (seq INTEGER PRIMARY KEY AUTOINCREMENT, tab TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, key TEXT NOT NULL, deleted INTEGER NOT NULL, at INTEGER NOT NULL)",
		"CREATE INDEX IF NOT EXISTS feed_by_table ON feed (tab, seq)",
	} {
		if err := c.run(q); err != nil {
			return err
		}
	}
	if version == 1 {
		if err := c.run("ALTER TABLE house ADD COLUMN migrations TEXT NOT NULL DEFAULT '[]'"); err != nil {
			return err
		}
	}
	for _, t := range tables {
		if err := fit(c, t); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	return c.run("COMMIT")
}

// checkFormat refuses a file that something else made, or a later version. It
// returns the file's version, 0 for a new one.
func checkFormat(c *conn) (version int64, err error) {
	var app, pages int64
	for query, into := range map[string]*int64{
		"PRAGMA application_id": &app, "PRAGMA user_version": &version,
		"SELECT count(*) FROM sqlite_schema": &pages,
	} {
		if err := c.one(query, nil, into); err != nil {
			return 0, err
		}
	}
	if pages == 0 && app == 0 {
		return 0, nil // new
	}
	if app != applicationID {
		return 0, fmt.Errorf("%w: it belongs to another program", ErrFormat)
	}
	if version > formatVersion {
		return 0, fmt.Errorf("%w: it has format %d, this version knows %d", ErrFormat, version, formatVersion)
	}
	return version, nil
}

// fit makes one table, or changes its indexes to those of the definition.
func fit(c *conn, t *schema) error {
	if t.journal {
		return fitJournal(c, t)
	}
	var reach Reach
	var list, moved string
	var have, done []string
	err := c.one("SELECT reach, indexes, migrations FROM house WHERE name = ?", []any{t.name}, &reach, &list, &moved)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return found(c, t)
	case err != nil:
		return err
	case reach != t.reach:
		return fmt.Errorf("%w: its reach was %v and is now %v, which needs a migration", ErrFormat, reach, t.reach)
	default:
		if err := errors.Join(json.Unmarshal([]byte(list), &have), json.Unmarshal([]byte(moved), &done)); err != nil {
			return fmt.Errorf("%w: %w", ErrFormat, err)
		}
	}
	carried, err := carry(c, t, done)
	if err != nil {
		return err
	}
	added, err := changeIndexes(c, t, have)
	if err != nil {
		return err
	}
	if added || carried {
		if err := fill(c, t); err != nil {
			return err
		}
	}
	return noteFit(c, t)
}

// found makes a table with all its columns at once: SQLite reads the whole
// schema anew for each column that is added later. A new table has nothing to
// move and nothing to fill.
func found(c *conn, t *schema) error {
	var columns strings.Builder
	columns.WriteString("account TEXT NOT NULL, region TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, data TEXT NOT NULL, ")
	for _, x := range t.indexes {
		columns.WriteString(column(x) + " TEXT, ")
	}
	if err := c.run("CREATE TABLE " + t.quoted + " (" + columns.String() + "PRIMARY KEY (account, region, key))"); err != nil {
		return err
	}
	for _, x := range t.indexes {
		if err := c.run(createIndex(t, x)); err != nil {
			return err
		}
	}
	return noteFit(c, t)
}

// noteFit writes down what a table has now.
func noteFit(c *conn, t *schema) error {
	now, err := json.Marshal(t.indexes)
	if err != nil {
		return err
	}
	applied, err := json.Marshal(names(t.moves))
	if err != nil {
		return err
	}
	return c.run("INSERT INTO house (name, reach, indexes, migrations) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET indexes = excluded.indexes, migrations = excluded.migrations",
		t.name, t.reach, string(now), string(applied))
}

func changeIndexes(c *conn, t *schema, have []string) (added bool, err error) {
	for _, x := range have {
		if slices.Contains(t.indexes, x) {
			continue
		}
		if err := c.run("DROP INDEX " + indexOf(t, x)); err != nil {
			return false, err
		}
		if err := c.run("ALTER TABLE " + t.quoted + " DROP COLUMN " + column(x)); err != nil {
			return false, err
		}
	}
	for _, x := range t.indexes {
		if slices.Contains(have, x) {
			continue
		}
		added = true
		if err := c.run("ALTER TABLE " + t.quoted + " ADD COLUMN " + column(x) + " TEXT"); err != nil {
			return false, err
		}
		if err := c.run(createIndex(t, x)); err != nil {
			return false, err
		}
	}
	return added, nil
}

func createIndex(t *schema, x string) string {
	return "CREATE INDEX " + indexOf(t, x) + " ON " + t.quoted + " (" + column(x) + ", account, region, key) WHERE " + column(x) + " IS NOT NULL"
}

func indexOf(t *schema, index string) string { return `"` + t.name + " by " + index + `"` }

// fill writes the index columns of all records anew from their data.
func fill(c *conn, t *schema) error {
	if len(t.indexes) == 0 {
		return nil
	}
	sets := make([]string, len(t.indexes))
	for i, x := range t.indexes {
		sets[i] = column(x) + " = ?"
	}
	return rewrite(c, t, strings.Join(sets, ", "), t.values)
}

// rewrite sets columns of every record to what a function makes of its data.
func rewrite(c *conn, t *schema, sets string, values func(data string) ([]any, error)) error {
	update := "UPDATE " + t.quoted + " SET " + sets + " WHERE rowid = ?"
	const page = 500
	for last := int64(-1); ; {
		var rows [][2]any
		err := c.each(func(r row) error {
			var id int64
			var data string
			if err := r.Scan(&id, &data); err != nil {
				return err
			}
			rows = append(rows, [2]any{id, data})
			return nil
		}, fmt.Sprintf("SELECT rowid, data FROM %s WHERE rowid > ? ORDER BY rowid LIMIT %d", t.quoted, page), last)
		if err != nil {
			return err
		}
		for _, row := range rows {
			set, err := values(row[1].(string))
			if err != nil {
				return err
			}
			if _, err := c.exec(update, append(set, row[0])...); err != nil {
				return err
			}
			last = row[0].(int64)
		}
		if len(rows) < page {
			return nil
		}
	}
}
