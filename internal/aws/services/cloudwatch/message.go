package cloudwatch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
)

// trigger is what a metric alarm watches, in the words of its messages.
type trigger struct {
	MetricName    string `json:",omitempty"`
	Namespace     string `json:",omitempty"`
	StatisticType string `json:",omitempty"`
	Statistic     string `json:",omitempty"`
	Unit          *string
	Dimensions    []triggerDimension `json:",omitempty"`
	Period        int32
	Periods       int32  `json:"EvaluationPeriods"`
	Datapoints    int32  `json:"DatapointsToAlarm,omitempty"`
	Comparison    string `json:"ComparisonOperator"`
	Threshold     number
	Missing       string `json:"TreatMissingData"`
	LowSamples    string `json:"EvaluateLowSampleCountPercentile"`
	Metrics       []any  `json:",omitempty"`
}

type triggerDimension struct {
	Value string `json:"value"`
	Name  string `json:"name"`
}

// told is the message that a topic gets. Source: CloudWatch User Guide, "Amazon
// SNS notifications": its example; members in its order.
type told struct {
	Name         string  `json:"AlarmName"`
	Description  *string `json:"AlarmDescription"`
	Account      string  `json:"AWSAccountId"`
	Configured   string  `json:"AlarmConfigurationUpdatedTimestamp"`
	Rule         string  `json:"AlarmRule,omitempty"`
	To           string  `json:"NewStateValue"`
	Reason       string  `json:"NewStateReason"`
	At           string  `json:"StateChangeTime"`
	Region       string
	ARN          string   `json:"AlarmArn"`
	From         string   `json:"OldStateValue"`
	Cleared      []string `json:"OKActions"`
	Alarmed      []string `json:"AlarmActions"`
	Insufficient []string `json:"InsufficientDataActions"`
	Trigger      *trigger `json:",omitempty"`
}

// message is what a topic gets of a change.
func (a *alarm) message(e *errand) (subject, text string) {
	place := regionName(a.Region)
	m := told{
		Name: a.Name, Description: a.Described, Account: a.Account, Configured: stamp(a.Configured), Rule: a.Rule,
		To: string(e.To), Reason: e.Reason, At: stamp(e.At), Region: place, ARN: a.arn(), From: string(e.From),
		Cleared: list(a.Cleared), Alarmed: list(a.Alarmed), Insufficient: list(a.Insufficient),
	}
	if a.Watch != nil {
		m.Trigger = a.Watch.trigger()
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(m) // plain values
	subject = plain(fmt.Sprintf("%s: %q in %s", e.To, a.Name, place))
	return subject, strings.TrimSpace(b.String())
}

// plain is a text as a message's subject can have it: ASCII, 100 characters.
func plain(text string) string {
	out := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, text)
	return out[:min(len(out), 100)]
}

func (w *watch) trigger() *trigger {
	t := &trigger{
		Period: int32(w.period()), Periods: w.Periods, Datapoints: w.Datapoints, Comparison: string(w.Comparison), Threshold: number(w.Threshold), //nolint:gosec // a period
		Missing: w.Missing, LowSamples: w.LowSamples,
	}
	if t.Missing == "" {
		t.Missing = "missing"
	}
	if w.Unit != "" {
		t.Unit = &w.Unit
	}
	if w.Metric == nil {
		for _, q := range w.Queries {
			t.Metrics = append(t.Metrics, map[string]any{"Id": q.ID, "Expression": q.Expression, "Label": q.Label, "ReturnData": !q.Hidden})
		}
		return t
	}
	t.MetricName, t.Namespace = w.Metric.Name, w.Metric.Namespace
	t.StatisticType, t.Statistic = "ExtendedStatistic", w.Statistic
	switch types.Statistic(w.Statistic) {
	case types.StatisticAverage, types.StatisticMaximum, types.StatisticMinimum, types.StatisticSampleCount, types.StatisticSum:
		t.StatisticType, t.Statistic = "Statistic", strings.ToUpper(w.Statistic)
	}
	for _, d := range w.Metric.Dimensions {
		t.Dimensions = append(t.Dimensions, triggerDimension{d.Value, d.Name})
	}
	return t
}

// changed is the event of a change. Source: CloudWatch User Guide, "Alarm events
// and EventBridge".
func (a *alarm) changed(before status, now time.Time) api.Occurrence {
	shown := func(s status) map[string]any {
		out := map[string]any{"value": s.Value, "reason": s.Reason, "timestamp": stamp(s.Updated)}
		if s.Data != "" {
			out["reasonData"] = s.Data
		}
		return out
	}
	after := shown(a.Status)
	if by, reason, ok := a.suppression(); ok {
		after["actionsSuppressedBy"], after["actionsSuppressedReason"] = by, reason
	}
	configuration := map[string]any{}
	if a.Described != nil {
		configuration["description"] = *a.Described
	}
	if a.Rule != "" {
		configuration["alarmRule"] = a.Rule
		configuration["actionsEnabled"] = a.Enabled
		a.Suppress.describe(configuration)
	} else {
		configuration["metrics"] = a.Watch.metrics()
	}
	return api.Occurrence{
		Source: "aws.cloudwatch", DetailType: "CloudWatch Alarm State Change", Resources: []string{a.arn()}, At: now,
		Detail: map[string]any{"alarmName": a.Name, "configuration": configuration, "previousState": shown(before), "state": after},
	}
}

// metrics is what an alarm watches, in the words of its events.
func (w *watch) metrics() []any {
	stat := func(m *metric, statistic, unit string, period int64) map[string]any {
		dims := map[string]string{}
		for _, d := range m.Dimensions {
			dims[d.Name] = d.Value
		}
		out := map[string]any{"metric": map[string]any{"namespace": m.Namespace, "name": m.Name, "dimensions": dims}, "period": period, "stat": statistic}
		if unit != "" {
			out["unit"] = unit
		}
		return out
	}
	if w.Metric != nil {
		return []any{map[string]any{"id": "m1", "metricStat": stat(w.Metric, w.Statistic, w.Unit, w.period()), "returnData": true}}
	}
	var out []any
	for _, q := range w.Queries {
		one := map[string]any{"id": q.ID, "returnData": !q.Hidden}
		if q.Metric != nil {
			one["metricStat"] = stat(q.Metric, q.Statistic, q.Unit, int64(q.Period))
		} else {
			one["expression"] = q.Expression
		}
		if q.Label != "" {
			one["label"] = q.Label
		}
		out = append(out, one)
	}
	return out
}

// regionName is how AWS writes of a Region, its id where that is not known.
func regionName(id string) string {
	if name, ok := regionNames[id]; ok {
		return name
	}
	return id
}

// Source: AWS General Reference, "Regional endpoints".
var regionNames = map[string]string{
	"us-east-1": "US East (N. Virginia)", "us-east-2": "US East (Ohio)", "us-west-1": "US West (N. California)", "us-west-2": "US West (Oregon)",
	"ap-northeast-1": "Asia Pacific (Tokyo)", "ap-northeast-2": "Asia Pacific (Seoul)", "ap-northeast-3": "Asia Pacific (Osaka)",
	"ap-southeast-1": "Asia Pacific (Singapore)", "ap-southeast-2": "Asia Pacific (Sydney)", "ap-south-1": "Asia Pacific (Mumbai)",
	"ap-east-1": "Asia Pacific (Hong Kong)", "ca-central-1": "Canada (Central)", "sa-east-1": "South America (Sao Paulo)",
	"eu-central-1": "EU (Frankfurt)", "eu-west-1": "EU (Ireland)", "eu-west-2": "EU (London)", "eu-west-3": "EU (Paris)", "eu-north-1": "EU (Stockholm)",
	"eu-south-1": "EU (Milan)",
}
