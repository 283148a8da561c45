package statemanager

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// Those that run go on, those that wait are left out; the next round is free
// again.
func TestAlarmStopsARound(t *testing.T) {
	for _, row := range []struct {
		name   string
		before string // the alarm's state when the round begins; empty: there is none
		ignore bool
		after  string // its state while the first node runs
		want   string // what the round comes to
		why    string
	}{
		{"a quiet one", "OK", false, "INSUFFICIENT_DATA", "{InProgress=1, Pending=1}", ""},
		{"it fires while a node runs", "OK", false, "ALARM", "{InProgress=1, Skipped=1}", "stop=ALARM"},
		{"it has fired before", "ALARM", false, "ALARM", "{Skipped=2}", "stop=ALARM"},
		{"it is not there", "", false, "", "{Skipped=2}", "stop=UNKNOWN"},
		{"it is not there, and need not be", "", true, "", "{InProgress=1, Pending=1}", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := newRoom(t, "mi-1", "mi-2")
			set := func(state string) {
				if r.alarms["stop"] = state; state == "" {
					delete(r.alarms, "stop")
				}
			}
			set(row.before)
			id := r.create(func(in *ssm.CreateAssociationInput) {
				in.MaxConcurrency, in.MaxErrors = aws.String("1"), aws.String("1")
				in.AlarmConfiguration = &types.AlarmConfiguration{Alarms: []types.Alarm{{Name: aws.String("stop")}}, IgnorePollAlarmFailure: row.ignore}
			})
			r.match(id)
			if len(r.lists("mi-1")) > 0 && row.before != "ALARM" && row.why != "stop=UNKNOWN" {
				r.says("mi-1", id, "InProgress")
			}
			set(row.after)
			if _, err := r.Upkeep(t.Context()); err != nil {
				t.Fatal(err)
			}
			round := r.rounds(id)[0]
			r.want("round", *round.ResourceCountByStatus, row.want)
			out, err := r.DescribeAssociation(r.ctx(), &ssm.DescribeAssociationInput{AssociationId: &id})
			if err != nil {
				t.Fatal(err)
			}
			for what, got := range map[string][]types.AlarmStateInformation{"round": round.TriggeredAlarms, "association": out.AssociationDescription.TriggeredAlarms} {
				said := ""
				for _, a := range got {
					said += *a.Name + "=" + string(a.State)
				}
				r.want("alarms of the "+what, said, row.why)
			}
			if c := out.AssociationDescription.AlarmConfiguration; c == nil || *c.Alarms[0].Name != "stop" || c.IgnorePollAlarmFailure != row.ignore {
				t.Errorf("got the configuration %+v", c)
			}
		})
	}
}
