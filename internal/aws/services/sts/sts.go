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
	ports Ports

	mu    sync.RWMutex
	known map[string]*credential // guarded by mu; credentials never change once made
}

// New returns the room over a store.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{store: st, ids: ids, clock: clk, ports: ports, known: make(map[string]*credential)}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "sts" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("AssumeRole", s.AssumeRole, s.assumeRoleChecks),
		api.Read("DecodeAuthorizationMessage", s.DecodeAuthorizationMessage, s.decodeAuthorizationMessageChecks),
		api.Read("GetAccessKeyInfo", s.GetAccessKeyInfo, s.getAccessKeyInfoChecks),
		api.Authenticated("GetCallerIdentity", s.GetCallerIdentity),
		api.Write("GetFederationToken", s.GetFederationToken, s.getFederationTokenChecks),
		api.Write("GetSessionToken", s.GetSessionToken, s.getSessionTokenChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition { return []store.Definition{&credentials} }
