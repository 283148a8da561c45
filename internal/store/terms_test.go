package store

import (
	"errors"
	"slices"
	"testing"
)

// FuzzList reads the list of a row, which may be damaged, and what it writes of
// what it read.
func FuzzList(f *testing.F) {
	for _, row := range termRows([]posted{
		{spot{5, 1}, []int64{7}}, {spot{5, 2}, []int64{7, 8}}, {spot{1023, 900}, []int64{7}}, {spot{1024, 901}, []int64{7}}, {spot{-1, 902}, []int64{7}}, {spot{-1024, 903}, []int64{7}},
	}) {
		f.Add(row.at, row.seq, row.list)
	}
	f.Add(int64(1023), int64(1), []byte{0x80})
	f.Fuzz(func(t *testing.T, at, seq int64, list []byte) {
		var got []spot
		var records []posted
		last := int64(0)
		places := true // are they such as a journal has
		err := termRow{term: 7, at: at, seq: seq, list: list}.spots(func(s spot) {
			got = append(got, s)
			records = append(records, posted{s, []int64{7}})
			places = places && s.seq > last && s.seq < 1<<53
			last = s.seq
		})
		if err != nil {
			if !errors.Is(err, ErrDecode) {
				t.Errorf("a damaged list gives %v, want ErrDecode", err)
			}
			return
		}
		if !places || len(got) == 0 {
			return
		}
		rows := termRows(records)
		if len(rows) != 1 {
			t.Fatalf("%d records of one slot make %d rows", len(records), len(rows))
		}
		var again []spot
		if err := rows[0].spots(func(s spot) { again = append(again, s) }); err != nil || !slices.Equal(got, again) {
			t.Errorf("want %v, got %v, %v", got, again, err)
		}
	})
}
