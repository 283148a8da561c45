package iam_test

import (
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess"

// readSSMOf is a document of a size.
func documentOf(size int) *string {
	const head, tail = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"arn:aws:ssm:*:*:parameter/`, `"}]}`
	return new(head + strings.Repeat("x", size-len(head)-len(tail)) + tail)
}

func (r roleRoom) policy(policyARN string) *types.Policy {
	r.t.Helper()
	out, err := r.GetPolicy(r.t.Context(), &sdk.GetPolicyInput{PolicyArn: &policyARN})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.Policy
}

func TestPolicyFromMakingToRemoval(t *testing.T) {
	r, ctx := openRoles(t), t.Context()
	made, err := r.CreatePolicy(ctx, &sdk.CreatePolicyInput{
		PolicyName: new("Reader"), Path: new("/team/"), PolicyDocument: new(readSSM), Description: new("reads"),
		Tags: []types.Tag{{Key: new("a"), Value: new("b")}},
	})
	r.done(made, err)
	policyARN := *made.Policy.Arn
	want(t, "ARN", "arn:aws:iam::"+r.plane.Access().Account+":policy/team/Reader", policyARN)
	if err := sdk.NewPolicyExistsWaiter(r).Wait(ctx, &sdk.GetPolicyInput{PolicyArn: &policyARN}, 1e9); err != nil {
		t.Errorf("the waiter: %v", err)
	}
	r.no("EntityAlreadyExists", "A policy called reader already exists. Duplicate names are not allowed.")(r.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: new("reader"), PolicyDocument: new(readSSM)}))
	r.no("MalformedPolicyDocument", "version 2012-10-17")(r.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: new("x"), PolicyDocument: new(noVersion)}))
	r.no("LimitExceeded", "Cannot exceed quota for PolicySize: 6144")(r.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: new("x"), PolicyDocument: documentOf(6145)}))

	r.done(r.TagPolicy(ctx, &sdk.TagPolicyInput{PolicyArn: &policyARN, Tags: []types.Tag{{Key: new("c"), Value: new("d")}}}))
	r.done(r.UntagPolicy(ctx, &sdk.UntagPolicyInput{PolicyArn: &policyARN, TagKeys: []string{"a"}}))
	got := r.policy(policyARN)
	want(t, "default", "v1", *got.DefaultVersionId)
	want(t, "description", "reads", *got.Description)
	want(t, "tags", "c=d", tagsOf(got.Tags))
	tags, err := r.ListPolicyTags(ctx, &sdk.ListPolicyTagsInput{PolicyArn: &policyARN})
	r.done(tags, err)
	want(t, "listed tags", "c=d", tagsOf(tags.Tags))
	r.versions(policyARN)

	r.done(r.DeletePolicy(ctx, &sdk.DeletePolicyInput{PolicyArn: &policyARN}))
	gone := r.no("NoSuchEntity", "Policy "+policyARN+" was not found.")
	gone(r.GetPolicy(ctx, &sdk.GetPolicyInput{PolicyArn: &policyARN}))
	gone(r.DeletePolicy(ctx, &sdk.DeletePolicyInput{PolicyArn: &policyARN}))
	gone(r.CreatePolicyVersion(ctx, &sdk.CreatePolicyVersionInput{PolicyArn: &policyARN, PolicyDocument: new(readSSM)}))
	gone(r.GetPolicyVersion(ctx, &sdk.GetPolicyVersionInput{PolicyArn: &policyARN, VersionId: new("v1")}))
	gone(r.ListPolicyVersions(ctx, &sdk.ListPolicyVersionsInput{PolicyArn: &policyARN}))
	gone(r.TagPolicy(ctx, &sdk.TagPolicyInput{PolicyArn: &policyARN, Tags: []types.Tag{{Key: new("c"), Value: new("d")}}}))
	gone(r.UntagPolicy(ctx, &sdk.UntagPolicyInput{PolicyArn: &policyARN, TagKeys: []string{"a"}}))
	gone(r.ListPolicyTags(ctx, &sdk.ListPolicyTagsInput{PolicyArn: &policyARN}))
	gone(r.ListEntitiesForPolicy(ctx, &sdk.ListEntitiesForPolicyInput{PolicyArn: &policyARN}))
	r.no("InvalidInput", "ARN arn:aws:iam::no-policy is not valid.")(r.GetPolicy(ctx, &sdk.GetPolicyInput{PolicyArn: new("arn:aws:iam::no-policy")}))
}

// versions goes through the versions of a policy that has one, and leaves one.
func (r roleRoom) versions(policyARN string) {
	r.t.Helper()
	t, ctx := r.t, r.t.Context()
	for _, want := range []string{"v2", "v3", "v4", "v5"} {
		out, err := r.CreatePolicyVersion(ctx, &sdk.CreatePolicyVersionInput{PolicyArn: &policyARN, PolicyDocument: documentOf(6144), SetAsDefault: want == "v3"})
		r.done(out, err)
		if *out.PolicyVersion.VersionId != want {
			t.Errorf("want %s, got %s", want, *out.PolicyVersion.VersionId)
		}
	}
	r.no("LimitExceeded", "A managed policy can have up to 5 versions.")(r.CreatePolicyVersion(ctx, &sdk.CreatePolicyVersionInput{PolicyArn: &policyARN, PolicyDocument: new(readSSM)}))
	want(t, "default", "v3", *r.policy(policyARN).DefaultVersionId)
	r.no("DeleteConflict", "Cannot delete the default version of a policy.")(r.DeletePolicyVersion(ctx, &sdk.DeletePolicyVersionInput{PolicyArn: &policyARN, VersionId: new("v3")}))
	r.no("DeleteConflict", "This policy has more than one version.")(r.DeletePolicy(ctx, &sdk.DeletePolicyInput{PolicyArn: &policyARN}))
	r.done(r.SetDefaultPolicyVersion(ctx, &sdk.SetDefaultPolicyVersionInput{PolicyArn: &policyARN, VersionId: new("v1")}))
	r.no("NoSuchEntity", "version v9 does not exist")(r.SetDefaultPolicyVersion(ctx, &sdk.SetDefaultPolicyVersionInput{PolicyArn: &policyARN, VersionId: new("v9")}))
	one, err := r.GetPolicyVersion(ctx, &sdk.GetPolicyVersionInput{PolicyArn: &policyARN, VersionId: new("v1")})
	r.done(one, err)
	want(t, "document", readSSM, unescaped(t, one.PolicyVersion.Document))
	want(t, "default", true, one.PolicyVersion.IsDefaultVersion)
	r.done(r.DeletePolicyVersion(ctx, &sdk.DeletePolicyVersionInput{PolicyArn: &policyARN, VersionId: new("v5")}))
	var ids []string
	pages := sdk.NewListPolicyVersionsPaginator(r, &sdk.ListPolicyVersionsInput{PolicyArn: &policyARN, MaxItems: new(int32(3))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		r.done(page, err)
		for _, v := range page.Versions {
			ids = append(ids, *v.VersionId)
		}
	}
	want(t, "versions", "v4 v3 v2 v1", strings.Join(ids, " "))
	for _, id := range []string{"v2", "v3", "v4"} {
		r.done(r.DeletePolicyVersion(ctx, &sdk.DeletePolicyVersionInput{PolicyArn: &policyARN, VersionId: &id}))
	}
	r.no("NoSuchEntity", "version v4 does not exist")(r.DeletePolicyVersion(ctx, &sdk.DeletePolicyVersionInput{PolicyArn: &policyARN, VersionId: new("v4")}))
}

func TestPoliciesOfAWSAreReadOnly(t *testing.T) {
	r, ctx, policyARN := openRoles(t), t.Context(), new(readOnly)
	got := r.policy(readOnly)
	want(t, "name", "ReadOnlyAccess", *got.PolicyName)
	want(t, "id", "ANPA", (*got.PolicyId)[:4])
	doc, err := r.GetPolicyVersion(ctx, &sdk.GetPolicyVersionInput{PolicyArn: policyARN, VersionId: got.DefaultVersionId})
	r.done(doc, err)
	if !strings.Contains(unescaped(t, doc.PolicyVersion.Document), "ssm:Get*") {
		t.Errorf("ReadOnlyAccess does not read parameters: %s", unescaped(t, doc.PolicyVersion.Document))
	}
	denied := r.no("AccessDenied", "is not authorized to perform: iam:")
	denied(r.DeletePolicy(ctx, &sdk.DeletePolicyInput{PolicyArn: policyARN}))
	denied(r.CreatePolicyVersion(ctx, &sdk.CreatePolicyVersionInput{PolicyArn: policyARN, PolicyDocument: new(readSSM)}))
	denied(r.SetDefaultPolicyVersion(ctx, &sdk.SetDefaultPolicyVersionInput{PolicyArn: policyARN, VersionId: new("v1")}))
	denied(r.TagPolicy(ctx, &sdk.TagPolicyInput{PolicyArn: policyARN, Tags: []types.Tag{{Key: new("c"), Value: new("d")}}}))
}

func TestListPoliciesFilters(t *testing.T) {
	r, ctx := openRoles(t), t.Context()
	own := "arn:aws:iam::" + r.plane.Access().Account + ":policy/p/Mine"
	r.done(r.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: new("Mine"), Path: new("/p/"), PolicyDocument: new(readSSM)}))
	r.done(r.CreateRole(ctx, &sdk.CreateRoleInput{RoleName: new("r"), AssumeRolePolicyDocument: new(trustEC2), PermissionsBoundary: &own}))
	r.done(r.AttachRolePolicy(ctx, &sdk.AttachRolePolicyInput{RoleName: new("r"), PolicyArn: new(readOnly)}))
	names := func(in *sdk.ListPoliciesInput) string {
		var all []string
		pages := sdk.NewListPoliciesPaginator(r, in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			r.done(page, err)
			for _, p := range page.Policies {
				all = append(all, *p.PolicyName)
			}
		}
		return strings.Join(all, " ")
	}
	want(t, "local", "Mine", names(&sdk.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal}))
	want(t, "path", "Mine", names(&sdk.ListPoliciesInput{PathPrefix: new("/p/")}))
	want(t, "job functions", "Billing ViewOnlyAccess", names(&sdk.ListPoliciesInput{PathPrefix: new("/job-function/"), MaxItems: new(int32(1))}))
	want(t, "boundaries", "Mine", names(&sdk.ListPoliciesInput{PolicyUsageFilter: types.PolicyUsageTypePermissionsBoundary}))
	want(t, "attached to roles", true, strings.Contains(names(&sdk.ListPoliciesInput{OnlyAttached: true}), "ReadOnlyAccess"))
	want(t, "AWS's and local", true, strings.Contains(names(&sdk.ListPoliciesInput{}), "Mine"))
	want(t, "AWS's only", false, strings.Contains(names(&sdk.ListPoliciesInput{Scope: types.PolicyScopeTypeAws}), "Mine"))
	want(t, "use as boundary", 1, *r.policy(own).PermissionsBoundaryUsageCount)
	r.no("DeleteConflict", "Cannot delete a policy that is used as a permissions boundary.")(r.DeletePolicy(ctx, &sdk.DeletePolicyInput{PolicyArn: &own}))
	of, err := r.ListEntitiesForPolicy(ctx, &sdk.ListEntitiesForPolicyInput{PolicyArn: &own})
	r.done(of, err)
	want(t, "bounded roles", 1, len(of.PolicyRoles))
	r.no("ValidationError", "Invalid Marker.")(r.ListPolicies(ctx, &sdk.ListPoliciesInput{Marker: new("x")}))
}
