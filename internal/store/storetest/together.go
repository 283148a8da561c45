package storetest

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"tamachi/internal/bus"
	"tamachi/internal/clock"
	"tamachi/internal/store"
)

func stop() { runtime.Goexit() }

// queueBehindView holds the writer with an update until those that start
// begins are waiting, so that they share one commit.
func queueBehindView(t *testing.T, s *store.Store, start func(*sync.WaitGroup)) {
	t.Helper()
	inside, release := make(chan struct{}), make(chan struct{})
	enter := sync.OnceFunc(func() { close(inside) }) // a function may run more than once
	var holder, wg sync.WaitGroup
	holder.Go(func() {
		_ = s.Update(t.Context(), func(*store.Tx) error { enter(); <-release; return nil })
	})
	<-inside
	start(&wg)
	time.AfterFunc(20*time.Millisecond, func() { close(release) }) // most are waiting by then; the outcome is the same if not
	holder.Wait()
	wg.Wait()
}

func testSnapshot(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	s, _ := open(t, store.Options{}, table)
	put(t, s, table, here, thing{ID: "a", Size: 1}, thing{ID: "b", Size: 1})
	var wg sync.WaitGroup
	defer wg.Wait()
	for range 20 {
		view(t, s, func(tx *store.Tx) (any, error) {
			a, err := table.Get(tx, here, "a")
			if err != nil {
				return nil, err
			}
			wg.Go(func() { put(t, s, table, here, thing{ID: "a", Size: a.Size + 1}, thing{ID: "b", Size: a.Size + 1}) })
			runtime.Gosched()
			b, err := table.Get(tx, here, "b")
			if err == nil && a.Size != b.Size {
				t.Errorf("one view saw a = %d and b = %d, which were always written together", a.Size, b.Size)
			}
			return nil, err
		})
	}
}

func testGroup(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	s, _ := open(t, store.Options{}, table)
	bad := errors.New("refused")
	var mu sync.Mutex
	outcome := map[int]error{}
	queueBehindView(t, s, func(wg *sync.WaitGroup) {
		for i := range 40 {
			wg.Go(func() {
				err := s.Update(t.Context(), func(tx *store.Tx) error {
					if err := table.Put(tx, here, &thing{ID: fmt.Sprintf("%02d", i)}); err != nil {
						return err
					}
					if i%4 == 0 {
						return bad
					}
					return nil
				})
				mu.Lock()
				defer mu.Unlock()
				outcome[i] = err
			})
		}
	})
	var want []string
	for i := range 40 {
		if i%4 == 0 {
			if !errors.Is(outcome[i], bad) {
				t.Errorf("update %d = %v, want its own error", i, outcome[i])
			}
			continue
		}
		if outcome[i] != nil {
			t.Errorf("update %d = %v, want nil", i, outcome[i])
		}
		want = append(want, fmt.Sprintf("%02d", i))
	}
	same(t, "records", want, ids(view(t, s, func(tx *store.Tx) ([]*thing, error) { return table.List(tx, here, store.Page{}) })))
}

func testFeed(t *testing.T, open Open) {
	red, blue := things("test.red", store.Regional), things("test.blue", store.Plane)
	bell := bus.New()
	rung, end := bell.Listen()
	defer end()
	clk := clock.NewFrozen(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	s, _ := open(t, store.Options{Bell: bell, Clock: clk}, red, blue)
	put(t, s, red, here, thing{ID: "a"})
	select {
	case <-rung:
	case <-time.After(5 * time.Second):
		t.Fatal("the bell did not ring")
	}
	put(t, s, blue, store.Scope{}, thing{ID: "b"})
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(red.Delete(tx, here, "a"), red.Put(tx, there, &thing{ID: "c"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Changes(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	version := int64(0)
	for _, c := range all {
		got = append(got, fmt.Sprint(c.Table, " ", c.Scope.Region, " ", c.Key, " ", c.Deleted, " ", c.At.Equal(clk.Now())))
		if c.Version <= version {
			t.Errorf("version %d follows %d, want it to grow", c.Version, version)
		}
		version = c.Version
	}
	want := []string{"test.red ap-northeast-1 a false true", "test.blue  b false true", "test.red ap-northeast-1 a true true", "test.red us-east-1 c false true"}
	same(t, "feed", want, got)
	for i := range all {
		rest, err := s.Changes(t.Context(), all[i].Cursor, 1)
		if err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprint("one row after row ", i), all[i+1:min(i+2, len(all))], append([]store.Change{}, rest...))
	}
	some, err := s.Changes(t.Context(), all[0].Cursor, 0, "test.red", "test.none")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows of one table", all[2:], some)
	head := view(t, s, (*store.Tx).Head)
	same(t, "head", all[3].Cursor, head)
	if _, err := s.Changes(t.Context(), "no cursor!", 0); !errors.Is(err, store.ErrCursor) {
		t.Errorf("Changes after a made-up cursor = %v, want ErrCursor", err)
	}
}

// testOverlap reads the feed all the time while updates overlap, and goes on
// from the last cursor each time: every committed record must come by once.
func testOverlap(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	s, _ := open(t, store.Options{}, table)
	const writers, each = 8, 25
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				_ = s.Update(t.Context(), func(tx *store.Tx) error {
					if err := table.Put(tx, here, &thing{ID: fmt.Sprintf("%d-%02d", w, i)}); err != nil {
						return err
					}
					runtime.Gosched() // let others begin between the numbering and the commit
					if i%5 == 0 {
						return errors.New("rolled back")
					}
					return nil
				})
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	seen := map[string]int{}
	var at store.Cursor
	read := func() {
		changes, err := s.Changes(t.Context(), at, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			seen[c.Key]++
			at = c.Cursor
		}
	}
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
			read()
		}
	}
	for range writers * each {
		read()
	}
	if want := writers * each * 4 / 5; len(seen) != want {
		t.Errorf("the feed showed %d records, want %d", len(seen), want)
	}
	for key, n := range seen {
		if n != 1 {
			t.Errorf("record %s came by %d times, want once", key, n)
		}
	}
}

func testTrim(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	clk := clock.NewFrozen(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	s, reopen := open(t, store.Options{Clock: clk}, table)
	put(t, s, table, here, thing{ID: "a"}, thing{ID: "b"}, thing{ID: "c"})
	all, err := s.Changes(t.Context(), "", 0)
	if err != nil || len(all) != 3 {
		t.Fatalf("Changes = %v, %v, want 3 rows", all, err)
	}
	trim := func(want int64) {
		t.Helper()
		if n, err := s.Trim(t.Context()); err != nil || n != want {
			t.Errorf("Trim = %d, %v, want %d", n, err, want)
		}
	}
	trim(0) // no engine yet
	set := func(engine string, c store.Cursor) {
		t.Helper()
		if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SetCursor(engine, c) }); err != nil {
			t.Fatal(err)
		}
	}
	set("slow", all[0].Cursor)
	set("quick", all[2].Cursor)
	trim(0) // too young
	clk.Advance(time.Hour)
	trim(1)
	set("slow", all[1].Cursor)
	if rest, err := s.Changes(t.Context(), all[0].Cursor, 0); err != nil || len(rest) != 2 {
		t.Errorf("Changes after the trimmed row = %v, %v, want the other two", rest, err)
	}
	trim(1)
	if _, err := s.Changes(t.Context(), all[0].Cursor, 0); !errors.Is(err, store.ErrTrimmed) {
		t.Errorf("Changes of a cursor behind the trim = %v, want ErrTrimmed", err)
	}
	if rest, err := s.Changes(t.Context(), "", 0); err != nil || len(rest) != 1 {
		t.Errorf("Changes from the beginning = %v, %v, want the one row left", rest, err)
	}
	set("slow", all[2].Cursor)
	trim(1)
	if reopen != nil {
		s = reopen()
	}
	same(t, "cursor of slow", all[2].Cursor, view(t, s, func(tx *store.Tx) (store.Cursor, error) { return tx.Cursor("slow") }))
	put(t, s, table, here, thing{ID: "d"})
	rest, err := s.Changes(t.Context(), all[2].Cursor, 0)
	if err != nil || len(rest) != 1 || rest[0].Key != "d" {
		t.Errorf("after trimming all, Changes = %v, %v, want d alone", rest, err)
	}
}
