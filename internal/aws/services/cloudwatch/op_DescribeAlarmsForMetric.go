package cloudwatch

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeAlarmsForMetric lists the alarms that look at one metric.
func (s *Service) DescribeAlarmsForMetric(ctx context.Context, in *cloudwatch.DescribeAlarmsForMetricInput) (*cloudwatch.DescribeAlarmsForMetricOutput, error) {
	want := &watch{Metric: identity(in.Namespace, in.MetricName, in.Dimensions)}
	out := &cloudwatch.DescribeAlarmsForMetricOutput{MetricAlarms: []types.MetricAlarm{}}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		list, err := alarms.By(tx, store.In(api.CallFrom(ctx).Place()), "Metric", want.metricKey(), store.Page{})
		for _, a := range list {
			w := a.Watch
			if !slices.Equal(w.Metric.Dimensions, want.Metric.Dimensions) ||
				in.Period != nil && w.Period != *in.Period || in.Unit != "" && w.Unit != string(in.Unit) ||
				in.Statistic != "" && w.Statistic != string(in.Statistic) ||
				in.ExtendedStatistic != nil && w.Statistic != aws.ToString(in.ExtendedStatistic) {
				continue
			}
			out.MetricAlarms = append(out.MetricAlarms, a.shownMetric())
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("describe the alarms of %s: %w", *in.MetricName, err)
	}
	return out, nil
}

func (s *Service) describeAlarmsForMetricChecks(context.Context, *cloudwatch.DescribeAlarmsForMetricInput) ([]api.Check, error) {
	return api.OnAny("cloudwatch:DescribeAlarmsForMetric"), nil
}
