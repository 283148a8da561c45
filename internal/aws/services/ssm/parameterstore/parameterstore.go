package parameterstore

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st     *store.Store
	clk    clock.Clock
	ports  Ports
	counts counts
}

// New returns the room over its store and ports.
func New(st *store.Store, clk clock.Clock, ports Ports) *Service {
	return &Service{st: st, clk: clk, ports: ports, counts: newCounts()}
}

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("DeleteParameter", s.DeleteParameter, s.deleteParameterChecks),
		api.Write("DeleteParameters", s.DeleteParameters, s.deleteParametersChecks),
		api.Read("DescribeParameters", s.DescribeParameters, s.describeParametersChecks),
		api.Read("GetParameter", s.GetParameter, s.getParameterChecks),
		api.Read("GetParameterHistory", s.GetParameterHistory, s.getParameterHistoryChecks),
		api.Read("GetParameters", s.GetParameters, s.getParametersChecks),
		api.Read("GetParametersByPath", s.GetParametersByPath, s.getParametersByPathChecks),
		api.Write("LabelParameterVersion", s.LabelParameterVersion, s.labelParameterVersionChecks),
		api.Write("PutParameter", s.PutParameter, s.putParameterChecks),
		api.Write("UnlabelParameterVersion", s.UnlabelParameterVersion, s.unlabelParameterVersionChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition {
	return []store.Definition{&parameters, &versions, &deadlines}
}
