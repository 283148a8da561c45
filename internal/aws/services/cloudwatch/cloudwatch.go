package cloudwatch

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	store *store.Store
	ids   *id.Source
	clock clock.Clock
	ports Ports
	watch *watchman
}

// New returns the room over a store.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{store: st, ids: ids, clock: clk, ports: ports, watch: &watchman{last: map[string]int64{}, many: map[string]int{}}}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "cloudwatch" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("DeleteAlarms", s.DeleteAlarms, s.deleteAlarmsChecks),
		api.Write("DeleteDashboards", s.DeleteDashboards, s.deleteDashboardsChecks),
		api.Read("DescribeAlarmHistory", s.DescribeAlarmHistory, s.describeAlarmHistoryChecks),
		api.Read("DescribeAlarms", s.DescribeAlarms, s.describeAlarmsChecks),
		api.Read("DescribeAlarmsForMetric", s.DescribeAlarmsForMetric, s.describeAlarmsForMetricChecks),
		api.Write("DisableAlarmActions", s.DisableAlarmActions, s.disableAlarmActionsChecks),
		api.Write("EnableAlarmActions", s.EnableAlarmActions, s.enableAlarmActionsChecks),
		api.Read("GetDashboard", s.GetDashboard, s.getDashboardChecks),
		api.Read("GetMetricData", s.GetMetricData, s.getMetricDataChecks),
		api.Read("GetMetricStatistics", s.GetMetricStatistics, s.getMetricStatisticsChecks),
		api.Read("ListDashboards", s.ListDashboards, s.listDashboardsChecks),
		api.Read("ListMetrics", s.ListMetrics, s.listMetricsChecks),
		api.Read("ListTagsForResource", s.ListTagsForResource, s.listTagsForResourceChecks),
		api.Write("PutCompositeAlarm", s.PutCompositeAlarm, s.putCompositeAlarmChecks),
		api.Write("PutDashboard", s.PutDashboard, s.putDashboardChecks),
		api.Write("PutMetricAlarm", s.PutMetricAlarm, s.putMetricAlarmChecks),
		api.Data("PutMetricData", s.PutMetricData, s.putMetricDataChecks),
		api.Write("SetAlarmState", s.SetAlarmState, s.setAlarmStateChecks),
		api.Write("TagResource", s.TagResource, s.tagResourceChecks),
		api.Write("UntagResource", s.UntagResource, s.untagResourceChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition {
	return []store.Definition{&metrics, &fresh, &blocks, &duties, &alarms, &history, &errands, &dashboards}
}
