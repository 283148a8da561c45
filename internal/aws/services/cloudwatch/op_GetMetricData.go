package cloudwatch

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/cloudwatch/expression"
	"tamachi/internal/store"
)

// The limits of GetMetricData.
const (
	mostQueries  = 500
	mostReturned = 100_800
	mostComputed = 5_000_000 // datapoints that the queries of one call may have
)

// GetMetricData computes statistics of metrics and expressions over them.
func (s *Service) GetMetricData(ctx context.Context, in *cloudwatch.GetMetricDataInput) (*cloudwatch.GetMetricDataOutput, error) {
	queries, p, err := s.dataRequest(in)
	if err != nil {
		return nil, err
	}
	out := &cloudwatch.GetMetricDataOutput{MetricDataResults: []types.MetricDataResult{}, Messages: []types.MessageData{}}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		c := newCalculation(tx, store.In(api.CallFrom(ctx).Place()), s.clock.Now(), *in.StartTime, *in.EndTime, queries)
		c.searches, c.labels.zone = true, p.zone
		for i := range queries {
			if queries[i].Hidden {
				continue
			}
			list, err := c.results(&queries[i])
			if err != nil {
				return err
			}
			for _, r := range list {
				p.add(out, &queries[i], r)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("get metric data: %w", err)
	}
	return out, nil
}

func (s *Service) getMetricDataChecks(context.Context, *cloudwatch.GetMetricDataInput) ([]api.Check, error) {
	return api.OnAny("cloudwatch:GetMetricData"), nil
}

func (s *Service) dataRequest(in *cloudwatch.GetMetricDataInput) ([]dataQuery, *dataPage, error) {
	p := &dataPage{most: mostReturned, descending: in.ScanBy != types.ScanByTimestampAscending}
	if !in.StartTime.Before(*in.EndTime) {
		return nil, nil, invalid("The parameter StartTime must be less than the parameter EndTime.")
	}
	if n := len(in.MetricDataQueries); n == 0 || n > mostQueries {
		return nil, nil, invalid("The collection MetricDataQueries must not have a size less than 1 or greater than %d.", mostQueries)
	}
	if in.MaxDatapoints != nil {
		if p.most = int(*in.MaxDatapoints); p.most < 1 || p.most > mostReturned {
			return nil, nil, invalid("The parameter MaxDatapoints must be between 1 and %d.", mostReturned)
		}
	}
	if o := in.LabelOptions; o != nil && o.Timezone != nil {
		var ok bool
		if p.zone, ok = zoneOf(*o.Timezone); !ok {
			return nil, nil, invalid("The value %s for parameter LabelOptions.Timezone is invalid.", *o.Timezone)
		}
	}
	if in.NextToken != nil && !p.resume(*in.NextToken) {
		return nil, nil, badToken()
	}
	queries, err := readQueries(in.MetricDataQueries)
	if err != nil {
		return nil, nil, err
	}
	return queries, p, s.bounded(in, queries)
}

// bounded refuses requests over more points than one call should compute.
func (s *Service) bounded(in *cloudwatch.GetMetricDataInput, queries []dataQuery) error {
	now := s.clock.Now()
	from, to := max(in.StartTime.Unix(), now.Unix()-456*day), min(in.EndTime.Unix(), now.Unix()+3*hour)
	total := int64(0)
	for _, q := range queries {
		total += max(0, to-from) / int64(max(q.Period, 1))
	}
	if total > mostComputed {
		return invalid("You have requested up to %s datapoints, which exceeds the limit of %s. You may reduce the datapoints requested by increasing Period, or decreasing the time range.", thousands(total), thousands(mostComputed))
	}
	return nil
}

// results are the series of a query.
func (c *calculation) results(q *dataQuery) ([]expression.Series, error) {
	v, err := c.of(q.ID)
	if c.broken != nil {
		return nil, c.broken
	}
	if err != nil {
		return nil, invalid("Error in expression '%s': %s", q.ID, err)
	}
	list, ok := v.Series()
	if !ok {
		return nil, invalid("Error in expression '%s': The expression must return a time series or a list of them, not a number.", q.ID)
	}
	if q.Metric != nil {
		return list, nil
	}
	list = slices.Clone(list)
	for i := range list {
		name := q.ID
		if !v.Single() && list[i].Label != "" {
			name = list[i].Label
		}
		list[i].Label = c.labels.of(q, &list[i], name)
	}
	return list, nil
}

// dataPage is how far an answer goes: so many points, behind those of the page
// before, which ended in a result at a time.
type dataPage struct {
	most       int
	descending bool
	zone       *time.Location
	result     int   // where the page before ended; 0 is the first
	after      int64 // the time of its last point
	resumed    bool
	at         int // the result that comes next
	full       bool
}

func (p *dataPage) resume(token string) bool {
	text, ok := api.After("GetMetricData", token)
	first, second, cut := strings.Cut(text, " ")
	result, err1 := strconv.Atoi(first)
	after, err2 := strconv.ParseInt(second, 10, 64)
	p.result, p.after, p.resumed = result, after, true
	return ok && cut && err1 == nil && err2 == nil
}

// start is before all times of a series.
func (p *dataPage) start() int64 {
	if p.descending {
		return math.MaxInt64
	}
	return math.MinInt64
}

// add puts a series into the answer, as far as it belongs there.
func (p *dataPage) add(out *cloudwatch.GetMetricDataOutput, q *dataQuery, s expression.Series) {
	number := p.at
	p.at++
	if p.full || p.resumed && number < p.result {
		return
	}
	points := slices.Clone(s.Points)
	if p.descending {
		slices.Reverse(points)
	}
	if p.resumed && number == p.result {
		points = slices.DeleteFunc(points, func(x expression.Point) bool {
			return p.descending && x.At >= p.after || !p.descending && x.At <= p.after
		})
	}
	r := types.MetricDataResult{Id: &q.ID, Label: aws.String(s.Label), StatusCode: types.StatusCodeComplete, Timestamps: []time.Time{}, Values: []float64{}}
	for _, x := range points {
		if p.most == 0 {
			r.StatusCode, p.full = types.StatusCodePartialData, true
			if len(r.Values) == 0 {
				p.after = p.start()
			}
			out.NextToken = aws.String(api.Token("GetMetricData", fmt.Sprintf("%d %d", number, p.after)))
			break
		}
		p.most--
		p.after = x.At
		r.Timestamps, r.Values = append(r.Timestamps, time.Unix(x.At, 0).UTC()), append(r.Values, x.V)
	}
	if len(r.Values) == 0 && p.full {
		return
	}
	out.MetricDataResults = append(out.MetricDataResults, r)
}
