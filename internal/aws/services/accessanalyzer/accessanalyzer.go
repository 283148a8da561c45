package accessanalyzer

import "tamachi/internal/aws/api"

// Service is the room. Make it with New.
type Service struct{}

var _ api.Service = (*Service)(nil)

// New returns the room; it keeps nothing.
func New() *Service { return &Service{} }

// Name is the name of the model table.
func (s *Service) Name() string { return "accessanalyzer" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Read("CheckAccessNotGranted", s.CheckAccessNotGranted, s.checkAccessNotGrantedChecks),
		api.Read("CheckNoNewAccess", s.CheckNoNewAccess, s.checkNoNewAccessChecks),
		api.Read("CheckNoPublicAccess", s.CheckNoPublicAccess, s.checkNoPublicAccessChecks),
		api.Read("ValidatePolicy", s.ValidatePolicy, s.validatePolicyChecks),
	}
}
