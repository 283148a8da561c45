package statemanager

import (
	"tamachi/internal/aws/api"
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
}

// New returns the room over its store and ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{st: st, ids: ids, clk: clk, ports: ports}
}

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("CreateAssociation", s.CreateAssociation, s.createAssociationChecks),
		api.Write("CreateAssociationBatch", s.CreateAssociationBatch, s.createAssociationBatchChecks),
		api.Write("DeleteAssociation", s.DeleteAssociation, s.deleteAssociationChecks),
		api.Read("DescribeAssociation", s.DescribeAssociation, s.describeAssociationChecks),
		api.Read("DescribeAssociationExecutionTargets", s.DescribeAssociationExecutionTargets, s.describeAssociationExecutionTargetsChecks),
		api.Read("DescribeAssociationExecutions", s.DescribeAssociationExecutions, s.describeAssociationExecutionsChecks),
		api.Read("DescribeEffectiveInstanceAssociations", s.DescribeEffectiveInstanceAssociations, s.describeEffectiveInstanceAssociationsChecks),
		api.Read("DescribeInstanceAssociationsStatus", s.DescribeInstanceAssociationsStatus, s.describeInstanceAssociationsStatusChecks),
		api.Read("ListAssociationVersions", s.ListAssociationVersions, s.listAssociationVersionsChecks),
		api.Read("ListAssociations", s.ListAssociations, s.listAssociationsChecks),
		api.Write("StartAssociationsOnce", s.StartAssociationsOnce, s.startAssociationsOnceChecks),
		api.Write("UpdateAssociation", s.UpdateAssociation, s.updateAssociationChecks),
		api.Write("UpdateAssociationStatus", s.UpdateAssociationStatus, s.updateAssociationStatusChecks),

		// The agents' own.
		api.Data("ListInstanceAssociations", s.ListInstanceAssociations, s.listInstanceAssociationsChecks),
		api.Data("UpdateInstanceAssociationStatus", s.UpdateInstanceAssociationStatus, s.updateInstanceAssociationStatusChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition {
	return []store.Definition{&associations, &versions, &standings, &bindings, &nudges, &executions, &targets}
}
