package resourcegroupstaggingapi

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	store *store.Store // for the records of calls; the room has no tables
	ports Ports
}

var _ api.Service = (*Service)(nil)

// New returns the room over its ports.
func New(st *store.Store, ports Ports) *Service { return &Service{store: st, ports: ports} }

// Name is the name of the model table.
func (s *Service) Name() string { return "resourcegroupstaggingapi" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Read("GetResources", s.GetResources, s.getResourcesChecks),
		api.Read("GetTagKeys", s.GetTagKeys, s.getTagKeysChecks),
		api.Read("GetTagValues", s.GetTagValues, s.getTagValuesChecks),
		api.Write("TagResources", s.TagResources, s.tagResourcesChecks),
		api.Write("UntagResources", s.UntagResources, s.untagResourcesChecks),
	}
}
