package cloudtrail

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	store *store.Store
	clock clock.Clock
}

// New returns the room over a store.
func New(st *store.Store, clk clock.Clock) *Service {
	return &Service{store: st, clock: clk}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "cloudtrail" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Read("LookupEvents", s.LookupEvents, s.lookupEventsChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition { return []store.Definition{&events, &mentions} }
