package cloudtrail

import (
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Options change a room; the zero value is a good one.
type Options struct {
	// Retention is how long events are kept and looked up; default 400 days.
	Retention time.Duration
}

// defaultRetention is more than the 90 days of AWS: a year's evidence and a
// month to gather it.
const defaultRetention = 400 * 24 * time.Hour

// Service is the room.
type Service struct {
	store     *store.Store
	ids       *id.Source
	clock     clock.Clock
	retention time.Duration
}

// New returns the room over a store.
func New(st *store.Store, ids *id.Source, clk clock.Clock, o Options) *Service {
	if o.Retention == 0 {
		o.Retention = defaultRetention
	}
	return &Service{store: st, ids: ids, clock: clk, retention: o.Retention}
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
func Tables() []store.Definition { return []store.Definition{&trail} }
