package iam

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// userOperations are those of users, groups, credentials and the account.
func (s *Service) userOperations() []api.Operation {
	return []api.Operation{
		api.Write("AddUserToGroup", s.AddUserToGroup, s.addUserToGroupChecks),
		api.Write("ChangePassword", s.ChangePassword, s.changePasswordChecks),
		api.Write("CreateAccessKey", s.CreateAccessKey, s.createAccessKeyChecks),
		api.Write("CreateAccountAlias", s.CreateAccountAlias, s.createAccountAliasChecks),
		api.Write("CreateGroup", s.CreateGroup, s.createGroupChecks),
		api.Write("CreateLoginProfile", s.CreateLoginProfile, s.createLoginProfileChecks),
		api.Write("CreateUser", s.CreateUser, s.createUserChecks),
		api.Write("CreateVirtualMFADevice", s.CreateVirtualMFADevice, s.createVirtualMFADeviceChecks),
		api.Write("DeactivateMFADevice", s.DeactivateMFADevice, s.deactivateMFADeviceChecks),
		api.Write("DeleteAccessKey", s.DeleteAccessKey, s.deleteAccessKeyChecks),
		api.Write("DeleteAccountAlias", s.DeleteAccountAlias, s.deleteAccountAliasChecks),
		api.Write("DeleteAccountPasswordPolicy", s.DeleteAccountPasswordPolicy, s.deleteAccountPasswordPolicyChecks),
		api.Write("DeleteGroup", s.DeleteGroup, s.deleteGroupChecks),
		api.Write("DeleteLoginProfile", s.DeleteLoginProfile, s.deleteLoginProfileChecks),
		api.Write("DeleteUser", s.DeleteUser, s.deleteUserChecks),
		api.Write("DeleteVirtualMFADevice", s.DeleteVirtualMFADevice, s.deleteVirtualMFADeviceChecks),
		api.Write("EnableMFADevice", s.EnableMFADevice, s.enableMFADeviceChecks),
		api.Read("GenerateCredentialReport", s.GenerateCredentialReport, s.generateCredentialReportChecks),
		api.Read("GetAccessKeyLastUsed", s.GetAccessKeyLastUsed, s.getAccessKeyLastUsedChecks),
		api.Read("GetAccountPasswordPolicy", s.GetAccountPasswordPolicy, s.getAccountPasswordPolicyChecks),
		api.Read("GetAccountSummary", s.GetAccountSummary, s.getAccountSummaryChecks),
		api.Read("GetCredentialReport", s.GetCredentialReport, s.getCredentialReportChecks),
		api.Read("GetGroup", s.GetGroup, s.getGroupChecks),
		api.Read("GetLoginProfile", s.GetLoginProfile, s.getLoginProfileChecks),
		api.Read("GetMFADevice", s.GetMFADevice, s.getMFADeviceChecks),
		api.Read("GetUser", s.GetUser, s.getUserChecks),
		api.Read("ListAccessKeys", s.ListAccessKeys, s.listAccessKeysChecks),
		api.Read("ListAccountAliases", s.ListAccountAliases, s.listAccountAliasesChecks),
		api.Read("ListGroups", s.ListGroups, s.listGroupsChecks),
		api.Read("ListGroupsForUser", s.ListGroupsForUser, s.listGroupsForUserChecks),
		api.Read("ListMFADeviceTags", s.ListMFADeviceTags, s.listMFADeviceTagsChecks),
		api.Read("ListMFADevices", s.ListMFADevices, s.listMFADevicesChecks),
		api.Read("ListUserTags", s.ListUserTags, s.listUserTagsChecks),
		api.Read("ListUsers", s.ListUsers, s.listUsersChecks),
		api.Read("ListVirtualMFADevices", s.ListVirtualMFADevices, s.listVirtualMFADevicesChecks),
		api.Write("RemoveUserFromGroup", s.RemoveUserFromGroup, s.removeUserFromGroupChecks),
		api.Write("ResyncMFADevice", s.ResyncMFADevice, s.resyncMFADeviceChecks),
		api.Write("TagMFADevice", s.TagMFADevice, s.tagMFADeviceChecks),
		api.Write("TagUser", s.TagUser, s.tagUserChecks),
		api.Write("UntagMFADevice", s.UntagMFADevice, s.untagMFADeviceChecks),
		api.Write("UntagUser", s.UntagUser, s.untagUserChecks),
		api.Write("UpdateAccessKey", s.UpdateAccessKey, s.updateAccessKeyChecks),
		api.Write("UpdateAccountPasswordPolicy", s.UpdateAccountPasswordPolicy, s.updateAccountPasswordPolicyChecks),
		api.Write("UpdateGroup", s.UpdateGroup, s.updateGroupChecks),
		api.Write("UpdateLoginProfile", s.UpdateLoginProfile, s.updateLoginProfileChecks),
		api.Write("UpdateUser", s.UpdateUser, s.updateUserChecks),
	}
}

func userTables() []store.Definition {
	return []store.Definition{&users, &groups, &memberships, &roots, &accessKeys, &keyUses, &passwords, &passwordPolicies, &devices, &aliases, &reports}
}
