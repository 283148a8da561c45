package e2e

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

func (tf *terraform) metrics() *cloudwatch.Client { return cloudwatch.NewFromConfig(tf.config) }

// alarm is an aws_cloudwatch_metric_alarm on the load of a desktop.
func (tf *terraform) alarm(name string) *resource {
	arn := "arn:aws:cloudwatch:" + tf.config.Region + ":" + tf.account + ":alarm:" + name
	put := func(threshold float64, tags ...types.Tag) {
		tf.Helper()
		_, err := tf.metrics().PutMetricAlarm(tf.Context(), &cloudwatch.PutMetricAlarmInput{
			AlarmName: &name, AlarmDescription: aws.String("desktops"), ActionsEnabled: aws.Bool(true), ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
			EvaluationPeriods: aws.Int32(6), Period: aws.Int32(300), Statistic: types.StatisticAverage, Threshold: &threshold, TreatMissingData: aws.String("missing"),
			Namespace: aws.String("AWS/WorkSpaces"), MetricName: aws.String("CPUUsage"),
			Dimensions: []types.Dimension{{Name: aws.String("WorkspaceId"), Value: aws.String("ws-c8wvb67py")}}, Tags: tags,
		})
		tf.done("PutMetricAlarm", err)
	}
	read := func() attributes { return tf.readAlarm(name) }
	return &resource{
		name:   "aws_cloudwatch_metric_alarm." + name,
		create: func() { put(85, types.Tag{Key: aws.String("Team"), Value: aws.String("desk")}) },
		read:   read,
		update: func() {
			put(90)
			_, err := tf.metrics().TagResource(tf.Context(), &cloudwatch.TagResourceInput{ResourceARN: &arn, Tags: []types.Tag{{Key: aws.String("Env"), Value: aws.String("test")}}})
			tf.done("TagResource", err)
		},
		destroy: func() {
			read()
			for range 2 { // a second time is no error
				_, err := tf.metrics().DeleteAlarms(tf.Context(), &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{name}})
				tf.done("DeleteAlarms", err)
			}
			if out, err := tf.metrics().DescribeAlarms(tf.Context(), &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{name}}); err != nil || len(out.MetricAlarms) > 0 {
				tf.Errorf("the deleted alarm %s is listed: %v", name, err)
			}
		},
		want: attributes{
			"arn": arn, "threshold": 85.0, "period": int32(300), "evaluation_periods": int32(6), "statistic": "Average", "treat_missing_data": "missing",
			"dimensions": tags{"WorkspaceId": "ws-c8wvb67py"}, "actions_enabled": true, "alarm_description": "desktops", "tags": tags{"Team": "desk"},
		},
		changed: attributes{"threshold": 90.0, "tags": tags{"Team": "desk", "Env": "test"}},
	}
}

// readAlarm is the provider's refresh: the alarm by its name, then its tags.
func (tf *terraform) readAlarm(name string) attributes {
	tf.Helper()
	out, err := tf.metrics().DescribeAlarms(tf.Context(), &cloudwatch.DescribeAlarmsInput{
		AlarmNames: []string{name}, AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm},
	})
	tf.done("DescribeAlarms", err)
	if len(out.MetricAlarms) != 1 {
		tf.Fatalf("DescribeAlarms lists %d alarms named %s", len(out.MetricAlarms), name)
	}
	a := out.MetricAlarms[0]
	dims, all := tags{}, tags{}
	for _, d := range a.Dimensions {
		dims[*d.Name] = *d.Value
	}
	list, err := tf.metrics().ListTagsForResource(tf.Context(), &cloudwatch.ListTagsForResourceInput{ResourceARN: a.AlarmArn})
	tf.done("ListTagsForResource", err)
	for _, t := range list.Tags {
		all[*t.Key] = *t.Value
	}
	return attributes{
		"arn": *a.AlarmArn, "threshold": *a.Threshold, "period": *a.Period, "evaluation_periods": *a.EvaluationPeriods, "statistic": string(a.Statistic),
		"treat_missing_data": aws.ToString(a.TreatMissingData), "dimensions": dims, "actions_enabled": *a.ActionsEnabled,
		"alarm_description": aws.ToString(a.AlarmDescription), "tags": all,
	}
}
