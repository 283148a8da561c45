package house

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/cloudwatch"
	"tamachi/internal/clock"
	"tamachi/internal/engine/metrics"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// A sample of a desktop is found by the desktop and by what it shares with
// others, in its account and Region.
func TestSamplesOfDesktopsAreRecorded(t *testing.T) {
	st, err := store.Open(t.Context(), store.Options{}, cloudwatch.Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	clk := clock.NewFrozen(time.Date(2026, 11, 22, 12, 1, 0, 0, time.UTC))
	room := cloudwatch.New(st, id.Seeded(1), clk, cloudwatch.Ports{Actions: alarmActions{}})
	sample := func(account, desktop string, v float64) metrics.Sample {
		return metrics.Sample{
			Account: account, Region: "ap-northeast-1", ID: desktop, DirectoryID: "d-1", Metric: "CPUUsage", Unit: "Percent", At: clk.Now().Add(-time.Minute), Value: v,
			Bundle: "wsb-d12value0", Compute: "VALUE", RunningMode: "AUTO_STOP",
		}
	}
	err = desktopRecords{room}.Record(t.Context(), []metrics.Sample{sample("111122223333", "ws-a", 10), sample("111122223333", "ws-b", 30), sample("444455556666", "ws-c", 90)})
	if err != nil {
		t.Fatal(err)
	}
	ctx := api.WithCall(t.Context(), &api.Call{Account: "111122223333", Region: "ap-northeast-1"})
	for _, row := range []struct{ name, value, want string }{
		{"WorkspaceId", "ws-a", "10"},
		{"WorkspaceId", "ws-b", "30"},
		{"DirectoryId", "d-1", "20"},
		{"WorkspaceId", "ws-c", ""},
		{"RunningMode", "AUTO_STOP", "20"},
		{"Protocol", "WSP", "20"},
		{"ComputeType", "VALUE", "20"},
		{"BundleId", "wsb-d12value0", "20"},
		{"RunningMode", "ALWAYS_ON", ""},
	} {
		out, err := room.GetMetricStatistics(ctx, &sdk.GetMetricStatisticsInput{
			Namespace: aws.String("AWS/WorkSpaces"), MetricName: aws.String("CPUUsage"), Dimensions: []types.Dimension{{Name: &row.name, Value: &row.value}},
			StartTime: aws.Time(clk.Now().Add(-time.Hour)), EndTime: aws.Time(clk.Now()), Period: aws.Int32(60), Statistics: []types.Statistic{"Average"},
		})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, d := range out.Datapoints {
			got += fmt.Sprint(*d.Average)
		}
		if got != row.want {
			t.Errorf("%s %s: got %q, want %q", row.name, row.value, got, row.want)
		}
	}
}
