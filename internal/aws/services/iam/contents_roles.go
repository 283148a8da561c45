package iam

import (
	"slices"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// roleOperations are those of roles, policies and who holds them.
func (s *Service) roleOperations() []api.Operation {
	return slices.Concat(s.rolesRows(), s.profileRows())
}

func (s *Service) rolesRows() []api.Operation {
	return []api.Operation{
		api.Write("CreateRole", s.CreateRole, s.createRoleChecks),
		api.Read("GetRole", s.GetRole, s.getRoleChecks),
		api.Write("UpdateRole", s.UpdateRole, s.updateRoleChecks),
		api.Write("UpdateRoleDescription", s.UpdateRoleDescription, s.updateRoleDescriptionChecks),
		api.Write("UpdateAssumeRolePolicy", s.UpdateAssumeRolePolicy, s.updateAssumeRolePolicyChecks),
		api.Write("DeleteRole", s.DeleteRole, s.deleteRoleChecks),
		api.Read("ListRoles", s.ListRoles, s.listRolesChecks),
		api.Write("TagRole", s.TagRole, s.tagRoleChecks),
		api.Write("UntagRole", s.UntagRole, s.untagRoleChecks),
		api.Read("ListRoleTags", s.ListRoleTags, s.listRoleTagsChecks),
		api.Write("PutRolePermissionsBoundary", s.PutRolePermissionsBoundary, s.putRolePermissionsBoundaryChecks),
		api.Write("DeleteRolePermissionsBoundary", s.DeleteRolePermissionsBoundary, s.deleteRolePermissionsBoundaryChecks),
	}
}

func (s *Service) profileRows() []api.Operation {
	return []api.Operation{
		api.Write("CreateInstanceProfile", s.CreateInstanceProfile, s.createInstanceProfileChecks),
		api.Read("GetInstanceProfile", s.GetInstanceProfile, s.getInstanceProfileChecks),
		api.Write("DeleteInstanceProfile", s.DeleteInstanceProfile, s.deleteInstanceProfileChecks),
		api.Read("ListInstanceProfiles", s.ListInstanceProfiles, s.listInstanceProfilesChecks),
		api.Read("ListInstanceProfilesForRole", s.ListInstanceProfilesForRole, s.listInstanceProfilesForRoleChecks),
		api.Write("AddRoleToInstanceProfile", s.AddRoleToInstanceProfile, s.addRoleToInstanceProfileChecks),
		api.Write("RemoveRoleFromInstanceProfile", s.RemoveRoleFromInstanceProfile, s.removeRoleFromInstanceProfileChecks),
		api.Write("TagInstanceProfile", s.TagInstanceProfile, s.tagInstanceProfileChecks),
		api.Write("UntagInstanceProfile", s.UntagInstanceProfile, s.untagInstanceProfileChecks),
		api.Read("ListInstanceProfileTags", s.ListInstanceProfileTags, s.listInstanceProfileTagsChecks),
	}
}

func roleTables() []store.Definition {
	return []store.Definition{&roles, &roleUses, &profiles}
}
