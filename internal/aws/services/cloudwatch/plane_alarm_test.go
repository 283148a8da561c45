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
)

func hot(change func(in *cloudwatch.PutMetricAlarmInput)) *cloudwatch.PutMetricAlarmInput {
	in := &cloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String("hot"), Namespace: aws.String("Office"), MetricName: aws.String("Load"), Statistic: types.StatisticAverage,
		Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(85), ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
	}
	if change != nil {
		change(in)
	}
	return in
}

func TestAlarmsOverTheSocket(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	_, err := o.PutMetricAlarm(ctx, hot(func(in *cloudwatch.PutMetricAlarmInput) {
		in.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("ops")}}
		in.Dimensions = []types.Dimension{{Name: aws.String("Host"), Value: aws.String("a")}}
		in.AlarmActions = []string{"arn:aws:sns:ap-northeast-1:111122223333:ops"}
		in.TreatMissingData = aws.String("notBreaching")
	}))
	o.must(err)
	o.must(cloudwatch.NewAlarmExistsWaiter(o.Client).Wait(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"hot"}}, time.Second))
	got, err := o.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{})
	o.must(err)
	a := got.MetricAlarms[0]
	if *a.AlarmName != "hot" || *a.Threshold != 85 || a.StateValue != "INSUFFICIENT_DATA" || *a.StateReason != "Unchecked: Initial alarm creation" || *a.Dimensions[0].Value != "a" || !*a.ActionsEnabled {
		t.Errorf("got %+v", a)
	}
	of, err := o.DescribeAlarmsForMetric(ctx, &cloudwatch.DescribeAlarmsForMetricInput{Namespace: a.Namespace, MetricName: a.MetricName, Dimensions: a.Dimensions})
	o.must(err)
	if len(of.MetricAlarms) != 1 {
		t.Errorf("got %+v", of)
	}
	_, err = o.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: a.AlarmName, StateValue: "ALARM", StateReason: aws.String("drill")})
	o.must(err)
	_, err = o.DisableAlarmActions(ctx, &cloudwatch.DisableAlarmActionsInput{AlarmNames: []string{"hot"}})
	o.must(err)
	got, err = o.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"hot"}})
	o.must(err)
	if *got.MetricAlarms[0].ActionsEnabled {
		t.Error("the alarm still acts")
	}
	_, err = o.EnableAlarmActions(ctx, &cloudwatch.EnableAlarmActionsInput{AlarmNames: []string{"hot"}})
	o.must(err)
	_, err = o.PutCompositeAlarm(ctx, &cloudwatch.PutCompositeAlarmInput{AlarmName: aws.String("all"), AlarmRule: aws.String("ALARM(hot)")})
	o.must(err)
	o.must(cloudwatch.NewCompositeAlarmExistsWaiter(o.Client).Wait(ctx, &cloudwatch.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{"CompositeAlarm"}}, time.Second))
	children, err := o.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{ChildrenOfAlarmName: aws.String("all")})
	o.must(err)
	parents, err := o.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{ParentsOfAlarmName: aws.String("hot")})
	o.must(err)
	if len(children.MetricAlarms) != 1 || len(parents.CompositeAlarms) != 1 {
		t.Errorf("got %+v and %+v", children, parents)
	}
	o.tags(*a.AlarmArn)
	_, err = o.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"hot", "all", "nobody"}})
	o.must(err)
	if got, err = o.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"hot"}}); err != nil || len(got.MetricAlarms) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	past, err := o.DescribeAlarmHistory(ctx, &cloudwatch.DescribeAlarmHistoryInput{AlarmName: aws.String("hot"), HistoryItemType: types.HistoryItemTypeConfigurationUpdate})
	o.must(err)
	if n := len(past.AlarmHistoryItems); n != 4 {
		t.Errorf("got %d items of history, want 4: created, two updates, deleted", n)
	}
}

// tags tries the operations on tags of an alarm that has one.
func (o *office) tags(arn string) {
	o.t.Helper()
	ctx := o.t.Context()
	_, err := o.TagResource(ctx, &cloudwatch.TagResourceInput{ResourceARN: &arn, Tags: []types.Tag{{Key: aws.String("floor"), Value: aws.String("4")}}})
	o.must(err)
	_, err = o.UntagResource(ctx, &cloudwatch.UntagResourceInput{ResourceARN: &arn, TagKeys: []string{"team"}})
	o.must(err)
	got, err := o.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: &arn})
	o.must(err)
	if len(got.Tags) != 1 || *got.Tags[0].Key != "floor" {
		o.t.Errorf("got %+v", got.Tags)
	}
	nobody := arn + "-nobody"
	for name, try := range map[string]func() error{
		"tag": func() error {
			_, err := o.TagResource(ctx, &cloudwatch.TagResourceInput{ResourceARN: &nobody, Tags: []types.Tag{}})
			return err
		},
		"untag": func() error {
			_, err := o.UntagResource(ctx, &cloudwatch.UntagResourceInput{ResourceARN: &nobody, TagKeys: []string{"a"}})
			return err
		},
		"list": func() error {
			_, err := o.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: &nobody})
			return err
		},
	} {
		apitest.Refused(o.t, name, try(), "ResourceNotFoundException", "")
	}
}

func TestAlarmsRefuse(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	for name, change := range map[string]func(in *cloudwatch.PutMetricAlarmInput){
		"a period of 45 seconds":       func(in *cloudwatch.PutMetricAlarmInput) { in.Period = aws.Int32(45) },
		"more than a day":              func(in *cloudwatch.PutMetricAlarmInput) { in.EvaluationPeriods = aws.Int32(1441) },
		"more datapoints than periods": func(in *cloudwatch.PutMetricAlarmInput) { in.DatapointsToAlarm = aws.Int32(2) },
		"no statistic":                 func(in *cloudwatch.PutMetricAlarmInput) { in.Statistic = "" },
		"two statistics":               func(in *cloudwatch.PutMetricAlarmInput) { in.ExtendedStatistic = aws.String("p90") },
		"an unknown one": func(in *cloudwatch.PutMetricAlarmInput) {
			in.Statistic, in.ExtendedStatistic = "", aws.String("p900")
		},
		"an unknown way with gaps": func(in *cloudwatch.PutMetricAlarmInput) { in.TreatMissingData = aws.String("guess") },
		"an action that is no ARN": func(in *cloudwatch.PutMetricAlarmInput) { in.OKActions = []string{"mail"} },
		"no comparison":            func(in *cloudwatch.PutMetricAlarmInput) { in.ComparisonOperator = "About" },
		"a model":                  func(in *cloudwatch.PutMetricAlarmInput) { in.ThresholdMetricId = aws.String("m1") },
	} {
		_, err := o.PutMetricAlarm(ctx, hot(change))
		apitest.Refused(t, name, err, "ValidationError", "")
	}
	_, err := o.PutCompositeAlarm(ctx, &cloudwatch.PutCompositeAlarmInput{AlarmName: aws.String("all"), AlarmRule: aws.String("ALARM(x) AND")})
	apitest.Refused(t, "half a rule", err, "ValidationError", "")
	_, err = o.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("x"), StateValue: "OK", StateReason: aws.String("y")})
	apitest.Refused(t, "a state of nobody", err, "ResourceNotFound", "")
	_, err = o.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{NextToken: aws.String("x")})
	apitest.Refused(t, "a token of nobody", err, "InvalidNextToken", "")
	_, err = o.DescribeAlarmHistory(ctx, &cloudwatch.DescribeAlarmHistoryInput{NextToken: aws.String("x")})
	apitest.Refused(t, "a token of nobody", err, "InvalidNextToken", "")
	long := make([]string, 101)
	for i := range long {
		long[i] = fmt.Sprint("a", i)
	}
	_, err = o.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: long})
	apitest.Refused(t, "too many", err, "ValidationError", "")
	_, err = o.DisableAlarmActions(ctx, &cloudwatch.DisableAlarmActionsInput{AlarmNames: long})
	apitest.Refused(t, "too many", err, "ValidationError", "")
	_, err = o.EnableAlarmActions(ctx, &cloudwatch.EnableAlarmActionsInput{AlarmNames: long})
	apitest.Refused(t, "too many", err, "ValidationError", "")
	_, err = o.DescribeAlarmsForMetric(ctx, &cloudwatch.DescribeAlarmsForMetricInput{Namespace: aws.String(":x"), MetricName: aws.String("x")})
	apitest.Refused(t, "a namespace with a colon", err, "ValidationError", "")
}

// TestAlarmsRefuseInWords holds what the model lets pass and CloudWatch does not.
func TestAlarmsRefuseInWords(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	for _, row := range []struct {
		text   string
		change func(in *cloudwatch.PutMetricAlarmInput)
	}{
		{"The value NaN for parameter Threshold is invalid.", func(in *cloudwatch.PutMetricAlarmInput) { in.Threshold = aws.Float64(math.NaN()) }},
		{"The value -Inf for parameter Threshold is invalid.", func(in *cloudwatch.PutMetricAlarmInput) { in.Threshold = aws.Float64(math.Inf(-1)) }},
		{"The parameter ComparisonOperator is required.", func(in *cloudwatch.PutMetricAlarmInput) { in.ComparisonOperator = "" }},
		{"The parameter Metric.Dimensions names the dimension Host more than once.", func(in *cloudwatch.PutMetricAlarmInput) {
			d := types.Dimension{Name: aws.String("Host"), Value: aws.String("a")}
			in.Dimensions = []types.Dimension{d, d}
		}},
		{"Tag keys starting with aws: are reserved for system use.", func(in *cloudwatch.PutMetricAlarmInput) {
			in.Tags = []types.Tag{{Key: aws.String("aws:x"), Value: aws.String("")}}
		}},
		{"Invalid region us-east-1 specified. Only ap-northeast-1 is supported.", func(in *cloudwatch.PutMetricAlarmInput) {
			in.AlarmActions = []string{"arn:aws:sns:us-east-1:111122223333:ops"}
		}},
	} {
		_, err := o.PutMetricAlarm(ctx, hot(row.change))
		apitest.Refused(t, row.text, err, "ValidationError", row.text)
	}
	_, err := o.PutMetricAlarm(ctx, hot(nil))
	o.must(err)
	const far = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:hot"
	_, err = o.PutCompositeAlarm(ctx, &cloudwatch.PutCompositeAlarmInput{AlarmName: aws.String("all"), AlarmRule: aws.String("ALARM(" + far + ")")})
	apitest.Refused(t, "an alarm elsewhere", err, "ValidationError", "Could not save the composite alarm as alarms ["+far+"] in the alarm rule do not exist")
}
