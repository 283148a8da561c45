package iam

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// roleOperations are those of roles, policies and who holds them.
func (s *Service) roleOperations() []api.Operation { return nil }

func roleTables() []store.Definition { return nil }
