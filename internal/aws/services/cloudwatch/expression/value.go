package expression

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Point is a value at a time, in seconds since 1970.
type Point struct {
	At int64
	V  float64
}

// Series is a time series, ascending.
type Series struct {
	ID     string // of the query that it came from; empty for a result
	Label  string
	Period int64
	Points []Point
}

// at is the value at a time.
func (s *Series) at(t int64) (float64, bool) {
	i, ok := slices.BinarySearchFunc(s.Points, t, func(p Point, t int64) int {
		switch {
		case p.At < t:
			return -1
		case p.At > t:
			return 1
		}
		return 0
	})
	if !ok {
		return 0, false
	}
	return s.Points[i].V, true
}

// Value is what an expression gives.
type Value struct {
	kind   kind
	number float64
	text   string
	list   []Series // one of a series
}

type kind int

const (
	isNumber kind = iota
	isText
	isSeries
	isList
)

// One is the value of a query that gives one series.
func One(s Series) Value { return Value{kind: isSeries, list: []Series{s}} }

// many is the value of one that gives a list.
func many(list []Series) Value { return Value{kind: isList, list: list} }

// listed is the list of the series in some values, as in [m1, m2].
func listed(parts []Value) (Value, error) {
	var out []Series
	for _, p := range parts {
		if p.kind < isSeries {
			return Value{}, errors.New("a list in brackets takes time series only")
		}
		out = append(out, p.list...)
	}
	if len(out) == 0 {
		return Value{}, errors.New("a list in brackets needs a time series")
	}
	return many(out), nil
}

// Series are the time series of the value; ok is false for a number.
func (v Value) Series() (list []Series, ok bool) { return v.list, v.kind >= isSeries }

// Single tells whether the value is one time series, not a list.
func (v Value) Single() bool { return v.kind == isSeries }

var errShape = errors.New("the operands do not fit together")

// combine applies an operator to two values.
func combine(a, b Value, f func(x, y float64) float64) (Value, error) {
	switch {
	case a.kind == isText || b.kind == isText:
		return Value{}, errShape
	case a.kind == isNumber && b.kind == isNumber:
		return Value{number: f(a.number, b.number)}, nil
	case a.kind == isNumber:
		return b.each(func(y float64) float64 { return f(a.number, y) }), nil
	case b.kind == isNumber:
		return a.each(func(x float64) float64 { return f(x, b.number) }), nil
	case a.kind == isSeries && b.kind == isSeries:
		return One(pair(&a.list[0], &b.list[0], f)), nil
	case a.kind == isList && b.kind == isList && len(a.list) != len(b.list):
		return Value{}, fmt.Errorf("lists of %d and %d series cannot be combined", len(a.list), len(b.list))
	}
	long := a
	if a.kind == isSeries {
		long = b
	}
	out := make([]Series, len(long.list))
	for i := range out {
		x, y := &a.list[0], &b.list[0]
		if a.kind == isList {
			x = &a.list[i]
		}
		if b.kind == isList {
			y = &b.list[i]
		}
		out[i] = pair(x, y, f)
		out[i].Label = long.list[i].Label
	}
	return many(out), nil
}

// pair combines two series at the times that both have.
func pair(a, b *Series, f func(x, y float64) float64) Series {
	out := Series{Label: a.Label, Period: max(a.Period, b.Period)}
	for _, p := range a.Points {
		if y, ok := b.at(p.At); ok {
			out.add(p.At, f(p.V, y))
		}
	}
	return out
}

// add appends a value that is a number.
func (s *Series) add(at int64, v float64) {
	if !math.IsNaN(v) && !math.IsInf(v, 0) {
		s.Points = append(s.Points, Point{at, v})
	}
}

// each applies a function to every number of the value.
func (v Value) each(f func(float64) float64) Value {
	if v.kind == isNumber {
		return Value{number: f(v.number)}
	}
	return v.mapped(func(s *Series) Series {
		out := Series{Label: s.Label, Period: s.Period}
		for _, p := range s.Points {
			out.add(p.At, f(p.V))
		}
		return out
	})
}

// mapped applies a function to every series of the value.
func (v Value) mapped(f func(*Series) Series) Value {
	out := Value{kind: v.kind, list: make([]Series, len(v.list))}
	for i := range v.list {
		out.list[i] = f(&v.list[i])
	}
	return out
}
