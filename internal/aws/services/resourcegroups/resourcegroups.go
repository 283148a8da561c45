package resourcegroups

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	store *store.Store
	ports Ports
}

var _ api.Service = (*Service)(nil)

// New returns the room over a store and its ports.
func New(st *store.Store, ports Ports) *Service { return &Service{store: st, ports: ports} }

// Name is the name of the model table.
func (s *Service) Name() string { return "resource-groups" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("CreateGroup", s.CreateGroup, s.createGroupChecks),
		api.Write("DeleteGroup", s.DeleteGroup, s.deleteGroupChecks),
		api.Read("GetGroup", s.GetGroup, s.getGroupChecks),
		api.Read("GetGroupQuery", s.GetGroupQuery, s.getGroupQueryChecks),
		api.Read("GetTags", s.GetTags, s.getTagsChecks),
		api.Read("ListGroupResources", s.ListGroupResources, s.listGroupResourcesChecks),
		api.Read("ListGroups", s.ListGroups, s.listGroupsChecks),
		api.Read("SearchResources", s.SearchResources, s.searchResourcesChecks),
		api.Write("Tag", s.Tag, s.tagChecks),
		api.Write("Untag", s.Untag, s.untagChecks),
		api.Write("UpdateGroup", s.UpdateGroup, s.updateGroupChecks),
		api.Write("UpdateGroupQuery", s.UpdateGroupQuery, s.updateGroupQueryChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition { return []store.Definition{&groups} }
