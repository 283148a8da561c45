package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"tamachi/internal/bus"
	"tamachi/internal/clock"
	"tamachi/internal/store/wal"
)

// Options say where a store lives.
type Options struct {
	// Path is the file; empty means in memory, gone with Close. The folder is
	// made with mode 0700, the file and its companions have mode 0600.
	Path string
	// Clock stamps the rows of the feed; nil means the machine's clock.
	Clock clock.Clock
	// Bell is rung after each commit that moved the feed; nil means nobody
	// listens.
	Bell *bus.Bell
	// Rehearse runs the function of each Update once for nothing before it runs
	// for good. Tests set it: what a function does beside its transaction, which
	// may be run again at any time, then shows.
	Rehearse bool
}

// Store is an open store. It is safe for concurrent use.
type Store struct {
	clk    clock.Clock
	bell   *bus.Bell
	tables map[string]*schema // by table name; fixed after Open

	rehearse bool // Options.Rehearse

	writer  *conn         // used by whoever holds turn
	head    int64         // the end of the feed; guarded by turn
	turn    chan struct{} // capacity 1: a token inside means that somebody writes
	readers chan *conn    // nil in memory, where readers take turns with the writer
	opened  int           // how many readers there are

	durability string        // fixed after Open
	closing    chan struct{} // closed when Close begins

	mu     sync.Mutex
	queue  []*request       // guarded by mu: updates that have not begun
	closed bool             // guarded by mu
	begun  int64            // guarded by mu: the end of the feed when the store was opened
	latest map[string]int64 // guarded by mu: the last row of the feed of each table since then
	tails  map[string]*tail // by journal; fixed after Open, what they hold is guarded by mu

	keeper  chan *conn    // of checkpoints; nil in memory
	logged  chan struct{} // capacity 1: a token inside means that the log is full
	carried atomic.Int64  // wal.Written when the last checkpoint began

	grown    chan struct{} // capacity 1: a token inside means that a journal grew
	indexing chan struct{} // capacity 1: a token inside means that somebody indexes
}

// Open opens the store, makes it when it is not there, and fits its tables to
// the definitions: a new table is made, and when the indexes of a table
// changed they are rebuilt from the records. A file that is no store, or that
// a later version wrote, gives ErrFormat.
func Open(ctx context.Context, o Options, defs ...Definition) (*Store, error) {
	s := &Store{
		clk: o.Clock, bell: o.Bell, rehearse: o.Rehearse,
		turn:    make(chan struct{}, 1),
		closing: make(chan struct{}),
		latest:  make(map[string]int64), tails: make(map[string]*tail),
		logged: make(chan struct{}, 1), grown: make(chan struct{}, 1), indexing: make(chan struct{}, 1),
	}
	if s.clk == nil {
		s.clk = clock.Real{}
	}
	if s.bell == nil {
		s.bell = bus.New()
	}
	var err error
	if s.tables, err = schemas(defs); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := s.connect(o.Path); err != nil {
		_ = s.disconnect()
		return nil, fmt.Errorf("open store %s: %w", nameOf(o.Path), err)
	}
	return s, nil
}

func nameOf(path string) string {
	if path == "" {
		return "in memory"
	}
	return path
}

func (s *Store) connect(path string) error {
	if path == "" {
		return s.connectWriter(":memory:")
	}
	if err := prepareFile(path); err != nil {
		return err
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if err := wal.Register(); err != nil {
		return err
	}
	name := "file:" + (&url.URL{Path: abs}).EscapedPath()
	// An update is answered after its commit is on the disk (synchronous=FULL);
	// readers go on meanwhile (WAL).
	const settings = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	writer := fmt.Sprintf("%s&_pragma=temp_store(MEMORY)&_pragma=wal_autocheckpoint(%d)&vfs=%s", settings, longestLog, wal.Name)
	if err := s.connectWriter(name + writer); err != nil {
		return err
	}
	c, err := openConn(name + settings)
	if err != nil {
		return err
	}
	s.keeper = make(chan *conn, 1)
	s.keeper <- c
	s.carried.Store(wal.Written())
	return s.connectReaders(name + "?_pragma=busy_timeout(5000)&_pragma=query_only(1)")
}

func (s *Store) connectWriter(dsn string) error {
	var err error
	if s.writer, err = openConn(dsn); err != nil {
		return err
	}
	var journal string
	var synchronous int64
	err = errors.Join(s.writer.one("PRAGMA journal_mode", nil, &journal), s.writer.one("PRAGMA synchronous", nil, &synchronous))
	if err != nil {
		return err
	}
	s.durability = fmt.Sprintf("journal_mode=%s synchronous=%d", journal, synchronous)
	if journal == "wal" && synchronous < full {
		return fmt.Errorf("SQLite does not sync each commit: %s", s.durability)
	}
	if err := migrate(s.writer, s.tables); err != nil {
		return err
	}
	if err := s.findTails(); err != nil {
		return err
	}
	s.begun, err = s.writer.head()
	s.head = s.begun
	return err
}

// findTails notes how far each journal is indexed. Its tail is not read now.
func (s *Store) findTails() error {
	tx := &Tx{store: s, conn: s.writer}
	for _, t := range s.tables {
		if !t.journal {
			continue
		}
		mark, last, err := tx.bounds(t)
		if err != nil {
			return err
		}
		s.tails[t.name] = &tail{low: last, high: last, mark: mark}
	}
	return nil
}

// full is the value of PRAGMA synchronous for FULL.
const full = 2

// Durability is what SQLite says of the connection that writes: journal_mode,
// and synchronous, where 2 is FULL (https://sqlite.org/pragma.html).
func (s *Store) Durability() string { return s.durability }

func (s *Store) connectReaders(dsn string) error {
	n := max(4, 2*runtime.NumCPU())
	s.readers = make(chan *conn, n)
	for range n {
		c, err := openConn(dsn)
		if err != nil {
			return err
		}
		s.readers <- c
		s.opened++
	}
	return nil
}

// prepareFile makes the file before SQLite does, for SQLite gives the
// write-ahead log and its index the mode of the main file.
func prepareFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

// Close waits for the transactions under way, answers those that have not
// begun with ErrClosed, and closes the store. A second Close does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	waiting := s.queue
	s.queue = nil
	s.mu.Unlock()
	for _, r := range waiting {
		r.err = ErrClosed
		close(r.done)
	}
	close(s.closing)
	s.turn <- struct{}{} // for ever: nobody writes any more
	return s.disconnect()
}

func (s *Store) disconnect() error {
	var errs []error
	for range s.opened { // waits for the views under way
		errs = append(errs, (<-s.readers).close())
	}
	if s.keeper != nil {
		errs = append(errs, (<-s.keeper).close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	return errors.Join(errs...)
}
