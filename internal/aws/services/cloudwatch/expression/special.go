package expression

import (
	"cmp"
	"errors"
	"math"
	"slices"
)

// fill is FILL(series, how): a number, another series, REPEAT or LINEAR. The
// last two are words and not ids.
func (w *World) fill(n *node) (Value, error) {
	if len(n.parts) != 2 {
		return Value{}, errCall
	}
	v, err := w.eval(n.parts[0])
	if err != nil {
		return v, err
	}
	if v.kind < isSeries {
		return Value{}, errCall
	}
	how := n.parts[1]
	if how.op == "name" && (how.text == "REPEAT" || how.text == "LINEAR") {
		return v.mapped(func(s *Series) Series { return w.filled(s, between(s, how.text == "LINEAR")) }), nil
	}
	with, err := w.eval(how)
	if err != nil {
		return v, err
	}
	switch with.kind {
	case isNumber:
		return v.mapped(func(s *Series) Series {
			return w.filled(s, func(int64) (float64, bool) { return with.number, true })
		}), nil
	case isSeries:
		return v.mapped(func(s *Series) Series { return w.filled(s, with.list[0].at) }), nil
	}
	return Value{}, errCall
}

// filled has a value at each time asked for, where f knows one.
func (w *World) filled(s *Series, f func(t int64) (float64, bool)) Series {
	out := Series{ID: s.ID, Label: s.Label, Period: s.Period}
	period := s.Period
	if period == 0 {
		period = w.Period
	}
	for _, t := range w.times(period) {
		v, ok := s.at(t)
		if !ok {
			v, ok = f(t)
		}
		if ok {
			out.add(t, v)
		}
	}
	return out
}

// between gives values between the points of a series: the one before, or on a
// line to the one behind.
func between(s *Series, line bool) func(t int64) (float64, bool) {
	return func(t int64) (float64, bool) {
		i, _ := slices.BinarySearchFunc(s.Points, t, func(p Point, t int64) int { return cmp.Compare(p.At, t) })
		if i == 0 || line && i == len(s.Points) {
			return 0, false
		}
		a := s.Points[i-1]
		if !line {
			return a.V, true
		}
		b := s.Points[i]
		return a.V + (b.V-a.V)*float64(t-a.At)/float64(b.At-a.At), true
	}
}

// sort is SORT(list, by, order, how many): by and order are words.
func (w *World) sort(n *node) (Value, error) {
	if len(n.parts) < 3 || len(n.parts) > 4 || n.parts[1].op != "name" || n.parts[2].op != "name" {
		return Value{}, errCall
	}
	by, order := folds(n.parts[1].text), n.parts[2].text
	if n.parts[1].text == "LAST" {
		by = func(v []float64) float64 { return v[len(v)-1] }
	}
	v, err := w.eval(n.parts[0])
	if err != nil {
		return v, err
	}
	if by == nil || order != "ASC" && order != "DESC" || v.kind < isSeries {
		return Value{}, errCall
	}
	rank := func(s Series) float64 {
		numbers := s.numbers()
		if len(numbers) == 0 {
			return math.Inf(-1)
		}
		if order == "DESC" {
			return -by(numbers)
		}
		return by(numbers)
	}
	list := slices.Clone(v.list)
	slices.SortStableFunc(list, func(a, b Series) int { return cmp.Compare(rank(a), rank(b)) })
	if len(n.parts) == 4 {
		most, err := w.eval(n.parts[3])
		if err != nil {
			return v, err
		}
		if most.kind != isNumber || !(most.number >= 0) {
			return Value{}, errCall
		}
		list = list[:int(min(most.number, float64(len(list))))]
	}
	return many(list), nil
}

// search is SEARCH(text, statistic, period).
func (w *World) search(n *node) (Value, error) {
	if w.Search == nil {
		return Value{}, errors.New("SEARCH cannot be used here")
	}
	args, err := w.all(n.parts)
	if err != nil {
		return Value{}, err
	}
	if len(args) < 2 || len(args) > 3 || args[0].kind != isText || args[1].kind != isText || len(args) == 3 && args[2].kind != isNumber {
		return Value{}, errCall
	}
	period := int64(0)
	if len(args) == 3 {
		if p := args[2].number; !(p >= 1 && p <= 86400*30) {
			return Value{}, errCall
		}
		period = int64(args[2].number)
	}
	list, err := w.Search(args[0].text, args[1].text, period)
	return many(list), err
}
