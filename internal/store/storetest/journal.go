package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tamachi/internal/store"
)

type happening struct {
	ID    string
	At    time.Time
	Words []string `json:",omitempty"`
	Again int      `json:",omitempty"`
}

func diary() *store.Journal[happening] {
	return &store.Journal[happening]{
		Name: "test.diary", ID: func(h *happening) string { return h.ID },
		At: func(h *happening) time.Time { return h.At }, Terms: func(h *happening) []string { return h.Words },
	}
}

var dawn = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

// testJournals writes, indexes, trims and looks up at random, and wants what a
// sorted list gives: whatever is indexed, and when, nobody can tell.
func testJournals(t *testing.T, open Open) {
	rapid.Check(t, func(r *rapid.T) {
		journal := diary()
		s, reopen := open(t, store.Options{}, journal)
		h := journalHistory{journal: journal, store: s}
		defer func() { _ = h.store.Close() }()
		actions := map[string]func(*rapid.T){
			"write": h.write, "again": h.again, "index": h.index, "trim": h.trim, "find": h.find, "overlap": h.overlap, "": h.order,
		}
		if reopen != nil {
			actions["reopen"] = func(*rapid.T) { h.store = reopen() }
		}
		r.Repeat(actions)
	})
}

type kept struct {
	happening
	scope store.Scope
	place int64
}

type journalHistory struct {
	journal *store.Journal[happening]
	store   *store.Store
	want    []kept // by place
	ids     int
	indexed int64 // every place up to here
}

func (h *journalHistory) draw(r *rapid.T) kept {
	h.ids++
	// Few milliseconds around the borders of slots, so that many meet.
	ms := rapid.SampledFrom([]int{-1, 0, 1, 500, 1023, 1024, 1500, 2047, 2048, 5000}).Draw(r, "ms")
	return kept{
		happening: happening{
			ID: fmt.Sprint(h.ids), At: dawn.Truncate(1024 * time.Millisecond).Add(time.Duration(ms) * time.Millisecond),
			Words: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 3, rapid.ID).Draw(r, "words"),
		},
		scope: rapid.SampledFrom([]store.Scope{here, there}).Draw(r, "scope"),
	}
}

// put writes records in one update, which may fail.
func (h *journalHistory) put(r *rapid.T, records []kept, fail bool) {
	refused := errors.New("refused")
	err := h.store.Update(r.Context(), func(tx *store.Tx) error {
		for i := range records {
			k := &records[i]
			line, err := h.journal.Line(k.scope, &k.happening)
			if err != nil {
				return err
			}
			if k.place, err = h.journal.Write(tx, k.place, line); err != nil {
				return err
			}
		}
		own, err := h.journal.Find(tx, records[0].scope, "", store.Span{From: dawn.Add(-time.Hour), To: dawn.Add(time.Hour), Limit: 1000})
		if !slices.ContainsFunc(own, func(e store.Entry[happening]) bool { return e.Place == records[0].place }) {
			r.Errorf("an update does not find its own record %s among %v", records[0].ID, own)
		}
		if fail {
			return errors.Join(err, refused)
		}
		return err
	})
	if fail != errors.Is(err, refused) || !fail && err != nil {
		r.Fatalf("Update = %v, refused on purpose: %v", err, fail)
	}
}

func (h *journalHistory) write(r *rapid.T) {
	var records []kept
	for range rapid.IntRange(1, 12).Draw(r, "records") {
		records = append(records, h.draw(r))
	}
	fail := rapid.IntRange(0, 4).Draw(r, "fail") == 0
	h.put(r, records, fail)
	if !fail {
		h.want = append(h.want, records...)
	}
}

// again writes a record a second time, at the place where it is.
func (h *journalHistory) again(r *rapid.T) {
	if len(h.want) == 0 {
		return
	}
	i := rapid.IntRange(0, len(h.want)-1).Draw(r, "record")
	was := h.want[i].place
	h.want[i].Again++
	h.put(r, h.want[i:i+1], false)
	if h.want[i].place != was {
		r.Errorf("record %s moved from %d to %d", h.want[i].ID, was, h.want[i].place)
	}
}

func (h *journalHistory) index(r *rapid.T) {
	if err := h.store.Index(r.Context()); err != nil {
		r.Fatal(err)
	}
	if len(h.want) > 0 {
		h.indexed = h.want[len(h.want)-1].place
	}
}

func (h *journalHistory) trim(r *rapid.T) {
	limit := rapid.IntRange(1, 8).Draw(r, "limit")
	before := h.draw(r).At
	want := 0
	for want < limit && want < len(h.want)-1 && h.want[want].At.Before(before) && h.want[want].place <= h.indexed {
		want++
	}
	n := 0
	err := h.store.Update(r.Context(), func(tx *store.Tx) (err error) {
		n, err = h.journal.Trim(tx, before, limit)
		return err
	})
	if err != nil || n != want {
		r.Errorf("Trim(%v, %d) = %d, %v, want %d", before, limit, n, err, want)
	}
	h.want = h.want[n:]
}

func (h *journalHistory) order(r *rapid.T) {
	err := h.store.View(r.Context(), func(tx *store.Tx) error {
		list, err := h.journal.After(tx, 0, 10_000)
		if err == nil && !slices.EqualFunc(list, h.want, func(e store.Entry[happening], k kept) bool {
			return e.Place == k.place && e.Record.ID == k.ID && e.Record.Again == k.Again && e.Scope == k.scope
		}) {
			r.Errorf("in the order of commits: want %v, got %v", h.want, list)
		}
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
}

// asked is a question and its answer.
func (h *journalHistory) asked(r *rapid.T) (sc store.Scope, term string, p store.Span, want []string) {
	sc = rapid.SampledFrom([]store.Scope{here, there}).Draw(r, "scope")
	term = rapid.SampledFrom([]string{"", "a", "b", "c", "nobody"}).Draw(r, "term")
	p = store.Span{From: h.draw(r).At, To: h.draw(r).At.Add(time.Millisecond), Limit: rapid.IntRange(1, 10).Draw(r, "limit")}
	var match []kept
	for _, k := range h.want {
		if k.scope == sc && !k.At.Before(p.From) && k.At.Before(p.To) && (term == "" || slices.Contains(k.Words, term)) {
			match = append(match, k)
		}
	}
	slices.SortFunc(match, func(a, b kept) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return int(b.place - a.place)
	})
	for _, k := range match {
		want = append(want, k.ID)
	}
	return sc, term, p, want
}

// find reads all pages of an answer; between two of them a pass may run.
func (h *journalHistory) find(r *rapid.T) {
	sc, term, p, want := h.asked(r)
	var got []string
	for {
		var page []store.Entry[happening]
		err := h.store.View(r.Context(), func(tx *store.Tx) (err error) {
			page, err = h.journal.Find(tx, sc, term, p)
			return err
		})
		if err != nil {
			r.Fatal(err)
		}
		for _, e := range page {
			got = append(got, e.Record.ID)
		}
		if len(page) < p.Limit {
			break
		}
		p.BeforeAt, p.BeforePlace = page[len(page)-1].At, page[len(page)-1].Place
		if rapid.Bool().Draw(r, "pass") {
			h.index(r)
		}
	}
	if !slices.Equal(want, got) {
		r.Errorf("find %q of %v, %+v: want %v, got %v", term, sc, p, want, got)
	}
}

// overlap asks twice in one view while a pass and a write happen beside it:
// the answer stays that of the view's moment. In memory they wait for the view.
func (h *journalHistory) overlap(r *rapid.T) {
	sc, term, p, want := h.asked(r)
	p.Limit = 1000
	late := []kept{h.draw(r)}
	done := make(chan struct{})
	err := h.store.View(r.Context(), func(tx *store.Tx) error {
		for round := range 3 {
			list, err := h.journal.Find(tx, sc, term, p)
			if err != nil {
				r.Error(err)
			}
			var got []string
			for _, e := range list {
				got = append(got, e.Record.ID)
			}
			if !slices.Equal(want, got) {
				r.Errorf("find %d in one view, %q of %v, %+v: want %v, got %v", round, term, sc, p, want, got)
			}
			if round > 0 {
				continue
			}
			go func() {
				defer close(done)
				if err := h.store.Index(r.Context()); err != nil {
					r.Error(err)
				}
				h.put(r, late, false)
				if err := h.store.Index(r.Context()); err != nil {
					r.Error(err)
				}
			}()
			select {
			case <-done:
			case <-time.After(2 * time.Millisecond):
			}
		}
		return nil
	})
	<-done
	if err != nil {
		r.Fatal(err)
	}
	h.want = append(h.want, late...)
	h.indexed = late[0].place
}
