package iam

import (
	"slices"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// roleOperations are those of roles, policies and who holds them.
func (s *Service) roleOperations() []api.Operation {
	return slices.Concat(s.rolesRows(), s.profileRows(), s.policyRows(), s.holderRows(), s.simulationRows())
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
		api.Write("CreateServiceLinkedRole", s.CreateServiceLinkedRole, s.createServiceLinkedRoleChecks),
		api.Write("DeleteServiceLinkedRole", s.DeleteServiceLinkedRole, s.deleteServiceLinkedRoleChecks),
		api.Read("GetServiceLinkedRoleDeletionStatus", s.GetServiceLinkedRoleDeletionStatus, s.getServiceLinkedRoleDeletionStatusChecks),
		api.Read("GetAccountAuthorizationDetails", s.GetAccountAuthorizationDetails, s.getAccountAuthorizationDetailsChecks),
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

func (s *Service) simulationRows() []api.Operation {
	return []api.Operation{
		api.Read("SimulateCustomPolicy", s.SimulateCustomPolicy, s.simulateCustomPolicyChecks),
		api.Read("SimulatePrincipalPolicy", s.SimulatePrincipalPolicy, s.simulatePrincipalPolicyChecks),
		api.Read("GetContextKeysForCustomPolicy", s.GetContextKeysForCustomPolicy, s.getContextKeysForCustomPolicyChecks),
		api.Read("GetContextKeysForPrincipalPolicy", s.GetContextKeysForPrincipalPolicy, s.getContextKeysForPrincipalPolicyChecks),
		api.Read("GenerateServiceLastAccessedDetails", s.GenerateServiceLastAccessedDetails, s.generateServiceLastAccessedDetailsChecks),
		api.Read("GetServiceLastAccessedDetails", s.GetServiceLastAccessedDetails, s.getServiceLastAccessedDetailsChecks),
		api.Read("GetServiceLastAccessedDetailsWithEntities", s.GetServiceLastAccessedDetailsWithEntities, s.getServiceLastAccessedDetailsWithEntitiesChecks),
		api.Read("ListPoliciesGrantingServiceAccess", s.ListPoliciesGrantingServiceAccess, s.listPoliciesGrantingServiceAccessChecks),
	}
}

func (s *Service) policyRows() []api.Operation {
	return []api.Operation{
		api.Write("CreatePolicy", s.CreatePolicy, s.createPolicyChecks),
		api.Read("GetPolicy", s.GetPolicy, s.getPolicyChecks),
		api.Write("DeletePolicy", s.DeletePolicy, s.deletePolicyChecks),
		api.Read("ListPolicies", s.ListPolicies, s.listPoliciesChecks),
		api.Write("CreatePolicyVersion", s.CreatePolicyVersion, s.createPolicyVersionChecks),
		api.Read("GetPolicyVersion", s.GetPolicyVersion, s.getPolicyVersionChecks),
		api.Read("ListPolicyVersions", s.ListPolicyVersions, s.listPolicyVersionsChecks),
		api.Write("SetDefaultPolicyVersion", s.SetDefaultPolicyVersion, s.setDefaultPolicyVersionChecks),
		api.Write("DeletePolicyVersion", s.DeletePolicyVersion, s.deletePolicyVersionChecks),
		api.Write("TagPolicy", s.TagPolicy, s.tagPolicyChecks),
		api.Write("UntagPolicy", s.UntagPolicy, s.untagPolicyChecks),
		api.Read("ListPolicyTags", s.ListPolicyTags, s.listPolicyTagsChecks),
		api.Read("ListEntitiesForPolicy", s.ListEntitiesForPolicy, s.listEntitiesForPolicyChecks),
	}
}

// holderRows are the policies of users, groups and roles.
func (s *Service) holderRows() []api.Operation {
	return []api.Operation{
		api.Write("AttachUserPolicy", s.AttachUserPolicy, s.attachUserPolicyChecks),
		api.Write("DetachUserPolicy", s.DetachUserPolicy, s.detachUserPolicyChecks),
		api.Read("ListAttachedUserPolicies", s.ListAttachedUserPolicies, s.listAttachedUserPoliciesChecks),
		api.Write("PutUserPolicy", s.PutUserPolicy, s.putUserPolicyChecks),
		api.Read("GetUserPolicy", s.GetUserPolicy, s.getUserPolicyChecks),
		api.Write("DeleteUserPolicy", s.DeleteUserPolicy, s.deleteUserPolicyChecks),
		api.Read("ListUserPolicies", s.ListUserPolicies, s.listUserPoliciesChecks),
		api.Write("AttachGroupPolicy", s.AttachGroupPolicy, s.attachGroupPolicyChecks),
		api.Write("DetachGroupPolicy", s.DetachGroupPolicy, s.detachGroupPolicyChecks),
		api.Read("ListAttachedGroupPolicies", s.ListAttachedGroupPolicies, s.listAttachedGroupPoliciesChecks),
		api.Write("PutGroupPolicy", s.PutGroupPolicy, s.putGroupPolicyChecks),
		api.Read("GetGroupPolicy", s.GetGroupPolicy, s.getGroupPolicyChecks),
		api.Write("DeleteGroupPolicy", s.DeleteGroupPolicy, s.deleteGroupPolicyChecks),
		api.Read("ListGroupPolicies", s.ListGroupPolicies, s.listGroupPoliciesChecks),
		api.Write("AttachRolePolicy", s.AttachRolePolicy, s.attachRolePolicyChecks),
		api.Write("DetachRolePolicy", s.DetachRolePolicy, s.detachRolePolicyChecks),
		api.Read("ListAttachedRolePolicies", s.ListAttachedRolePolicies, s.listAttachedRolePoliciesChecks),
		api.Write("PutRolePolicy", s.PutRolePolicy, s.putRolePolicyChecks),
		api.Read("GetRolePolicy", s.GetRolePolicy, s.getRolePolicyChecks),
		api.Write("DeleteRolePolicy", s.DeleteRolePolicy, s.deleteRolePolicyChecks),
		api.Read("ListRolePolicies", s.ListRolePolicies, s.listRolePoliciesChecks),
		api.Write("PutUserPermissionsBoundary", s.PutUserPermissionsBoundary, s.putUserPermissionsBoundaryChecks),
		api.Write("DeleteUserPermissionsBoundary", s.DeleteUserPermissionsBoundary, s.deleteUserPermissionsBoundaryChecks),
	}
}

func roleTables() []store.Definition {
	return []store.Definition{&roles, &roleUses, &profiles, &policies, &versions, &attachments, &inlinePolicies, &deletions, &accessReports, &touches}
}
