package series

import (
	"cmp"
	"math"
	"slices"
)

// Point is what was measured in one step of a series.
type Point struct {
	At            int64 // when the step begins, in seconds since 1970
	Min, Max, Sum float64
	Count         float64 // samples
	// Values are the samples, ascending, where they are known and differ. A
	// point whose Min is its Max has none: it is that value, Count times.
	Values []Value
}

// Value is a sample that was seen Count times.
type Value struct{ Value, Count float64 }

// One is the point of a single sample.
func One(at int64, v float64) Point { return Point{At: at, Min: v, Max: v, Sum: v, Count: 1} }

// Of is the point of samples with how often each was seen; there is at least
// one.
func Of(at int64, values []Value) Point {
	values = slices.Clone(values)
	slices.SortFunc(values, func(a, b Value) int { return cmp.Compare(a.Value, b.Value) })
	p := Point{At: at, Min: values[0].Value, Max: values[len(values)-1].Value}
	for _, v := range values {
		p.Sum += v.Value * v.Count
		p.Count += v.Count
	}
	if p.Min < p.Max {
		p.Values = thin(same(values))
	}
	return p
}

// Samples are the values of the point, ascending; ok is false where they are
// not known.
func (p *Point) Samples() (values []Value, ok bool) {
	if p.Min == p.Max {
		return []Value{{p.Min, p.Count}}, true
	}
	return p.Values, p.Values != nil
}

// single tells whether the point is one sample.
func (p *Point) single() bool {
	return p.Count == 1 && len(p.Values) == 0 && math.Float64bits(p.Min) == math.Float64bits(p.Max) && math.Float64bits(p.Sum) == math.Float64bits(p.Min)
}

// combine is the point of the samples of several.
func combine(at int64, group []Point) Point {
	p := group[0]
	p.At = at
	if len(group) == 1 {
		return p
	}
	known, n := true, 0
	for i := range group {
		q := &group[i]
		if i > 0 {
			p.Min, p.Max = min(p.Min, q.Min), max(p.Max, q.Max)
			p.Sum += q.Sum
			p.Count += q.Count
		}
		known = known && (q.Min == q.Max || q.Values != nil)
		n += max(1, len(q.Values))
	}
	p.Values = nil
	if !known || p.Min == p.Max {
		return p
	}
	all := make([]Value, 0, n)
	for i := range group {
		values, _ := group[i].Samples()
		all = append(all, values...)
	}
	slices.SortFunc(all, func(a, b Value) int { return cmp.Compare(a.Value, b.Value) })
	p.Values = thin(same(all))
	return p
}

// Merge is the points of all lists, ascending; those of one time are one point
// with the samples of both. The lists are ascending.
func Merge(lists ...[]Point) []Point { return Roll(1, lists...) }

// Roll is Merge to steps of so many seconds.
func Roll(step int64, lists ...[]Point) []Point {
	all := slices.Concat(lists...)
	byTime := func(a, b Point) int { return cmp.Compare(a.At, b.At) }
	if !slices.IsSortedFunc(all, byTime) {
		slices.SortStableFunc(all, byTime)
	}
	out := all[:0]
	for len(all) > 0 {
		at, n := Floor(all[0].At, step), 1
		for n < len(all) && Floor(all[n].At, step) == at {
			n++
		}
		out = append(out, combine(at, all[:n]))
		all = all[n:]
	}
	return out
}

// Floor is the begin of the step that a time is in.
func Floor(at, step int64) int64 {
	m := at % step
	if m < 0 {
		m += step
	}
	return at - m
}

// mostValues is how many different values a point keeps; of more, neighbours
// that differ by a percent or so become one.
const mostValues = 200

// same makes equal neighbours one.
func same(sorted []Value) []Value {
	out := sorted[:0]
	for _, v := range sorted {
		if n := len(out); n > 0 && out[n-1].Value == v.Value {
			out[n-1].Count += v.Count
			continue
		}
		out = append(out, v)
	}
	return out
}

// thin makes neighbours one until there are few enough: those whose size is
// within a ratio, which widens as it must. What they become is their mean.
func thin(sorted []Value) []Value {
	for ratio := 0.01; len(sorted) > mostValues; ratio *= 2 {
		out := make([]Value, 0, len(sorted))
		var first float64
		for _, v := range sorted {
			if n := len(out); n > 0 && math.Abs(v.Value-first) <= ratio*math.Min(math.Abs(first), math.Abs(v.Value)) {
				l := &out[n-1]
				total := l.Count + v.Count
				l.Value += (v.Value - l.Value) * (v.Count / total)
				l.Count = total
				continue
			}
			first = v.Value
			out = append(out, v)
		}
		sorted = out
		if ratio > 1e9 { // the two signs and nothing between
			break
		}
	}
	return sorted
}
