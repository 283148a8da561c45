package expression

import (
	"math"
	"slices"
	"strings"
	"time"
)

// function are those of a number, applied to every one.
func function(name string) func(float64) float64 {
	switch name {
	case "ABS":
		return math.Abs
	case "CEIL":
		return math.Ceil
	case "FLOOR":
		return math.Floor
	case "LOG":
		return math.Log
	case "LOG10":
		return math.Log10
	}
	return nil
}

// folds are the functions that make a number of a series, and of a list the
// series of that number at each time.
func folds(name string) func([]float64) float64 {
	switch name {
	case "SUM":
		return sum
	case "AVG":
		return func(v []float64) float64 { return sum(v) / float64(len(v)) }
	case "MIN":
		return slices.Min[[]float64]
	case "MAX":
		return slices.Max[[]float64]
	case "STDDEV":
		return deviation
	case "DATAPOINT_COUNT":
		return func(v []float64) float64 { return float64(len(v)) }
	}
	return nil
}

func sum(v []float64) (total float64) {
	for _, x := range v {
		total += x
	}
	return total
}

func deviation(v []float64) float64 {
	mean, total := sum(v)/float64(len(v)), 0.0
	for _, x := range v {
		total += (x - mean) * (x - mean)
	}
	return math.Sqrt(total / float64(len(v)))
}

// folded applies f to the numbers of a series, or of a list at each time.
func (v Value) folded(f func([]float64) float64) (Value, error) {
	switch v.kind {
	case isNumber:
		return Value{number: f([]float64{v.number})}, nil
	case isText:
		return Value{}, errCall
	case isSeries:
		numbers := v.list[0].numbers()
		if len(numbers) == 0 {
			return Value{number: math.NaN()}, nil
		}
		return Value{number: f(numbers)}, nil
	}
	at := map[int64][]float64{}
	out := Series{}
	for _, s := range v.list {
		out.Period = max(out.Period, s.Period)
		for _, p := range s.Points {
			at[p.At] = append(at[p.At], p.V)
		}
	}
	for t, numbers := range at {
		out.add(t, f(numbers))
	}
	slices.SortFunc(out.Points, func(a, b Point) int { return int(a.At - b.At) })
	return One(out), nil
}

func (s *Series) numbers() []float64 {
	out := make([]float64, len(s.Points))
	for i, p := range s.Points {
		out[i] = p.V
	}
	return out
}

// whole are the functions that make a series of a series.
func whole(name string) func(*Series) Series {
	if of := part(name); of != nil {
		return func(s *Series) Series {
			return s.times(func(t int64) float64 { return of(time.Unix(t, 0).UTC()) })
		}
	}
	switch name {
	case "EPOCH":
		return func(s *Series) Series { return s.times(func(t int64) float64 { return float64(t) }) }
	case "RUNNING_SUM":
		return func(s *Series) Series {
			out, total := Series{Label: s.Label, Period: s.Period}, 0.0
			for _, p := range s.Points {
				total += p.V
				out.add(p.At, total)
			}
			return out
		}
	case "DIFF":
		return func(s *Series) Series { return s.steps(func(dv, _ float64) float64 { return dv }) }
	case "DIFF_TIME":
		return func(s *Series) Series { return s.steps(func(_, dt float64) float64 { return dt }) }
	case "RATE":
		return func(s *Series) Series { return s.steps(func(dv, dt float64) float64 { return dv / dt }) }
	}
	return nil
}

// part are the functions that give a part of the date and time.
func part(name string) func(time.Time) float64 {
	switch name {
	case "MINUTE":
		return func(t time.Time) float64 { return float64(t.Minute()) }
	case "HOUR":
		return func(t time.Time) float64 { return float64(t.Hour()) }
	case "DAY": // Monday is 1
		return func(t time.Time) float64 { return float64((int(t.Weekday())+6)%7 + 1) }
	case "DATE":
		return func(t time.Time) float64 { return float64(t.Day()) }
	case "MONTH":
		return func(t time.Time) float64 { return float64(t.Month()) }
	case "YEAR":
		return func(t time.Time) float64 { return float64(t.Year()) }
	}
	return nil
}

func (s *Series) times(f func(t int64) float64) Series {
	out := Series{Label: s.Label, Period: s.Period}
	for _, p := range s.Points {
		out.add(p.At, f(p.At))
	}
	return out
}

// steps computes of each two neighbours.
func (s *Series) steps(f func(dv, dt float64) float64) Series {
	out := Series{Label: s.Label, Period: s.Period}
	for i := 1; i < len(s.Points); i++ {
		a, b := s.Points[i-1], s.Points[i]
		out.add(b.At, f(b.V-a.V, float64(b.At-a.At)))
	}
	return out
}

// metrics gives the metrics of the request, those with a text in their label.
func (w *World) metrics(args []Value) (Value, error) {
	if len(args) > 1 || len(args) == 1 && args[0].kind != isText {
		return Value{}, errCall
	}
	list, err := w.Metrics()
	if err != nil || len(args) == 0 {
		return many(list), err
	}
	var out []Series
	for _, s := range list {
		if strings.Contains(s.Label, args[0].text) || strings.Contains(s.ID, args[0].text) {
			out = append(out, s)
		}
	}
	return many(out), nil
}

// slice gives part of a list.
func slice(args []Value) (Value, error) {
	if len(args) < 2 || len(args) > 3 || args[0].kind < isSeries || args[1].kind != isNumber || args[len(args)-1].kind != isNumber {
		return Value{}, errCall
	}
	n := float64(len(args[0].list))
	from, to := 0.0, args[1].number
	if len(args) == 3 {
		from, to = args[1].number, args[2].number
	}
	from, to = max(0, min(n, from)), max(0, min(n, to))
	if math.IsNaN(from) || math.IsNaN(to) || from >= to {
		return many(nil), nil
	}
	return many(args[0].list[int(from):int(to)]), nil
}

// choose is IF: where the condition is not 0 the one value, elsewhere the other,
// which may be left out.
func choose(args []Value) (Value, error) {
	if len(args) < 2 || len(args) > 3 {
		return Value{}, errCall
	}
	for _, a := range args {
		if a.kind == isText || a.kind == isList {
			return Value{}, errCall
		}
	}
	if args[0].kind == isNumber {
		if args[0].number != 0 {
			return args[1], nil
		}
		if len(args) == 2 {
			return One(Series{}), nil
		}
		return args[2], nil
	}
	cond := &args[0].list[0]
	out := Series{Label: cond.Label, Period: cond.Period}
	for _, p := range cond.Points {
		i := 1
		if p.V == 0 {
			i = 2
		}
		if i == len(args) {
			continue
		}
		if args[i].kind == isNumber {
			out.add(p.At, args[i].number)
		} else if v, ok := args[i].list[0].at(p.At); ok {
			out.add(p.At, v)
		}
	}
	return One(out), nil
}
