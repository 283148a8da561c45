package organizations

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
	// domain ends the address of a management account, which nobody gave.
	domain string
}

// New returns the room over a store that was opened with its Tables.
func New(st *store.Store, ids *id.Source, clk clock.Clock, domain string, ports Ports) *Service {
	return &Service{store: st, ids: ids, clock: clk, domain: domain, ports: ports}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "organizations" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("CreateAccount", s.CreateAccount, s.createAccountChecks),
		api.Write("CreateOrganization", s.CreateOrganization, s.createOrganizationChecks),
		api.Write("DeleteOrganization", s.DeleteOrganization, s.deleteOrganizationChecks),
		api.Read("DescribeAccount", s.DescribeAccount, s.describeAccountChecks),
		api.Read("DescribeCreateAccountStatus", s.DescribeCreateAccountStatus, s.describeCreateAccountStatusChecks),
		api.Read("DescribeOrganization", s.DescribeOrganization, s.describeOrganizationChecks),
		api.Read("ListAccounts", s.ListAccounts, s.listAccountsChecks),
		api.Read("ListCreateAccountStatus", s.ListCreateAccountStatus, s.listCreateAccountStatusChecks),
		api.Read("ListRoots", s.ListRoots, s.listRootsChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition { return []store.Definition{&known, &members, &requests} }
