package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tamachi/internal/store"
)

type happening struct {
	ID    string
	At    time.Time
	Words []string
}

var diary = store.Journal[happening]{
	Name: "test.diary", ID: func(h *happening) string { return h.ID },
	At: func(h *happening) time.Time { return h.At }, Terms: func(h *happening) []string { return h.Words },
}

var (
	dawn  = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)
	here  = store.Scope{Account: "111122223333", Region: "ap-northeast-1"}
	there = store.Scope{Account: "111122223333", Region: "us-east-1"}
)

func note1(t *testing.T, s *store.Store, sc store.Scope, place int64, h *happening) int64 {
	t.Helper()
	line, err := diary.Line(sc, h)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) (err error) {
		place, err = diary.Write(tx, place, line)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return place
}

func index(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func found(t *testing.T, s *store.Store, sc store.Scope, term string, p store.Span) []store.Entry[happening] {
	t.Helper()
	var out []store.Entry[happening]
	err := s.View(t.Context(), func(tx *store.Tx) (err error) {
		out, err = diary.Find(tx, sc, term, p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var ever = store.Span{From: dawn.Add(-time.Hour), To: dawn.Add(1000 * time.Hour), Limit: 1000}

// The journal against a slice that is sorted and filtered: every question, in
// pages, gives the same.
func TestJournalFindsWhatASortedListFinds(t *testing.T) {
	s := open(t, store.Options{Path: filepath.Join(t.TempDir(), "s.db")}, &diary)
	random := rand.New(rand.NewPCG(1, 2))
	words := []string{"a", "b", "c", "d"}
	type kept struct {
		happening
		sc    store.Scope
		place int64
	}
	var all []kept
	for n := range 300 {
		h := happening{ID: fmt.Sprint(n), At: dawn.Add(time.Duration(random.IntN(50)) * time.Millisecond)}
		for _, w := range words {
			if random.IntN(2) == 0 {
				h.Words = append(h.Words, w)
			}
		}
		sc := here
		if random.IntN(3) == 0 {
			sc = there
		}
		all = append(all, kept{h, sc, note1(t, s, sc, 0, &h)})
		if random.IntN(100) == 0 {
			index(t, s)
		}
	}
	slices.SortFunc(all, func(a, b kept) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return int(b.place - a.place)
	})
	for range 100 {
		term := append(words, "")[random.IntN(5)]
		p := store.Span{From: dawn.Add(time.Duration(random.IntN(20)) * time.Millisecond), To: dawn.Add(time.Duration(20+random.IntN(40)) * time.Millisecond), Limit: 1 + random.IntN(30)}
		var want, got []string
		for _, k := range all {
			if k.sc == here && !k.At.Before(p.From) && k.At.Before(p.To) && (term == "" || slices.Contains(k.Words, term)) {
				want = append(want, k.ID)
			}
		}
		for {
			page := found(t, s, here, term, p)
			for _, e := range page {
				got = append(got, e.Record.ID)
			}
			if len(page) < p.Limit {
				break
			}
			p.BeforeAt, p.BeforePlace = page[len(page)-1].At, page[len(page)-1].Place
		}
		if !slices.Equal(want, got) {
			t.Fatalf("term %q: want %v, got %v", term, want, got)
		}
	}
}

func TestJournalIsReadInTheOrderOfCommits(t *testing.T) {
	s := open(t, store.Options{}, &diary)
	late := note1(t, s, here, 0, &happening{ID: "late", At: dawn.Add(time.Hour)})
	note1(t, s, there, 0, &happening{ID: "early", At: dawn})
	err := s.View(t.Context(), func(tx *store.Tx) error {
		list, err := diary.After(tx, 0, 10)
		if err != nil || len(list) != 2 || list[0].Record.ID != "late" || list[1].Scope != there {
			t.Errorf("want both in the order of commits, got %v, %v", list, err)
		}
		if list, err = diary.After(tx, late, 10); err != nil || len(list) != 1 || list[0].Record.ID != "early" {
			t.Errorf("want what was written behind the place, got %v, %v", list, err)
		}
		if last, err := diary.Last(tx); err != nil || last != list[0].Place {
			t.Errorf("want the last place %d, got %d, %v", list[0].Place, last, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestJournalReplacesARecordAtItsPlaceOnly(t *testing.T) {
	s := open(t, store.Options{}, &diary)
	first := note1(t, s, here, 0, &happening{ID: "1", At: dawn, Words: []string{"x"}})
	if again := note1(t, s, here, first, &happening{ID: "1", At: dawn, Words: []string{"x"}}); again != first {
		t.Errorf("want the record replaced at %d, got %d", first, again)
	}
	// A place that was rolled back may be another record's now.
	if other := note1(t, s, here, first, &happening{ID: "2", At: dawn}); other == first {
		t.Error("a record took the place of another")
	}
	if list := found(t, s, here, "", ever); len(list) != 2 {
		t.Errorf("want two records, got %d", len(list))
	}
}

func TestJournalTrimsTheOldestAndKeepsTheLast(t *testing.T) {
	s := open(t, store.Options{}, &diary)
	var last int64
	for n := range 5 {
		last = note1(t, s, here, 0, &happening{ID: fmt.Sprint(n), At: dawn.Add(time.Duration(n) * time.Hour), Words: []string{"x"}})
	}
	trim := func(before time.Time, limit int) (n int) {
		err := s.Update(t.Context(), func(tx *store.Tx) (err error) {
			n, err = diary.Trim(tx, before, limit)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := trim(dawn.Add(2*time.Hour), 1); n != 0 {
		t.Errorf("want nothing removed that is not indexed, got %d", n)
	}
	index(t, s)
	if n := trim(dawn.Add(2*time.Hour), 1); n != 1 {
		t.Errorf("want one a time, got %d", n)
	}
	if n := trim(dawn.Add(2*time.Hour), 100); n != 1 {
		t.Errorf("want the other one that is old, got %d", n)
	}
	if n := trim(dawn.Add(100*time.Hour), 100); n != 2 {
		t.Errorf("want all but the last removed, got %d", n)
	}
	if list := found(t, s, here, "x", ever); len(list) != 1 || list[0].Place != last {
		t.Errorf("want the last left in the index too, got %v", list)
	}
}

func TestJournalRefuses(t *testing.T) {
	s := open(t, store.Options{}, &diary)
	if _, err := diary.Line(store.Scope{}, &happening{ID: "1"}); !errors.Is(err, store.ErrMisuse) {
		t.Errorf("no scope: want ErrMisuse, got %v", err)
	}
	if _, err := diary.Line(here, &happening{}); !errors.Is(err, store.ErrMisuse) {
		t.Errorf("no id: want ErrMisuse, got %v", err)
	}
	line, err := diary.Line(here, &happening{ID: "1"})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx *store.Tx) error {
		_, err := diary.Write(tx, 0, line)
		return err
	})
	if !errors.Is(err, store.ErrMisuse) {
		t.Errorf("a write in a view: want ErrMisuse, got %v", err)
	}
}

// A folder of a version that indexed each record in its own commit, and knew no
// lists, is found indexed; what is written from then on is indexed by passes.
func TestAJournalOfTheSecondFormatIsCarriedOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s := open(t, store.Options{Path: path}, &diary)
	var want []string
	for n := range 3 {
		note1(t, s, here, 0, &happening{ID: fmt.Sprint(n), At: dawn.Add(time.Duration(n) * time.Hour), Words: []string{"x"}})
		want = append([]string{fmt.Sprint(n)}, want...)
	}
	index(t, s) // each alone in its slot, so without a list, as it was
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`ALTER TABLE "test.diary terms" DROP COLUMN list`, "DROP TABLE marks", "PRAGMA user_version = 2"} {
		execSQL(t, path, q)
	}
	s = open(t, store.Options{Path: path}, &diary)
	defer s.Close()
	check := func() {
		t.Helper()
		var got []string
		for _, e := range found(t, s, here, "x", ever) {
			got = append(got, e.Record.ID)
		}
		if !slices.Equal(want, got) {
			t.Errorf("want %v, got %v", want, got)
		}
	}
	check()
	for n := range 5 {
		note1(t, s, here, 0, &happening{ID: fmt.Sprint("new ", n), At: dawn.Add(2 * time.Hour), Words: []string{"x"}})
		want = append([]string{fmt.Sprint("new ", n)}, want...)
	}
	check()
	index(t, s)
	check()
}

// The caller of an update that finds too long a tail indexes it.
func TestATailWithoutPassesIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s := open(t, store.Options{Path: path}, &diary)
	write := func(n int) {
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			for i := range n {
				line, err := diary.Line(here, &happening{ID: fmt.Sprint(i), At: dawn, Words: []string{"x"}})
				if err != nil {
					return err
				}
				if _, err := diary.Write(tx, 0, line); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	mark := func() (n int64) {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		err = db.QueryRowContext(t.Context(), "SELECT seq FROM marks").Scan(&n)
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		s = open(t, store.Options{Path: path}, &diary)
		return n
	}
	write(store.LongTail)
	if n := mark(); n != 0 {
		t.Errorf("want the index untouched, it reaches %d", n)
	}
	write(1) // also what the process before has left is counted
	if n := mark(); n != store.LongTail+1 {
		t.Errorf("want all indexed, the index reaches %d", n)
	}
	if list := found(t, s, here, "x", ever); len(list) != ever.Limit || list[0].Place != store.LongTail+1 {
		t.Errorf("want the newest of a thousand, got %d", len(list))
	}
}

func TestATableCannotBecomeAJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	open(t, store.Options{Path: path}, &diary).Close()
	was := store.Table[happening]{Name: diary.Name, Reach: store.Regional, Key: diary.ID}
	if _, err := store.Open(t.Context(), store.Options{Path: path}, &was); !errors.Is(err, store.ErrFormat) {
		t.Errorf("want ErrFormat, got %v", err)
	}
}
