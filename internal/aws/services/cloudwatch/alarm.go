package cloudwatch

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// alarm is the stored form of a metric alarm or a composite alarm.
type alarm struct {
	Name         string
	Kind         types.AlarmType
	Account      string
	Region       string
	Described    *string           `json:",omitempty"`
	Enabled      bool              // its actions
	Alarmed      []string          `json:",omitempty"` // actions on going to ALARM
	Cleared      []string          `json:",omitempty"` // to OK
	Insufficient []string          `json:",omitempty"` // to INSUFFICIENT_DATA
	Watch        *watch            `json:",omitempty"` // of a metric alarm
	Rule         string            `json:",omitempty"` // of a composite alarm
	Suppress     *suppressor       `json:",omitempty"` // of a composite alarm
	Tags         map[string]string `json:",omitempty"`
	Configured   time.Time
	Status       status
}

// status is what evaluation changes.
type status struct {
	Value        types.StateValue
	Reason       string
	Data         string `json:",omitempty"` // JSON
	Updated      time.Time
	Transitioned time.Time
}

// watch is what a metric alarm looks at, and when that is too much.
type watch struct {
	Metric     *metric     `json:",omitempty"` // without its data; nil for an expression
	Queries    []dataQuery `json:",omitempty"` // of an expression: the one that is not hidden is watched
	Unit       string      `json:",omitempty"`
	Statistic  string      `json:",omitempty"`
	Period     int32       `json:",omitempty"`
	Periods    int32       // N
	Datapoints int32       `json:",omitempty"` // M, 0 where it is N
	Threshold  float64
	Comparison types.ComparisonOperator
	Missing    string `json:",omitempty"`
	LowSamples string `json:",omitempty"`
}

var alarms = store.Table[alarm]{
	Name: "cloudwatch.alarms", Reach: store.Regional,
	Key: func(a *alarm) string { return a.Name },
	Indexes: map[string]func(*alarm) string{
		"Pace":   (*alarm).pace,
		"Metric": func(a *alarm) string { return a.Watch.metricKey() },
	},
}

func (w *watch) metricKey() string {
	if w == nil || w.Metric == nil {
		return ""
	}
	return w.Metric.Namespace + between + w.Metric.Name
}

// The paces at which alarms are evaluated.
// Source: CloudWatch User Guide, "Alarm evaluation".
const (
	paceFast      = "10"
	paceMinute    = "60"
	paceHour      = "3600"
	paceComposite = "composite" // when another alarm changed
)

func (a *alarm) pace() string {
	switch w := a.Watch; {
	case w == nil:
		return paceComposite
	case w.period() < minute:
		return paceFast
	case w.period()*int64(w.Periods) > day:
		return paceHour
	}
	return paceMinute
}

// period is the length of a period in seconds.
func (w *watch) period() int64 {
	if len(w.Queries) == 0 {
		return int64(w.Period)
	}
	c := newCalculation(nil, store.Scope{}, time.Time{}, time.Time{}, time.Time{}, w.Queries)
	return c.period(w.watched(), map[string]bool{})
}

// watched is the query whose result an alarm looks at.
func (w *watch) watched() *dataQuery {
	i := slices.IndexFunc(w.Queries, func(q dataQuery) bool { return !q.Hidden })
	return &w.Queries[max(i, 0)] // PutMetricAlarm sees to it that there is one
}

// need is M of M out of N.
func (w *watch) need() int {
	if w.Datapoints > 0 {
		return int(w.Datapoints)
	}
	return int(w.Periods)
}

func (a *alarm) scope() store.Scope { return store.In(a.Account, a.Region) }

func (a *alarm) arn() string { return alarmARN(a.scope(), a.Name).String() }

func alarmARN(sc store.Scope, name string) arn.ARN {
	return arn.New("cloudwatch", sc.Region, sc.Account, "alarm:"+name)
}

// alarmNamed is the name that an ARN of an alarm gives it.
func alarmNamed(text string) (name string, ok bool) {
	a, err := arn.Parse(text)
	if err != nil || a.Service != "cloudwatch" {
		return "", false
	}
	name, ok = strings.CutPrefix(a.Resource, "alarm:")
	return name, ok && name != ""
}

// actions are those of a state.
func (a *alarm) actions(state types.StateValue) []string {
	switch state {
	case types.StateValueAlarm:
		return a.Alarmed
	case types.StateValueOk:
		return a.Cleared
	}
	return a.Insufficient
}

// findAlarm reads an alarm; nil when there is none.
func findAlarm(tx *store.Tx, sc store.Scope, name string) (*alarm, error) {
	a, err := alarms.Get(tx, sc, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return a, err
}

// findNamed reads an alarm of the scope by its name or its ARN; nil when there is
// none.
func findNamed(tx *store.Tx, sc store.Scope, text string) (*alarm, error) {
	if name, ok := alarmNamed(text); ok {
		if text != alarmARN(sc, name).String() {
			return nil, nil
		}
		text = name
	}
	return findAlarm(tx, sc, text)
}

// onAlarm is the check of an action on an alarm, with its tags.
func (s *Service) onAlarm(ctx context.Context, action, name string) api.Check {
	sc := store.In(api.CallFrom(ctx).Place())
	return api.Check{Action: action, Resource: alarmARN(sc, name).String(), LazyTags: s.tagsOf(ctx, sc, name)}
}

// shownMetric is a metric alarm as DescribeAlarms has it.
func (a *alarm) shownMetric() types.MetricAlarm {
	w := a.Watch
	out := types.MetricAlarm{
		AlarmName: &a.Name, AlarmArn: aws.String(a.arn()), AlarmDescription: a.Described, AlarmConfigurationUpdatedTimestamp: &a.Configured,
		ActionsEnabled: &a.Enabled, OKActions: list(a.Cleared), AlarmActions: list(a.Alarmed), InsufficientDataActions: list(a.Insufficient),
		StateValue: a.Status.Value, StateReason: &a.Status.Reason, StateReasonData: api.Optional(a.Status.Data), StateUpdatedTimestamp: &a.Status.Updated,
		StateTransitionedTimestamp: &a.Status.Transitioned,
		EvaluationPeriods:          &w.Periods, Threshold: &w.Threshold, ComparisonOperator: w.Comparison, TreatMissingData: api.Optional(w.Missing),
		EvaluateLowSampleCountPercentile: api.Optional(w.LowSamples), Unit: types.StandardUnit(w.Unit), Dimensions: []types.Dimension{},
	}
	if w.Datapoints > 0 {
		out.DatapointsToAlarm = &w.Datapoints
	}
	for i := range w.Queries {
		out.Metrics = append(out.Metrics, w.Queries[i].shown())
	}
	if m := w.Metric; m != nil {
		shown := m.shown()
		out.MetricName, out.Namespace, out.Dimensions, out.Period = shown.MetricName, shown.Namespace, shown.Dimensions, &w.Period
		if simple(w.Statistic) {
			out.Statistic = types.Statistic(w.Statistic)
		} else {
			out.ExtendedStatistic = &w.Statistic
		}
	}
	return out
}

// shownComposite is a composite alarm as DescribeAlarms has it.
func (a *alarm) shownComposite() types.CompositeAlarm {
	out := types.CompositeAlarm{
		AlarmName: &a.Name, AlarmArn: aws.String(a.arn()), AlarmDescription: a.Described, AlarmConfigurationUpdatedTimestamp: &a.Configured,
		ActionsEnabled: &a.Enabled, OKActions: list(a.Cleared), AlarmActions: list(a.Alarmed), InsufficientDataActions: list(a.Insufficient),
		StateValue: a.Status.Value, StateReason: &a.Status.Reason, StateReasonData: api.Optional(a.Status.Data), StateUpdatedTimestamp: &a.Status.Updated,
		StateTransitionedTimestamp: &a.Status.Transitioned, AlarmRule: &a.Rule,
	}
	if p := a.Suppress; p != nil {
		out.ActionsSuppressor, out.ActionsSuppressorWaitPeriod, out.ActionsSuppressorExtensionPeriod = &p.Alarm, &p.Wait, &p.Extension
	}
	out.ActionsSuppressedBy, out.ActionsSuppressedReason, _ = a.suppression()
	return out
}

// list is never nil: an empty list is shown.
func list(in []string) []string {
	if in == nil {
		return []string{}
	}
	return in
}

func simple(statistic string) bool {
	switch types.Statistic(statistic) {
	case types.StatisticAverage, types.StatisticMaximum, types.StatisticMinimum, types.StatisticSampleCount, types.StatisticSum:
		return true
	}
	return false
}
