package morning

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

func TestNamesOfOtherNamespacesAreKnownForWhatTheyMean(t *testing.T) {
	for name, want := range map[string]string{
		"CPUUtilization": "CPUUsage", "SessionLatency": "InSessionLatency", "MemoryUtilization": "MemoryUsage", "CpuUsage": "CPUUsage",
		"DiskUsage": "RootVolumeDiskUsage UserVolumeDiskUsage", "ConnectionFailures": "ConnectionFailure", "GPUUtilization": "GPUUsage",
		"NetworkIn": "", "StatusCheckFailed": "", "": "", "cpu": "CPUQueueLength CPUUsage", "disk_used_percent": "RootVolumeDiskUsage UserVolumeDiskUsage", "ネットワーク": "",
	} {
		if got := strings.Join(meantBy(name), " "); got != want {
			t.Errorf("%q: want %q, got %q", name, want, got)
		}
	}
}

func TestWordsOfANameOfAMetric(t *testing.T) {
	for name, want := range map[string]string{
		"CPUUtilization": "cpu usage", "InSessionLatency": "session latency", "UDPPacketLossRate": "udp packet loss rate",
		"mem_used_percent": "mem usage usage", "RootVolumeDiskIOQueueLength": "root volume disk queue length", "": "", "a1": "", "UpTime": "time",
	} {
		if got := strings.Join(wordsOf(name), " "); got != want {
			t.Errorf("%q: want %q, got %q", name, want, got)
		}
	}
}

func TestAlarmsOnMetricsThatAreNotThere(t *testing.T) {
	alarm := func(namespace, metric string) types.MetricAlarm {
		return types.MetricAlarm{
			AlarmName: aws.String("cpu"), AlarmArn: aws.String("arn:aws:cloudwatch:::alarm:cpu"), AlarmDescription: aws.String("a < b's"),
			Namespace: &namespace, MetricName: &metric, Period: aws.Int32(300), Threshold: aws.Float64(85), StateValue: types.StateValueInsufficientData,
		}
	}
	math := types.MetricAlarm{AlarmName: aws.String("ratio"), Metrics: []types.MetricDataQuery{
		{Id: aws.String("e"), Expression: aws.String("a/b")},
		{Id: aws.String("a"), MetricStat: &types.MetricStat{Metric: &types.Metric{Namespace: aws.String(space), MetricName: aws.String("SessionLatency")}, Period: aws.Int32(60), Stat: aws.String("p99")}},
		{Id: aws.String("b"), MetricStat: &types.MetricStat{Metric: &types.Metric{Namespace: aws.String(space), MetricName: aws.String("CPUUsage")}, Period: aws.Int32(60), Stat: aws.String("Sum")}},
	}}
	unnamed := math
	unnamed.Metrics = append(slices.Clone(math.Metrics), types.MetricDataQuery{
		Id: aws.String("c"), MetricStat: &types.MetricStat{Metric: &types.Metric{Namespace: aws.String(space), MetricName: aws.String("NetworkIn")}},
	})
	for _, row := range []struct {
		name  string
		alarm types.MetricAlarm
		wrong string // "" is nothing to say
		mend  string
	}{
		{
			"a name of EC2", alarm(space, "CPUUtilization"), "CPUUtilization",
			`aws cloudwatch put-metric-alarm --cli-input-json '{"AlarmDescription":"a < b'\''s","AlarmName":"cpu","MetricName":"CPUUsage","Namespace":"AWS/WorkSpaces","Period":300,"Threshold":85}'`,
		},
		{"a right name", alarm(space, "CPUUsage"), "", ""},
		{"a right name of the pools", alarm(space, "UserSessionsCapacityUtilization"), "", ""},
		{"of EC2 itself", alarm("AWS/EC2", "CPUUtilization"), "", ""},
		{"nobody knows what is meant", alarm(space, "NetworkIn"), "NetworkIn", ""},
		{"in an expression", math, "SessionLatency", `aws cloudwatch put-metric-alarm --cli-input-json '{"AlarmName":"ratio","Metrics":[{"Expression":"a/b","Id":"e"},` +
			`{"Id":"a","MetricStat":{"Metric":{"MetricName":"InSessionLatency","Namespace":"AWS/WorkSpaces"},"Period":60,"Stat":"p99"}},` +
			`{"Id":"b","MetricStat":{"Metric":{"MetricName":"CPUUsage","Namespace":"AWS/WorkSpaces"},"Period":60,"Stat":"Sum"}}]}'`},
		{"two in an expression, one of which nobody knows", unnamed, "SessionLatency NetworkIn", ""},
		{"a query without a metric", types.MetricAlarm{Metrics: []types.MetricDataQuery{{MetricStat: &types.MetricStat{}}}}, "", ""},
	} {
		f := &Facts{}
		if one := misnamed(row.alarm); one != nil {
			f.Misnamed = append(f.Misnamed, *one)
		}
		got, mend := "", ""
		for _, found := range newCase(f).misnamedAlarms() {
			var names []string
			for _, m := range found.Misnamed[0].Metrics {
				names = append(names, m.Name)
			}
			got, mend = strings.Join(names, " "), found.Misnamed[0].Mend
		}
		if got != row.wrong || mend != row.mend {
			t.Errorf("%s: want %q by\n%s\ngot %q by\n%s", row.name, row.wrong, row.mend, got, mend)
		}
	}
}
