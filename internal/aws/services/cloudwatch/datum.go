package cloudwatch

import (
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/services/cloudwatch/series"
)

// The limits of a datum.
// Source: CloudWatch API Reference, "MetricDatum" and "PutMetricData".
const (
	oldestData = 14 * 24 * time.Hour
	newestData = 2 * time.Hour
	mostValues = 150
	largest    = 360 // power of two
)

// take reads a datum; name is where it stands in the request.
func (b *batch) take(name string, in *types.MetricDatum) (d datum, err error) {
	ns := b.namespace
	d = datum{metric: identity(&ns, in.MetricName, in.Dimensions), unit: string(in.Unit), high: aws.ToInt32(in.StorageResolution) == 1}
	if d.unit == "" {
		d.unit = string(types.StandardUnitNone)
	}
	if r := in.StorageResolution; r != nil && *r != 1 && *r != 60 {
		return d, badValue("The parameter %s.StorageResolution must be a value in the set [ 1, 60 ].", name)
	}
	if err := d.metric.check(name); err != nil {
		return d, err
	}
	at := b.now
	if in.Timestamp != nil {
		at = *in.Timestamp
	}
	if at.Before(b.now.Add(-oldestData)) {
		return d, badValue("The parameter %s.Timestamp must specify a time within the past two weeks.", name)
	}
	if at.After(b.now.Add(newestData)) {
		return d, badValue("The parameter %s.Timestamp must specify a time no more than two hours in the future.", name)
	}
	d.point, err = pointOf(name, at.Unix(), in)
	return d, err
}

// check looks at the names of a metric.
func (m *metric) check(name string) error {
	if !legible(m.Name) {
		return badValue("The value %s for parameter %s.MetricName is invalid.", m.Name, name)
	}
	for i, d := range m.Dimensions {
		if !legible(d.Name) || d.Name[0] == ':' {
			return badValue("The value %s for parameter %s.Dimensions.member.%d.Name is invalid.", d.Name, name, i+1)
		}
		if !legible(d.Value) {
			return badValue("The value %s for parameter %s.Dimensions.member.%d.Value is invalid.", d.Value, name, i+1)
		}
		if i > 0 && m.Dimensions[i-1].Name == d.Name {
			return badValue("The parameter %s.Dimensions names the dimension %s more than once.", name, d.Name)
		}
	}
	return nil
}

// pointOf reads the value of a datum in the one form that it has.
func pointOf(name string, at int64, in *types.MetricDatum) (series.Point, error) {
	var forms []string
	for _, f := range []struct {
		name  string
		given bool
	}{{"Value", in.Value != nil}, {"Values", len(in.Values) > 0}, {"StatisticValues", in.StatisticValues != nil}} {
		if f.given {
			forms = append(forms, name+"."+f.name)
		}
	}
	switch {
	case len(forms) > 1:
		return series.Point{}, badCombination("The parameters %s and %s are mutually exclusive and you have specified both.", forms[0], forms[1])
	case len(in.Counts) > 0 && len(in.Values) == 0:
		return series.Point{}, absent(name + ".Values")
	case len(forms) == 0:
		return series.Point{}, absent(name + ".Value")
	case in.Value != nil:
		return series.One(at, *in.Value), sound(name+".Value", *in.Value)
	case in.StatisticValues != nil:
		return setOf(name+".StatisticValues", at, in.StatisticValues)
	}
	return valuesOf(name, at, in)
}

func setOf(name string, at int64, in *types.StatisticSet) (series.Point, error) {
	p := series.Point{At: at, Min: *in.Minimum, Max: *in.Maximum, Sum: *in.Sum, Count: *in.SampleCount}
	for _, v := range []struct {
		name  string
		value float64
	}{{"Minimum", p.Min}, {"Maximum", p.Max}, {"Sum", p.Sum}, {"SampleCount", p.Count}} {
		if err := sound(name+"."+v.name, v.value); err != nil {
			return p, err
		}
	}
	if p.Min > p.Max {
		return p, badCombination("The parameter %[1]s.Maximum must be greater than or equal to the parameter %[1]s.Minimum.", name)
	}
	if p.Count <= 0 {
		return p, badValue("The parameter %s.SampleCount must be greater than 0.", name)
	}
	return p, nil
}

func valuesOf(name string, at int64, in *types.MetricDatum) (series.Point, error) {
	if len(in.Values) > mostValues {
		return series.Point{}, badValue("The collection %s.Values must not have a size greater than %d.", name, mostValues)
	}
	if len(in.Counts) > 0 && len(in.Counts) != len(in.Values) {
		return series.Point{}, badCombination("The parameters %[1]s.Values and %[1]s.Counts must be of the same size.", name)
	}
	values := make([]series.Value, len(in.Values))
	for i, v := range in.Values {
		n := 1.0
		if len(in.Counts) > 0 {
			n = in.Counts[i]
		}
		if err := sound(name+".Values.member."+strconv.Itoa(i+1), v); err != nil {
			return series.Point{}, err
		}
		if err := sound(name+".Counts.member."+strconv.Itoa(i+1), n); err != nil {
			return series.Point{}, err
		}
		if n <= 0 {
			return series.Point{}, badValue("The parameter %s.Counts.member.%d must be greater than 0.", name, i+1)
		}
		values[i] = series.Value{Value: v, Count: n}
	}
	return series.Of(at, slices.Clip(values)), nil
}

// sound refuses what CloudWatch does not store.
func sound(name string, v float64) error {
	if math.IsNaN(v) || math.Abs(v) > math.Ldexp(1, largest) {
		return badValue("The value %s for parameter %s is invalid.", strconv.FormatFloat(v, 'g', -1, 64), name)
	}
	return nil
}
