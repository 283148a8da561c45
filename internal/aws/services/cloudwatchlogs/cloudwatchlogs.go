package cloudwatchlogs

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
}

// New returns the room over a store.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{store: st, ids: ids, clock: clk, ports: ports}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "logs" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("CancelExportTask", s.CancelExportTask, s.cancelExportTaskChecks),
		api.Write("CreateExportTask", s.CreateExportTask, s.createExportTaskChecks),
		api.Write("CreateLogGroup", s.CreateLogGroup, s.createLogGroupChecks),
		api.Write("CreateLogStream", s.CreateLogStream, s.createLogStreamChecks),
		api.Write("DeleteLogGroup", s.DeleteLogGroup, s.deleteLogGroupChecks),
		api.Write("DeleteLogStream", s.DeleteLogStream, s.deleteLogStreamChecks),
		api.Write("DeleteRetentionPolicy", s.DeleteRetentionPolicy, s.deleteRetentionPolicyChecks),
		api.Read("DescribeExportTasks", s.DescribeExportTasks, s.describeExportTasksChecks),
		api.Read("DescribeLogGroups", s.DescribeLogGroups, s.describeLogGroupsChecks),
		api.Read("DescribeLogStreams", s.DescribeLogStreams, s.describeLogStreamsChecks),
		api.Read("FilterLogEvents", s.FilterLogEvents, s.filterLogEventsChecks),
		api.Read("GetLogEvents", s.GetLogEvents, s.getLogEventsChecks),
		api.Read("ListLogGroups", s.ListLogGroups, s.listLogGroupsChecks),
		api.Read("ListTagsForResource", s.ListTagsForResource, s.listTagsForResourceChecks),
		api.Read("ListTagsLogGroup", s.ListTagsLogGroup, s.listTagsLogGroupChecks),
		api.Data("PutLogEvents", s.PutLogEvents, s.putLogEventsChecks),
		api.Write("PutLogGroupDeletionProtection", s.PutLogGroupDeletionProtection, s.putLogGroupDeletionProtectionChecks),
		api.Write("PutRetentionPolicy", s.PutRetentionPolicy, s.putRetentionPolicyChecks),
		api.Write("TagLogGroup", s.TagLogGroup, s.tagLogGroupChecks),
		api.Write("TagResource", s.TagResource, s.tagResourceChecks),
		api.Read("TestMetricFilter", s.TestMetricFilter, s.testMetricFilterChecks),
		api.Write("UntagLogGroup", s.UntagLogGroup, s.untagLogGroupChecks),
		api.Write("UntagResource", s.UntagResource, s.untagResourceChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition {
	return []store.Definition{&groups, &streams, &chunks, &usages, &exports, &duties}
}
