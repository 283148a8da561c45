package cloudwatch

import (
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/cloudwatch/expression"
	"tamachi/internal/aws/services/cloudwatch/series"
)

// dataQuery is the stored form of one query of GetMetricData or of an alarm: a
// statistic of a metric, or an expression over others.
type dataQuery struct {
	ID         string
	Label      string  `json:",omitempty"`
	Hidden     bool    `json:",omitempty"` // not part of the answer
	Expression string  `json:",omitempty"`
	Metric     *metric `json:",omitempty"` // without its data
	Statistic  string  `json:",omitempty"`
	Unit       string  `json:",omitempty"`
	Period     int32   `json:",omitempty"`
}

var queryID = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]*$`)

// readQueries checks the queries of a request.
func readQueries(in []types.MetricDataQuery) ([]dataQuery, error) {
	seen := map[string]bool{}
	var out []dataQuery
	for i := range in {
		q := &in[i]
		id := aws.ToString(q.Id)
		switch {
		case !queryID.MatchString(id):
			return nil, invalid("The value %s for parameter MetricDataQueries.member.%d.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.", id, i+1)
		case seen[id]:
			return nil, invalid("The values for parameter id in MetricDataQueries are not unique.")
		case (q.Expression == nil) == (q.MetricStat == nil):
			return nil, invalid("For query %s exactly one of the parameters MetricStat and Expression must be specified.", id)
		case q.AccountId != nil:
			return nil, invalid("This account is not a monitoring account: AccountId cannot be used.")
		}
		seen[id] = true
		d, err := readQuery(q)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func readQuery(q *types.MetricDataQuery) (dataQuery, error) {
	d := dataQuery{ID: *q.Id, Label: aws.ToString(q.Label), Hidden: q.ReturnData != nil && !*q.ReturnData, Period: aws.ToInt32(q.Period)}
	if q.Expression != nil {
		d.Expression = *q.Expression
		if _, err := expression.Parse(d.Expression); err != nil {
			return d, invalid("Error in expression '%s': %s", d.ID, err)
		}
		if d.Period != 0 && !validPeriod(d.Period) {
			return d, invalid("The parameter Period of query %s must be 1, 5, 10, 20, 30 or a multiple of 60.", d.ID)
		}
		return d, nil
	}
	m := q.MetricStat
	if m.Metric == nil || m.Metric.MetricName == nil || m.Metric.Namespace == nil {
		return d, invalid("The metric of query %s needs a Namespace and a MetricName.", d.ID)
	}
	if d.Period != 0 && d.Period != *m.Period {
		return d, invalid("The parameter Period of query %s must be that of its MetricStat.", d.ID)
	}
	d.Metric, d.Statistic, d.Unit, d.Period = identity(m.Metric.Namespace, m.Metric.MetricName, m.Metric.Dimensions), *m.Stat, string(m.Unit), *m.Period
	if err := d.Metric.check("query " + d.ID); err != nil {
		return d, reworded(err)
	}
	if !validPeriod(d.Period) {
		return d, invalid("The parameter Period of query %s must be 1, 5, 10, 20, 30 or a multiple of 60.", d.ID)
	}
	if _, err := series.ParseStatistic(d.Statistic); err != nil {
		return d, invalid("The value %s for parameter Stat of query %s is not supported.", d.Statistic, d.ID)
	}
	return d, nil
}

// shown is the query as DescribeAlarms has it.
func (d *dataQuery) shown() types.MetricDataQuery {
	out := types.MetricDataQuery{Id: &d.ID, Label: api.Optional(d.Label), ReturnData: aws.Bool(!d.Hidden), Expression: api.Optional(d.Expression)}
	if d.Metric == nil {
		if d.Period != 0 {
			out.Period = &d.Period
		}
		return out
	}
	m := d.Metric.shown()
	out.MetricStat = &types.MetricStat{Metric: &m, Period: &d.Period, Stat: &d.Statistic, Unit: types.StandardUnit(d.Unit)}
	return out
}
