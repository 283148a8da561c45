package organizations_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/apitest"
)

const noStops = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"workspaces:StopWorkspaces","Resource":"*"}]}`

func (k *company) policy(name string) string {
	k.t.Helper()
	out, err := k.c.CreatePolicy(k.t.Context(), &organizations.CreatePolicyInput{
		Name: &name, Description: aws.String(""), Type: types.PolicyTypeServiceControlPolicy, Content: aws.String(noStops),
	})
	k.must("create a policy", err)
	return *out.Policy.PolicySummary.Id
}

func (k *company) attached(target string) string {
	k.t.Helper()
	out, err := k.c.ListPoliciesForTarget(k.t.Context(), &organizations.ListPoliciesForTargetInput{TargetId: &target, Filter: types.PolicyTypeServiceControlPolicy})
	k.must("list policies of a target", err)
	var ids []string
	for _, p := range out.Policies {
		ids = append(ids, *p.Id)
	}
	return strings.Join(ids, " ")
}

func TestPolicies(t *testing.T) {
	k := newCompany(t)
	c, ctx := k.c, k.t.Context()
	id := k.policy("no stops")
	create := func(name, text string, kind types.PolicyType) error {
		_, err := c.CreatePolicy(ctx, &organizations.CreatePolicyInput{Name: &name, Description: aws.String(""), Type: kind, Content: &text})
		return err
	}
	apitest.Refused(t, "a name twice", create("no stops", noStops, types.PolicyTypeServiceControlPolicy), "DuplicatePolicyException", "A policy with the same name already exists.")
	apitest.Refused(t, "no policy", create("x", "{}", types.PolicyTypeServiceControlPolicy), "MalformedPolicyDocumentException", "")
	apitest.Refused(t, "too long", create("x", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"`+strings.Repeat("a:b\",\"", 3000)+`a:b","Resource":"*"}]}`, types.PolicyTypeServiceControlPolicy), "ConstraintViolationException", "size")
	apitest.Refused(t, "a type without effect here", create("x", "{}", types.PolicyTypeTagPolicy), "PolicyTypeNotAvailableForOrganizationException", "")

	_, err := c.UpdatePolicy(ctx, &organizations.UpdatePolicyInput{PolicyId: &id, Name: aws.String("stops are ours")})
	k.must("update", err)
	shown, err := c.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: &id})
	if err != nil || *shown.Policy.PolicySummary.Name != "stops are ours" || *shown.Policy.Content != noStops {
		t.Errorf("got %+v, %v", shown, err)
	}
	_, err = c.UpdatePolicy(ctx, &organizations.UpdatePolicyInput{PolicyId: aws.String("p-FullAWSAccess"), Name: aws.String("x")})
	apitest.Refused(t, "change what is AWS's", err, "InvalidInputException", "managed by AWS")
	none := aws.String("p-00000000")
	_, err = c.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: none})
	apitest.Refused(t, "describe none", err, "PolicyNotFoundException", "You specified a policy that doesn't exist.")
	_, err = c.UpdatePolicy(ctx, &organizations.UpdatePolicyInput{PolicyId: none})
	apitest.Refused(t, "update none", err, "PolicyNotFoundException", "")
	_, err = c.DeletePolicy(ctx, &organizations.DeletePolicyInput{PolicyId: none})
	apitest.Refused(t, "delete none", err, "PolicyNotFoundException", "")
	listed, err := c.ListPolicies(ctx, &organizations.ListPoliciesInput{Filter: types.PolicyTypeServiceControlPolicy})
	if err != nil || len(listed.Policies) != 2 {
		t.Errorf("want FullAWSAccess and ours, got %+v, %v", listed, err)
	}
	_, err = c.ListPolicies(ctx, &organizations.ListPoliciesInput{Filter: types.PolicyTypeServiceControlPolicy, NextToken: aws.String("x")})
	apitest.Refused(t, "a token of nobody", err, "InvalidInputException", "NextToken")
	_, err = c.DeletePolicy(ctx, &organizations.DeletePolicyInput{PolicyId: &id})
	k.must("delete", err)
	_, err = c.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: &id})
	apitest.Refused(t, "describe the deleted", err, "PolicyNotFoundException", "")
}

func TestAttachments(t *testing.T) {
	k := newCompany(t)
	c, ctx := k.c, k.t.Context()
	id := k.policy("no stops")
	attach := func(policy, target string) error {
		_, err := c.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: &policy, TargetId: &target})
		return err
	}
	detach := func(policy, target string) error {
		_, err := c.DetachPolicy(ctx, &organizations.DetachPolicyInput{PolicyId: &policy, TargetId: &target})
		return err
	}
	apitest.Refused(t, "before it is enabled", attach(id, k.first), "PolicyTypeNotEnabledException", "This operation can be performed only for enabled policy types.")
	_, err := c.DisablePolicyType(ctx, &organizations.DisablePolicyTypeInput{RootId: &k.root, PolicyType: types.PolicyTypeServiceControlPolicy})
	apitest.Refused(t, "disable before it is enabled", err, "PolicyTypeNotEnabledException", "")
	enable := func(root string) error {
		_, err := c.EnablePolicyType(ctx, &organizations.EnablePolicyTypeInput{RootId: &root, PolicyType: types.PolicyTypeServiceControlPolicy})
		return err
	}
	apitest.Refused(t, "in a root that is not there", enable("r-none"), "RootNotFoundException", "")
	k.must("enable", enable(k.root))
	apitest.Refused(t, "enable twice", enable(k.root), "PolicyTypeAlreadyEnabledException", "The specified policy type is already enabled.")
	unit := k.unit(k.root, "desktops")
	for _, target := range []string{k.root, unit, k.first} {
		if got := k.attached(target); got != "p-FullAWSAccess" {
			t.Errorf("%s: want FullAWSAccess, got %q", target, got)
		}
	}
	k.must("attach", attach(id, unit))
	apitest.Refused(t, "attach twice", attach(id, unit), "DuplicatePolicyAttachmentException", "The selected policy is already attached to the specified target.")
	apitest.Refused(t, "attach to nothing", attach(id, "ou-none-12345678"), "TargetNotFoundException", "You specified a target that doesn't exist.")
	apitest.Refused(t, "attach nothing", attach("p-00000000", unit), "PolicyNotFoundException", "")
	_, err = c.DeletePolicy(ctx, &organizations.DeletePolicyInput{PolicyId: &id})
	apitest.Refused(t, "delete what is attached", err, "PolicyInUseException", "")
	where, err := c.ListTargetsForPolicy(ctx, &organizations.ListTargetsForPolicyInput{PolicyId: &id})
	if err != nil || len(where.Targets) != 1 || *where.Targets[0].TargetId != unit || where.Targets[0].Type != types.TargetTypeOrganizationalUnit {
		t.Errorf("targets: got %+v, %v", where, err)
	}
	_, err = c.ListTargetsForPolicy(ctx, &organizations.ListTargetsForPolicyInput{PolicyId: aws.String("p-00000000")})
	apitest.Refused(t, "targets of none", err, "PolicyNotFoundException", "")
	_, err = c.ListPoliciesForTarget(ctx, &organizations.ListPoliciesForTargetInput{TargetId: aws.String("999999999999"), Filter: types.PolicyTypeServiceControlPolicy})
	apitest.Refused(t, "policies of nobody", err, "TargetNotFoundException", "")
	k.must("detach AWS's", detach("p-FullAWSAccess", unit))
	apitest.Refused(t, "detach the last", detach(id, unit), "ConstraintViolationException", "You cannot remove the last policy attached to the specified target.")
	apitest.Refused(t, "detach what is not there", detach(id, k.root), "PolicyNotAttachedException", "")
	_, err = c.DisablePolicyType(ctx, &organizations.DisablePolicyTypeInput{RootId: &k.root, PolicyType: types.PolicyTypeServiceControlPolicy})
	k.must("disable", err)
	if got := k.attached(unit); got != "" {
		t.Errorf("disabled: want nothing attached, got %q", got)
	}
	roots, err := c.ListRoots(ctx, &organizations.ListRootsInput{})
	if err != nil || len(roots.Roots[0].PolicyTypes) != 0 {
		t.Errorf("disabled: got %+v, %v", roots, err)
	}
}

func TestDelegatesAndTags(t *testing.T) {
	k := newCompany(t)
	c, ctx := k.c, k.t.Context()
	service := aws.String("ssm.amazonaws.com")
	register := func(account string) error {
		_, err := c.RegisterDelegatedAdministrator(ctx, &organizations.RegisterDelegatedAdministratorInput{AccountId: &account, ServicePrincipal: service})
		return err
	}
	_, err := c.EnableAWSServiceAccess(ctx, &organizations.EnableAWSServiceAccessInput{ServicePrincipal: service})
	k.must("trust a service", err)
	_, err = c.EnableAWSServiceAccess(ctx, &organizations.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("nobody")})
	apitest.Refused(t, "trust nobody", err, "InvalidInputException", "You specified an unrecognized service principal.")
	trusted, err := c.ListAWSServiceAccessForOrganization(ctx, &organizations.ListAWSServiceAccessForOrganizationInput{})
	if err != nil || len(trusted.EnabledServicePrincipals) != 1 || *trusted.EnabledServicePrincipals[0].ServicePrincipal != *service {
		t.Errorf("trusted: got %+v, %v", trusted, err)
	}
	_, err = c.ListAWSServiceAccessForOrganization(ctx, &organizations.ListAWSServiceAccessForOrganizationInput{NextToken: aws.String("x")})
	apitest.Refused(t, "a token of nobody", err, "InvalidInputException", "")

	_, err = c.DisableAWSServiceAccess(ctx, &organizations.DisableAWSServiceAccessInput{ServicePrincipal: service})
	k.must("no longer trust", err)
	_, err = c.DisableAWSServiceAccess(ctx, &organizations.DisableAWSServiceAccessInput{ServicePrincipal: aws.String("nobody")})
	apitest.Refused(t, "no longer trust nobody", err, "InvalidInputException", "")
	trusted, err = c.ListAWSServiceAccessForOrganization(ctx, &organizations.ListAWSServiceAccessForOrganizationInput{})
	if err != nil || len(trusted.EnabledServicePrincipals) != 0 {
		t.Errorf("no longer trusted: got %+v, %v", trusted, err)
	}

	member := k.within(k.first)
	k.must("register", register(k.first))
	apitest.Refused(t, "register twice", register(k.first), "AccountAlreadyRegisteredException", "already a delegated administrator")
	apitest.Refused(t, "register the management account", register(k.plane.Access().Account), "ConstraintViolationException", "master account")
	if _, err := member.ListAccounts(ctx, &organizations.ListAccountsInput{}); err != nil {
		t.Errorf("a delegated administrator lists accounts: %v", err)
	}
	admins, err := c.ListDelegatedAdministrators(ctx, &organizations.ListDelegatedAdministratorsInput{ServicePrincipal: service})
	if err != nil || len(admins.DelegatedAdministrators) != 1 || *admins.DelegatedAdministrators[0].Id != k.first {
		t.Errorf("administrators: got %+v, %v", admins, err)
	}
	_, err = c.ListDelegatedAdministrators(ctx, &organizations.ListDelegatedAdministratorsInput{NextToken: aws.String("x")})
	apitest.Refused(t, "a token of nobody", err, "InvalidInputException", "")
	services, err := c.ListDelegatedServicesForAccount(ctx, &organizations.ListDelegatedServicesForAccountInput{AccountId: &k.first})
	if err != nil || len(services.DelegatedServices) != 1 {
		t.Errorf("services: got %+v, %v", services, err)
	}
	_, err = c.ListDelegatedServicesForAccount(ctx, &organizations.ListDelegatedServicesForAccountInput{AccountId: &k.second})
	apitest.Refused(t, "services of none", err, "AccountNotRegisteredException", "")
	_, err = c.RemoveAccountFromOrganization(ctx, &organizations.RemoveAccountFromOrganizationInput{AccountId: &k.first})
	apitest.Refused(t, "remove an administrator", err, "ConstraintViolationException", "delegated administrator")
	deregister := &organizations.DeregisterDelegatedAdministratorInput{AccountId: &k.first, ServicePrincipal: service}
	_, err = c.DeregisterDelegatedAdministrator(ctx, deregister)
	k.must("deregister", err)
	_, err = c.DeregisterDelegatedAdministrator(ctx, deregister)
	apitest.Refused(t, "deregister twice", err, "AccountNotRegisteredException", "")
	left, err := c.ListDelegatedAdministrators(ctx, &organizations.ListDelegatedAdministratorsInput{})
	if err != nil || len(left.DelegatedAdministrators) != 0 {
		t.Errorf("deregistered: got %+v, %v", left, err)
	}
	_, err = c.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &k.first})
	k.must("it is a member still", err)

	for _, id := range []string{k.root, k.unit(k.root, "desktops"), k.second, k.policy("no stops")} {
		_, err := c.TagResource(ctx, &organizations.TagResourceInput{ResourceId: &id, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("red")}, {Key: aws.String("x"), Value: aws.String("y")}}})
		k.must("tag "+id, err)
		_, err = c.UntagResource(ctx, &organizations.UntagResourceInput{ResourceId: &id, TagKeys: []string{"x"}})
		k.must("untag "+id, err)
		tags, err := c.ListTagsForResource(ctx, &organizations.ListTagsForResourceInput{ResourceId: &id})
		if err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Value != "red" {
			t.Errorf("tags of %s: got %+v, %v", id, tags, err)
		}
	}
	none := aws.String("999999999999")
	_, err = c.TagResource(ctx, &organizations.TagResourceInput{ResourceId: none, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}})
	apitest.Refused(t, "tag nobody", err, "TargetNotFoundException", "")
	_, err = c.UntagResource(ctx, &organizations.UntagResourceInput{ResourceId: none, TagKeys: []string{"a"}})
	apitest.Refused(t, "untag nobody", err, "TargetNotFoundException", "")
	_, err = c.ListTagsForResource(ctx, &organizations.ListTagsForResourceInput{ResourceId: none})
	apitest.Refused(t, "tags of nobody", err, "TargetNotFoundException", "")
}

// TestControlsHold puts a policy above an account, by the account, by a unit and
// by the root, and takes it away again.
func TestControlsHold(t *testing.T) {
	k := newCompany(t)
	c, ctx := k.c, k.t.Context()
	_, err := c.EnablePolicyType(ctx, &organizations.EnablePolicyTypeInput{RootId: &k.root, PolicyType: types.PolicyTypeServiceControlPolicy})
	k.must("enable", err)
	made, err := c.CreatePolicy(ctx, &organizations.CreatePolicyInput{
		Name: aws.String("quiet"), Description: aws.String(""), Type: types.PolicyTypeServiceControlPolicy,
		Content: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"organizations:DescribeOrganization","Resource":"*"}]}`),
	})
	k.must("create", err)
	id, unit := made.Policy.PolicySummary.Id, k.unit(k.root, "quiet")
	member := k.within(k.first)
	look := func(client *organizations.Client) error {
		_, err := client.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
		return err
	}
	held := func(what string) {
		t.Helper()
		apitest.Refused(t, what, look(member), "AccessDeniedException", "with an explicit deny in a service control policy")
		k.must(what+": the management account is free", look(c))
	}
	free := func(what string) { t.Helper(); k.must(what, look(member)) }
	attach := func(target string) {
		t.Helper()
		_, err := c.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: id, TargetId: &target})
		k.must("attach to "+target, err)
	}
	detach := func(target string) {
		t.Helper()
		_, err := c.DetachPolicy(ctx, &organizations.DetachPolicyInput{PolicyId: id, TargetId: &target})
		k.must("detach from "+target, err)
	}
	free("nothing is attached")
	attach(k.first)
	held("attached to the account")
	detach(k.first)
	free("detached")
	attach(k.root)
	held("attached to the root")
	detach(k.root)
	attach(unit)
	free("attached to a unit where the account is not")
	_, err = c.MoveAccount(ctx, &organizations.MoveAccountInput{AccountId: &k.first, SourceParentId: &k.root, DestinationParentId: &unit})
	k.must("move", err)
	held("moved into the unit")
	_, err = c.UpdatePolicy(ctx, &organizations.UpdatePolicyInput{PolicyId: id, Content: aws.String(noStops)})
	k.must("update", err)
	free("the policy says something else")
	_, err = c.DetachPolicy(ctx, &organizations.DetachPolicyInput{PolicyId: aws.String("p-FullAWSAccess"), TargetId: &unit})
	k.must("detach what allows", err)
	apitest.Refused(t, "a level that allows nothing", look(member), "AccessDeniedException", "because no service control policy allows the organizations:DescribeOrganization action")
	k.plane.Restart()
	apitest.Refused(t, "after a restart", look(k.within(k.first)), "AccessDeniedException", "because no service control policy allows")
}
