package iam_test

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// The calls of Terraform's aws_iam_role, aws_iam_role_policy, aws_iam_policy and
// attachment, in its order, from create to destroy.
func TestTerraformsCalls(t *testing.T) {
	r, ctx, role, own := openRoles(t), t.Context(), new("tf"), new("inline")
	tags := []types.Tag{{Key: new("ManagedBy"), Value: new("terraform")}}

	// Create, each read back at once.
	r.done(r.CreateRole(ctx, &sdk.CreateRoleInput{RoleName: role, Path: new("/"), AssumeRolePolicyDocument: new(trustEC2), MaxSessionDuration: new(int32(3600)), Tags: tags}))
	got := r.role("tf")
	want(t, "trust", trustEC2, unescaped(t, got.AssumeRolePolicyDocument))
	want(t, "tags", "ManagedBy=terraform", tagsOf(got.Tags))
	r.done(r.PutRolePolicy(ctx, &sdk.PutRolePolicyInput{RoleName: role, PolicyName: own, PolicyDocument: new(readSSM)}))
	inline, err := r.GetRolePolicy(ctx, &sdk.GetRolePolicyInput{RoleName: role, PolicyName: own})
	r.done(inline, err)
	want(t, "inline policy", readSSM, unescaped(t, inline.PolicyDocument))
	made, err := r.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: new("tf"), Path: new("/"), PolicyDocument: new(readSSM), Tags: tags})
	r.done(made, err)
	policyARN := made.Policy.Arn
	want(t, "policy's tags", "ManagedBy=terraform", tagsOf(r.policy(*policyARN).Tags))
	r.done(r.GetPolicyVersion(ctx, &sdk.GetPolicyVersionInput{PolicyArn: policyARN, VersionId: made.Policy.DefaultVersionId}))
	r.done(r.AttachRolePolicy(ctx, &sdk.AttachRolePolicyInput{RoleName: role, PolicyArn: policyARN}))
	names, err := r.ListRolePolicies(ctx, &sdk.ListRolePoliciesInput{RoleName: role})
	r.done(names, err)
	want(t, "inline policies", 1, len(names.PolicyNames))
	have, err := r.ListAttachedRolePolicies(ctx, &sdk.ListAttachedRolePoliciesInput{RoleName: role})
	r.done(have, err)
	want(t, "attached policies", *policyARN, *have.AttachedPolicies[0].PolicyArn)

	// Change.
	r.done(r.UpdateRole(ctx, &sdk.UpdateRoleInput{RoleName: role, MaxSessionDuration: new(int32(7200))}))
	r.done(r.UpdateRoleDescription(ctx, &sdk.UpdateRoleDescriptionInput{RoleName: role, Description: new("")}))
	r.done(r.TagRole(ctx, &sdk.TagRoleInput{RoleName: role, Tags: []types.Tag{{Key: new("Env"), Value: new("test")}}}))
	r.done(r.ListPolicyVersions(ctx, &sdk.ListPolicyVersionsInput{PolicyArn: policyARN}))
	r.done(r.CreatePolicyVersion(ctx, &sdk.CreatePolicyVersionInput{PolicyArn: policyARN, PolicyDocument: documentOf(200), SetAsDefault: true}))
	want(t, "session", 7200, *r.role("tf").MaxSessionDuration)
	want(t, "default version", "v2", *r.policy(*policyARN).DefaultVersionId)

	// Destroy.
	r.done(r.DetachRolePolicy(ctx, &sdk.DetachRolePolicyInput{RoleName: role, PolicyArn: policyARN}))
	all, err := r.ListPolicyVersions(ctx, &sdk.ListPolicyVersionsInput{PolicyArn: policyARN})
	r.done(all, err)
	for _, v := range all.Versions {
		if !v.IsDefaultVersion {
			r.done(r.DeletePolicyVersion(ctx, &sdk.DeletePolicyVersionInput{PolicyArn: policyARN, VersionId: v.VersionId}))
		}
	}
	r.done(r.DeletePolicy(ctx, &sdk.DeletePolicyInput{PolicyArn: policyARN}))
	r.no("NoSuchEntity", "was not found")(r.GetPolicy(ctx, &sdk.GetPolicyInput{PolicyArn: policyARN}))
	r.done(r.DeleteRolePolicy(ctx, &sdk.DeleteRolePolicyInput{RoleName: role, PolicyName: own}))
	in, err := r.ListInstanceProfilesForRole(ctx, &sdk.ListInstanceProfilesForRoleInput{RoleName: role})
	r.done(in, err)
	want(t, "instance profiles", 0, len(in.InstanceProfiles))
	r.done(r.DeleteRole(ctx, &sdk.DeleteRoleInput{RoleName: role}))
	r.no("NoSuchEntity", "cannot be found")(r.GetRole(ctx, &sdk.GetRoleInput{RoleName: role}))
}
