package cloudwatch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeAlarmHistory lists what happened to alarms, the newest first unless
// asked otherwise.
func (s *Service) DescribeAlarmHistory(ctx context.Context, in *cloudwatch.DescribeAlarmHistoryInput) (*cloudwatch.DescribeAlarmHistoryOutput, error) {
	p, most, err := historyPage(in)
	if err != nil {
		return nil, err
	}
	kinds := in.AlarmTypes
	if len(kinds) == 0 && in.AlarmName == nil {
		kinds = []types.AlarmType{types.AlarmTypeMetricAlarm}
	}
	out := &cloudwatch.DescribeAlarmHistoryOutput{AlarmHistoryItems: []types.AlarmHistoryItem{}}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		for {
			list, err := historyList(tx, store.In(api.CallFrom(ctx).Place()), in.AlarmName, p)
			if err != nil {
				return err
			}
			for _, h := range list {
				if len(kinds) > 0 && !slices.Contains(kinds, h.Kind) || in.HistoryItemType != "" && h.Type != in.HistoryItemType {
					continue
				}
				if len(out.AlarmHistoryItems) == most {
					out.NextToken = aws.String(api.Token("DescribeAlarmHistory", p.After))
					return nil
				}
				p.After = h.key()
				out.AlarmHistoryItems = append(out.AlarmHistoryItems, h.shown())
			}
			if len(list) < p.Limit {
				return nil
			}
			p.After = list[len(list)-1].key()
		}
	})
	if err != nil {
		return nil, fmt.Errorf("describe the history of alarms: %w", err)
	}
	return out, nil
}

func (s *Service) describeAlarmHistoryChecks(ctx context.Context, in *cloudwatch.DescribeAlarmHistoryInput) ([]api.Check, error) {
	if in.AlarmName == nil {
		return []api.Check{s.onAlarm(ctx, "cloudwatch:DescribeAlarmHistory", "*")}, nil
	}
	return []api.Check{s.onAlarm(ctx, "cloudwatch:DescribeAlarmHistory", *in.AlarmName)}, nil
}

func historyPage(in *cloudwatch.DescribeAlarmHistoryInput) (p store.Page, most int, err error) {
	p, most = store.Page{Limit: 200, Descending: in.ScanBy != types.ScanByTimestampAscending}, 100
	if in.MaxRecords != nil {
		most = int(*in.MaxRecords)
	}
	if in.StartDate != nil {
		p.Min = historyFrom(*in.StartDate)
	}
	if in.EndDate != nil {
		p.Max = historyFrom(in.EndDate.Add(time.Millisecond)) // what was then, too
	}
	if in.NextToken != nil {
		var ok bool
		if p.After, ok = api.After("DescribeAlarmHistory", *in.NextToken); !ok {
			return p, most, badToken()
		}
	}
	return p, most, nil
}

func historyList(tx *store.Tx, sc store.Scope, name *string, p store.Page) ([]*happened, error) {
	if name != nil {
		return history.By(tx, sc, "Alarm", *name, p)
	}
	return history.List(tx, sc, p)
}

// shown is the item as DescribeAlarmHistory has it.
func (h *happened) shown() types.AlarmHistoryItem {
	return types.AlarmHistoryItem{
		AlarmName: &h.Alarm, AlarmType: h.Kind, Timestamp: &h.At, HistoryItemType: h.Type, HistorySummary: &h.Summary, HistoryData: &h.Data,
	}
}
