package managednodes

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
		api.Write("CreateActivation", s.CreateActivation, s.createActivationChecks),
		api.Write("DeleteActivation", s.DeleteActivation, s.deleteActivationChecks),
		api.Write("DeregisterManagedInstance", s.DeregisterManagedInstance, s.deregisterManagedInstanceChecks),
		api.Read("DescribeActivations", s.DescribeActivations, s.describeActivationsChecks),
		api.Read("DescribeInstanceInformation", s.DescribeInstanceInformation, s.describeInstanceInformationChecks),
		api.Read("DescribeInstanceProperties", s.DescribeInstanceProperties, s.describeInstancePropertiesChecks),
		api.Read("ListNodes", s.ListNodes, s.listNodesChecks),
		api.Read("ListNodesSummary", s.ListNodesSummary, s.listNodesSummaryChecks),
		api.Write("UpdateManagedInstanceRole", s.UpdateManagedInstanceRole, s.updateManagedInstanceRoleChecks),

		// The agents' own.
		api.Public("RegisterManagedInstance", s.RegisterManagedInstance),
		api.Data("RequestManagedInstanceRoleToken", s.RequestManagedInstanceRoleToken, s.requestManagedInstanceRoleTokenChecks),
		api.Data("UpdateInstanceInformation", s.UpdateInstanceInformation, s.updateInstanceInformationChecks),
		api.Data("UpdateManagedInstancePublicKey", s.UpdateManagedInstancePublicKey, s.updateManagedInstancePublicKeyChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition { return []store.Definition{&activations, &managedNodes} }
