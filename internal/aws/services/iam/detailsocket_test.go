package iam_test

import (
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestServiceLinkedRole(t *testing.T) {
	r, ctx, host, name := openRoles(t), t.Context(), new("ssm.amazonaws.com"), new("AWSServiceRoleForAmazonSSM")
	made, err := r.CreateServiceLinkedRole(ctx, &sdk.CreateServiceLinkedRoleInput{AWSServiceName: host})
	r.done(made, err)
	want(t, "ARN", "arn:aws:iam::"+r.plane.Access().Account+":role/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM", *made.Role.Arn)
	r.no("InvalidInput", "Service role name AWSServiceRoleForAmazonSSM has been taken in this account")(r.CreateServiceLinkedRole(ctx, &sdk.CreateServiceLinkedRoleInput{AWSServiceName: host}))
	r.no("InvalidInput", "Custom suffix is not allowed for ssm.amazonaws.com")(r.CreateServiceLinkedRole(ctx, &sdk.CreateServiceLinkedRoleInput{AWSServiceName: host, CustomSuffix: new("x")}))
	r.no("InvalidInput", "no service-linked role")(r.CreateServiceLinkedRole(ctx, &sdk.CreateServiceLinkedRoleInput{AWSServiceName: new("example.amazonaws.com")}))
	all, err := r.ListAttachedRolePolicies(ctx, &sdk.ListAttachedRolePoliciesInput{RoleName: name})
	r.done(all, err)
	policyARN := all.AttachedPolicies[0].PolicyArn
	want(t, "policy", "AmazonSSMServiceRolePolicy", *all.AttachedPolicies[0].PolicyName)

	protected := r.no("UnmodifiableEntity", "Cannot perform the operation on the protected role 'AWSServiceRoleForAmazonSSM' - this role is only modifiable by AWS")
	protected(r.DeleteRole(ctx, &sdk.DeleteRoleInput{RoleName: name}))
	protected(r.UpdateRole(ctx, &sdk.UpdateRoleInput{RoleName: name}))
	protected(r.UpdateAssumeRolePolicy(ctx, &sdk.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: new(trustEC2)}))
	protected(r.DetachRolePolicy(ctx, &sdk.DetachRolePolicyInput{RoleName: name, PolicyArn: policyARN}))
	protected(r.PutRolePolicy(ctx, &sdk.PutRolePolicyInput{RoleName: name, PolicyName: new("x"), PolicyDocument: new(readSSM)}))
	r.done(r.UpdateRoleDescription(ctx, &sdk.UpdateRoleDescriptionInput{RoleName: name, Description: new("may be told")}))

	task, err := r.DeleteServiceLinkedRole(ctx, &sdk.DeleteServiceLinkedRoleInput{RoleName: name})
	r.done(task, err)
	status, err := r.GetServiceLinkedRoleDeletionStatus(ctx, &sdk.GetServiceLinkedRoleDeletionStatusInput{DeletionTaskId: task.DeletionTaskId})
	r.done(status, err)
	want(t, "status", types.DeletionTaskStatusTypeSucceeded, status.Status)
	r.no("NoSuchEntity", "AWSServiceRoleForAmazonSSM cannot be found.")(r.GetRole(ctx, &sdk.GetRoleInput{RoleName: name}))
	r.no("NoSuchEntity", "AWSServiceRoleForAmazonSSM cannot be found.")(r.DeleteServiceLinkedRole(ctx, &sdk.DeleteServiceLinkedRoleInput{RoleName: name}))
	r.no("NoSuchEntity", "cannot be found.")(r.GetServiceLinkedRoleDeletionStatus(ctx, &sdk.GetServiceLinkedRoleDeletionStatusInput{DeletionTaskId: new("task/x/y")}))
	r.done(r.CreateRole(ctx, &sdk.CreateRoleInput{RoleName: new("own"), AssumeRolePolicyDocument: new(trustEC2)}))
	r.no("NoSuchEntity", "cannot be found.")(r.DeleteServiceLinkedRole(ctx, &sdk.DeleteServiceLinkedRoleInput{RoleName: new("own")}))
}

func TestAccountAuthorizationDetails(t *testing.T) {
	r, ctx := openRoles(t), t.Context()
	account := r.plane.Access().Account
	r.done(r.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: new("mine"), PolicyDocument: new(readSSM)}))
	r.done(r.CreateGroup(ctx, &sdk.CreateGroupInput{GroupName: new("ops")}))
	r.done(r.PutGroupPolicy(ctx, &sdk.PutGroupPolicyInput{GroupName: new("ops"), PolicyName: new("own"), PolicyDocument: new(readSSM)}))
	r.done(r.CreateUser(ctx, &sdk.CreateUserInput{UserName: new("ann"), Tags: []types.Tag{{Key: new("team"), Value: new("it")}}}))
	r.done(r.AddUserToGroup(ctx, &sdk.AddUserToGroupInput{UserName: new("ann"), GroupName: new("ops")}))
	r.done(r.AttachUserPolicy(ctx, &sdk.AttachUserPolicyInput{UserName: new("ann"), PolicyArn: new("arn:aws:iam::" + account + ":policy/mine")}))
	r.done(r.CreateRole(ctx, &sdk.CreateRoleInput{RoleName: new("night"), AssumeRolePolicyDocument: new(trustEC2), PermissionsBoundary: new(readOnly)}))
	r.done(r.PutRolePolicy(ctx, &sdk.PutRolePolicyInput{RoleName: new("night"), PolicyName: new("own"), PolicyDocument: new(readSSM)}))
	r.done(r.CreateInstanceProfile(ctx, &sdk.CreateInstanceProfileInput{InstanceProfileName: new("nodes")}))
	r.done(r.AddRoleToInstanceProfile(ctx, &sdk.AddRoleToInstanceProfileInput{InstanceProfileName: new("nodes"), RoleName: new("night")}))

	d := r.details(2)
	ann := d.UserDetailList[1]
	want(t, "users", "administrator ann", *d.UserDetailList[0].UserName+" "+*ann.UserName)
	want(t, "her groups", "ops", strings.Join(ann.GroupList, " "))
	want(t, "her tags", "team=it", tagsOf(ann.Tags))
	want(t, "her policy", "mine", *ann.AttachedManagedPolicies[0].PolicyName)
	want(t, "the group's policy", readSSM, unescaped(t, d.GroupDetailList[0].GroupPolicyList[0].PolicyDocument))
	night := d.RoleDetailList[0]
	want(t, "the role's trust", trustEC2, unescaped(t, night.AssumeRolePolicyDocument))
	want(t, "the role's policy", readSSM, unescaped(t, night.RolePolicyList[0].PolicyDocument))
	want(t, "the role's profile", "nodes", *night.InstanceProfileList[0].InstanceProfileName)
	want(t, "the role's boundary", readOnly, *night.PermissionsBoundary.PermissionsBoundaryArn)
	var names []string
	for _, p := range d.Policies {
		names = append(names, *p.PolicyName)
	}
	want(t, "policies in use", "AdministratorAccess mine ReadOnlyAccess", strings.Join(names, " "))
	want(t, "a policy's document", readSSM, unescaped(t, d.Policies[1].PolicyVersionList[0].Document))

	only, err := r.GetAccountAuthorizationDetails(ctx, &sdk.GetAccountAuthorizationDetailsInput{Filter: []types.EntityType{types.EntityTypeLocalManagedPolicy, types.EntityTypeGroup}})
	r.done(only, err)
	want(t, "filtered", 2, len(only.Policies)+len(only.GroupDetailList))
	want(t, "filtered out", 0, len(only.UserDetailList)+len(only.RoleDetailList))
	r.no("ValidationError", "Invalid Marker.")(r.GetAccountAuthorizationDetails(ctx, &sdk.GetAccountAuthorizationDetailsInput{Marker: new("x")}))
}

// details joins all pages of a size.
func (r roleRoom) details(size int32) *sdk.GetAccountAuthorizationDetailsOutput {
	r.t.Helper()
	all := &sdk.GetAccountAuthorizationDetailsOutput{}
	pages := sdk.NewGetAccountAuthorizationDetailsPaginator(r, &sdk.GetAccountAuthorizationDetailsInput{MaxItems: &size})
	for pages.HasMorePages() {
		page, err := pages.NextPage(r.t.Context())
		r.done(page, err)
		all.UserDetailList = append(all.UserDetailList, page.UserDetailList...)
		all.GroupDetailList = append(all.GroupDetailList, page.GroupDetailList...)
		all.RoleDetailList = append(all.RoleDetailList, page.RoleDetailList...)
		all.Policies = append(all.Policies, page.Policies...)
	}
	return all
}
