package organizations

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	store store.Ledger
	ids   *id.Source
	clock clock.Clock
	ports Ports
	// domain ends the address of a management account, which nobody gave.
	domain string

	// What every call asks, by account.
	controls *store.Cache[*Controls]
	closed   *store.Cache[bool]
}

// maxKnown bounds the accounts that are held in memory.
const maxKnown = 10_000

// New returns the room over a store that was opened with its Tables.
func New(st *store.Store, ids *id.Source, clk clock.Clock, domain string, ports Ports) *Service {
	s := &Service{
		ids: ids, clock: clk, domain: domain, ports: ports,
		controls: store.NewCache[*Controls](maxKnown), closed: store.NewCache[bool](maxKnown),
	}
	s.store = store.Ledger{Store: st, Changed: func() {
		s.controls.Forget()
		s.closed.Forget()
	}}
	return s
}

// Name is the name of the model table.
func (s *Service) Name() string { return "organizations" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("AcceptHandshake", s.AcceptHandshake, s.acceptHandshakeChecks),
		api.Write("AttachPolicy", s.AttachPolicy, s.attachPolicyChecks),
		api.Write("CancelHandshake", s.CancelHandshake, s.cancelHandshakeChecks),
		api.Write("CloseAccount", s.CloseAccount, s.closeAccountChecks),
		api.Write("CreateAccount", s.CreateAccount, s.createAccountChecks),
		api.Write("CreateOrganization", s.CreateOrganization, s.createOrganizationChecks),
		api.Write("CreateOrganizationalUnit", s.CreateOrganizationalUnit, s.createOrganizationalUnitChecks),
		api.Write("CreatePolicy", s.CreatePolicy, s.createPolicyChecks),
		api.Write("DeclineHandshake", s.DeclineHandshake, s.declineHandshakeChecks),
		api.Write("DeleteOrganization", s.DeleteOrganization, s.deleteOrganizationChecks),
		api.Write("DeleteOrganizationalUnit", s.DeleteOrganizationalUnit, s.deleteOrganizationalUnitChecks),
		api.Write("DeletePolicy", s.DeletePolicy, s.deletePolicyChecks),
		api.Write("DeregisterDelegatedAdministrator", s.DeregisterDelegatedAdministrator, s.deregisterDelegatedAdministratorChecks),
		api.Read("DescribeAccount", s.DescribeAccount, s.describeAccountChecks),
		api.Read("DescribeCreateAccountStatus", s.DescribeCreateAccountStatus, s.describeCreateAccountStatusChecks),
		api.Read("DescribeHandshake", s.DescribeHandshake, s.describeHandshakeChecks),
		api.Read("DescribeOrganization", s.DescribeOrganization, s.describeOrganizationChecks),
		api.Read("DescribeOrganizationalUnit", s.DescribeOrganizationalUnit, s.describeOrganizationalUnitChecks),
		api.Read("DescribePolicy", s.DescribePolicy, s.describePolicyChecks),
		api.Write("DetachPolicy", s.DetachPolicy, s.detachPolicyChecks),
		api.Write("DisableAWSServiceAccess", s.DisableAWSServiceAccess, s.disableAWSServiceAccessChecks),
		api.Write("DisablePolicyType", s.DisablePolicyType, s.disablePolicyTypeChecks),
		api.Write("EnableAllFeatures", s.EnableAllFeatures, s.enableAllFeaturesChecks),
		api.Write("EnableAWSServiceAccess", s.EnableAWSServiceAccess, s.enableAWSServiceAccessChecks),
		api.Write("EnablePolicyType", s.EnablePolicyType, s.enablePolicyTypeChecks),
		api.Write("InviteAccountToOrganization", s.InviteAccountToOrganization, s.inviteAccountToOrganizationChecks),
		api.Write("LeaveOrganization", s.LeaveOrganization, s.leaveOrganizationChecks),
		api.Read("ListAWSServiceAccessForOrganization", s.ListAWSServiceAccessForOrganization, s.listAWSServiceAccessForOrganizationChecks),
		api.Read("ListAccounts", s.ListAccounts, s.listAccountsChecks),
		api.Read("ListAccountsForParent", s.ListAccountsForParent, s.listAccountsForParentChecks),
		api.Read("ListChildren", s.ListChildren, s.listChildrenChecks),
		api.Read("ListCreateAccountStatus", s.ListCreateAccountStatus, s.listCreateAccountStatusChecks),
		api.Read("ListDelegatedAdministrators", s.ListDelegatedAdministrators, s.listDelegatedAdministratorsChecks),
		api.Read("ListDelegatedServicesForAccount", s.ListDelegatedServicesForAccount, s.listDelegatedServicesForAccountChecks),
		api.Read("ListHandshakesForAccount", s.ListHandshakesForAccount, s.listHandshakesForAccountChecks),
		api.Read("ListHandshakesForOrganization", s.ListHandshakesForOrganization, s.listHandshakesForOrganizationChecks),
		api.Read("ListOrganizationalUnitsForParent", s.ListOrganizationalUnitsForParent, s.listOrganizationalUnitsForParentChecks),
		api.Read("ListParents", s.ListParents, s.listParentsChecks),
		api.Read("ListPolicies", s.ListPolicies, s.listPoliciesChecks),
		api.Read("ListPoliciesForTarget", s.ListPoliciesForTarget, s.listPoliciesForTargetChecks),
		api.Read("ListRoots", s.ListRoots, s.listRootsChecks),
		api.Read("ListTagsForResource", s.ListTagsForResource, s.listTagsForResourceChecks),
		api.Read("ListTargetsForPolicy", s.ListTargetsForPolicy, s.listTargetsForPolicyChecks),
		api.Write("MoveAccount", s.MoveAccount, s.moveAccountChecks),
		api.Write("RegisterDelegatedAdministrator", s.RegisterDelegatedAdministrator, s.registerDelegatedAdministratorChecks),
		api.Write("RemoveAccountFromOrganization", s.RemoveAccountFromOrganization, s.removeAccountFromOrganizationChecks),
		api.Write("TagResource", s.TagResource, s.tagResourceChecks),
		api.Write("UntagResource", s.UntagResource, s.untagResourceChecks),
		api.Write("UpdateOrganizationalUnit", s.UpdateOrganizationalUnit, s.updateOrganizationalUnitChecks),
		api.Write("UpdatePolicy", s.UpdatePolicy, s.updatePolicyChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition {
	return []store.Definition{&known, &members, &requests, &units, &policies, &attachments, &delegates, &trusted, &handshakes}
}
