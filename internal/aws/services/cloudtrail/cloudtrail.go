package cloudtrail

import (
	"sync"
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
	// Every is how often log files are delivered; default and, by AWS's word,
	// the longest: 5 minutes.
	Every time.Duration
}

// defaultRetention is more than the 90 days of AWS: a year's evidence and a
// month to gather it.
const defaultRetention = 400 * 24 * time.Hour

const defaultEvery = 5 * time.Minute

// Service is the room.
type Service struct {
	store     *store.Store
	ids       *id.Source
	clock     clock.Clock
	ports     Ports
	retention time.Duration
	every     time.Duration

	mu      sync.Mutex
	trimmed time.Time // guarded by mu: when nothing was left to trim
}

// New returns the room over a store.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports, o Options) *Service {
	if o.Retention == 0 {
		o.Retention = defaultRetention
	}
	if o.Every == 0 {
		o.Every = defaultEvery
	}
	return &Service{store: st, ids: ids, clock: clk, ports: ports, retention: o.Retention, every: o.Every}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "cloudtrail" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("AddTags", s.AddTags, s.addTagsChecks),
		api.Write("CreateTrail", s.CreateTrail, s.createTrailChecks),
		api.Write("DeleteTrail", s.DeleteTrail, s.deleteTrailChecks),
		api.Read("DescribeTrails", s.DescribeTrails, s.describeTrailsChecks),
		api.Read("GetEventSelectors", s.GetEventSelectors, s.getEventSelectorsChecks),
		api.Read("GetTrail", s.GetTrail, s.getTrailChecks),
		api.Read("GetTrailStatus", s.GetTrailStatus, s.getTrailStatusChecks),
		api.Read("ListPublicKeys", s.ListPublicKeys, s.listPublicKeysChecks),
		api.Read("ListTags", s.ListTags, s.listTagsChecks),
		api.Read("ListTrails", s.ListTrails, s.listTrailsChecks),
		api.Read("LookupEvents", s.LookupEvents, s.lookupEventsChecks),
		api.Write("PutEventSelectors", s.PutEventSelectors, s.putEventSelectorsChecks),
		api.Write("RemoveTags", s.RemoveTags, s.removeTagsChecks),
		api.Write("StartLogging", s.StartLogging, s.startLoggingChecks),
		api.Write("StopLogging", s.StopLogging, s.stopLoggingChecks),
		api.Write("UpdateTrail", s.UpdateTrail, s.updateTrailChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition {
	return []store.Definition{&journal, &trails, &deliveries, &signingKeys}
}
