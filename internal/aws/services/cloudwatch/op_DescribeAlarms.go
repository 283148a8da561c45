package cloudwatch

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/cloudwatch/rule"
	"tamachi/internal/store"
)

// DescribeAlarms lists alarms: of names, of a prefix, of a state, with an
// action, or the children or parents of one in the rules of composite alarms.
func (s *Service) DescribeAlarms(ctx context.Context, in *cloudwatch.DescribeAlarmsInput) (*cloudwatch.DescribeAlarmsOutput, error) {
	after, most, err := alarmsPage(in)
	if err != nil {
		return nil, err
	}
	out := &cloudwatch.DescribeAlarmsOutput{MetricAlarms: []types.MetricAlarm{}, CompositeAlarms: []types.CompositeAlarm{}}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		found, err := chosen(tx, store.In(api.CallFrom(ctx).Place()), in)
		if err != nil {
			return err
		}
		n := 0
		for _, a := range found {
			if a.Name <= after || !wanted(a, in) {
				continue
			}
			if n == most {
				out.NextToken = aws.String(api.Token("DescribeAlarms", after))
				return nil
			}
			n, after = n+1, a.Name
			if a.Kind == types.AlarmTypeCompositeAlarm {
				out.CompositeAlarms = append(out.CompositeAlarms, a.shownComposite())
			} else {
				out.MetricAlarms = append(out.MetricAlarms, a.shownMetric())
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("describe alarms: %w", err)
	}
	return out, nil
}

func (s *Service) describeAlarmsChecks(ctx context.Context, in *cloudwatch.DescribeAlarmsInput) ([]api.Check, error) {
	if len(in.AlarmNames) == 0 {
		return []api.Check{s.onAlarm(ctx, "cloudwatch:DescribeAlarms", "*")}, nil
	}
	return s.onAlarms(ctx, "cloudwatch:DescribeAlarms", in.AlarmNames), nil
}

func alarmsPage(in *cloudwatch.DescribeAlarmsInput) (after string, most int, err error) {
	relatives := in.ChildrenOfAlarmName != nil || in.ParentsOfAlarmName != nil
	others := len(in.AlarmNames) > 0 || in.AlarmNamePrefix != nil || len(in.AlarmTypes) > 0 || in.StateValue != "" || in.ActionPrefix != nil
	switch {
	case in.AlarmNames != nil && in.AlarmNamePrefix != nil:
		return "", 0, invalid("AlarmNamePrefix and AlarmNames cannot be specified together.")
	case relatives && others || in.ChildrenOfAlarmName != nil && in.ParentsOfAlarmName != nil:
		return "", 0, invalid("ChildrenOfAlarmName and ParentsOfAlarmName cannot be specified with other parameters.")
	}
	most = 50
	if in.MaxRecords != nil {
		most = int(*in.MaxRecords)
	}
	if n := len(in.AlarmNames); n > most {
		most = n
	}
	if in.NextToken != nil {
		var ok bool
		if after, ok = api.After("DescribeAlarms", *in.NextToken); !ok {
			return "", 0, badToken()
		}
	}
	return after, most, nil
}

// chosen are the alarms that a request names, in the order of their names.
func chosen(tx *store.Tx, sc store.Scope, in *cloudwatch.DescribeAlarmsInput) ([]*alarm, error) {
	var names []string
	find := findAlarm
	switch {
	case in.ChildrenOfAlarmName != nil:
		a, err := findAlarm(tx, sc, *in.ChildrenOfAlarmName)
		if err != nil || a == nil || a.Rule == "" {
			return nil, err
		}
		r, err := rule.Parse(a.Rule)
		if err != nil {
			return nil, err
		}
		names, find = r.Alarms(), findNamed
	case in.ParentsOfAlarmName != nil:
		return parentsOf(tx, sc, &alarm{Name: *in.ParentsOfAlarmName, Account: sc.Account, Region: sc.Region})
	case len(in.AlarmNames) > 0:
		names = in.AlarmNames
	default:
		return alarms.List(tx, sc, store.Page{Min: aws.ToString(in.AlarmNamePrefix)})
	}
	var out []*alarm
	for _, name := range names {
		a, err := find(tx, sc, name)
		if err != nil {
			return nil, err
		}
		if a != nil && !slices.ContainsFunc(out, func(o *alarm) bool { return o.Name == a.Name }) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b *alarm) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// wanted tells whether an alarm passes the filters.
func wanted(a *alarm, in *cloudwatch.DescribeAlarmsInput) bool {
	if in.ChildrenOfAlarmName != nil || in.ParentsOfAlarmName != nil {
		return true
	}
	kinds := in.AlarmTypes
	if len(kinds) == 0 {
		kinds = []types.AlarmType{types.AlarmTypeMetricAlarm}
	}
	action := func(list []string) bool {
		return slices.ContainsFunc(list, func(s string) bool { return strings.HasPrefix(s, *in.ActionPrefix) })
	}
	return slices.Contains(kinds, a.Kind) && strings.HasPrefix(a.Name, aws.ToString(in.AlarmNamePrefix)) &&
		(in.StateValue == "" || a.Status.Value == in.StateValue) &&
		(in.ActionPrefix == nil || action(a.Alarmed) || action(a.Cleared) || action(a.Insufficient))
}
