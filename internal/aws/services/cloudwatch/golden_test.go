package cloudwatch

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"tamachi/internal/aws/services/cloudwatch/series"
	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	const account, region = "111122223333", "ap-northeast-1"
	m := &metric{Namespace: "AWS/WorkSpaces", Name: "CPUUsage", Dimensions: []dimension{{"WorkspaceId", "ws-c8wvb67py"}}, Units: []string{"Percent"}, Seen: 1_795_000_000}
	points := series.Encode(60, []series.Point{series.One(1_795_000_020, 12.5)})
	storetest.Golden(t, &metrics, m)
	storetest.Golden(t, &fresh, &young{Series: m.series("Percent", 60), Oldest: "60/20775", Points: points})
	storetest.Golden(t, &blocks, &block{Series: m.series("Percent", 60), Slice: 20775, Points: points})
	storetest.Golden(t, &duties, &duty{At: 1_796_342_400, Account: account, Region: region, Step: 60, Slice: 20775})
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	st := status{Value: "ALARM", Reason: "r", Data: "{}", Updated: at, Transitioned: at}
	storetest.Golden(t, &alarms, &alarm{
		Name: "hot", Kind: "MetricAlarm", Account: account, Region: region, Described: aws.String("d"), Enabled: true, Alarmed: []string{"a"}, Cleared: []string{"b"},
		Insufficient: []string{"c"}, Rule: "TRUE",
		Suppress: &suppressor{Alarm: "rain", Wait: 60, Extension: 120, By: "WaitPeriod", Until: at, From: "OK"}, Tags: map[string]string{"k": "v"}, Configured: at, Status: st,
		Watch: &watch{
			Metric: m, Unit: "Percent", Statistic: "Average", Period: 300, Periods: 6, Datapoints: 5, Threshold: 85, Comparison: "GreaterThanThreshold",
			Missing: "ignore", LowSamples: "evaluate",
			Queries: []dataQuery{{ID: "m1", Label: "l", Hidden: true, Expression: "m2", Metric: m, Statistic: "p99", Unit: "Percent", Period: 60}},
		},
	})
	storetest.Golden(t, &dashboards, &dashboard{Name: "office", Body: "{}", Tags: map[string]string{"k": "v"}, Modified: at})
	storetest.Golden(t, &history, &happened{Alarm: "hot", Kind: "MetricAlarm", At: at, Seq: 1, Type: "StateUpdate", Summary: "s", Data: "{}"})
	storetest.Golden(t, &errands, &errand{
		Account: account, Region: region, Alarm: "hot", Kind: "MetricAlarm", At: at, Place: 1, Action: "a", From: "OK", To: "ALARM", Reason: "r",
	})
}
