package cloudwatch

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/store"
)

// happened is an item of an alarm's history.
type happened struct {
	Alarm   string
	Kind    types.AlarmType
	At      time.Time
	Seq     int64 // among those of one time
	Type    types.HistoryItemType
	Summary string
	Data    string // JSON
}

// history keeps what happened to alarms, also after they were deleted.
var history = store.Table[happened]{
	Name: "cloudwatch.history", Reach: store.Regional,
	Key:     (*happened).key,
	Indexes: map[string]func(*happened) string{"Alarm": func(h *happened) string { return h.Alarm }},
}

func (h *happened) key() string {
	return fmt.Sprintf("%s %s %04d", historyFrom(h.At), h.Alarm, h.Seq)
}

// historyFrom is less than the keys of what happened at a time or later.
func historyFrom(at time.Time) string { return fmt.Sprintf("%014d", max(at.UnixMilli(), 0)) }

// past is history by days, which is kept for 30 of them.
// Source: CloudWatch User Guide, "Alarm history".
var past = tier{step: 0, slice: day, keep: 30 * day}

const (
	mostSummary = 255
	mostHistory = 4095
)

// tell adds an item to the history of the alarm.
func (a *alarm) tell(tx *store.Tx, at time.Time, kind types.HistoryItemType, summary string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("history of alarm %s: %w", a.Name, err)
	}
	h := &happened{Alarm: a.Name, Kind: a.Kind, At: at.Truncate(time.Millisecond), Type: kind, Summary: clip(summary, mostSummary), Data: string(b)}
	if len(b) > mostHistory {
		h.Data = `{"version":"1.0"}` // what does not fit is not cut in two
	}
	for {
		_, err := history.Get(tx, a.scope(), h.key())
		if err != nil {
			break // there is none; another error comes again
		}
		h.Seq++
	}
	if err := plan(tx, a.scope(), past, past.of(at.Unix())); err != nil {
		return err
	}
	return history.Put(tx, a.scope(), h)
}

// endHistory removes history of a day and before, and tells whether more is
// there.
func endHistory(tx *store.Tx, sc store.Scope, dayNumber int64) (more bool, err error) {
	p := store.Page{Max: historyFrom(time.Unix((dayNumber+1)*day, 0)), Limit: recordsAtOnce}
	list, err := history.List(tx, sc, p)
	if err != nil {
		return false, err
	}
	for _, h := range list {
		if err := history.Delete(tx, sc, h.key()); err != nil {
			return false, err
		}
	}
	return len(list) == recordsAtOnce, nil
}

func clip(text string, most int) string {
	r := []rune(text)
	return string(r[:min(len(r), most)])
}

// configured notes a change of the configuration.
func (a *alarm) configured(tx *store.Tx, at time.Time, verb, kind, member string) error {
	data := map[string]any{"version": "1.0", "type": kind, member: a.description()}
	return a.tell(tx, at, types.HistoryItemTypeConfigurationUpdate, fmt.Sprintf("Alarm %q %s", a.Name, verb), data)
}

// description is the alarm as history has it.
func (a *alarm) description() map[string]any {
	out := map[string]any{
		"alarmName": a.Name, "alarmArn": a.arn(), "actionsEnabled": a.Enabled, "okactions": list(a.Cleared), "alarmActions": list(a.Alarmed),
		"insufficientDataActions": list(a.Insufficient), "stateValue": a.Status.Value,
		"alarmConfigurationUpdatedTimestamp": stamp(a.Configured), "stateUpdatedTimestamp": stamp(a.Status.Updated),
	}
	if a.Described != nil {
		out["alarmDescription"] = *a.Described
	}
	if a.Watch == nil {
		out["alarmRule"] = a.Rule
		a.Suppress.describe(out)
		return out
	}
	w := a.Watch
	out["threshold"], out["comparisonOperator"], out["evaluationPeriods"] = number(w.Threshold), w.Comparison, w.Periods
	if w.Datapoints > 0 {
		out["datapointsToAlarm"] = w.Datapoints
	}
	if w.Missing != "" {
		out["treatMissingData"] = w.Missing
	}
	if len(w.Queries) > 0 {
		out["metrics"] = w.Queries
	}
	if m := w.Metric; m != nil {
		dims := []map[string]string{}
		for _, d := range m.Dimensions {
			dims = append(dims, map[string]string{"name": d.Name, "value": d.Value})
		}
		out["namespace"], out["metricName"], out["dimensions"], out["period"] = m.Namespace, m.Name, dims, w.Period
		out["statistic"] = w.Statistic
	}
	return out
}

// stateNow is the alarm's state as history has it, and why its actions rest.
func (a *alarm) stateNow() map[string]any {
	out := stateOf(a.Status)
	if by, reason, ok := a.suppression(); ok {
		out["actionsSuppressedBy"], out["actionsSuppressedReason"] = by, reason
	}
	return out
}

// stateOf is a state as history has it.
func stateOf(s status) map[string]any {
	out := map[string]any{"stateValue": s.Value, "stateReason": s.Reason}
	if json.Valid([]byte(s.Data)) {
		out["stateReasonData"] = json.RawMessage(s.Data)
	}
	return out
}
