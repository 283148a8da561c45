package store

import (
	"errors"
	"slices"
)

// Find returns the records of the scope that have the term, the newest first.
func (j *Journal[R]) Find(tx *Tx, sc Scope, term string, p Span) ([]Entry[R], error) {
	s, err := j.open(tx, sc)
	if err != nil {
		return nil, err
	}
	if p.Limit <= 0 {
		return nil, misuse("journal %s: a page of %d records", j.Name, p.Limit)
	}
	var out []Entry[R]
	f := finder{Span: p, term: termOf(sc, term), use: func(at spot) (enough bool, err error) {
		list, err := j.query(tx, s, "SELECT seq, account, region, at, data FROM "+s.quoted+" WHERE seq = ?", at.seq)
		if err != nil || len(list) == 0 { // gone: a list of places outlives the first of its records
			return false, err
		}
		// Terms are kept as 64 bits of a hash, so a stranger may be among them.
		if e := list[0]; e.Scope == sc && (term == "" || slices.Contains(j.Terms(e.Record), term)) {
			out = append(out, e)
		}
		return len(out) == p.Limit, nil
	}}
	return out, f.run(tx, s)
}

// finder looks for a term in the index of a journal and in the tail that is not
// indexed yet.
type finder struct {
	Span
	term int64
	use  func(spot) (enough bool, err error) // of each record that was found, the newest first

	tail  []spot // the newest first
	slot  int64
	group []spot // of the index, all of the slot
}

// errEnough ends a search.
var errEnough = errors.New("enough was found")

func (f *finder) run(tx *Tx, s *schema) error {
	mark, last, err := tx.bounds(s)
	if err != nil {
		return err
	}
	records, err := tx.unindexed(s, mark, last)
	if err != nil {
		return err
	}
	for _, r := range records {
		if f.covers(r.spot) && slices.Contains(r.terms, f.term) {
			f.tail = append(f.tail, r.spot)
		}
	}
	slices.SortFunc(f.tail, newest)
	to := f.To.UnixMilli() - 1
	if f.BeforePlace != 0 {
		to = min(to, f.BeforeAt.UnixMilli())
	}
	err = tx.conn.each(f.take, "SELECT at, seq, list FROM "+s.terms+" WHERE term = ? AND at >= ? AND at <= ? ORDER BY at DESC, seq DESC", f.term, f.From.UnixMilli(), to|slotMask)
	if err == nil {
		err = f.rest()
	}
	if errors.Is(err, errEnough) {
		return nil
	}
	return tx.note(err)
}

// covers tells whether a record at the spot is asked for.
func (f *finder) covers(at spot) bool {
	if at.at < f.From.UnixMilli() || at.at >= f.To.UnixMilli() {
		return false
	}
	return f.BeforePlace == 0 || newest(at, spot{f.BeforeAt.UnixMilli(), f.BeforePlace}) > 0
}

// take takes a row of the index. The rows of a slot are next to each other, but
// their records are mixed.
func (f *finder) take(r row) error {
	var t termRow
	if err := r.Scan(&t.at, &t.seq, &t.list); err != nil {
		return err
	}
	if slot := slotOf(t.at); slot != f.slot || len(f.group) == 0 {
		if err := f.drain(); err != nil {
			return err
		}
		f.slot = slot
	}
	return t.spots(func(at spot) {
		if f.covers(at) {
			f.group = append(f.group, at)
		}
	})
}

// drain hands out the records of a slot that is complete, and those of the tail
// that are not older.
func (f *finder) drain() error {
	if len(f.group) == 0 {
		return nil
	}
	n := 0
	for n < len(f.tail) && slotOf(f.tail[n].at) >= f.slot {
		n++
	}
	f.group = append(f.group, f.tail[:n]...)
	f.tail = f.tail[n:]
	slices.SortFunc(f.group, newest)
	err := f.hand(slices.Compact(f.group))
	f.group = f.group[:0]
	return err
}

// rest hands out what is left when the index has no more.
func (f *finder) rest() error {
	if err := f.drain(); err != nil {
		return err
	}
	return f.hand(f.tail)
}

func (f *finder) hand(list []spot) error {
	for _, at := range list {
		switch enough, err := f.use(at); {
		case err != nil:
			return err
		case enough:
			return errEnough
		}
	}
	return nil
}
