package eventbridge

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

	tokens tokens
	pace   pace
	round  chan struct{} // held by who makes a round: two would send an errand twice
}

var _ api.Service = (*Service)(nil)

// New returns the room over a store and its ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{store: st, ids: ids, clock: clk, ports: ports, tokens: newTokens(), pace: newPace(), round: make(chan struct{}, 1)}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "events" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("CancelReplay", s.CancelReplay, s.cancelReplayChecks),
		api.Write("CreateApiDestination", s.CreateApiDestination, s.createApiDestinationChecks),
		api.Write("CreateArchive", s.CreateArchive, s.createArchiveChecks),
		api.Write("CreateConnection", s.CreateConnection, s.createConnectionChecks),
		api.Write("CreateEventBus", s.CreateEventBus, s.createEventBusChecks),
		api.Write("DeauthorizeConnection", s.DeauthorizeConnection, s.deauthorizeConnectionChecks),
		api.Write("DeleteApiDestination", s.DeleteApiDestination, s.deleteApiDestinationChecks),
		api.Write("DeleteArchive", s.DeleteArchive, s.deleteArchiveChecks),
		api.Write("DeleteConnection", s.DeleteConnection, s.deleteConnectionChecks),
		api.Write("DeleteEventBus", s.DeleteEventBus, s.deleteEventBusChecks),
		api.Write("DeleteRule", s.DeleteRule, s.deleteRuleChecks),
		api.Read("DescribeApiDestination", s.DescribeApiDestination, s.describeApiDestinationChecks),
		api.Read("DescribeArchive", s.DescribeArchive, s.describeArchiveChecks),
		api.Read("DescribeConnection", s.DescribeConnection, s.describeConnectionChecks),
		api.Read("DescribeEventBus", s.DescribeEventBus, s.describeEventBusChecks),
		api.Read("DescribeReplay", s.DescribeReplay, s.describeReplayChecks),
		api.Read("DescribeRule", s.DescribeRule, s.describeRuleChecks),
		api.Write("DisableRule", s.DisableRule, s.disableRuleChecks),
		api.Write("EnableRule", s.EnableRule, s.enableRuleChecks),
		api.Read("ListApiDestinations", s.ListApiDestinations, s.listApiDestinationsChecks),
		api.Read("ListArchives", s.ListArchives, s.listArchivesChecks),
		api.Read("ListConnections", s.ListConnections, s.listConnectionsChecks),
		api.Read("ListEventBuses", s.ListEventBuses, s.listEventBusesChecks),
		api.Read("ListReplays", s.ListReplays, s.listReplaysChecks),
		api.Read("ListRuleNamesByTarget", s.ListRuleNamesByTarget, s.listRuleNamesByTargetChecks),
		api.Read("ListRules", s.ListRules, s.listRulesChecks),
		api.Read("ListTagsForResource", s.ListTagsForResource, s.listTagsForResourceChecks),
		api.Read("ListTargetsByRule", s.ListTargetsByRule, s.listTargetsByRuleChecks),
		api.Data("PutEvents", s.PutEvents, s.putEventsChecks),
		api.Write("PutPermission", s.PutPermission, s.putPermissionChecks),
		api.Write("PutRule", s.PutRule, s.putRuleChecks),
		api.Write("PutTargets", s.PutTargets, s.putTargetsChecks),
		api.Write("RemovePermission", s.RemovePermission, s.removePermissionChecks),
		api.Write("RemoveTargets", s.RemoveTargets, s.removeTargetsChecks),
		api.Write("StartReplay", s.StartReplay, s.startReplayChecks),
		api.Write("TagResource", s.TagResource, s.tagResourceChecks),
		api.Read("TestEventPattern", s.TestEventPattern, s.testEventPatternChecks),
		api.Write("UntagResource", s.UntagResource, s.untagResourceChecks),
		api.Write("UpdateApiDestination", s.UpdateApiDestination, s.updateApiDestinationChecks),
		api.Write("UpdateArchive", s.UpdateArchive, s.updateArchiveChecks),
		api.Write("UpdateConnection", s.UpdateConnection, s.updateConnectionChecks),
		api.Write("UpdateEventBus", s.UpdateEventBus, s.updateEventBusChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition {
	return []store.Definition{&buses, &rules, &errands, &connections, &destinations, &archives, &keeps, &leftovers, &replays}
}
