package cloudwatch

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/cloudwatch/series"
	"tamachi/internal/store"
)

// mostDatapoints is how many points GetMetricStatistics answers with.
const mostDatapoints = 1440

// GetMetricStatistics computes statistics of one metric, for each unit that its
// data came in.
func (s *Service) GetMetricStatistics(ctx context.Context, in *cloudwatch.GetMetricStatisticsInput) (*cloudwatch.GetMetricStatisticsOutput, error) {
	stats, err := statistics(in)
	if err != nil {
		return nil, err
	}
	q, err := s.statisticsQuery(in)
	if err != nil {
		return nil, err
	}
	out := &cloudwatch.GetMetricStatisticsOutput{Label: in.MetricName, Datapoints: []types.Datapoint{}}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		sc := store.In(api.CallFrom(ctx).Place())
		m, err := q.metric.find(tx, sc)
		if err != nil || m == nil {
			return err
		}
		for _, unit := range q.units(m) {
			points, err := q.run(tx, sc, unit)
			if err != nil {
				return err
			}
			for i := range points {
				if d, ok := datapoint(&points[i], stats); ok {
					d.Unit = types.StandardUnit(unit)
					out.Datapoints = append(out.Datapoints, d)
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("get statistics of %s: %w", *in.MetricName, err)
	}
	return out, nil
}

func (s *Service) getMetricStatisticsChecks(context.Context, *cloudwatch.GetMetricStatisticsInput) ([]api.Check, error) {
	return api.OnAny("cloudwatch:GetMetricStatistics"), nil
}

// statistics reads what is asked for.
func statistics(in *cloudwatch.GetMetricStatisticsInput) (map[string]series.Statistic, error) {
	if len(in.Statistics) > 0 && len(in.ExtendedStatistics) > 0 {
		return nil, badCombination("The parameters Statistics and ExtendedStatistics are mutually exclusive and you have specified both.")
	}
	if len(in.Statistics)+len(in.ExtendedStatistics) == 0 {
		return nil, absent("Statistics")
	}
	out := map[string]series.Statistic{}
	for _, name := range in.Statistics {
		st, err := series.ParseStatistic(string(name))
		if err != nil {
			return nil, badValue("The value %s for parameter Statistics is not supported.", name)
		}
		out[string(name)] = st
	}
	for _, name := range in.ExtendedStatistics {
		st, err := series.ParseStatistic(name)
		if err != nil || st.Simple() {
			return nil, badValue("The value %s for parameter ExtendedStatistics is not supported.", name)
		}
		out[name] = st
	}
	return out, nil
}

func (s *Service) statisticsQuery(in *cloudwatch.GetMetricStatisticsInput) (*query, error) {
	if !validPeriod(*in.Period) {
		return nil, badValue("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.")
	}
	q := &query{metric: identity(in.Namespace, in.MetricName, in.Dimensions), unit: string(in.Unit), period: int64(*in.Period)}
	q.from, q.to = begin(*in.StartTime, s.clock.Now(), q.period), in.EndTime.Unix()
	if !in.StartTime.Before(*in.EndTime) {
		return nil, badCombination("The parameter StartTime must be less than the parameter EndTime.")
	}
	if n := (q.to - q.from + q.period - 1) / q.period; n > mostDatapoints {
		return nil, badCombination("You have requested up to %s datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.", thousands(n))
	}
	return q, nil
}

// thousands writes a number as AWS does in messages: 2,880.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// datapoint is a point as it is shown; ok is false where it has none of the
// statistics.
func datapoint(p *series.Point, stats map[string]series.Statistic) (d types.Datapoint, ok bool) {
	d.Timestamp = aws.Time(time.Unix(p.At, 0).UTC())
	for name, st := range stats {
		v, known := st.Of(p)
		if !known {
			continue
		}
		ok = true
		switch name {
		case "Average":
			d.Average = &v
		case "Sum":
			d.Sum = &v
		case "Minimum":
			d.Minimum = &v
		case "Maximum":
			d.Maximum = &v
		case "SampleCount":
			d.SampleCount = &v
		default:
			if d.ExtendedStatistics == nil {
				d.ExtendedStatistics = map[string]float64{}
			}
			d.ExtendedStatistics[name] = v
		}
	}
	return d, ok
}
