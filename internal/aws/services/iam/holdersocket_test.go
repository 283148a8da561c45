package iam_test

import (
	"context"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestPoliciesOfARole(t *testing.T) {
	r, ctx, name, own := openRoles(t), t.Context(), new("r"), new("own")
	r.done(r.CreateRole(ctx, &sdk.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: new(trustEC2)}))
	if err := sdk.NewRoleExistsWaiter(r).Wait(ctx, &sdk.GetRoleInput{RoleName: name}, 1e9); err != nil {
		t.Errorf("the waiter: %v", err)
	}
	r.done(r.AttachRolePolicy(ctx, &sdk.AttachRolePolicyInput{RoleName: name, PolicyArn: new(readOnly)}))
	r.done(r.AttachRolePolicy(ctx, &sdk.AttachRolePolicyInput{RoleName: name, PolicyArn: new(readOnly)}))
	r.no("NoSuchEntity", "does not exist or is not attachable.")(r.AttachRolePolicy(ctx, &sdk.AttachRolePolicyInput{RoleName: name, PolicyArn: new(readOnly + "X")}))
	r.no("PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")(r.AttachRolePolicy(ctx, &sdk.AttachRolePolicyInput{RoleName: name, PolicyArn: new("arn:aws:iam::aws:policy/aws-service-role/AmazonSSMServiceRolePolicy")}))
	want(t, "attachments", 1, *r.policy(readOnly).AttachmentCount)
	all, err := r.ListAttachedRolePolicies(ctx, &sdk.ListAttachedRolePoliciesInput{RoleName: name})
	r.done(all, err)
	want(t, "attached", "ReadOnlyAccess "+readOnly, *all.AttachedPolicies[0].PolicyName+" "+*all.AttachedPolicies[0].PolicyArn)
	of, err := r.ListEntitiesForPolicy(ctx, &sdk.ListEntitiesForPolicyInput{PolicyArn: new(readOnly), EntityFilter: types.EntityTypeRole})
	r.done(of, err)
	want(t, "entities", "r", *of.PolicyRoles[0].RoleName)

	r.done(r.PutRolePolicy(ctx, &sdk.PutRolePolicyInput{RoleName: name, PolicyName: own, PolicyDocument: new(readSSM)}))
	r.no("MalformedPolicyDocument", "Syntax errors in policy.")(r.PutRolePolicy(ctx, &sdk.PutRolePolicyInput{RoleName: name, PolicyName: own, PolicyDocument: new("{")}))
	r.no("LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role r")(r.PutRolePolicy(ctx, &sdk.PutRolePolicyInput{RoleName: name, PolicyName: new("big"), PolicyDocument: documentOf(10240)}))
	got, err := r.GetRolePolicy(ctx, &sdk.GetRolePolicyInput{RoleName: name, PolicyName: own})
	r.done(got, err)
	want(t, "document", readSSM, unescaped(t, got.PolicyDocument))
	names, err := r.ListRolePolicies(ctx, &sdk.ListRolePoliciesInput{RoleName: name})
	r.done(names, err)
	want(t, "inline policies", "own", strings.Join(names.PolicyNames, " "))

	r.no("DeleteConflict", "Cannot delete entity, must detach all policies first.")(r.DeleteRole(ctx, &sdk.DeleteRoleInput{RoleName: name}))
	r.done(r.DetachRolePolicy(ctx, &sdk.DetachRolePolicyInput{RoleName: name, PolicyArn: new(readOnly)}))
	r.no("NoSuchEntity", "Policy "+readOnly+" was not found.")(r.DetachRolePolicy(ctx, &sdk.DetachRolePolicyInput{RoleName: name, PolicyArn: new(readOnly)}))
	r.no("DeleteConflict", "Cannot delete entity, must delete policies first.")(r.DeleteRole(ctx, &sdk.DeleteRoleInput{RoleName: name}))
	r.done(r.DeleteRolePolicy(ctx, &sdk.DeleteRolePolicyInput{RoleName: name, PolicyName: own}))
	gone := r.no("NoSuchEntity", "The role policy with name own cannot be found.")
	gone(r.GetRolePolicy(ctx, &sdk.GetRolePolicyInput{RoleName: name, PolicyName: own}))
	gone(r.DeleteRolePolicy(ctx, &sdk.DeleteRolePolicyInput{RoleName: name, PolicyName: own}))
	r.boundaryOfRole(*name)
	r.done(r.DeleteRole(ctx, &sdk.DeleteRoleInput{RoleName: name}))
}

func (r roleRoom) boundaryOfRole(name string) {
	r.t.Helper()
	ctx := r.t.Context()
	r.no("NoSuchEntity", "does not exist or is not attachable.")(r.PutRolePermissionsBoundary(ctx, &sdk.PutRolePermissionsBoundaryInput{RoleName: &name, PermissionsBoundary: new(readOnly + "X")}))
	r.done(r.PutRolePermissionsBoundary(ctx, &sdk.PutRolePermissionsBoundaryInput{RoleName: &name, PermissionsBoundary: new(readOnly)}))
	want(r.t, "boundary", readOnly, *r.role(name).PermissionsBoundary.PermissionsBoundaryArn)
	r.done(r.DeleteRolePermissionsBoundary(ctx, &sdk.DeleteRolePermissionsBoundaryInput{RoleName: &name}))
	if b := r.role(name).PermissionsBoundary; b != nil {
		r.t.Errorf("want no boundary, got %v", *b.PermissionsBoundaryArn)
	}
}

func TestPoliciesOfAUser(t *testing.T) {
	r, ctx, name, own := openRoles(t), t.Context(), new("ann"), new("own")
	r.done(r.CreateUser(ctx, &sdk.CreateUserInput{UserName: name}))
	r.done(r.AttachUserPolicy(ctx, &sdk.AttachUserPolicyInput{UserName: name, PolicyArn: new(readOnly)}))
	all, err := r.ListAttachedUserPolicies(ctx, &sdk.ListAttachedUserPoliciesInput{UserName: name, PathPrefix: new("/")})
	r.done(all, err)
	want(t, "attached", 1, len(all.AttachedPolicies))
	r.done(r.PutUserPolicy(ctx, &sdk.PutUserPolicyInput{UserName: name, PolicyName: own, PolicyDocument: new(readSSM)}))
	r.no("LimitExceeded", "Maximum policy size of 2048 bytes exceeded for user ann")(r.PutUserPolicy(ctx, &sdk.PutUserPolicyInput{UserName: name, PolicyName: new("b"), PolicyDocument: documentOf(2048)}))
	got, err := r.GetUserPolicy(ctx, &sdk.GetUserPolicyInput{UserName: name, PolicyName: own})
	r.done(got, err)
	want(t, "document", readSSM, unescaped(t, got.PolicyDocument))
	names, err := r.ListUserPolicies(ctx, &sdk.ListUserPoliciesInput{UserName: name})
	r.done(names, err)
	want(t, "inline policies", "own", strings.Join(names.PolicyNames, " "))
	r.no("DeleteConflict", "Cannot delete entity, must detach all policies first.")(r.DeleteUser(ctx, &sdk.DeleteUserInput{UserName: name}))
	r.done(r.DetachUserPolicy(ctx, &sdk.DetachUserPolicyInput{UserName: name, PolicyArn: new(readOnly)}))
	r.no("NoSuchEntity", "was not found.")(r.DetachUserPolicy(ctx, &sdk.DetachUserPolicyInput{UserName: name, PolicyArn: new(readOnly)}))
	r.done(r.DeleteUserPolicy(ctx, &sdk.DeleteUserPolicyInput{UserName: name, PolicyName: own}))
	r.no("NoSuchEntity", "The user policy with name own cannot be found.")(r.GetUserPolicy(ctx, &sdk.GetUserPolicyInput{UserName: name, PolicyName: own}))

	r.done(r.PutUserPermissionsBoundary(ctx, &sdk.PutUserPermissionsBoundaryInput{UserName: name, PermissionsBoundary: new(readOnly)}))
	who, err := r.GetUser(ctx, &sdk.GetUserInput{UserName: name})
	r.done(who, err)
	want(t, "boundary", readOnly, *who.User.PermissionsBoundary.PermissionsBoundaryArn)
	r.done(r.DeleteUserPermissionsBoundary(ctx, &sdk.DeleteUserPermissionsBoundaryInput{UserName: name}))
	r.no("NoSuchEntity", "does not have a permissions boundary")(r.DeleteUserPermissionsBoundary(ctx, &sdk.DeleteUserPermissionsBoundaryInput{UserName: name}))
	r.done(r.DeleteUser(ctx, &sdk.DeleteUserInput{UserName: name}))
	r.no("NoSuchEntity", "The user with name ann cannot be found.")(r.PutUserPermissionsBoundary(ctx, &sdk.PutUserPermissionsBoundaryInput{UserName: name, PermissionsBoundary: new(readOnly)}))
}

// Whoever is not there has no policies.
func TestPoliciesOfNobody(t *testing.T) {
	r, none, p := openRoles(t), new("none"), new(readOnly)
	for call, do := range map[string]func(context.Context) (any, error){
		"AttachRolePolicy": func(ctx context.Context) (any, error) {
			return r.AttachRolePolicy(ctx, &sdk.AttachRolePolicyInput{RoleName: none, PolicyArn: p})
		},
		"DetachRolePolicy": func(ctx context.Context) (any, error) {
			return r.DetachRolePolicy(ctx, &sdk.DetachRolePolicyInput{RoleName: none, PolicyArn: p})
		},
		"ListAttachedRolePolicies": func(ctx context.Context) (any, error) {
			return r.ListAttachedRolePolicies(ctx, &sdk.ListAttachedRolePoliciesInput{RoleName: none})
		},
		"PutRolePolicy": func(ctx context.Context) (any, error) {
			return r.PutRolePolicy(ctx, &sdk.PutRolePolicyInput{RoleName: none, PolicyName: none, PolicyDocument: new(readSSM)})
		},
		"ListRolePolicies": func(ctx context.Context) (any, error) {
			return r.ListRolePolicies(ctx, &sdk.ListRolePoliciesInput{RoleName: none})
		},
		"AttachUserPolicy": func(ctx context.Context) (any, error) {
			return r.AttachUserPolicy(ctx, &sdk.AttachUserPolicyInput{UserName: none, PolicyArn: p})
		},
		"ListAttachedUserPolicies": func(ctx context.Context) (any, error) {
			return r.ListAttachedUserPolicies(ctx, &sdk.ListAttachedUserPoliciesInput{UserName: none})
		},
		"DeleteUserPolicy": func(ctx context.Context) (any, error) {
			return r.DeleteUserPolicy(ctx, &sdk.DeleteUserPolicyInput{UserName: none, PolicyName: none})
		},
		"ListUserPolicies": func(ctx context.Context) (any, error) {
			return r.ListUserPolicies(ctx, &sdk.ListUserPoliciesInput{UserName: none})
		},
	} {
		t.Run(call, func(t *testing.T) {
			_, err := do(t.Context())
			r.no("NoSuchEntity", "with name none cannot be found.")(nil, err)
		})
	}
}
