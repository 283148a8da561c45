package association_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/agent"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

// metrics sets the state of an alarm that nothing else moves.
func (h *house) metrics(name string) (set func(state cwtypes.StateValue)) {
	h.t.Helper()
	client := cloudwatch.NewFromConfig(h.Config())
	_, err := client.PutMetricAlarm(h.t.Context(), &cloudwatch.PutMetricAlarmInput{
		AlarmName: &name, Namespace: aws.String("N"), MetricName: aws.String("M"), Statistic: cwtypes.StatisticAverage, Period: aws.Int32(3600),
		EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold,
		TreatMissingData: aws.String("ignore"),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return func(state cwtypes.StateValue) {
		h.t.Helper()
		_, err := client.SetAlarmState(h.t.Context(), &cloudwatch.SetAlarmStateInput{AlarmName: &name, StateValue: state, StateReason: aws.String("test")})
		if err != nil {
			h.t.Fatal(err)
		}
	}
}

// An alarm fires while the first of two nodes runs: that one ends as it would
// have, the other is left out, and the answers name the alarm. Once the alarm
// is quiet the next round reaches both.
func TestAnAlarmStopsARoundOfNodes(t *testing.T) {
	h := &house{t: t}
	h.Plane = apitest.Start(t, apitest.Options{Clock: clock.Real{}})
	h.role = h.NodeRole()
	h.here()
	for range 2 {
		activation, code := h.Activation()
		h.Hire(agent.Config{Port: 4566, Folder: t.TempDir(), ActivationID: activation, ActivationCode: code})
	}
	h.Online(2)
	set := h.metrics("stop")
	set(cwtypes.StateValueOk)
	folder := t.TempDir()
	mark := filepath.Join(folder, "go")
	id := h.keep("echo x >> "+folder+"/begun; while [ ! -e "+mark+" ]; do sleep 0.02; done; echo x >> "+folder+"/ended", func(in *ssm.CreateAssociationInput) {
		in.MaxConcurrency, in.MaxErrors = aws.String("1"), aws.String("1")
		in.AlarmConfiguration = &types.AlarmConfiguration{Alarms: []types.Alarm{{Name: aws.String("stop")}}}
	})
	h.file(folder+"/begun", "x\n")
	set(cwtypes.StateValueAlarm)
	alarms := func() (said string) {
		out, err := h.DescribeAssociation(t.Context(), &ssm.DescribeAssociationInput{AssociationId: &id})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range out.AssociationDescription.TriggeredAlarms {
			said += *a.Name + " " + string(a.State)
		}
		return said
	}
	apitest.Eventually(t, "the association to name the alarm", func() bool { return alarms() == "stop ALARM" })
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	counts := func() (said string) {
		out, err := h.DescribeAssociationExecutions(t.Context(), &ssm.DescribeAssociationExecutionsInput{AssociationId: &id})
		if err != nil {
			t.Fatal(err)
		}
		for _, round := range out.AssociationExecutions {
			said += *round.ResourceCountByStatus
			for _, a := range round.TriggeredAlarms {
				said += " " + *a.Name
			}
			said += "; "
		}
		return said
	}
	rounds := func(what string, want ...string) {
		t.Helper()
		got := ""
		defer func() {
			if t.Failed() {
				t.Logf("the rounds are %q", got)
			}
		}()
		apitest.Eventually(t, what, func() bool { got = counts(); return slices.Contains(want, got) })
	}
	rounds("the first round to end", "{Success=1, Skipped=1} stop; ")
	set(cwtypes.StateValueOk)
	h.start(id)
	rounds("the second round to reach both", "{Success=2}; {Success=1, Skipped=1} stop; ")
	h.file(folder+"/ended", "x\nx\nx\n")
	if got := alarms(); got != "" {
		t.Errorf("after a round that nothing stopped: %s", got)
	}
	if _, err := h.CreateAssociation(t.Context(), &ssm.CreateAssociationInput{
		Name: aws.String("AWS-RunShellScript"), AlarmConfiguration: &types.AlarmConfiguration{},
	}); err == nil {
		t.Error("a configuration without an alarm was taken")
	}
}
