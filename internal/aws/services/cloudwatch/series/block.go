package series

import (
	"encoding/binary"
	"math"
)

// The columns of a block.
const (
	colMin = iota // or the one sample
	colMax
	colSum
	colCount
	colValue // of Values, one after another
	colTimes // their counts
	columns
)

// version is the first byte of a block.
const version = 1

// mostPoints bounds what a block says to hold.
const mostPoints = 1 << 20

// Encode packs points, which are ascending, each at a multiple of step seconds.
func Encode(step int64, points []Point) []byte {
	cols := measure(points)
	w := &writer{bytes: make([]byte, 0, 16+2*len(points))}
	w.bytes = append(w.bytes, version)
	w.bytes = binary.AppendUvarint(w.bytes, uint64(step))
	w.bytes = binary.AppendUvarint(w.bytes, uint64(len(points)))
	for i := range cols {
		w.bytes = append(w.bytes, cols[i].places)
	}
	var last, delta int64
	for i := range points {
		p := &points[i]
		at := p.At / step
		w.integer(at-last-delta, timeClasses[:])
		last, delta = at, at-last
		if i == 0 {
			delta = 1 // the next step is the likely one
		}
		writePoint(w, &cols, p)
	}
	return w.bytes
}

// measure finds how each column is best written.
func measure(points []Point) (cols [columns]column) {
	var at [columns]byte
	look := func(c int, v float64) {
		if at[c] != plain {
			at[c] = places(v, at[c])
		}
	}
	for i := range points {
		p := &points[i]
		look(colMin, p.Min)
		if p.single() {
			continue
		}
		look(colMax, p.Max)
		look(colSum, p.Sum)
		look(colCount, p.Count)
		for _, v := range p.Values {
			look(colValue, v.Value)
			look(colTimes, v.Count)
		}
	}
	for c := range cols {
		cols[c] = newColumn(settled(points, c, at[c]))
	}
	return cols
}

// settled is plain where an earlier number of the column does not bear the
// places that a later one asked for: more places are not always exact.
func settled(points []Point, c int, places byte) byte {
	if places == plain || places == 0 {
		return places
	}
	power := math.Pow10(int(places))
	for i := range points {
		ok := true
		each(&points[i], c, func(v float64) {
			if ok {
				_, ok = decimal(v, power)
			}
		})
		if !ok {
			return plain
		}
	}
	return places
}

// each calls f with the numbers of a point that are in a column.
func each(p *Point, c int, f func(float64)) {
	switch {
	case c == colMin:
		f(p.Min)
	case p.single():
	case c == colMax:
		f(p.Max)
	case c == colSum:
		f(p.Sum)
	case c == colCount:
		f(p.Count)
	case c == colValue:
		for _, v := range p.Values {
			f(v.Value)
		}
	default:
		for _, v := range p.Values {
			f(v.Count)
		}
	}
}

func writePoint(w *writer, cols *[columns]column, p *Point) {
	if p.single() {
		w.bit(0)
		cols[colMin].write(w, p.Min)
		return
	}
	w.bit(1)
	cols[colMin].write(w, p.Min)
	cols[colMax].write(w, p.Max)
	cols[colSum].write(w, p.Sum)
	cols[colCount].write(w, p.Count)
	w.integer(int64(len(p.Values)), numberClasses[:])
	for _, v := range p.Values {
		cols[colValue].write(w, v.Value)
		cols[colTimes].write(w, v.Count)
	}
}

// Decode unpacks a block. Bytes that Encode did not write give ErrCorrupt, or
// points that are ascending.
func Decode(block []byte) ([]Point, error) {
	if len(block) == 0 {
		return nil, nil
	}
	if block[0] != version {
		return nil, ErrCorrupt
	}
	step, rest, err := uvarint(block[1:])
	if err != nil || step == 0 || step > math.MaxInt32 {
		return nil, ErrCorrupt
	}
	n, rest, err := uvarint(rest)
	if err != nil || len(rest) < columns || n > mostPoints {
		return nil, ErrCorrupt
	}
	var cols [columns]column
	for i := range cols {
		if rest[i] > mostPlaces && rest[i] != plain {
			return nil, ErrCorrupt
		}
		cols[i] = newColumn(rest[i])
	}
	r := &reader{bytes: rest[columns:]}
	if int(n) > r.left() { // each takes a few bits
		return nil, ErrCorrupt
	}
	return readPoints(r, &cols, int64(step), int(n))
}

func readPoints(r *reader, cols *[columns]column, step int64, n int) ([]Point, error) {
	points := make([]Point, 0, n)
	var last, delta int64
	for i := range n {
		at := last + delta + r.integer(timeClasses[:])
		if r.bad || i > 0 && at <= last || at > math.MaxInt64/step || at < math.MinInt64/step {
			return nil, ErrCorrupt
		}
		last, delta = at, at-last
		if i == 0 {
			delta = 1
		}
		p := Point{At: at * step}
		if !readPoint(r, cols, &p) {
			return nil, ErrCorrupt
		}
		points = append(points, p)
	}
	return points, nil
}

func readPoint(r *reader, cols *[columns]column, p *Point) bool {
	several := r.bit() == 1
	p.Min = cols[colMin].read(r)
	if !several {
		p.Max, p.Sum, p.Count = p.Min, p.Min, 1
		return !r.bad
	}
	p.Max, p.Sum, p.Count = cols[colMax].read(r), cols[colSum].read(r), cols[colCount].read(r)
	n := r.integer(numberClasses[:])
	if r.bad || n < 0 || n > int64(r.left()) {
		return false
	}
	for range n {
		v := Value{cols[colValue].read(r), cols[colTimes].read(r)}
		if r.bad {
			return false
		}
		p.Values = append(p.Values, v)
	}
	return true
}
