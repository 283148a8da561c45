package distributor

import "tamachi/internal/aws/api"

// Service is the room. It keeps nothing.
type Service struct{}

// New returns the room.
func New() *Service { return &Service{} }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Data("GetManifest", s.GetManifest, s.getManifestChecks),
	}
}
