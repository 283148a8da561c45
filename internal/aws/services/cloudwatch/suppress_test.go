package cloudwatch

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/clock"
)

// look looks at the composite alarms.
func (r *room) look() {
	r.t.Helper()
	_, err := r.composites(r.t.Context())
	r.must(err)
}

// topic is what alarms of these tests act on.
const topic = "arn:aws:sns:ap-northeast-1:111122223333:"

// muffled is a room with the composite alarm sum of the alarm hot, whose actions
// the alarm rain keeps back: WaitPeriod is 2 units of 10 seconds,
// ExtensionPeriod 3.
func muffled(t testing.TB, path string) *room {
	r := over(t, path, clock.NewFrozen(noon))
	for _, name := range []string{"hot", "rain"} {
		r.alarm(cloudwatch.PutMetricAlarmInput{
			AlarmName: &name, MetricName: &name, Namespace: aws.String("Office"), Period: aws.Int32(3600), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(5),
			TreatMissingData: aws.String("ignore"),
		})
		r.set(name, "OK")
	}
	r.sum(func(*cloudwatch.PutCompositeAlarmInput) {})
	r.upkeep()
	r.clk.Advance(20 * time.Second)
	r.upkeep()
	r.actions.done = nil
	return r
}

// sum puts the composite alarm.
func (r *room) sum(change func(in *cloudwatch.PutCompositeAlarmInput)) {
	r.t.Helper()
	in := &cloudwatch.PutCompositeAlarmInput{
		AlarmName: aws.String("sum"), AlarmRule: aws.String("ALARM(hot)"), AlarmActions: []string{topic + "bad"}, OKActions: []string{topic + "good"},
		ActionsSuppressor: aws.String("rain"), ActionsSuppressorWaitPeriod: aws.Int32(20), ActionsSuppressorExtensionPeriod: aws.Int32(30),
	}
	change(in)
	_, err := r.PutCompositeAlarm(r.ctx(), in)
	r.must(err)
}

func (r *room) set(name string, state types.StateValue) {
	r.t.Helper()
	_, err := r.SetAlarmState(r.ctx(), &cloudwatch.SetAlarmStateInput{AlarmName: &name, StateValue: state, StateReason: aws.String("a test")})
	r.must(err)
}

// resting is why the actions of the composite alarm rest.
func (r *room) resting() types.CompositeAlarm {
	r.t.Helper()
	out, err := r.DescribeAlarms(r.ctx(), &cloudwatch.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{types.AlarmTypeCompositeAlarm}})
	r.must(err)
	return out.CompositeAlarms[0]
}

// TestSuppressorsKeepActionsBack runs the six examples of the CloudWatch User
// Guide, "Suppressing composite alarm actions", by units of time from t2 on.
func TestSuppressorsKeepActionsBack(t *testing.T) {
	for _, row := range []struct {
		name   string
		events map[int]string // by the unit of time
		want   string         // what was done, and when
		by     string         // why actions rest, by the unit; . where they do not
	}{
		{"1: the wait is over", map[int]string{2: "hot ALARM"}, "4 bad", "WW......."},
		{"2: suppressed before it is", map[int]string{2: "hot ALARM", 3: "rain ALARM"}, "", "WAAAAAAAA"},
		{"3: another change meanwhile", map[int]string{2: "hot ALARM", 3: "hot OK"}, "5 good", "WWW......"},
		{"4: suppressed already", map[int]string{1: "rain ALARM", 2: "hot ALARM"}, "", "AAAAAAAAA"},
		{"5: the extension is over", map[int]string{2: "hot ALARM", 3: "rain ALARM", 6: "rain OK"}, "9 bad", "WAAAEEE.."},
		{"6: a change in the extension", map[int]string{2: "hot ALARM", 3: "rain ALARM", 6: "rain OK", 7: "hot OK"}, "9 good", "WAAAEWW.."},
		{"nothing was kept back", map[int]string{2: "rain ALARM", 4: "rain OK"}, "", "AAEEE...."},
	} {
		r := muffled(t, "")
		var done []string
		var by strings.Builder
		for unit := 1; unit <= 10; unit++ {
			if name, state, ok := strings.Cut(row.events[unit], " "); ok {
				r.set(name, types.StateValue(state))
			}
			r.upkeep()
			r.upkeep() // the actions of what was found
			for _, d := range r.actions.done {
				done = append(done, fmt.Sprintf("%d %s", unit, strings.TrimPrefix(strings.Fields(d)[0], topic)))
			}
			r.actions.done = nil
			if unit > 1 {
				by.WriteString((string(r.resting().ActionsSuppressedBy) + ".")[:1])
			}
			r.clk.Advance(10 * time.Second)
		}
		if got := strings.Join(done, ", "); got != row.want || by.String() != row.by {
			t.Errorf("%s: got %q %s, want %q %s", row.name, got, by.String(), row.want, row.by)
		}
	}
}

func TestSuppressorsAreShownAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	r := muffled(t, path)
	r.set("hot", "ALARM")
	r.upkeep()
	c := r.resting()
	if aws.ToString(c.ActionsSuppressor) != "rain" || *c.ActionsSuppressorWaitPeriod != 20 || *c.ActionsSuppressorExtensionPeriod != 30 || c.StateValue != "ALARM" ||
		c.ActionsSuppressedBy != "WaitPeriod" || aws.ToString(c.ActionsSuppressedReason) != "Actions suppressed by WaitPeriod" {
		t.Errorf("got %+v", c)
	}
	if _, err := r.DeleteAlarms(r.ctx(), &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"rain"}}); err == nil || !strings.Contains(err.Error(), "Cannot delete rain") {
		t.Errorf("got %v", err)
	}
	if i := slices.IndexFunc(r.summaries("sum"), func(s string) bool { return s == "Alarm updated from OK to ALARM" }); i < 0 {
		t.Errorf("got %q", r.summaries("sum"))
	}
	r.must(r.st.Close())
	again := over(t, path, r.clk) // the plane was down
	again.upkeep()
	again.clk.Advance(20 * time.Second)
	again.upkeep()
	again.upkeep()
	same(t, again.actions.done, topic+"bad OK->ALARM")
	again.set("hot", "OK")
	again.upkeep()
	again.sum(func(in *cloudwatch.PutCompositeAlarmInput) { in.ActionsSuppressor = aws.String("hot") })
	again.upkeep() // another suppressor: the period is over
	again.upkeep()
	same(t, again.actions.done[1:], topic+"good ALARM->OK")
	again.sum(func(in *cloudwatch.PutCompositeAlarmInput) {
		in.ActionsSuppressor, in.ActionsSuppressorWaitPeriod, in.ActionsSuppressorExtensionPeriod = nil, nil, nil
	})
	if c := again.resting(); c.ActionsSuppressor != nil || c.ActionsSuppressedBy != "" {
		t.Errorf("got %+v", c)
	}
}

func TestSuppressorsRefuse(t *testing.T) {
	r := muffled(t, "")
	for text, change := range map[string]func(in *cloudwatch.PutCompositeAlarmInput){
		"are required with an ActionsSuppressor": func(in *cloudwatch.PutCompositeAlarmInput) { in.ActionsSuppressorWaitPeriod = nil },
		"need an ActionsSuppressor":              func(in *cloudwatch.PutCompositeAlarmInput) { in.ActionsSuppressor = nil },
		"must not be less than 0":                func(in *cloudwatch.PutCompositeAlarmInput) { in.ActionsSuppressorWaitPeriod = aws.Int32(-1) },
		"suppressor [nobody] does not exist":     func(in *cloudwatch.PutCompositeAlarmInput) { in.ActionsSuppressor = aws.String("nobody") },
	} {
		in := &cloudwatch.PutCompositeAlarmInput{
			AlarmName: aws.String("sum"), AlarmRule: aws.String("ALARM(hot)"),
			ActionsSuppressor: aws.String("rain"), ActionsSuppressorWaitPeriod: aws.Int32(20), ActionsSuppressorExtensionPeriod: aws.Int32(30),
		}
		change(in)
		if _, err := r.PutCompositeAlarm(r.ctx(), in); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("got %v, want %s", err, text)
		}
	}
}
