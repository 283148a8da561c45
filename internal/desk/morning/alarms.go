package morning

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// Alarms reads alarms and what became of them.
type Alarms interface {
	DescribeAlarms(context.Context, *cloudwatch.DescribeAlarmsInput, ...func(*cloudwatch.Options)) (*cloudwatch.DescribeAlarmsOutput, error)
	DescribeAlarmHistory(context.Context, *cloudwatch.DescribeAlarmHistoryInput, ...func(*cloudwatch.Options)) (*cloudwatch.DescribeAlarmHistoryOutput, error)
}

var _ Alarms = (*cloudwatch.Client)(nil)

// Alarm is an alarm in ALARM, and how often it was so.
type Alarm struct {
	Name    string    `json:"name"`
	Metric  string    `json:"metric,omitempty"`
	Desktop string    `json:"desktop,omitempty"` // that its dimension names
	User    string    `json:"user,omitempty"`    // of that desktop; Judge finds it
	Since   time.Time `json:"since"`
	Reason  string    `json:"reason,omitempty"`
	Times   int       `json:"times,omitempty"` // how often it went to ALARM since Facts.Repeats; 0 is unknown
	Link    string    `json:"link,omitempty"`
}

// mostAlarms bounds the alarms whose history is read, one call each.
const mostAlarms = 40

// alarms reads what is in ALARM, and of the oldest how often before; and of all
// the others whether they watch something at all.
func (e Eyes) alarms(ctx context.Context, n *account.Notebook[Facts]) error {
	var all []Alarm
	var wrong []Misnamed
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := e.Alarms.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{
			NextToken: token, MaxRecords: aws.Int32(100),
			AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm},
		})
		if err != nil {
			return nil, err
		}
		for _, a := range out.MetricAlarms {
			if one := misnamed(a); one != nil {
				wrong = append(wrong, *one)
			}
			if a.StateValue != types.StateValueAlarm {
				continue
			}
			one := Alarm{
				Name: aws.ToString(a.AlarmName), Metric: aws.ToString(a.MetricName), Reason: aws.ToString(a.StateReason),
				Since: aws.ToTime(cmp.Or(a.StateTransitionedTimestamp, a.StateUpdatedTimestamp)),
			}
			for _, d := range a.Dimensions {
				if aws.ToString(d.Name) == "WorkspaceId" {
					one.Desktop = aws.ToString(d.Value)
				}
			}
			all = append(all, one)
		}
		for _, a := range out.CompositeAlarms {
			if a.StateValue != types.StateValueAlarm {
				continue
			}
			all = append(all, Alarm{
				Name: aws.ToString(a.AlarmName), Reason: aws.ToString(a.StateReason),
				Since: aws.ToTime(cmp.Or(a.StateTransitionedTimestamp, a.StateUpdatedTimestamp)),
			})
		}
		return out.NextToken, nil
	})
	if err != nil {
		return n.Missed(account.Explain("cloudwatch:DescribeAlarms", err))
	}
	slices.SortFunc(all, func(a, b Alarm) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Name, b.Name)) })
	for i := range all[:min(len(all), mostAlarms)] {
		if err := e.repeats(ctx, n, &all[i]); err != nil {
			if err := n.Missed(account.Explain("cloudwatch:DescribeAlarmHistory", err)); err != nil {
				return err
			}
			break // the next would be answered likewise
		}
	}
	n.Note(func(f *Facts) { f.Alarms, f.Misnamed = all, wrong })
	return nil
}

// repeats counts how often an alarm went to ALARM.
func (e Eyes) repeats(ctx context.Context, n *account.Notebook[Facts], a *Alarm) error {
	since := n.Facts.Repeats
	return account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := e.Alarms.DescribeAlarmHistory(ctx, &cloudwatch.DescribeAlarmHistoryInput{
			AlarmName: &a.Name, HistoryItemType: types.HistoryItemTypeStateUpdate, StartDate: &since, NextToken: token, MaxRecords: aws.Int32(100),
			AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm},
		})
		if err != nil {
			return nil, err
		}
		for _, h := range out.AlarmHistoryItems {
			if wentOff(aws.ToString(h.HistoryData)) {
				a.Times++
			}
		}
		return out.NextToken, nil
	})
}

// wentOff tells whether an item of an alarm's history is that it went to ALARM.
func wentOff(data string) bool {
	var item struct {
		NewState struct{ StateValue string }
	}
	return json.Unmarshal([]byte(data), &item) == nil && item.NewState.StateValue == string(types.StateValueAlarm)
}

// inAlarm lists the alarms, the most frequent first.
func (c *file) inAlarm() []Finding {
	if len(c.Alarms) == 0 {
		return nil
	}
	f := Finding{Kind: InAlarm, Alarms: slices.Clone(c.Alarms)}
	users := map[string]string{}
	for _, d := range c.Desktops {
		users[d.ID] = d.User
	}
	for i := range f.Alarms {
		f.Alarms[i].User = users[f.Alarms[i].Desktop]
	}
	slices.SortStableFunc(f.Alarms, func(a, b Alarm) int { return cmp.Compare(b.Times, a.Times) })
	return []Finding{f}
}

func (g *page) alarms(f *Finding) {
	g.line("", g.say(text.InAlarm, "n", len(f.Alarms)))
	for _, a := range f.Alarms[:min(len(f.Alarms), most)] {
		what := a.Metric
		if a.User != "" {
			what = g.say(text.AlarmOf, "metric", a.Metric, "user", a.User, "desktop", a.Desktop)
		} else if a.Desktop != "" {
			what = g.say(text.AlarmOn, "metric", a.Metric, "desktop", a.Desktop)
		}
		parts := []string{g.say(text.AlarmSince, "time", g.clock(a.Since))}
		if what != "" {
			parts[0] = what + ", " + parts[0]
		}
		if a.Times > 1 {
			days, times := int(g.plan.At.Sub(g.plan.Repeats).Hours()+1)/24, strconv.Itoa(a.Times)
			if g.lang == report.English {
				times = ordinal(a.Times)
			}
			parts[0] += ", " + g.say(text.AlarmTimes, "times", times, "days", days)
		}
		g.line(report.Plain(a.Name), parts...)
	}
	if more := len(f.Alarms) - most; more > 0 {
		g.line("", "  "+g.say(text.AndMore, "n", more))
	}
}

// ordinal is an English ordinal number.
func ordinal(n int) string {
	end := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return strconv.Itoa(n) + end
}
