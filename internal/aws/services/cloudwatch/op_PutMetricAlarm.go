package cloudwatch

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/cloudwatch/expression"
	"tamachi/internal/aws/services/cloudwatch/series"
)

// PutMetricAlarm makes or changes an alarm on a metric.
func (s *Service) PutMetricAlarm(ctx context.Context, in *cloudwatch.PutMetricAlarmInput) (*cloudwatch.PutMetricAlarmOutput, error) {
	w, err := watched(in)
	if err != nil {
		return nil, err
	}
	c := &config{
		name: *in.AlarmName, kind: types.AlarmTypeMetricAlarm, described: in.AlarmDescription, enabled: in.ActionsEnabled == nil || *in.ActionsEnabled,
		alarmed: in.AlarmActions, cleared: in.OKActions, insufficient: in.InsufficientDataActions, tags: in.Tags,
		set: func(a *alarm) { a.Watch = w },
	}
	if err := s.configure(ctx, c); err != nil {
		return nil, fmt.Errorf("put metric alarm %s: %w", c.name, err)
	}
	return &cloudwatch.PutMetricAlarmOutput{}, nil
}

func (s *Service) putMetricAlarmChecks(ctx context.Context, in *cloudwatch.PutMetricAlarmInput) ([]api.Check, error) {
	return s.configureChecks(ctx, "cloudwatch:PutMetricAlarm", aws.ToString(in.AlarmName), in.Tags, in.AlarmActions, in.OKActions, in.InsufficientDataActions), nil
}

// watched reads what an alarm looks at.
func watched(in *cloudwatch.PutMetricAlarmInput) (*watch, error) {
	switch {
	case in.EvaluationCriteria != nil || in.EvaluationInterval != nil || in.EvaluationWindow != nil:
		return nil, invalid("Alarms on queries are not supported here.")
	case in.ThresholdMetricId != nil:
		return nil, invalid("Alarms on anomaly detection models are not supported here.")
	case in.EvaluationPeriods == nil:
		return nil, invalid("The parameter EvaluationPeriods is required.")
	case in.Threshold == nil:
		return nil, invalid("The parameter Threshold is required.")
	case in.ComparisonOperator == "":
		return nil, invalid("The parameter ComparisonOperator is required.")
	case len(in.Metrics) > 0:
		return watchedMath(in)
	case in.MetricName == nil || in.Namespace == nil:
		return nil, invalid("The parameters MetricName and Namespace are required.")
	case in.Period == nil:
		return nil, invalid("The parameter Period is required.")
	}
	w := &watch{
		Metric: identity(in.Namespace, in.MetricName, in.Dimensions), Unit: string(in.Unit), Period: *in.Period, Periods: *in.EvaluationPeriods,
		Datapoints: aws.ToInt32(in.DatapointsToAlarm), Threshold: *in.Threshold, Comparison: in.ComparisonOperator,
		Missing: aws.ToString(in.TreatMissingData), LowSamples: aws.ToString(in.EvaluateLowSampleCountPercentile),
	}
	if err := w.statistic(in); err != nil {
		return nil, err
	}
	return w, w.check()
}

// mostAlarmQueries is how many queries an alarm has.
const mostAlarmQueries = 20

// watchedMath reads what an alarm on an expression looks at.
func watchedMath(in *cloudwatch.PutMetricAlarmInput) (*watch, error) {
	if in.MetricName != nil || in.Namespace != nil || in.Dimensions != nil || in.Period != nil || in.Unit != "" || in.Statistic != "" || in.ExtendedStatistic != nil {
		return nil, invalid("Metrics cannot be specified together with MetricName, Namespace, Dimensions, Period, Unit, Statistic or ExtendedStatistic.")
	}
	if len(in.Metrics) > mostAlarmQueries {
		return nil, invalid("The collection Metrics must not have a size greater than %d.", mostAlarmQueries)
	}
	queries, err := readQueries(in.Metrics)
	if err != nil {
		return nil, err
	}
	shown := 0
	for i := range queries {
		if !queries[i].Hidden {
			shown++
		}
		if e, err := expression.Parse(queries[i].Expression); err == nil && e.Uses("SEARCH") {
			return nil, invalid("SEARCH is not supported on Metric Alarms.")
		}
	}
	if shown != 1 {
		return nil, invalid("Exactly one element of the metrics list should return data.")
	}
	w := &watch{
		Queries: queries, Periods: *in.EvaluationPeriods, Datapoints: aws.ToInt32(in.DatapointsToAlarm), Threshold: *in.Threshold,
		Comparison: in.ComparisonOperator, Missing: aws.ToString(in.TreatMissingData), LowSamples: aws.ToString(in.EvaluateLowSampleCountPercentile),
	}
	return w, w.check()
}

// statistic reads the one that is watched.
func (w *watch) statistic(in *cloudwatch.PutMetricAlarmInput) error {
	if (in.Statistic == "") == (in.ExtendedStatistic == nil) {
		return invalid("Exactly one of the parameters Statistic and ExtendedStatistic must be specified.")
	}
	w.Statistic = string(in.Statistic)
	if in.ExtendedStatistic != nil {
		w.Statistic = *in.ExtendedStatistic
		st, err := series.ParseStatistic(w.Statistic)
		if err != nil || st.Simple() {
			return invalid("The value %s for parameter ExtendedStatistic is not supported.", w.Statistic)
		}
	}
	return nil
}

// check refuses what cannot be evaluated.
// Source: CloudWatch API Reference, "PutMetricAlarm".
func (w *watch) check() error {
	switch w.Comparison {
	case types.ComparisonOperatorGreaterThanOrEqualToThreshold, types.ComparisonOperatorGreaterThanThreshold,
		types.ComparisonOperatorLessThanThreshold, types.ComparisonOperatorLessThanOrEqualToThreshold:
	default:
		return invalid("The comparison operator %s needs an anomaly detection model, which is not supported here.", w.Comparison)
	}
	if err := sound("Threshold", w.Threshold); err != nil {
		return reworded(err)
	}
	total := w.period() * int64(w.Periods)
	switch {
	case w.period()%minute != 0 && !slices.Contains([]int64{10, 20, 30}, w.period()):
		return invalid("Period must be 10, 20, 30 or a multiple of 60")
	case total > 7*day || w.period() < hour && total > day:
		return invalid("Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400), or seven days where the period is an hour or more.")
	case w.Datapoints > w.Periods:
		return invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods.")
	case w.Missing != "" && !slices.Contains([]string{missingBreaching, missingNotBreaching, missingIgnore, "missing"}, w.Missing):
		return invalid("Option for treating missing data is not supported: %s", w.Missing)
	case w.LowSamples != "" && w.LowSamples != missingIgnore && w.LowSamples != "evaluate":
		return invalid("Option for evaluating low sample count percentiles is not supported: %s", w.LowSamples)
	}
	if w.Metric == nil {
		return nil
	}
	return reworded(w.Metric.check("Metric"))
}
