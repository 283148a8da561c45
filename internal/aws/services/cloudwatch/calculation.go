package cloudwatch

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"tamachi/internal/aws/services/cloudwatch/expression"
	"tamachi/internal/aws/services/cloudwatch/series"
	"tamachi/internal/store"
)

// calculation evaluates queries over a span of time; each is evaluated once,
// whoever refers to it.
type calculation struct {
	tx       *store.Tx
	sc       store.Scope
	now      time.Time
	from, to time.Time
	exact    bool // periods begin at from itself
	searches bool // SEARCH is allowed
	queries  map[string]*dataQuery
	order    []string
	done     map[string]expression.Value
	open     map[string]bool // under way: who comes here again goes in a circle
	labels   *labels
	broken   error // the store failed: no fault of an expression
}

func newCalculation(tx *store.Tx, sc store.Scope, now, from, to time.Time, queries []dataQuery) *calculation {
	c := &calculation{
		tx: tx, sc: sc, now: now, from: from, to: to, queries: map[string]*dataQuery{}, done: map[string]expression.Value{}, open: map[string]bool{},
		labels: &labels{account: sc.Account, region: sc.Region},
	}
	for i := range queries {
		c.queries[queries[i].ID] = &queries[i]
		c.order = append(c.order, queries[i].ID)
	}
	return c
}

// of is the value of a query.
func (c *calculation) of(id string) (expression.Value, error) {
	if v, ok := c.done[id]; ok {
		return v, nil
	}
	q := c.queries[id]
	switch {
	case q == nil:
		return expression.Value{}, fmt.Errorf("there is no query %s", id)
	case c.open[id]:
		return expression.Value{}, errors.New("the expression refers to itself")
	}
	c.open[id] = true
	defer delete(c.open, id)
	v, err := c.evaluate(q)
	if err == nil {
		c.done[id] = v
	}
	return v, err
}

func (c *calculation) evaluate(q *dataQuery) (expression.Value, error) {
	if q.Metric != nil {
		s, err := c.read(q.Metric, q.Unit, q.Statistic, int64(q.Period))
		s.ID, s.Label = q.ID, c.labels.of(q, &s, q.Metric.Name)
		return expression.One(s), err
	}
	e, err := expression.Parse(q.Expression)
	if err != nil {
		return expression.Value{}, err
	}
	period := c.period(q, map[string]bool{})
	w := &expression.World{From: c.begin(period), To: c.to.Unix(), Period: period, Of: c.of, Metrics: c.metrics}
	if c.searches {
		w.Search = func(text, statistic string, step int64) ([]expression.Series, error) {
			if step == 0 {
				step = period
			}
			return c.search(text, statistic, step)
		}
	}
	return e.Eval(w)
}

// period is that of an expression: its own, or the longest of what it refers
// to.
func (c *calculation) period(q *dataQuery, seen map[string]bool) int64 {
	if q.Period != 0 {
		return int64(q.Period)
	}
	seen[q.ID] = true
	e, err := expression.Parse(q.Expression)
	if err != nil {
		return minute
	}
	longest := int64(0)
	ids := e.IDs()
	if e.Uses("METRICS") {
		ids = c.order
	}
	for _, id := range ids {
		if other := c.queries[id]; other != nil && !seen[id] {
			longest = max(longest, c.period(other, seen))
		}
	}
	if longest == 0 {
		return 5 * minute
	}
	return longest
}

// begin is when the first period begins.
func (c *calculation) begin(period int64) int64 {
	if c.exact {
		return c.from.Unix()
	}
	return begin(c.from, c.now, period)
}

// read computes a statistic of a metric.
func (c *calculation) read(m *metric, unit, statistic string, period int64) (expression.Series, error) {
	out := expression.Series{Period: period}
	points, st, err := c.points(m, unit, statistic, period)
	for i := range points {
		if v, ok := st.Of(&points[i]); ok {
			out.Points = append(out.Points, expression.Point{At: points[i].At, V: v})
		}
	}
	return out, err
}

// points are those of a metric, of all its units together unless one is named.
func (c *calculation) points(m *metric, unit, statistic string, period int64) ([]series.Point, series.Statistic, error) {
	st, err := series.ParseStatistic(statistic)
	if err != nil {
		return nil, st, err
	}
	found, err := m.find(c.tx, c.sc)
	if err != nil || found == nil {
		return nil, st, c.note(err)
	}
	q := &query{metric: m, unit: unit, from: c.begin(period), to: c.to.Unix(), period: period}
	var lists [][]series.Point
	for _, unit := range q.units(found) {
		points, err := q.run(c.tx, c.sc, unit)
		if err != nil {
			return nil, st, c.note(err)
		}
		lists = append(lists, points)
	}
	return series.Merge(lists...), st, nil
}

// note remembers that the store failed.
func (c *calculation) note(err error) error {
	if err != nil {
		c.broken = err
	}
	return err
}

// metrics are the series of all queries that are metrics.
func (c *calculation) metrics() (out []expression.Series, err error) {
	for _, id := range c.order {
		if c.queries[id].Metric == nil {
			continue
		}
		v, err := c.of(id)
		if err != nil {
			return nil, err
		}
		list, _ := v.Series()
		out = append(out, list...)
	}
	return out, nil
}

// mostFound is how many metrics a search gives.
// Source: CloudWatch User Guide, "CloudWatch search expression syntax".
const mostFound = 500

// search gives the series of the metrics that a search finds.
func (c *calculation) search(text, statistic string, period int64) ([]expression.Series, error) {
	s, err := expression.ParseSearch(text)
	if err != nil {
		return nil, err
	}
	if !validPeriod(int32(min(period, 1<<30))) {
		return nil, fmt.Errorf("a period of %d seconds", period)
	}
	var found []*metric
	var namespace *string
	if n := s.Namespace(); n != "" {
		namespace = &n
	}
	err = walk(c.tx, c.sc, namespace, nil, "", func(m *metric) bool {
		dims := map[string]string{}
		for _, d := range m.Dimensions {
			dims[d.Name] = d.Value
		}
		if m.Seen >= c.now.Unix()-listed && s.Finds(&expression.Metric{Namespace: m.Namespace, Name: m.Name, Dimensions: dims}) {
			found = append(found, m)
		}
		return len(found) < mostFound
	})
	if err != nil {
		return nil, c.note(err)
	}
	var out []expression.Series
	for _, m := range found {
		one, err := c.read(m, "", statistic, period)
		if err != nil {
			return nil, err
		}
		one.Label = m.label()
		out = append(out, one)
	}
	return out, nil
}

// label tells the metric from others that a search finds.
func (m *metric) label() string {
	var words []string
	for _, d := range m.Dimensions {
		words = append(words, d.Value)
	}
	return strings.Join(append(words, m.Name), " ")
}
