package compliance

import (
	"errors"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st    *store.Store
	ports Ports
}

// New returns the room over its store and ports.
func New(st *store.Store, ports Ports) *Service { return &Service{st: st, ports: ports} }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Read("ListComplianceItems", s.ListComplianceItems, s.listComplianceItemsChecks),
		api.Read("ListComplianceSummaries", s.ListComplianceSummaries, s.listComplianceSummariesChecks),
		api.Read("ListResourceComplianceSummaries", s.ListResourceComplianceSummaries, s.listResourceComplianceSummariesChecks),

		// The agents', and users' for custom types.
		api.Data("PutComplianceItems", s.PutComplianceItems, s.putComplianceItemsChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition { return []store.Definition{&records} }

func nodeARN(scope store.Scope, id string) arn.ARN {
	return arn.New("ssm", scope.Region, scope.Account, "managed-instance/"+id)
}

func missing(err error) bool { return errors.Is(err, store.ErrNotFound) }
