package cloudwatch_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

// office is a plane with a clock that stands, and its administrator's client,
// which speaks CBOR.
type office struct {
	*cloudwatch.Client
	t     testing.TB
	plane *apitest.Plane
	clk   *clock.Frozen
}

func open(t testing.TB) *office {
	t.Helper()
	clk := clock.NewFrozen(time.Now().Truncate(time.Minute))
	p := apitest.Start(t, apitest.Options{Clock: clk})
	return &office{cloudwatch.NewFromConfig(p.Config()), t, p, clk}
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) put(data ...types.MetricDatum) error {
	_, err := o.PutMetricData(o.t.Context(), &cloudwatch.PutMetricDataInput{Namespace: aws.String("Office"), MetricData: data})
	return err
}

func load(v float64) types.MetricDatum {
	return types.MetricDatum{MetricName: aws.String("Load"), Value: &v}
}

func TestPutMetricDataRefuses(t *testing.T) {
	o := open(t)
	with := func(change func(d *types.MetricDatum)) types.MetricDatum {
		d := load(1)
		change(&d)
		return d
	}
	ago := func(d time.Duration) func(*types.MetricDatum) {
		return func(x *types.MetricDatum) { x.Timestamp = aws.Time(o.clk.Now().Add(-d)) }
	}
	for _, row := range []struct {
		name, code, text string
		datum            types.MetricDatum
	}{
		{"no number", "InvalidParameterValue", "The value NaN for parameter MetricData.member.1.Value is invalid.", load(math.NaN())},
		{"an endless one", "InvalidParameterValue", "The value +Inf for parameter MetricData.member.1.Value is invalid.", load(math.Inf(1))},
		{"one too large", "InvalidParameterValue", "", load(math.Ldexp(1, 361))},
		{"none", "MissingParameter", "", with(func(d *types.MetricDatum) { d.Value = nil })},
		{"two weeks and an hour ago", "InvalidParameterValue", "The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks.", with(ago(14*24*time.Hour + time.Hour))},
		{"three hours ahead", "InvalidParameterValue", "The parameter MetricData.member.1.Timestamp must specify a time no more than two hours in the future.", with(ago(-3 * time.Hour))},
		{"a resolution of 30", "InvalidParameterValue", "", with(func(d *types.MetricDatum) { d.StorageResolution = aws.Int32(30) })},
		{"counts of other values", "InvalidParameterCombination", "", with(func(d *types.MetricDatum) { d.Value, d.Values, d.Counts = nil, []float64{1, 2}, []float64{1} })},
		{"a count of none", "InvalidParameterValue", "", with(func(d *types.MetricDatum) { d.Value, d.Values, d.Counts = nil, []float64{1}, []float64{0} })},
		{"two forms", "InvalidParameterCombination", "", with(func(d *types.MetricDatum) { d.Values = []float64{1} })},
		{"too many values", "InvalidParameterValue", "", with(func(d *types.MetricDatum) { d.Value, d.Values = nil, make([]float64, 151) })},
		{"a dimension twice", "InvalidParameterValue", "", with(func(d *types.MetricDatum) {
			one := types.Dimension{Name: aws.String("a"), Value: aws.String("b")}
			d.Dimensions = []types.Dimension{one, one}
		})},
		{"a dimension of white", "InvalidParameterValue", "", with(func(d *types.MetricDatum) {
			d.Dimensions = []types.Dimension{{Name: aws.String("a"), Value: aws.String(" ")}}
		})},
		{"an unknown unit", "ValidationError", "", with(func(d *types.MetricDatum) { d.Unit = "Litres" })},
		{"a set upside down", "InvalidParameterCombination", "", with(func(d *types.MetricDatum) {
			d.Value, d.StatisticValues = nil, &types.StatisticSet{Minimum: aws.Float64(2), Maximum: aws.Float64(1), Sum: aws.Float64(3), SampleCount: aws.Float64(2)}
		})},
	} {
		apitest.Refused(t, row.name, o.put(row.datum), row.code, row.text)
	}
	_, err := o.PutMetricData(t.Context(), &cloudwatch.PutMetricDataInput{Namespace: aws.String("AWS/WorkSpaces"), MetricData: []types.MetricDatum{load(1)}})
	apitest.Refused(t, "a namespace of AWS", err, "InvalidParameterValue", "The value AWS/ for parameter Namespace is invalid.")
	apitest.Refused(t, "more than a thousand", o.put(make1001()...), "InvalidParameterValue", "The collection MetricData must not have a size greater than 1000.")
	if out, err := o.ListMetrics(t.Context(), &cloudwatch.ListMetricsInput{}); err != nil || len(out.Metrics) != 0 {
		t.Errorf("what was refused left %v, %v", out, err)
	}
}

func make1001() (list []types.MetricDatum) {
	for range 1001 {
		list = append(list, load(1))
	}
	return list
}

func TestStatisticsOfEveryForm(t *testing.T) {
	o := open(t)
	set := types.MetricDatum{MetricName: aws.String("Load"), StatisticValues: &types.StatisticSet{Minimum: aws.Float64(1), Maximum: aws.Float64(9), Sum: aws.Float64(12), SampleCount: aws.Float64(4)}}
	counted := types.MetricDatum{MetricName: aws.String("Load"), Unit: "Percent", Values: []float64{10, 20, 30}, Counts: []float64{1, 98, 1}}
	o.must(o.put(load(3), set, counted))
	ask := func(in cloudwatch.GetMetricStatisticsInput) ([]types.Datapoint, error) {
		in.Namespace, in.MetricName, in.Period = aws.String("Office"), aws.String("Load"), aws.Int32(60)
		in.StartTime, in.EndTime = aws.Time(o.clk.Now().Add(-time.Hour)), aws.Time(o.clk.Now().Add(time.Minute))
		out, err := o.GetMetricStatistics(t.Context(), &in)
		if err != nil {
			return nil, err
		}
		return out.Datapoints, nil
	}
	got, err := ask(cloudwatch.GetMetricStatisticsInput{Statistics: []types.Statistic{"Average", "Sum", "Minimum", "Maximum", "SampleCount"}})
	o.must(err)
	if len(got) != 2 || got[0].Unit != "None" || *got[0].Average != 3 || *got[0].Sum != 15 || *got[0].SampleCount != 5 || *got[1].SampleCount != 100 {
		t.Errorf("got %+v", got)
	}
	got, err = ask(cloudwatch.GetMetricStatisticsInput{Unit: "Percent", ExtendedStatistics: []string{"p99", "tm(1%:99%)", "PR(:20)"}})
	o.must(err)
	if want := "map[PR(:20):99 p99:20 tm(1%:99%):20]"; len(got) != 1 || fmt.Sprint(got[0].ExtendedStatistics) != want {
		t.Errorf("got %+v, want %s", got, want)
	}
	_, err = ask(cloudwatch.GetMetricStatisticsInput{})
	apitest.Refused(t, "no statistic", err, "MissingParameter", "")
	_, err = ask(cloudwatch.GetMetricStatisticsInput{ExtendedStatistics: []string{"p101"}})
	apitest.Refused(t, "no percentile", err, "InvalidParameterValue", "The value p101 for parameter ExtendedStatistics is not supported.")
}

func TestListMetricsFiltersAndPages(t *testing.T) {
	o := open(t)
	for part := range 3 {
		var list []types.MetricDatum
		for i := range 200 {
			d := load(1)
			d.Dimensions = []types.Dimension{{Name: aws.String("Host"), Value: aws.String(fmt.Sprint("h", part*200+i))}, {Name: aws.String("Zone"), Value: aws.String("z")}}
			list = append(list, d)
		}
		o.must(o.put(list...))
	}
	o.must(o.put(types.MetricDatum{MetricName: aws.String("Loads"), Value: aws.Float64(1)}))
	for _, row := range []struct {
		name string
		in   cloudwatch.ListMetricsInput
		want int
	}{
		{"all", cloudwatch.ListMetricsInput{}, 601},
		{"of a namespace", cloudwatch.ListMetricsInput{Namespace: aws.String("Office")}, 601},
		{"of another", cloudwatch.ListMetricsInput{Namespace: aws.String("Offic")}, 0},
		{"of a name", cloudwatch.ListMetricsInput{Namespace: aws.String("Office"), MetricName: aws.String("Load")}, 600},
		{"of a name in any namespace", cloudwatch.ListMetricsInput{MetricName: aws.String("Loads")}, 1},
		{"with a dimension", cloudwatch.ListMetricsInput{Dimensions: []types.DimensionFilter{{Name: aws.String("Zone")}}}, 600},
		{"with its value", cloudwatch.ListMetricsInput{Dimensions: []types.DimensionFilter{{Name: aws.String("Host"), Value: aws.String("h17")}}}, 1},
	} {
		n, pages := 0, cloudwatch.NewListMetricsPaginator(o.Client, &row.in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			o.must(err)
			if len(page.Metrics) > 500 {
				t.Errorf("%s: a page has %d entries", row.name, len(page.Metrics))
			}
			n += len(page.Metrics)
		}
		if n != row.want {
			t.Errorf("%s: got %d, want %d", row.name, n, row.want)
		}
	}
	_, err := o.ListMetrics(t.Context(), &cloudwatch.ListMetricsInput{NextToken: aws.String("nonsense")})
	apitest.Refused(t, "a token of nobody", err, "InvalidParameterValue", "")
}
