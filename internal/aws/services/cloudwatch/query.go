package cloudwatch

import (
	"slices"
	"time"

	"tamachi/internal/aws/services/cloudwatch/series"
	"tamachi/internal/store"
)

// query asks for the points of a metric in steps of a period, the first of
// which begins at from.
type query struct {
	metric *metric
	unit   string // empty for all
	from   int64
	to     int64
	period int64
}

// begin rounds the begin of a question down, the more the older it is.
// Source: CloudWatch API Reference, "GetMetricStatistics", StartTime.
func begin(at, now time.Time, period int64) int64 {
	age, step := now.Unix()-at.Unix(), int64(minute)
	switch {
	case age > 63*day:
		step = hour
	case age > 15*day:
		step = 5 * minute
	case period < minute:
		step = period
	}
	return series.Floor(at.Unix(), step)
}

// validPeriod tells whether there are statistics of a period.
func validPeriod(n int32) bool {
	return n > 0 && n%minute == 0 || slices.Contains([]int32{1, 5, 10, 20, 30}, n)
}

// units are those to be read, of a metric that had data.
func (q *query) units(m *metric) []string {
	if q.unit != "" {
		return []string{q.unit}
	}
	return m.Units
}

// run reads the points of one unit. Points that are kept at a step which the
// period is no multiple of are left out.
func (q *query) run(tx *store.Tx, sc store.Scope, unit string) ([]series.Point, error) {
	var lists [][]series.Point
	for _, t := range tiers {
		if t.step == 1 != (q.period < minute) || q.period%t.step != 0 {
			continue
		}
		points, err := read(tx, sc, q.metric.series(unit, t.step), q.from, q.to)
		if err != nil {
			return nil, err
		}
		lists = append(lists, points)
	}
	all := series.Merge(lists...)
	for i := range all {
		all[i].At -= q.from
	}
	all = series.Roll(q.period, all)
	for i := range all {
		all[i].At += q.from
	}
	return all, nil
}
