package iam

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// userOperations are those of users, groups, credentials and the account.
func (s *Service) userOperations() []api.Operation {
	return []api.Operation{
		api.Write("CreateUser", s.CreateUser, s.createUserChecks),
		api.Write("DeleteUser", s.DeleteUser, s.deleteUserChecks),
		api.Read("GetUser", s.GetUser, s.getUserChecks),
	}
}

func userTables() []store.Definition { return []store.Definition{&users} }
