package iam

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// userOperations are those of users, groups, credentials and the account.
func (s *Service) userOperations() []api.Operation {
	return []api.Operation{
		api.Write("CreateAccessKey", s.CreateAccessKey, s.createAccessKeyChecks),
		api.Write("CreateUser", s.CreateUser, s.createUserChecks),
		api.Write("DeleteAccessKey", s.DeleteAccessKey, s.deleteAccessKeyChecks),
		api.Write("DeleteUser", s.DeleteUser, s.deleteUserChecks),
		api.Read("GetAccessKeyLastUsed", s.GetAccessKeyLastUsed, s.getAccessKeyLastUsedChecks),
		api.Read("GetUser", s.GetUser, s.getUserChecks),
		api.Read("ListAccessKeys", s.ListAccessKeys, s.listAccessKeysChecks),
		api.Write("UpdateAccessKey", s.UpdateAccessKey, s.updateAccessKeyChecks),
	}
}

func userTables() []store.Definition {
	return []store.Definition{&users, &roots, &accessKeys, &keyUses}
}
