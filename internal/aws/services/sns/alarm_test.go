package sns_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/apitest"
)

func TestAnAlarmTellsATopic(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx, l := t.Context(), listen(t)
	f.subscribe(l, nil)
	closed := f.make("closed", map[string]string{"Policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sns:Publish","Resource":"*"}]}`})
	client := cloudwatch.NewFromConfig(f.plane.Config())
	_, err := client.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String("cpu"), AlarmDescription: aws.String("too busy"), Namespace: aws.String("AWS/WorkSpaces"), MetricName: aws.String("CPUUsage"),
		Dimensions: []cwtypes.Dimension{{Name: aws.String("WorkspaceId"), Value: aws.String("ws-1")}}, Statistic: cwtypes.StatisticAverage,
		Period: aws.Int32(300), EvaluationPeriods: aws.Int32(6), Threshold: aws.Float64(85), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold,
		AlarmActions: []string{*f.topic, *closed, "arn:aws:ssm:" + f.plane.Config().Region + ":111122223333:opsitem:1"},
	})
	done(t, "alarm", err)
	_, err = client.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("cpu"), StateValue: cwtypes.StateValueAlarm, StateReason: aws.String("a test")})
	done(t, "set the state", err)
	got := f.sent(l, 2)
	var told struct {
		AlarmName, NewStateValue, OldStateValue, NewStateReason, AlarmArn string
		Trigger                                                           struct {
			MetricName, Statistic, ComparisonOperator string
			Threshold                                 float64
			Dimensions                                []struct{ Name, Value string }
		}
	}
	done(t, "message", json.Unmarshal([]byte(got.Message), &told))
	if told.AlarmName != "cpu" || told.NewStateValue != "ALARM" || told.OldStateValue != "INSUFFICIENT_DATA" || told.NewStateReason != "a test" ||
		told.Trigger.MetricName != "CPUUsage" || told.Trigger.Statistic != "AVERAGE" || told.Trigger.Threshold != 85 || told.Trigger.Dimensions[0].Value != "ws-1" {
		t.Errorf("told %s", got.Message)
	}
	if !strings.HasPrefix(aws.ToString(got.Subject), `ALARM: "cpu" in `) {
		t.Errorf("the subject is %q", aws.ToString(got.Subject))
	}
	apitest.Eventually(t, "the history", func() bool {
		out, err := client.DescribeAlarmHistory(ctx, &cloudwatch.DescribeAlarmHistoryInput{AlarmName: aws.String("cpu"), HistoryItemType: cwtypes.HistoryItemTypeAction})
		done(t, "history", err)
		said := ""
		for _, h := range out.AlarmHistoryItems {
			said += *h.HistorySummary + " " + *h.HistoryData + "\n"
		}
		return strings.Contains(said, "Successfully executed action "+*f.topic) && strings.Contains(said, "Failed to execute action "+*closed) &&
			strings.Contains(said, "the service ssm does not carry out")
	})
}
