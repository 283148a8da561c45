package store

import (
	"slices"
	"sort"
)

// tail keeps in memory what readers of a journal must know of the records that
// no pass has indexed yet: those with low < seq <= high. It is a cache: what it
// lacks is read from the records themselves.
type tail struct {
	low, high int64
	records   []posted // by place; never changed once it is here
	mark      int64    // how far the index reaches
}

// mostTail bounds the memory of a tail whose passes do not succeed.
const mostTail = 100_000

// grow adds a record of a commit.
func (t *tail) grow(r posted) {
	t.records = append(t.records, r)
	t.high = r.seq
	if len(t.records) > mostTail {
		t.drop(t.records[mostTail/2].seq)
	}
}

// indexed notes how far a pass came. What it indexed stays until the next one,
// for views that began before it.
func (t *tail) indexed(mark int64) {
	t.drop(t.mark)
	t.mark = mark
}

func (t *tail) drop(to int64) {
	if to <= t.low {
		return
	}
	t.low, t.high = to, max(to, t.high)
	t.records = slices.Clone(since(t.records, to))
}

// since are the records behind a place.
func since(records []posted, place int64) []posted {
	return records[sort.Search(len(records), func(i int) bool { return records[i].seq > place }):]
}

// unindexed returns the records of a journal from behind the mark up to a
// place, in the order of places, as this transaction sees them.
func (tx *Tx) unindexed(s *schema, mark, last int64) ([]posted, error) {
	if mark >= last {
		return nil, nil
	}
	tx.store.mu.Lock()
	t := tx.store.tails[s.name]
	low, high, kept := t.low, t.high, t.records
	tx.store.mu.Unlock()
	if high <= mark || low >= last {
		return tx.readPosted(s, mark, last)
	}
	var out []posted
	if low > mark {
		older, err := tx.readPosted(s, mark, low)
		if err != nil {
			return nil, err
		}
		out = older
	}
	kept = since(kept, mark)
	kept = kept[:len(kept)-len(since(kept, last))]
	if out == nil {
		out = slices.Clip(kept) // no copy: an append makes one
	} else {
		out = append(out, kept...)
	}
	if high >= last {
		return out, nil
	}
	newer, err := tx.readPosted(s, high, last)
	return append(out, newer...), err
}

// readPosted makes what a tail lacks out of the records. One that cannot be
// read has no terms but the empty one, so that who looks through all learns of
// it.
func (tx *Tx) readPosted(s *schema, from, to int64) ([]posted, error) {
	var out []posted
	err := tx.conn.each(func(rows row) error {
		var p posted
		var sc Scope
		var data string
		if err := rows.Scan(&p.seq, &sc.Account, &sc.Region, &p.at, &data); err != nil {
			return err
		}
		p.terms = s.termsOf(sc, data)
		out = append(out, p)
		return nil
	}, "SELECT seq, account, region, at, data FROM "+s.quoted+" WHERE seq > ? AND seq <= ? ORDER BY seq", from, to)
	return out, tx.note(err)
}
