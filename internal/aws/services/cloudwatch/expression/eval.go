package expression

import (
	"errors"
	"fmt"
	"math"
)

// World is what an expression is evaluated in.
type World struct {
	From, To int64 // the times asked for
	Period   int64 // of a series made of a number
	// Of gives the value of an id.
	Of func(id string) (Value, error)
	// Metrics are the series of all metrics of the request.
	Metrics func() ([]Series, error)
	// Search gives the series of the metrics that a search finds; nil where it
	// is not allowed.
	Search func(text, statistic string, period int64) ([]Series, error)

	made int // points of series that were made or filled
}

// mostMade bounds what an expression makes of nothing.
const mostMade = 2_000_000

var errMade = errors.New("the expression makes too many datapoints")

// Eval evaluates the expression.
func (e *Expression) Eval(w *World) (Value, error) {
	v, err := w.eval(e.root)
	if err == nil && w.made > mostMade {
		return Value{}, errMade
	}
	return v, err
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// binary are the operators over two values.
func binary(op string) func(x, y float64) float64 {
	switch op {
	case "+":
		return func(x, y float64) float64 { return x + y }
	case "-":
		return func(x, y float64) float64 { return x - y }
	case "*":
		return func(x, y float64) float64 { return x * y }
	case "/":
		return func(x, y float64) float64 { return x / y }
	case "^":
		return math.Pow
	case "==":
		return func(x, y float64) float64 { return truth(x == y) }
	case "!=":
		return func(x, y float64) float64 { return truth(x != y) }
	case "<":
		return func(x, y float64) float64 { return truth(x < y) }
	case ">":
		return func(x, y float64) float64 { return truth(x > y) }
	case "<=":
		return func(x, y float64) float64 { return truth(x <= y) }
	case ">=":
		return func(x, y float64) float64 { return truth(x >= y) }
	case "&&":
		return func(x, y float64) float64 { return truth(x != 0 && y != 0) }
	case "||":
		return func(x, y float64) float64 { return truth(x != 0 || y != 0) }
	}
	return nil
}

func (w *World) eval(n *node) (Value, error) {
	switch n.op {
	case "number":
		return Value{number: n.value}, nil
	case "text":
		return Value{kind: isText, text: n.text}, nil
	case "name":
		return w.Of(n.text)
	case "call":
		return w.call(n)
	}
	parts, err := w.all(n.parts)
	if err != nil {
		return Value{}, err
	}
	switch n.op {
	case "list":
		return listed(parts)
	case "neg":
		if parts[0].kind == isText {
			return Value{}, errShape
		}
		return parts[0].each(func(x float64) float64 { return -x }), nil
	}
	return combine(parts[0], parts[1], binary(n.op))
}

func (w *World) all(parts []*node) ([]Value, error) {
	out := make([]Value, len(parts))
	for i, p := range parts {
		v, err := w.eval(p)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

var errCall = errors.New("the arguments do not fit")

// call evaluates a function.
func (w *World) call(n *node) (Value, error) {
	v, err := w.called(n)
	if errors.Is(err, errCall) {
		return v, fmt.Errorf("the arguments of %s do not fit it", n.text)
	}
	return v, err
}

func (w *World) called(n *node) (Value, error) {
	switch n.text {
	case "FILL":
		return w.fill(n)
	case "SORT":
		return w.sort(n)
	case "SEARCH":
		return w.search(n)
	}
	args, err := w.all(n.parts)
	if err != nil {
		return Value{}, err
	}
	switch n.text {
	case "METRICS":
		return w.metrics(args)
	case "IF":
		return choose(args)
	case "SLICE":
		return slice(args)
	}
	if len(args) != 1 || args[0].kind == isText {
		if function(n.text) == nil && folds(n.text) == nil && whole(n.text) == nil && n.text != "TIME_SERIES" && n.text != "METRIC_COUNT" {
			return Value{}, fmt.Errorf("there is no function %s", n.text)
		}
		return Value{}, errCall
	}
	return w.one(n.text, args[0])
}

// one evaluates the functions of one argument.
func (w *World) one(name string, v Value) (Value, error) {
	if f := function(name); f != nil {
		return v.each(f), nil
	}
	if f := folds(name); f != nil {
		return v.folded(f)
	}
	if f := whole(name); f != nil {
		if v.kind < isSeries {
			return Value{}, errCall
		}
		return v.mapped(f), nil
	}
	switch name {
	case "TIME_SERIES":
		if v.kind != isNumber {
			return Value{}, errCall
		}
		return One(w.constant(v.number)), nil
	case "PERIOD":
		if v.kind != isSeries {
			return Value{}, errCall
		}
		return Value{number: float64(v.list[0].Period)}, nil
	}
	return ofList(name, v)
}

// ofList evaluates the functions of a list of series.
func ofList(name string, v Value) (Value, error) {
	if v.kind < isSeries {
		return Value{}, errCall
	}
	switch name {
	case "METRIC_COUNT":
		return Value{number: float64(len(v.list))}, nil
	case "FIRST", "LAST":
		if len(v.list) == 0 {
			return One(Series{}), nil
		}
		i := 0
		if name == "LAST" {
			i = len(v.list) - 1
		}
		return One(v.list[i]), nil
	case "REMOVE_EMPTY":
		var out []Series
		for _, s := range v.list {
			if len(s.Points) > 0 {
				out = append(out, s)
			}
		}
		return many(out), nil
	}
	return Value{}, fmt.Errorf("there is no function %s", name)
}

// constant is a series with a number at each time asked for.
func (w *World) constant(v float64) Series {
	s := Series{Period: w.Period}
	for _, t := range w.times(w.Period) {
		s.add(t, v)
	}
	return s
}

// mostTimes bounds the steps of a series that is made or filled.
const mostTimes = 100_800

func (w *World) times(period int64) (out []int64) {
	if period <= 0 || w.made > mostMade {
		return nil
	}
	for t := w.From; t < w.To && len(out) < mostTimes; t += period {
		out = append(out, t)
	}
	w.made += len(out)
	return out
}
