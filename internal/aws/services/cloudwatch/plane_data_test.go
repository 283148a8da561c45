package cloudwatch_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/apitest"
)

// stat asks for a statistic of the metric "Load" of a host.
func stat(id, host, statistic string, period int32) types.MetricDataQuery {
	return types.MetricDataQuery{Id: &id, MetricStat: &types.MetricStat{
		Metric: &types.Metric{Namespace: aws.String("Office"), MetricName: aws.String("Load"), Dimensions: on(host)}, Stat: &statistic, Period: &period,
	}}
}

func maths(id, text string) types.MetricDataQuery {
	return types.MetricDataQuery{Id: &id, Expression: &text}
}

func on(host string) []types.Dimension {
	return []types.Dimension{{Name: aws.String("Host"), Value: &host}}
}

// fill puts loads of the hosts a (1 2 3 ...) and b (10 20 30 ...), a minute each,
// from an hour ago.
func (o *office) fill(n int) (from time.Time) {
	from = o.clk.Now().Add(-time.Hour)
	var list []types.MetricDatum
	for i := range n {
		when := from.Add(time.Duration(i) * time.Minute)
		for host, v := range map[string]float64{"a": float64(i + 1), "b": 10 * float64(i+1)} {
			list = append(list, types.MetricDatum{MetricName: aws.String("Load"), Value: &v, Timestamp: &when, Dimensions: on(host)})
		}
	}
	o.must(o.put(list...))
	return from
}

func told(out []types.MetricDataResult) string {
	var lines []string
	for _, r := range out {
		lines = append(lines, fmt.Sprintf("%s %s %v", *r.Id, *r.Label, r.Values))
	}
	return strings.Join(lines, "; ")
}

func TestGetMetricData(t *testing.T) {
	o := open(t)
	from := o.fill(4)
	hidden := stat("m2", "b", "Sum", 60)
	hidden.ReturnData = aws.Bool(false)
	labelled := stat("m1", "a", "Average", 60)
	labelled.Label = aws.String("${PROP('Dim.Host')} of ${PROP('Namespace')}, most ${MAX}, last at ${LAST_TIME}")
	last := from.Add(3 * time.Minute).In(time.FixedZone("+0900", 9*3600)).Format("2006-01-02 15:04:05 MST")
	for _, row := range []struct {
		name, want string
		queries    []types.MetricDataQuery
	}{
		{"a metric", "m1 Load [1 2 3 4]", []types.MetricDataQuery{stat("m1", "a", "Average", 60)}},
		{"in longer periods", "m1 Load [3 7]", []types.MetricDataQuery{stat("m1", "a", "Sum", 120)}},
		{"a percentile", "m1 Load [2 4]", []types.MetricDataQuery{stat("m1", "a", "p90", 120)}},
		{"math over a hidden one", "e1 e1 [10 10 10 10]", []types.MetricDataQuery{hidden, maths("e1", "m2 / e2"), func() types.MetricDataQuery {
			q := maths("e2", "m2 / 10")
			q.ReturnData = aws.Bool(false)
			return q
		}()}},
		{"a search", "e1 a Load [1 2 3 4]; e1 b Load [10 20 30 40]", []types.MetricDataQuery{maths("e1", `SEARCH('{Office,Host} MetricName="Load"', 'Average', 60)`)}},
		{"a label", "m1 a of Office, most 4, last at " + last + " [1 2 3 4]", []types.MetricDataQuery{labelled}},
		{"a metric of nobody", "m1 Load []", []types.MetricDataQuery{stat("m1", "c", "Average", 60)}},
	} {
		out, err := o.GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{
			StartTime: &from, EndTime: aws.Time(o.clk.Now()), ScanBy: types.ScanByTimestampAscending, MetricDataQueries: row.queries,
			LabelOptions: &types.LabelOptions{Timezone: aws.String("+0900")},
		})
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
		} else if got := told(out.MetricDataResults); got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
	}
}

func TestGetMetricDataPages(t *testing.T) {
	o := open(t)
	from := o.fill(5)
	for scan, want := range map[types.ScanBy]string{"": "m1[5 4 3] m1[2 1] m2[50] m2[40 30 20] m2[10]", types.ScanByTimestampAscending: "m1[1 2 3] m1[4 5] m2[10] m2[20 30 40] m2[50]"} {
		var got []string
		pages := cloudwatch.NewGetMetricDataPaginator(o.Client, &cloudwatch.GetMetricDataInput{
			StartTime: &from, EndTime: aws.Time(o.clk.Now()), ScanBy: scan, MaxDatapoints: aws.Int32(3),
			MetricDataQueries: []types.MetricDataQuery{stat("m1", "a", "Average", 60), stat("m2", "b", "Average", 60)},
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			o.must(err)
			for _, r := range page.MetricDataResults {
				got = append(got, fmt.Sprint(*r.Id, r.Values))
			}
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: got %s, want %s", scan, text, want)
		}
	}
}

func TestGetMetricDataRefuses(t *testing.T) {
	o := open(t)
	from := o.fill(1)
	both := stat("m1", "a", "Average", 60)
	both.Expression = aws.String("1")
	for name, queries := range map[string][]types.MetricDataQuery{
		"an id with a capital":   {stat("M1", "a", "Average", 60)},
		"an id twice":            {stat("m1", "a", "Average", 60), stat("m1", "b", "Average", 60)},
		"both forms":             {both},
		"a period of 7":          {stat("m1", "a", "Average", 7)},
		"an unknown statistic":   {stat("m1", "a", "Mean", 60)},
		"half an expression":     {maths("e1", "1 +")},
		"a number":               {maths("e1", "1 + 1")},
		"a circle":               {maths("e1", "e2 + 1"), maths("e2", "e1 + 1")},
		"an unknown id":          {maths("e1", "m7")},
		"an unknown function":    {maths("e1", "MEDIAN(METRICS())")},
		"a search without end":   {maths("e1", "SEARCH('{Office', 'Average', 60)")},
		"no query":               {},
		"more than can be asked": make([]types.MetricDataQuery, 501),
	} {
		for i := range queries {
			if queries[i].Id == nil {
				queries[i] = stat(fmt.Sprint("m", i), "a", "Average", 60)
			}
		}
		_, err := o.GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{StartTime: &from, EndTime: aws.Time(o.clk.Now()), MetricDataQueries: queries})
		apitest.Refused(t, name, err, "ValidationError", "")
	}
	_, err := o.GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{
		StartTime: &from, EndTime: aws.Time(o.clk.Now()), MetricDataQueries: []types.MetricDataQuery{stat("m1", "a", "Average", 60)}, NextToken: aws.String("x"),
	})
	apitest.Refused(t, "a token of nobody", err, "InvalidNextToken", "")
}

// An alarm on metric math is evaluated as one on a metric.
func TestAlarmsOnMetricMath(t *testing.T) {
	o := open(t)
	o.fill(60)
	e := maths("e1", "m1 / m2 * 100")
	m1, m2 := stat("m1", "a", "Average", 60), stat("m2", "b", "Average", 60)
	m1.ReturnData, m2.ReturnData = aws.Bool(false), aws.Bool(false)
	in := &cloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String("share"), Metrics: []types.MetricDataQuery{e, m1, m2}, EvaluationPeriods: aws.Int32(2), Threshold: aws.Float64(9.5),
		ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
	}
	_, err := o.PutMetricAlarm(t.Context(), in)
	o.must(err)
	o.clk.Advance(10 * time.Second)
	o.must(o.plane.Upkeep(t.Context()))
	out, err := o.DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"share"}})
	o.must(err)
	if a := out.MetricAlarms[0]; a.StateValue != "ALARM" || len(a.Metrics) != 3 || !strings.HasPrefix(*a.StateReason, "Threshold Crossed: 2 out of the last 2 datapoints [10.0 (") {
		t.Errorf("got %+v", a)
	}
	in.Metrics = []types.MetricDataQuery{maths("e1", "SEARCH('x', 'Sum', 60)")}
	_, err = o.PutMetricAlarm(t.Context(), in)
	apitest.Refused(t, "a search", err, "ValidationError", "SEARCH is not supported on Metric Alarms.")
	in.Metrics = []types.MetricDataQuery{stat("m1", "a", "Average", 60), stat("m2", "b", "Average", 60)}
	_, err = o.PutMetricAlarm(t.Context(), in)
	apitest.Refused(t, "two results", err, "ValidationError", "Exactly one element of the metrics list should return data.")
}
