package iam

import (
	"slices"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// Service is the room. Make it with New.
type Service struct {
	store store.Ledger
	ids   *id.Source
	clock clock.Clock
	ports Ports
	uses  notedUses // of roles

	accesses accesses // of services, as the trail tells them
	touches  notedTouches

	keys  *store.Cache[Key] // long-term keys by id
	seen  witness           // uses of long-term keys
	tries throttle          // of codes of MFA devices

	bound    *store.Cache[*Bindings]        // by account and unique id
	compiled *store.Cache[*policy.Document] // by text; a text always means the same
}

// maxKnown bounds the keys held in memory.
const maxKnown = 50_000

// New returns the room over a store that was opened with its Tables.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	s := &Service{
		ids: ids, clock: clk, ports: ports, keys: store.NewCache[Key](maxKnown),
		bound: store.NewCache[*Bindings](maxBound), compiled: store.NewCache[*policy.Document](maxCompiled),
	}
	s.store = store.Ledger{Store: st, Changed: s.forget}
	return s
}

// Name is the name of the model table.
func (s *Service) Name() string { return "iam" }

// Operations is the table of contents; contents_users.go and contents_roles.go
// have its two halves.
func (s *Service) Operations() []api.Operation {
	return slices.Concat(s.userOperations(), s.roleOperations())
}

// Tables lists what the room stores.
func Tables() []store.Definition { return slices.Concat(userTables(), roleTables()) }

// forget empties what is held in memory of the tables; the ledger calls it.
func (s *Service) forget() {
	s.keys.Forget()
	s.bound.Forget()
}
