package directoryservicedata

import (
	"runtime"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/proof"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st    *store.Store
	ids   *id.Source
	clk   clock.Clock
	ports Ports
	rules rules
	cost  proof.Cost // of new passwords
	turns turns
}

var _ api.Service = (*Service)(nil)

// New returns the room over its store and ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{st: st, ids: ids, clk: clk, ports: ports, rules: domainRules(), cost: proof.Slow(), turns: make(turns, runtime.GOMAXPROCS(0))}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "ds-data" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("AddGroupMember", s.AddGroupMember, s.addGroupMemberChecks),
		api.Write("CreateGroup", s.CreateGroup, s.createGroupChecks),
		api.Write("CreateUser", s.CreateUser, s.createUserChecks),
		api.Write("DeleteGroup", s.DeleteGroup, s.deleteGroupChecks),
		api.Write("DeleteUser", s.DeleteUser, s.deleteUserChecks),
		api.Read("DescribeGroup", s.DescribeGroup, s.describeGroupChecks),
		api.Read("DescribeUser", s.DescribeUser, s.describeUserChecks),
		api.Write("DisableUser", s.DisableUser, s.disableUserChecks),
		api.Read("ListGroupMembers", s.ListGroupMembers, s.listGroupMembersChecks),
		api.Read("ListGroups", s.ListGroups, s.listGroupsChecks),
		api.Read("ListGroupsForMember", s.ListGroupsForMember, s.listGroupsForMemberChecks),
		api.Read("ListUsers", s.ListUsers, s.listUsersChecks),
		api.Write("RemoveGroupMember", s.RemoveGroupMember, s.removeGroupMemberChecks),
		api.Read("SearchGroups", s.SearchGroups, s.searchGroupsChecks),
		api.Read("SearchUsers", s.SearchUsers, s.searchUsersChecks),
		api.Write("UpdateGroup", s.UpdateGroup, s.updateGroupChecks),
		api.Write("UpdateUser", s.UpdateUser, s.updateUserChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition {
	return []store.Definition{&users, &groups, &memberships, &failures, &counters, &receipts}
}
