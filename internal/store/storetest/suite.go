package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/bus"
	"tamachi/internal/store"
)

// Open opens an engine on its own empty store for one test. Reopen closes it
// and opens it again over what it kept; nil where nothing is kept.
type Open func(t *testing.T, o store.Options, defs ...store.Definition) (s *store.Store, reopen func() *store.Store)

// Run runs the suite over an engine.
func Run(t *testing.T, open Open) {
	tests := map[string]func(*testing.T, Open){
		"a record is found by key, list and index":           testReadBack,
		"pages follow the byte order of keys":                testPages,
		"a scope that does not fit the reach is refused":     testReach,
		"no list crosses scopes":                             testScopes,
		"a failed function leaves nothing":                   testRollback,
		"a panic rolls back and the writer lives on":         testPanic,
		"a function that ends its goroutine wedges nobody":   testGoexit,
		"alongside commits with the effect or not at all":    testAlongside,
		"a cancelled context stops what has not begun":       testCancel,
		"a view sees one moment":                             testSnapshot,
		"a group commit rolls back one failure alone":        testGroup,
		"the feed is in commit order and rings the bell":     testFeed,
		"overlapping transactions are not lost to a cursor":  testOverlap,
		"trim removes what all engines have left behind":     testTrim,
		"a transaction does not outlive its function":        testTxOver,
		"a closed store refuses and close waits for updates": testClose,
		"random histories agree with maps":                   testHistories,
		"random journals agree with sorted lists":            testJournals,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, open) })
	}
}

type thing struct {
	ID    string
	Color string `json:",omitempty"`
	Size  int
}

func things(name string, reach store.Reach) *store.Table[thing] {
	return &store.Table[thing]{
		Name: name, Reach: reach,
		Key:     func(x *thing) string { return x.ID },
		Indexes: map[string]func(*thing) string{"color": func(x *thing) string { return x.Color }},
	}
}

var (
	here  = store.In("111122223333", "ap-northeast-1")
	there = store.In("111122223333", "us-east-1")
	other = store.In("444455556666", "ap-northeast-1")
)

func put(t *testing.T, s *store.Store, table *store.Table[thing], sc store.Scope, xs ...thing) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		for _, x := range xs {
			if err := table.Put(tx, sc, &x); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("put: %v", err)
	}
}

func view[T any](t *testing.T, s *store.Store, fn func(tx *store.Tx) (T, error)) T {
	t.Helper()
	var out T
	err := s.View(t.Context(), func(tx *store.Tx) (err error) {
		out, err = fn(tx)
		return err
	})
	if err != nil {
		t.Fatalf("view: %v", err)
	}
	return out
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func ids(xs []*thing) []string {
	out := []string{}
	for _, x := range xs {
		out = append(out, x.ID)
	}
	return out
}

func testReadBack(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	s, _ := open(t, store.Options{}, table)
	put(t, s, table, here, thing{"b", "red", 1}, thing{"a", "red", 2}, thing{"c", "", 3})
	put(t, s, table, here, thing{"b", "blue", 4})
	view(t, s, func(tx *store.Tx) (any, error) {
		got, err := table.Get(tx, here, "b")
		same(t, "record b", &thing{"b", "blue", 4}, got)
		if err != nil {
			return nil, err
		}
		all, err := table.List(tx, here, store.Page{})
		same(t, "all keys", []string{"a", "b", "c"}, ids(all))
		if err != nil {
			return nil, err
		}
		for color, want := range map[string][]string{"red": {"a"}, "blue": {"b"}, "": {}, "x\x00y": {}} {
			xs, err := table.By(tx, here, "color", color, store.Page{})
			if err != nil {
				return nil, err
			}
			same(t, fmt.Sprintf("keys of color %q", color), want, ids(xs))
		}
		for _, key := range []string{"d", "", "\xff", "a\x00"} {
			if _, err := table.Get(tx, here, key); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("Get(%q) = %v, want ErrNotFound", key, err)
			}
		}
		return nil, nil
	})
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		if err := table.Delete(tx, here, "a"); err != nil {
			return err
		}
		if err := table.Delete(tx, here, "a"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("second Delete = %v, want ErrNotFound", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "keys after the delete", []string{"b", "c"}, ids(view(t, s, func(tx *store.Tx) ([]*thing, error) { return table.List(tx, here, store.Page{}) })))
}

func testPages(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	s, _ := open(t, store.Options{}, table)
	put(t, s, table, here, thing{ID: "a"}, thing{ID: "B"}, thing{ID: "あ"}, thing{ID: "c", Color: "red"}, thing{ID: "d", Color: "red"})
	tests := map[string]struct {
		page store.Page
		want []string
	}{
		"all":                     {store.Page{}, []string{"B", "a", "c", "d", "あ"}},
		"the first two":           {store.Page{Limit: 2}, []string{"B", "a"}},
		"after a":                 {store.Page{After: "a", Limit: 2}, []string{"c", "d"}},
		"after a key not there":   {store.Page{After: "b"}, []string{"c", "d", "あ"}},
		"after the last":          {store.Page{After: "あ"}, []string{}},
		"descending":              {store.Page{Descending: true, Limit: 2}, []string{"あ", "d"}},
		"descending after":        {store.Page{Descending: true, After: "c"}, []string{"a", "B"}},
		"from min, below max":     {store.Page{Min: "a", Max: "d"}, []string{"a", "c"}},
		"descending in the range": {store.Page{Min: "a", Max: "d", Descending: true, After: "c"}, []string{"a"}},
	}
	for name, tt := range tests {
		got := view(t, s, func(tx *store.Tx) ([]*thing, error) { return table.List(tx, here, tt.page) })
		same(t, name, tt.want, ids(got))
	}
	red := view(t, s, func(tx *store.Tx) ([]*thing, error) {
		return table.By(tx, here, "color", "red", store.Page{After: "c"})
	})
	same(t, "red after c", []string{"d"}, ids(red))
}

func testReach(t *testing.T, open Open) {
	regional, account, plane := things("test.regional", store.Regional), things("test.account", store.Account), things("test.plane", store.Plane)
	s, _ := open(t, store.Options{}, regional, account, plane)
	alone := store.Scope{Account: "111122223333"}
	tests := map[string]struct {
		table *store.Table[thing]
		scope store.Scope
		fits  bool
	}{
		"regional in a Region":    {regional, here, true},
		"regional without Region": {regional, alone, false},
		"regional without both":   {regional, store.Scope{}, false},
		"regional without owner":  {regional, store.Scope{Region: "us-east-1"}, false},
		"account alone":           {account, alone, true},
		"account with a Region":   {account, here, false},
		"plane with nothing":      {plane, store.Scope{}, true},
		"plane with an account":   {plane, alone, false},
		"plane with both":         {plane, here, false},
	}
	for name, tt := range tests {
		err := s.Update(t.Context(), func(tx *store.Tx) error { return tt.table.Put(tx, tt.scope, &thing{ID: "x"}) })
		if (err == nil) != tt.fits {
			t.Errorf("%s: Put = %v, want success %v", name, err, tt.fits)
		}
		if err != nil && !errors.Is(err, store.ErrMisuse) {
			t.Errorf("%s: Put = %v, want ErrMisuse", name, err)
		}
		err = s.View(t.Context(), func(tx *store.Tx) error { _, err := tt.table.List(tx, tt.scope, store.Page{}); return err })
		if (err == nil) != tt.fits {
			t.Errorf("%s: List = %v, want success %v", name, err, tt.fits)
		}
	}
}

func testScopes(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	s, _ := open(t, store.Options{}, table)
	for i, sc := range []store.Scope{here, there, other} {
		put(t, s, table, sc, thing{"same", "red", i}, thing{fmt.Sprint("own", i), "red", i})
	}
	view(t, s, func(tx *store.Tx) (any, error) {
		list, _ := table.List(tx, here, store.Page{})
		same(t, "list here", []string{"own0", "same"}, ids(list))
		red, _ := table.By(tx, other, "color", "red", store.Page{})
		same(t, "red of the other account", []string{"own2", "same"}, ids(red))
		if _, err := table.Get(tx, here, "own2"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Get of another account's key = %v, want ErrNotFound", err)
		}
		rows, err := table.Everywhere(tx, "color", "red")
		var got []store.Scope
		for _, r := range rows {
			got = append(got, r.Scope)
		}
		same(t, "scopes of all red things", []store.Scope{here, here, there, there, other, other}, got)
		return nil, err
	})
	err := s.Update(t.Context(), func(tx *store.Tx) error { return table.Delete(tx, here, "same") })
	if err != nil {
		t.Fatal(err)
	}
	left := view(t, s, func(tx *store.Tx) ([]store.Row[thing], error) { return table.Everywhere(tx, "", "") })
	if len(left) != 5 {
		t.Errorf("a delete in one scope left %d records, want 5", len(left))
	}
}

func testRollback(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	s, _ := open(t, store.Options{}, table)
	put(t, s, table, here, thing{ID: "a", Size: 1})
	want := errors.New("changed my mind")
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		_ = table.Put(tx, here, &thing{ID: "a", Size: 2})
		_ = table.Put(tx, here, &thing{ID: "b"})
		_ = tx.SetCursor("engine", "z")
		return want
	})
	if !errors.Is(err, want) {
		t.Errorf("Update = %v, want the function's error", err)
	}
	checkOnlyA(t, s, table)
}

// checkOnlyA wants the store as it was after the first put: nothing half made.
func checkOnlyA(t *testing.T, s *store.Store, table *store.Table[thing]) {
	t.Helper()
	rows := view(t, s, func(tx *store.Tx) ([]store.Row[thing], error) {
		c, err := tx.Cursor("engine")
		same(t, "cursor", store.Cursor(""), c)
		if err != nil {
			return nil, err
		}
		return table.Everywhere(tx, "", "")
	})
	same(t, "records", []store.Row[thing]{{Scope: here, Record: &thing{ID: "a", Size: 1}}}, rows)
	changes, err := s.Changes(t.Context(), "", 0)
	if err != nil || len(changes) != 1 {
		t.Errorf("the feed has %d rows (%v), want 1", len(changes), err)
	}
}

func testPanic(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	s, _ := open(t, store.Options{}, table)
	put(t, s, table, here, thing{ID: "a", Size: 1})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic did not reach the caller")
			}
		}()
		_ = s.Update(t.Context(), func(tx *store.Tx) error {
			_ = table.Put(tx, here, &thing{ID: "b"})
			panic("a bug")
		})
	}()
	checkOnlyA(t, s, table)
	func() {
		defer func() { _ = recover() }()
		_ = s.View(t.Context(), func(*store.Tx) error { panic("a bug") })
	}()
	put(t, s, table, here, thing{ID: "c"})
}

func testGoexit(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	s, _ := open(t, store.Options{}, table)
	put(t, s, table, here, thing{ID: "a", Size: 1})
	queueBehindView(t, s, func(wg *sync.WaitGroup) {
		wg.Go(func() {
			_ = s.Update(t.Context(), func(tx *store.Tx) error {
				_ = table.Put(tx, here, &thing{ID: "lost"})
				stop()
				return nil
			})
		})
		for i := range 8 {
			wg.Go(func() { put(t, s, table, here, thing{ID: fmt.Sprint("kept", i)}) })
		}
	})
	got := view(t, s, func(tx *store.Tx) ([]*thing, error) { return table.List(tx, here, store.Page{}) })
	if len(got) != 9 {
		t.Errorf("kept %v, want a and kept0 to kept7", ids(got))
	}
}

func testAlongside(t *testing.T, open Open) {
	table, trail := things("test.things", store.Regional), things("test.trail", store.Regional)
	s, _ := open(t, store.Options{}, table, trail)
	var order []string
	note := func(name string, fail error) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			order = append(order, name)
			return errors.Join(trail.Put(tx, here, &thing{ID: name}), fail)
		}
	}
	ctx := store.Alongside(store.Alongside(t.Context(), note("first", nil)), note("second", nil))
	effect := func(tx *store.Tx) error {
		order = append(order, "effect")
		return table.Put(tx, here, &thing{ID: "a", Size: 1})
	}
	if err := s.Update(ctx, effect); err != nil {
		t.Fatal(err)
	}
	same(t, "order", []string{"effect", "first", "second"}, order)
	bad := errors.New("the record cannot be written")
	if err := s.Update(store.Alongside(t.Context(), note("third", bad)), func(tx *store.Tx) error { return table.Put(tx, here, &thing{ID: "b"}) }); !errors.Is(err, bad) {
		t.Errorf("Update = %v, want the record's error", err)
	}
	all := view(t, s, func(tx *store.Tx) ([]string, error) {
		a, err := table.List(tx, here, store.Page{})
		b, err2 := trail.List(tx, here, store.Page{})
		return append(ids(a), ids(b)...), errors.Join(err, err2)
	})
	same(t, "effects and records", []string{"a", "first", "second"}, all)
}

func testCancel(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	s, _ := open(t, store.Options{}, table)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx *store.Tx) error {
		cancel() // it has begun: it will commit
		return table.Put(tx, here, &thing{ID: "a", Size: 1})
	})
	if err != nil {
		t.Errorf("Update that had begun = %v, want nil", err)
	}
	err = s.Update(ctx, func(tx *store.Tx) error { return table.Put(tx, here, &thing{ID: "b"}) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Update that had not begun = %v, want Canceled", err)
	}
	if err := s.View(ctx, func(*store.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("View = %v, want Canceled", err)
	}
	inside, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = s.Update(t.Context(), func(*store.Tx) error { close(inside); <-release; return nil })
	})
	<-inside
	ctx, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	err = s.Update(ctx, func(tx *store.Tx) error { return table.Put(tx, here, &thing{ID: "c"}) })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Update that waited too long = %v, want DeadlineExceeded", err)
	}
	close(release)
	wg.Wait()
	checkOnlyA(t, s, table)
}

func testTxOver(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	s, _ := open(t, store.Options{}, table)
	var kept *store.Tx
	keep := func(tx *store.Tx) error { kept = tx; return nil }
	if err := errors.Join(s.Update(t.Context(), keep)); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SetCursor("", "1") }); !errors.Is(err, store.ErrMisuse) {
		t.Errorf("SetCursor without a name = %v, want ErrMisuse", err)
	}
	if err := table.Put(kept, here, &thing{ID: "a"}); !errors.Is(err, store.ErrMisuse) {
		t.Errorf("Put after the update = %v, want ErrMisuse", err)
	}
	err := s.View(t.Context(), func(tx *store.Tx) error { return table.Put(tx, here, &thing{ID: "a"}) })
	if !errors.Is(err, store.ErrMisuse) {
		t.Errorf("Put in a View = %v, want ErrMisuse", err)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error { return things("test.unknown", store.Regional).Put(tx, here, &thing{ID: "a"}) })
	if !errors.Is(err, store.ErrMisuse) {
		t.Errorf("Put to a table that is not open = %v, want ErrMisuse", err)
	}
	for _, key := range []string{"", "a\x00b", "\xff"} {
		err = s.Update(t.Context(), func(tx *store.Tx) error { return table.Put(tx, here, &thing{ID: key}) })
		if !errors.Is(err, store.ErrMisuse) {
			t.Errorf("Put of key %q = %v, want ErrMisuse", key, err)
		}
	}
}

func testClose(t *testing.T, open Open) {
	table := things("test.things", store.Regional)
	s, reopen := open(t, store.Options{Bell: bus.New()}, table)
	inside, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			close(inside)
			<-release
			return table.Put(tx, here, &thing{ID: "a", Size: 1})
		})
		if err != nil {
			t.Errorf("Update under way at Close = %v, want nil", err)
		}
	})
	<-inside
	closed := make(chan error, 1)
	wg.Go(func() { closed <- s.Close() })
	select {
	case err := <-closed:
		t.Errorf("Close returned (%v) while an update was under way", err)
	case <-time.After(20 * time.Millisecond):
	}
	close(release)
	wg.Wait()
	if err := s.Update(t.Context(), func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Update = %v, want ErrClosed", err)
	}
	if err := s.View(t.Context(), func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("View = %v, want ErrClosed", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close = %v", err)
	}
	if reopen != nil {
		checkOnlyA(t, reopen(), table)
	}
}
