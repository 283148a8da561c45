package morning

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// ops is what the cloud has beside desktops. Nothing of it changes by itself.
type ops struct {
	alarms      []cwtypes.MetricAlarm
	history     []cwtypes.AlarmHistoryItem
	nodes       []ssmtypes.InstanceInformation
	instances   *ec2.DescribeInstancesOutput
	commands    []ssmtypes.Command
	invocations []ssmtypes.CommandInvocation
	patches     []ssmtypes.InstancePatchState
	windows     []ssmtypes.MaintenanceWindowIdentity
}

// answer is a call that changes nothing.
func answer[T any](c *cloud, operation string, out *T) (*T, error) {
	leave, err := c.enter(operation)
	if err != nil {
		return nil, err
	}
	return out, leave()
}

func (c *cloud) DescribeAlarms(context.Context, *cloudwatch.DescribeAlarmsInput, ...func(*cloudwatch.Options)) (*cloudwatch.DescribeAlarmsOutput, error) {
	return answer(c, "DescribeAlarms", &cloudwatch.DescribeAlarmsOutput{MetricAlarms: c.ops.alarms})
}

func (c *cloud) DescribeAlarmHistory(_ context.Context, in *cloudwatch.DescribeAlarmHistoryInput, _ ...func(*cloudwatch.Options)) (*cloudwatch.DescribeAlarmHistoryOutput, error) {
	var out cloudwatch.DescribeAlarmHistoryOutput
	for _, h := range c.ops.history {
		if *h.AlarmName == *in.AlarmName && !h.Timestamp.Before(*in.StartDate) {
			out.AlarmHistoryItems = append(out.AlarmHistoryItems, h)
		}
	}
	return answer(c, "DescribeAlarmHistory", &out)
}

func (c *cloud) DescribeInstanceInformation(_ context.Context, in *ssm.DescribeInstanceInformationInput, _ ...func(*ssm.Options)) (*ssm.DescribeInstanceInformationOutput, error) {
	var out ssm.DescribeInstanceInformationOutput
	for _, n := range c.ops.nodes {
		if *in.Filters[0].Key != "PingStatus" || string(n.PingStatus) == in.Filters[0].Values[0] {
			out.InstanceInformationList = append(out.InstanceInformationList, n)
		}
	}
	return answer(c, "DescribeInstanceInformation", &out)
}

func (c *cloud) DescribeInstances(context.Context, *ec2.DescribeInstancesInput, ...func(*ec2.Options)) (*ec2.DescribeInstancesOutput, error) {
	return answer(c, "DescribeInstances", c.ops.instances)
}

func (c *cloud) ListCommands(_ context.Context, in *ssm.ListCommandsInput, _ ...func(*ssm.Options)) (*ssm.ListCommandsOutput, error) {
	var out ssm.ListCommandsOutput
	for _, one := range c.ops.commands {
		if *one.DocumentName == *in.Filters[0].Value {
			out.Commands = append(out.Commands, one)
		}
	}
	return answer(c, "ListCommands", &out)
}

func (c *cloud) ListCommandInvocations(context.Context, *ssm.ListCommandInvocationsInput, ...func(*ssm.Options)) (*ssm.ListCommandInvocationsOutput, error) {
	return answer(c, "ListCommandInvocations", &ssm.ListCommandInvocationsOutput{CommandInvocations: c.ops.invocations})
}

func (c *cloud) DescribeInstancePatchStates(context.Context, *ssm.DescribeInstancePatchStatesInput, ...func(*ssm.Options)) (*ssm.DescribeInstancePatchStatesOutput, error) {
	return answer(c, "DescribeInstancePatchStates", &ssm.DescribeInstancePatchStatesOutput{InstancePatchStates: c.ops.patches})
}

func (c *cloud) GetMetricData(context.Context, *cloudwatch.GetMetricDataInput, ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error) {
	return answer(c, "GetMetricData", &cloudwatch.GetMetricDataOutput{})
}

func (c *cloud) DescribeMaintenanceWindows(context.Context, *ssm.DescribeMaintenanceWindowsInput, ...func(*ssm.Options)) (*ssm.DescribeMaintenanceWindowsOutput, error) {
	return answer(c, "DescribeMaintenanceWindows", &ssm.DescribeMaintenanceWindowsOutput{WindowIdentities: c.ops.windows})
}

// badNight is a night of which there is something to ask everywhere.
func badNight(now time.Time) ops {
	rang := func(ago time.Duration) cwtypes.AlarmHistoryItem {
		return cwtypes.AlarmHistoryItem{
			AlarmName: aws.String("cpu"), Timestamp: aws.Time(now.Add(-ago)),
			HistoryData: aws.String(`{"version":"1.0","oldState":{"stateValue":"OK"},"newState":{"stateValue":"ALARM"}}`),
		}
	}
	calm := rang(time.Hour)
	calm.HistoryData = aws.String(`{"oldState":{"stateValue":"ALARM"},"newState":{"stateValue":"OK"}}`)
	node := ssmtypes.InstanceInformation{
		InstanceId: aws.String("i-0123456789abcdef0"), ComputerName: aws.String("fileserver"), PingStatus: ssmtypes.PingStatusConnectionLost,
		LastPingDateTime: aws.Time(now.Add(-time.Hour)),
	}
	return ops{
		alarms: []cwtypes.MetricAlarm{{
			AlarmName: aws.String("cpu"), MetricName: aws.String("CPUUsage"), StateValue: cwtypes.StateValueAlarm, StateTransitionedTimestamp: aws.Time(now.Add(-time.Minute)),
			Dimensions: []cwtypes.Dimension{{Name: aws.String("WorkspaceId"), Value: aws.String("ws-000000002")}},
		}, {
			AlarmName: aws.String("busy"), Namespace: aws.String("AWS/WorkSpaces"), MetricName: aws.String("CPUUtilization"), StateValue: cwtypes.StateValueInsufficientData,
		}},
		history: []cwtypes.AlarmHistoryItem{rang(time.Minute), calm, rang(50 * time.Hour), rang(200 * time.Hour)},
		nodes:   []ssmtypes.InstanceInformation{node},
		instances: &ec2.DescribeInstancesOutput{Reservations: []ec2types.Reservation{{Instances: []ec2types.Instance{{
			InstanceId: node.InstanceId, State: &ec2types.InstanceState{Name: ec2types.InstanceStateNameRunning},
		}}}}},
		commands:    []ssmtypes.Command{{CommandId: aws.String("c-1"), DocumentName: aws.String("AWS-RunPatchBaseline")}},
		invocations: []ssmtypes.CommandInvocation{{InstanceId: node.InstanceId, RequestedDateTime: aws.Time(now.Add(-time.Hour)), Status: "Failed"}},
		patches:     []ssmtypes.InstancePatchState{{InstanceId: node.InstanceId}},
		windows: []ssmtypes.MaintenanceWindowIdentity{{
			Name: aws.String("tonight"), Enabled: true, Duration: aws.Int32(2), NextExecutionTime: aws.String(now.Add(2 * time.Hour).UTC().Format("2006-01-02T15:04Z07:00")),
		}},
	}
}

func TestABadNightIsTold(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		s.cloud.ops = badNight(s.world.Clock.Now())
		_, out, _ := s.run(t.Context(), Flags{}, "")
		wantIn(t, "the output", out,
			"1 alarm in ALARM\n  cpu: CPUUsage of ", ", 2nd time in 7 days\n",
			"1 alarm watches a metric that AWS/WorkSpaces does not have: no data ever comes\n  busy: CPUUtilization (probably meant: CPUUsage);\n",
			`next: aws cloudwatch put-metric-alarm --cli-input-json '{"AlarmName":"busy","MetricName":"CPUUsage","Namespace":"AWS/WorkSpaces"}'`,
			"patches of 1 node failed: fileserver\n", "1 node's agent does not answer: fileserver (since ",
			"maintenance until tomorrow: tonight, ")
	})
}
