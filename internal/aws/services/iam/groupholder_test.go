package iam_test

import (
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestPoliciesOfAGroup(t *testing.T) {
	r, ctx, name, own, none := openRoles(t), t.Context(), new("ops"), new("own"), new("none")
	r.done(r.CreateGroup(ctx, &sdk.CreateGroupInput{GroupName: name}))
	r.done(r.AttachGroupPolicy(ctx, &sdk.AttachGroupPolicyInput{GroupName: name, PolicyArn: new(readOnly)}))
	all, err := r.ListAttachedGroupPolicies(ctx, &sdk.ListAttachedGroupPoliciesInput{GroupName: name})
	r.done(all, err)
	want(t, "attached", readOnly, *all.AttachedPolicies[0].PolicyArn)
	of, err := r.ListEntitiesForPolicy(ctx, &sdk.ListEntitiesForPolicyInput{PolicyArn: new(readOnly), EntityFilter: types.EntityTypeGroup})
	r.done(of, err)
	want(t, "groups of the policy", "ops", *of.PolicyGroups[0].GroupName)
	r.done(r.PutGroupPolicy(ctx, &sdk.PutGroupPolicyInput{GroupName: name, PolicyName: own, PolicyDocument: new(readSSM)}))
	r.no("LimitExceeded", "Maximum policy size of 5120 bytes exceeded for group ops")(r.PutGroupPolicy(ctx, &sdk.PutGroupPolicyInput{GroupName: name, PolicyName: new("b"), PolicyDocument: documentOf(5120)}))
	got, err := r.GetGroupPolicy(ctx, &sdk.GetGroupPolicyInput{GroupName: name, PolicyName: own})
	r.done(got, err)
	want(t, "document", readSSM, unescaped(t, got.PolicyDocument))
	names, err := r.ListGroupPolicies(ctx, &sdk.ListGroupPoliciesInput{GroupName: name})
	r.done(names, err)
	want(t, "inline policies", "own", strings.Join(names.PolicyNames, " "))
	r.no("DeleteConflict", "Cannot delete entity, must detach all policies first.")(r.DeleteGroup(ctx, &sdk.DeleteGroupInput{GroupName: name}))
	r.done(r.DetachGroupPolicy(ctx, &sdk.DetachGroupPolicyInput{GroupName: name, PolicyArn: new(readOnly)}))
	r.no("NoSuchEntity", "was not found.")(r.DetachGroupPolicy(ctx, &sdk.DetachGroupPolicyInput{GroupName: name, PolicyArn: new(readOnly)}))
	r.done(r.DeleteGroupPolicy(ctx, &sdk.DeleteGroupPolicyInput{GroupName: name, PolicyName: own}))
	r.no("NoSuchEntity", "The group policy with name own cannot be found.")(r.DeleteGroupPolicy(ctx, &sdk.DeleteGroupPolicyInput{GroupName: name, PolicyName: own}))
	r.no("NoSuchEntity", "The group policy with name own cannot be found.")(r.GetGroupPolicy(ctx, &sdk.GetGroupPolicyInput{GroupName: name, PolicyName: own}))
	r.done(r.DeleteGroup(ctx, &sdk.DeleteGroupInput{GroupName: name}))

	gone := r.no("NoSuchEntity", "The group with name none cannot be found.")
	gone(r.AttachGroupPolicy(ctx, &sdk.AttachGroupPolicyInput{GroupName: none, PolicyArn: new(readOnly)}))
	gone(r.ListAttachedGroupPolicies(ctx, &sdk.ListAttachedGroupPoliciesInput{GroupName: none}))
	gone(r.ListGroupPolicies(ctx, &sdk.ListGroupPoliciesInput{GroupName: none}))
}
