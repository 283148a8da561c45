package store

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// spot is where a record of a journal is.
type spot struct{ at, seq int64 }

// newest orders spots as answers are: by time, then by place, the last first.
func newest(a, b spot) int {
	return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.seq, a.seq))
}

// posted is a record as the index is to know it.
type posted struct {
	spot
	terms []int64
}

// The records that a pass finds in one slot of time for one term share a row,
// so that a busy term costs a row a second and not one a record. at is the end
// of such a row's slot and seq its last place; a record that is alone has a row
// without a list. No record is listed in the row of another slot than its own.
const (
	slotBits = 10 // of a time in milliseconds
	slotMask = 1<<slotBits - 1
)

func slotOf(at int64) int64 { return at >> slotBits }

// termRow is a row of the table of a journal's terms.
type termRow struct {
	term, at, seq int64
	list          []byte
}

// termRows are the rows of records, in the order of the table.
func termRows(records []posted) []termRow {
	type posting struct {
		term int64
		spot
	}
	n := 0
	for _, r := range records {
		n += len(r.terms)
	}
	all := make([]posting, 0, n)
	for _, r := range records {
		for _, t := range r.terms {
			all = append(all, posting{t, r.spot})
		}
	}
	slices.SortFunc(all, func(a, b posting) int {
		return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(slotOf(a.at), slotOf(b.at)), cmp.Compare(a.seq, b.seq))
	})
	var out []termRow
	for len(all) > 0 {
		first := all[0]
		end := 1
		for end < len(all) && all[end].term == first.term && slotOf(all[end].at) == slotOf(first.at) {
			end++
		}
		row := termRow{term: first.term, at: first.at, seq: first.seq}
		if end > 1 {
			row.at, row.seq = first.at|slotMask, all[end-1].seq
			last := int64(0)
			for _, p := range all[:end] {
				row.list = binary.AppendUvarint(row.list, uint64(p.seq-last)<<slotBits|uint64(p.at&slotMask)) //nolint:gosec // places grow
				last = p.seq
			}
		}
		out, all = append(out, row), all[end:]
	}
	return out
}

// spots calls use for each spot of a row.
func (r termRow) spots(use func(spot)) error {
	if len(r.list) == 0 {
		use(spot{r.at, r.seq})
		return nil
	}
	seq := int64(0)
	for rest := r.list; len(rest) > 0; {
		v, n := binary.Uvarint(rest)
		if n <= 0 {
			return fmt.Errorf("list of places: %w", ErrDecode)
		}
		rest = rest[n:]
		seq += int64(v >> slotBits) //nolint:gosec // 54 bits
		use(spot{r.at&^slotMask | int64(v&slotMask), seq})
	}
	return nil
}

// termsAtOnce is how many rows one statement writes.
const termsAtOnce = 32

// writeTerms writes rows of a journal's terms.
func (tx *Tx) writeTerms(s *schema, rows []termRow) error {
	for len(rows) > 0 {
		n := termsAtOnce
		if len(rows) < n {
			n = 1
		}
		args := make([]any, 0, 4*n)
		for _, r := range rows[:n] {
			var list any
			if r.list != nil {
				list = r.list
			}
			args = append(args, r.term, r.at, r.seq, list)
		}
		query := "INSERT OR REPLACE INTO " + s.terms + " (term, at, seq, list) VALUES (?, ?, ?, ?)" + strings.Repeat(", (?, ?, ?, ?)", n-1)
		if _, err := tx.exec(query, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}
