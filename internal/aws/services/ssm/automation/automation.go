package automation

import (
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/history"
	"tamachi/internal/aws/services/ssm/tag"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st    *store.Store
	ids   *id.Source
	clk   clock.Clock
	ports Ports

	quotas  quotas
	history history.Keeper[execution]
}

// New returns the room over its store and ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	s := &Service{st: st, ids: ids, clk: clk, ports: ports, quotas: usual}
	s.history = history.Keeper[execution]{Store: st, Clock: clk, Table: &executions, Began: func(x *execution) time.Time { return x.Started }, Forget: s.forget}
	return s
}

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Read("DescribeAutomationExecutions", s.DescribeAutomationExecutions, s.describeAutomationExecutionsChecks),
		api.Read("DescribeAutomationStepExecutions", s.DescribeAutomationStepExecutions, s.describeAutomationStepExecutionsChecks),
		api.Read("GetAutomationExecution", s.GetAutomationExecution, s.getAutomationExecutionChecks),
		api.Write("SendAutomationSignal", s.SendAutomationSignal, s.sendAutomationSignalChecks),
		api.Write("StartAutomationExecution", s.StartAutomationExecution, s.startAutomationExecutionChecks),
		api.Write("StopAutomationExecution", s.StopAutomationExecution, s.stopAutomationExecutionChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition {
	return []store.Definition{&executions, &steps, &contents}
}

// Tagging is the room's resources as those that carry tags.
func (s *Service) Tagging() tag.Room {
	return &tag.Records[execution]{Store: s.st, Table: &executions, Type: "automation-execution", Of: func(x *execution) *map[string]string { return &x.Tags }}
}
