package directoryservicedata

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st     *store.Store
	ids    *id.Source
	clk    clock.Clock
	ports  Ports
	rounds int // of PBKDF2 for new passwords
}

var _ api.Service = (*Service)(nil)

// New returns the room over its store and ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{st: st, ids: ids, clk: clk, ports: ports, rounds: sealRounds}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "ds-data" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("CreateUser", s.CreateUser, s.createUserChecks),
		api.Write("DeleteUser", s.DeleteUser, s.deleteUserChecks),
		api.Read("DescribeUser", s.DescribeUser, s.describeUserChecks),
		api.Write("DisableUser", s.DisableUser, s.disableUserChecks),
		api.Read("ListUsers", s.ListUsers, s.listUsersChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition { return []store.Definition{&users, &counters, &receipts} }
