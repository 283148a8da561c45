package sns_test

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

// role makes a role that Systems Manager may assume to publish.
func (f *fixture) role() *string {
	f.t.Helper()
	client := iam.NewFromConfig(f.plane.Config())
	out, err := client.CreateRole(f.t.Context(), &iam.CreateRoleInput{
		RoleName:                 aws.String("notify"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	done(f.t, "role", err)
	_, err = client.PutRolePolicy(f.t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String("notify"), PolicyName: aws.String("publish"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:Publish","Resource":"` + *f.topic + `"}]}`),
	})
	done(f.t, "policy", err)
	return out.Role.Arn
}

func TestACommandTellsATopic(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx, l := t.Context(), listen(t)
	f.subscribe(l, nil)
	role, node := f.role(), f.plane.Node(nil)
	client := ssm.NewFromConfig(f.plane.Config())
	for n, kind := range []ssmtypes.NotificationType{ssmtypes.NotificationTypeCommand, ssmtypes.NotificationTypeInvocation} {
		sent, err := client.SendCommand(ctx, &ssm.SendCommandInput{
			DocumentName: aws.String("AWS-RunShellScript"), Parameters: map[string][]string{"commands": {"true"}}, InstanceIds: []string{node},
			ServiceRoleArn: role, NotificationConfig: &ssmtypes.NotificationConfig{
				NotificationArn: f.topic, NotificationType: kind, NotificationEvents: []ssmtypes.NotificationEvent{ssmtypes.NotificationEventCancelled},
			},
		})
		done(t, "send", err)
		if *sent.Command.NotificationConfig.NotificationArn != *f.topic || *sent.Command.ServiceRole != *role {
			t.Errorf("the command says %v", sent.Command.NotificationConfig)
		}
		_, err = client.CancelCommand(ctx, &ssm.CancelCommandInput{CommandId: sent.Command.CommandId})
		done(t, "cancel", err)
		got := f.sent(l, n+2)
		var told struct {
			CommandID   string   `json:"commandId"`
			Status      string   `json:"status"`
			InstanceID  string   `json:"instanceId"`
			InstanceIDs []string `json:"instanceIds"`
		}
		done(t, "message", json.Unmarshal([]byte(got.Message), &told))
		if told.CommandID != *sent.Command.CommandId || told.Status != "Cancelled" || (told.InstanceID == node) == (kind == ssmtypes.NotificationTypeCommand) {
			t.Errorf("%s: told %s", kind, got.Message)
		}
	}
}

func TestAnAlarmStopsACommand(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx := t.Context()
	metrics, client := cloudwatch.NewFromConfig(f.plane.Config()), ssm.NewFromConfig(f.plane.Config())
	node := f.plane.Node(nil)
	_, err := metrics.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String("stop"), Namespace: aws.String("N"), MetricName: aws.String("M"), Statistic: cwtypes.StatisticAverage, Period: aws.Int32(3600),
		EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold,
		TreatMissingData: aws.String("ignore"),
	})
	done(t, "alarm", err)
	send := func(alarm string, ignore bool) string {
		t.Helper()
		out, err := client.SendCommand(ctx, &ssm.SendCommandInput{
			DocumentName: aws.String("AWS-RunShellScript"), Parameters: map[string][]string{"commands": {"true"}}, InstanceIds: []string{node},
			AlarmConfiguration: &ssmtypes.AlarmConfiguration{Alarms: []ssmtypes.Alarm{{Name: &alarm}}, IgnorePollAlarmFailure: ignore},
		})
		done(t, "send", err)
		list, err := client.ListCommandInvocations(ctx, &ssm.ListCommandInvocationsInput{CommandId: out.Command.CommandId})
		done(t, "list", err)
		said := *list.CommandInvocations[0].StatusDetails
		again, err := client.ListCommands(ctx, &ssm.ListCommandsInput{CommandId: out.Command.CommandId})
		done(t, "list", err)
		for _, a := range again.Commands[0].TriggeredAlarms {
			said += " " + *a.Name + " " + string(a.State)
		}
		return said
	}
	for _, c := range []struct {
		name, state, alarm string
		ignore             bool
		want               string
	}{
		{"an alarm that is quiet", "OK", "stop", false, "Delayed"},
		{"one that fires", "ALARM", "stop", false, "Terminated stop ALARM"},
		{"one that fires, whatever cannot be read", "ALARM", "stop", true, "Terminated stop ALARM"},
		{"one that is not there", "OK", "none", false, "Terminated none UNKNOWN"},
		{"one that is not there, and need not be", "OK", "none", true, "Delayed"},
	} {
		_, err := metrics.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("stop"), StateValue: cwtypes.StateValue(c.state), StateReason: aws.String("test")})
		done(t, "state", err)
		if got := send(c.alarm, c.ignore); got != c.want {
			t.Errorf("%s: want %s, got %s", c.name, c.want, got)
		}
	}
	// Those that waited for their node are stopped too once it fires.
	_, err = metrics.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("stop"), StateValue: cwtypes.StateValueAlarm, StateReason: aws.String("test")})
	done(t, "state", err)
	apitest.Eventually(t, "the command that waited to be stopped", func() bool {
		list, err := client.ListCommandInvocations(ctx, &ssm.ListCommandInvocationsInput{InstanceId: &node})
		done(t, "list", err)
		open := 0
		for _, i := range list.CommandInvocations {
			if *i.StatusDetails == "Delayed" {
				open++
			}
		}
		return open == 1 // the one whose alarm is not there
	})
}
