package sns

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

var _ api.Service = (*Service)(nil)

// New returns the room over a store and its ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{store: st, ids: ids, clock: clk, ports: ports}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "sns" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("AddPermission", s.AddPermission, s.addPermissionChecks),
		api.Link("ConfirmSubscription", s.ConfirmSubscription, s.confirmSubscriptionChecks),
		api.Write("CreateTopic", s.CreateTopic, s.createTopicChecks),
		api.Write("DeleteTopic", s.DeleteTopic, s.deleteTopicChecks),
		api.Read("GetSubscriptionAttributes", s.GetSubscriptionAttributes, s.getSubscriptionAttributesChecks),
		api.Read("GetTopicAttributes", s.GetTopicAttributes, s.getTopicAttributesChecks),
		api.Read("ListSubscriptions", s.ListSubscriptions, s.listSubscriptionsChecks),
		api.Read("ListSubscriptionsByTopic", s.ListSubscriptionsByTopic, s.listSubscriptionsByTopicChecks),
		api.Read("ListTagsForResource", s.ListTagsForResource, s.listTagsForResourceChecks),
		api.Read("ListTopics", s.ListTopics, s.listTopicsChecks),
		api.Data("Publish", s.Publish, s.publishChecks),
		api.Data("PublishBatch", s.PublishBatch, s.publishBatchChecks),
		api.Write("RemovePermission", s.RemovePermission, s.removePermissionChecks),
		api.Write("SetSubscriptionAttributes", s.SetSubscriptionAttributes, s.setSubscriptionAttributesChecks),
		api.Write("SetTopicAttributes", s.SetTopicAttributes, s.setTopicAttributesChecks),
		api.Write("Subscribe", s.Subscribe, s.subscribeChecks),
		api.Write("TagResource", s.TagResource, s.tagResourceChecks),
		api.Link("Unsubscribe", s.Unsubscribe, s.unsubscribeChecks),
		api.Write("UntagResource", s.UntagResource, s.untagResourceChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition {
	return []store.Definition{&topics, &subscriptions, &deliveries}
}
