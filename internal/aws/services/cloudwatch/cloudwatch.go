package cloudwatch

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
}

// New returns the room over a store.
func New(st *store.Store, ids *id.Source, clk clock.Clock) *Service {
	return &Service{store: st, ids: ids, clock: clk}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "cloudwatch" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Read("GetMetricStatistics", s.GetMetricStatistics, s.getMetricStatisticsChecks),
		api.Read("ListMetrics", s.ListMetrics, s.listMetricsChecks),
		api.Data("PutMetricData", s.PutMetricData, s.putMetricDataChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition {
	return []store.Definition{&metrics, &fresh, &blocks, &duties}
}
