package store_test

import (
	"slices"
	"testing"

	"tamachi/internal/store"
)

// FuzzPaging reads a list page by page, with any bounds, and wants the same
// keys as one read of all that keeps those within the bounds.
func FuzzPaging(f *testing.F) {
	f.Add("", "", "", uint8(2), false)
	f.Add("a", "b", "z", uint8(1), true)
	f.Add("é\xff", "\x00", "あ", uint8(3), false)
	s := open(f, store.Options{}, &notes)
	keys := []string{"!", "A", "a", "a/1", "a/10", "b", "é", "あ", "あい"}
	for _, k := range keys {
		if err := putNote(f.Context(), s, k, "text"); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, after, lowest, below string, limit uint8, descending bool) {
		var want []string
		for _, k := range keys {
			beyond := after == "" || !descending && k > after || descending && k < after
			if beyond && (lowest == "" || k >= lowest) && (below == "" || k < below) {
				want = append(want, k)
			}
		}
		if descending {
			slices.Reverse(want)
		}
		p := store.Page{After: after, Min: lowest, Max: below, Limit: int(limit%5) + 1, Descending: descending}
		var got []string
		for range len(keys) + 1 {
			var page []*note
			err := s.View(t.Context(), func(tx *store.Tx) (err error) {
				page, err = notes.List(tx, store.Scope{}, p)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range page {
				got = append(got, n.ID)
			}
			if len(page) < p.Limit {
				break
			}
			p.After = page[len(page)-1].ID
		}
		if !slices.Equal(want, got) {
			t.Errorf("after %q, min %q, max %q, limit %d, descending %v: want %q, got %q", after, lowest, below, p.Limit, descending, want, got)
		}
	})
}

// FuzzCursor sends any text as a cursor: an error or a list, never a panic.
func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add("-1")
	f.Add("zzzzzzzzzzzzzzzzzz")
	s := open(f, store.Options{}, &notes)
	f.Fuzz(func(t *testing.T, text string) {
		_, err := s.Changes(t.Context(), store.Cursor(text), 1)
		set := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SetCursor("engine", store.Cursor(text)) })
		if (err == nil) != (set == nil) {
			t.Errorf("Changes says %v, SetCursor says %v", err, set)
		}
	})
}
