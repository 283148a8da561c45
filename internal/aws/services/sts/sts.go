package sts

import (
	"sync"

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

	mu    sync.RWMutex
	known map[string]*credential // guarded by mu; credentials never change once made
}

// New returns the room over a store.
func New(st *store.Store, ids *id.Source, clk clock.Clock) *Service {
	return &Service{store: st, ids: ids, clock: clk, known: make(map[string]*credential)}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "sts" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Authenticated("GetCallerIdentity", s.GetCallerIdentity),
		api.Write("GetFederationToken", s.GetFederationToken, s.getFederationTokenChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition { return []store.Definition{&credentials} }
