package storetest

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tamachi/internal/store"
)

// model is the oracle: the store as one would write it without durability.
type model map[store.Scope]map[string]thing

func (m model) clone() model {
	out := model{}
	for sc, xs := range m {
		out[sc] = maps.Clone(xs)
	}
	return out
}

func (m model) list(sc store.Scope, color string, p store.Page) []string {
	out := []string{}
	keys := slices.Sorted(maps.Keys(m[sc]))
	if p.Descending {
		slices.Reverse(keys)
	}
	for _, k := range keys {
		switch {
		case color != "" && m[sc][k].Color != color,
			p.Min != "" && k < p.Min, p.Max != "" && k >= p.Max,
			p.After != "" && !p.Descending && k <= p.After,
			p.After != "" && p.Descending && k >= p.After:
			continue
		}
		if p.Limit == 0 || len(out) < p.Limit {
			out = append(out, k)
		}
	}
	return out
}

// testHistories runs random transactions on the store and the oracle and wants
// the same answers, also after opening anew, with other indexes.
func testHistories(t *testing.T, open Open) {
	rapid.Check(t, func(r *rapid.T) {
		table := things("test.things", store.Regional)
		s, reopen := open(t, store.Options{}, table)
		h := history{r: r, table: table, store: s, want: model{}}
		defer func() { _ = h.store.Close() }()
		actions := map[string]func(*rapid.T){
			"update": h.update,
			"list":   h.list,
			"get":    h.get,
			"values": h.values,
			"":       h.feed,
		}
		if reopen != nil {
			actions["reopen"] = func(*rapid.T) { h.store = reopen() }
		}
		r.Repeat(actions)
	})
}

type history struct {
	r     *rapid.T
	table *store.Table[thing]
	store *store.Store
	want  model
	rows  int // of the feed
}

func (h *history) scope(r *rapid.T) store.Scope {
	return rapid.SampledFrom([]store.Scope{here, there, other}).Draw(r, "scope")
}

func (h *history) key(r *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "ab", "b", "B", "é", "あ", "z/1", "z/10", "z/2"}).Draw(r, "key")
}

func (h *history) update(r *rapid.T) {
	type step struct {
		scope  store.Scope
		remove bool
		x      thing
	}
	steps := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) step {
		return step{h.scope(r), rapid.Bool().Draw(r, "remove"), thing{h.key(r), rapid.SampledFrom([]string{"", "red", "blue"}).Draw(r, "color"), rapid.Int().Draw(r, "size")}}
	}), 0, 6).Draw(r, "steps")
	fail := rapid.IntRange(0, 3).Draw(r, "fail") == 0
	refused := errors.New("refused")
	next, rows := model(nil), 0
	err := h.store.Update(h.r.Context(), func(tx *store.Tx) error {
		next, rows = h.want.clone(), 0 // it may run again
		for _, st := range steps {
			if next[st.scope] == nil {
				next[st.scope] = map[string]thing{}
			}
			if st.remove {
				_, there := next[st.scope][st.x.ID]
				err := h.table.Delete(tx, st.scope, st.x.ID)
				if there != (err == nil) {
					r.Errorf("Delete(%s) = %v, in the model: %v", st.x.ID, err, there)
				}
				if err == nil {
					rows++
				}
				delete(next[st.scope], st.x.ID)
				continue
			}
			if err := h.table.Put(tx, st.scope, &st.x); err != nil {
				return err
			}
			rows++
			next[st.scope][st.x.ID] = st.x
		}
		if fail {
			return refused
		}
		return nil
	})
	if fail != errors.Is(err, refused) || !fail && err != nil {
		r.Fatalf("Update = %v, refused on purpose: %v", err, fail)
	}
	if err == nil {
		h.want = next
		h.rows += rows
	}
}

func (h *history) list(r *rapid.T) {
	sc, color := h.scope(r), rapid.SampledFrom([]string{"", "red", "blue"}).Draw(r, "color")
	bound := rapid.SampledFrom([]string{"", "a", "aa", "b", "z/1", "é", "~"})
	p := store.Page{
		After: bound.Draw(r, "after"), Limit: rapid.IntRange(0, 4).Draw(r, "limit"), Descending: rapid.Bool().Draw(r, "descending"),
		Min: bound.Draw(r, "min"), Max: bound.Draw(r, "max"),
	}
	err := h.store.View(h.r.Context(), func(tx *store.Tx) error {
		list := func() ([]*thing, error) { return h.table.List(tx, sc, p) }
		if color != "" {
			list = func() ([]*thing, error) { return h.table.By(tx, sc, "color", color, p) }
		}
		xs, err := list()
		if want, got := h.want.list(sc, color, p), ids(xs); !slices.Equal(want, got) {
			r.Errorf("list of %v color %q page %+v: want %q, got %q", sc, color, p, want, got)
		}
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
}

// values wants the values of the index of a scope.
func (h *history) values(r *rapid.T) {
	sc := h.scope(r)
	want := map[string]bool{}
	for _, x := range h.want[sc] {
		if x.Color != "" {
			want[x.Color] = true
		}
	}
	err := h.store.View(h.r.Context(), func(tx *store.Tx) error {
		got, err := h.table.Values(tx, sc, "color")
		if want := slices.Sorted(maps.Keys(want)); !slices.Equal(want, got) {
			r.Errorf("values of %v: want %q, got %q", sc, want, got)
		}
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
}

func (h *history) get(r *rapid.T) {
	sc, key := h.scope(r), h.key(r)
	want, there := h.want[sc][key]
	err := h.store.View(h.r.Context(), func(tx *store.Tx) error {
		got, err := h.table.Get(tx, sc, key)
		if !there && errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil && (!there || *got != want) {
			r.Errorf("Get(%s) = %+v, want %+v (there: %v)", key, *got, want, there)
		}
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
}

func (h *history) feed(r *rapid.T) {
	changes, err := h.store.Changes(h.r.Context(), "", 0)
	if err != nil || len(changes) != h.rows {
		r.Fatalf("the feed has %d rows (%v), want %d", len(changes), err, h.rows)
	}
}
