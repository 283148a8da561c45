package iam_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

// hire makes a user with a policy and returns the user's ARN and clients.
func (r roleRoom) hire(name, document string) (userARN string, as aws.Config) {
	r.t.Helper()
	ctx := r.t.Context()
	made, err := r.CreateUser(ctx, &sdk.CreateUserInput{UserName: &name})
	r.done(made, err)
	r.done(r.PutUserPolicy(ctx, &sdk.PutUserPolicyInput{UserName: &name, PolicyName: new("own"), PolicyDocument: &document}))
	key, err := r.CreateAccessKey(ctx, &sdk.CreateAccessKeyInput{UserName: &name})
	r.done(key, err)
	as = r.plane.Config()
	as.Credentials = credentials.NewStaticCredentialsProvider(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, "")
	return *made.User.Arn, as
}

// report asks for a report and waits until it is there.
func (r roleRoom) report(subject string, level types.AccessAdvisorUsageGranularityType) (job string, out *sdk.GetServiceLastAccessedDetailsOutput) {
	r.t.Helper()
	ctx := r.t.Context()
	asked, err := r.GenerateServiceLastAccessedDetails(ctx, &sdk.GenerateServiceLastAccessedDetailsInput{Arn: &subject, Granularity: level})
	r.done(asked, err)
	apitest.Eventually(r.t, "the report of "+subject, func() bool {
		out, err = r.GetServiceLastAccessedDetails(ctx, &sdk.GetServiceLastAccessedDetailsInput{JobId: asked.JobId})
		r.done(out, err)
		return out.JobStatus != types.JobStatusTypeInProgress
	})
	return *asked.JobId, out
}

func TestWhenServicesWereLastUsed(t *testing.T) {
	r, ctx := openRoles(t), t.Context()
	ann, asAnn := r.hire("ann", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ssm:PutParameter","ssm:GetParameter","kms:*"],"Resource":"*"},{"Effect":"Deny","Action":"kms:*","Resource":"*"},{"Effect":"Allow","Action":"workspaces:Describe*","Resource":"*"}]}`)
	r.hire("bob", readSSM)
	r.done(r.CreateGroup(ctx, &sdk.CreateGroupInput{GroupName: new("ops")}))
	r.done(r.PutGroupPolicy(ctx, &sdk.PutGroupPolicyInput{GroupName: new("ops"), PolicyName: new("own"), PolicyDocument: new(readSSM)}))
	for _, name := range []string{"ann", "bob"} {
		r.done(r.AddUserToGroup(ctx, &sdk.AddUserToGroupInput{GroupName: new("ops"), UserName: new(name)}))
	}
	office := ssm.NewFromConfig(asAnn)
	r.done(office.PutParameter(ctx, &ssm.PutParameterInput{Name: new("/a"), Value: new("b"), Type: ssmtypes.ParameterTypeString}))
	if _, err := office.DeleteParameter(ctx, &ssm.DeleteParameterInput{Name: new("/a")}); err == nil {
		t.Fatal("ann may not delete")
	}

	job, out := r.report(ann, types.AccessAdvisorUsageGranularityTypeActionLevel)
	want(t, "status", types.JobStatusTypeCompleted, out.JobStatus)
	want(t, "kind", types.AccessAdvisorUsageGranularityTypeActionLevel, out.JobType)
	if len(out.ServicesLastAccessed) != 2 || out.JobCompletionDate == nil {
		t.Fatalf("want ssm and workspaces, and not kms, got %+v", out.ServicesLastAccessed)
	}
	used, unused := out.ServicesLastAccessed[0], out.ServicesLastAccessed[1]
	want(t, "service", "ssm AWS Systems Manager", *used.ServiceNamespace+" "+*used.ServiceName)
	want(t, "entity", ann, *used.LastAuthenticatedEntity)
	want(t, "Region", r.plane.Access().Region, *used.LastAuthenticatedRegion)
	want(t, "how many", int32(1), *used.TotalAuthenticatedEntities)
	if len(used.TrackedActionsLastAccessed) != 1 || *used.TrackedActionsLastAccessed[0].ActionName != "PutParameter" {
		t.Errorf("want the one granted action that was used, got %+v", used.TrackedActionsLastAccessed)
	}
	if *unused.ServiceNamespace != "workspaces" || unused.LastAuthenticated != nil || unused.TotalAuthenticatedEntities != nil {
		t.Errorf("want workspaces never used, got %+v", unused)
	}

	first, err := r.GetServiceLastAccessedDetails(ctx, &sdk.GetServiceLastAccessedDetailsInput{JobId: &job, MaxItems: new(int32(1))})
	r.done(first, err)
	want(t, "more", true, first.IsTruncated)
	second, err := r.GetServiceLastAccessedDetails(ctx, &sdk.GetServiceLastAccessedDetailsInput{JobId: &job, MaxItems: new(int32(1)), Marker: first.Marker})
	r.done(second, err)
	want(t, "the second page", "workspaces", *second.ServicesLastAccessed[0].ServiceNamespace)

	r.whoUsedIt(ann)
	r.refusedReports(job, asAnn)
}

// whoUsedIt wants the members of group ops, ann first.
func (r roleRoom) whoUsedIt(ann string) {
	r.t.Helper()
	ctx := r.t.Context()
	job, out := r.report("arn:aws:iam::"+r.plane.Access().Account+":group/ops", "")
	want(r.t, "services of the group", 1, len(out.ServicesLastAccessed))
	want(r.t, "who used it last", ann, *out.ServicesLastAccessed[0].LastAuthenticatedEntity)
	want(r.t, "no actions", 0, len(out.ServicesLastAccessed[0].TrackedActionsLastAccessed))
	who, err := r.GetServiceLastAccessedDetailsWithEntities(ctx, &sdk.GetServiceLastAccessedDetailsWithEntitiesInput{JobId: &job, ServiceNamespace: new("ssm")})
	r.done(who, err)
	if l := who.EntityDetailsList; len(l) != 2 || *l[0].EntityInfo.Arn != ann || l[0].LastAuthenticated == nil || *l[1].EntityInfo.Name != "bob" || l[1].LastAuthenticated != nil {
		r.t.Errorf("want ann, then bob who never did, got %+v", l)
	}
	want(r.t, "type", types.PolicyOwnerEntityTypeUser, who.EntityDetailsList[0].EntityInfo.Type)
	page, err := r.GetServiceLastAccessedDetailsWithEntities(ctx, &sdk.GetServiceLastAccessedDetailsWithEntitiesInput{JobId: &job, ServiceNamespace: new("ssm"), MaxItems: new(int32(1))})
	r.done(page, err)
	page, err = r.GetServiceLastAccessedDetailsWithEntities(ctx, &sdk.GetServiceLastAccessedDetailsWithEntitiesInput{JobId: &job, ServiceNamespace: new("ssm"), Marker: page.Marker})
	r.done(page, err)
	want(r.t, "the second page", "bob", *page.EntityDetailsList[0].EntityInfo.Name)
	r.no("InvalidInput", "nothing")(r.GetServiceLastAccessedDetailsWithEntities(ctx, &sdk.GetServiceLastAccessedDetailsWithEntitiesInput{JobId: &job, ServiceNamespace: new("nothing")}))
}

func (r roleRoom) refusedReports(job string, other aws.Config) {
	r.t.Helper()
	ctx, account := r.t.Context(), r.plane.Access().Account
	ask := func(subject string) (any, error) {
		return r.GenerateServiceLastAccessedDetails(ctx, &sdk.GenerateServiceLastAccessedDetailsInput{Arn: &subject})
	}
	r.no("InvalidInput", "Invalid Entity Arn")(ask("arn:aws:iam::" + account + ":saml-provider/x"))
	r.no("NoSuchEntity", "cannot be found.")(ask("arn:aws:iam::" + account + ":user/nobody"))
	r.no("NoSuchEntity", "was not found.")(ask("arn:aws:iam::" + account + ":policy/none"))
	r.no("NoSuchEntity", "cannot be found.")(r.GetServiceLastAccessedDetails(ctx, &sdk.GetServiceLastAccessedDetailsInput{JobId: new("00000000-0000-0000-0000-000000000000")}))

	r.done(r.AttachUserPolicy(ctx, &sdk.AttachUserPolicyInput{UserName: new("ann"), PolicyArn: new("arn:aws:iam::aws:policy/IAMReadOnlyAccess")}))
	r.no("NoSuchEntity", "cannot be found.")(sdk.NewFromConfig(other).GetServiceLastAccessedDetails(ctx, &sdk.GetServiceLastAccessedDetailsInput{JobId: &job}))
}

func TestAReportOfAPolicyAndOfWhatGrantsAService(t *testing.T) {
	r, ctx := openRoles(t), t.Context()
	account := r.plane.Access().Account
	bob, asBob := r.hire("bob", readSSM)
	made, err := r.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: new("shared"), PolicyDocument: new(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:*","Resource":"*"}]}`)})
	r.done(made, err)
	shared := *made.Policy.Arn
	r.done(r.CreateGroup(ctx, &sdk.CreateGroupInput{GroupName: new("ops")}))
	r.done(r.AttachGroupPolicy(ctx, &sdk.AttachGroupPolicyInput{GroupName: new("ops"), PolicyArn: &shared}))
	r.done(r.AttachUserPolicy(ctx, &sdk.AttachUserPolicyInput{UserName: new("bob"), PolicyArn: &shared}))
	r.done(r.AddUserToGroup(ctx, &sdk.AddUserToGroupInput{GroupName: new("ops"), UserName: new("bob")}))
	r.done(r.CreateRole(ctx, &sdk.CreateRoleInput{RoleName: new("idle"), AssumeRolePolicyDocument: new(trustEC2)}))
	r.done(r.AttachRolePolicy(ctx, &sdk.AttachRolePolicyInput{RoleName: new("idle"), PolicyArn: &shared}))
	r.done(ssm.NewFromConfig(asBob).PutParameter(ctx, &ssm.PutParameterInput{Name: new("/a"), Value: new("b"), Type: ssmtypes.ParameterTypeString}))

	job, out := r.report(shared, "")
	want(t, "who used it last", bob, *out.ServicesLastAccessed[0].LastAuthenticatedEntity)
	who, err := r.GetServiceLastAccessedDetailsWithEntities(ctx, &sdk.GetServiceLastAccessedDetailsWithEntitiesInput{JobId: &job, ServiceNamespace: new("ssm")})
	r.done(who, err)
	if l := who.EntityDetailsList; len(l) != 2 || *l[0].EntityInfo.Name != "bob" || *l[1].EntityInfo.Name != "idle" {
		t.Errorf("want bob once, then the role, got %+v", l)
	}

	list := func(subject string, services ...string) (*sdk.ListPoliciesGrantingServiceAccessOutput, error) {
		return r.ListPoliciesGrantingServiceAccess(ctx, &sdk.ListPoliciesGrantingServiceAccessInput{Arn: &subject, ServiceNamespaces: services})
	}
	granting, err := list(bob, "ssm", "kms")
	r.done(granting, err)
	l := granting.PoliciesGrantingServiceAccess
	if len(l) != 2 || *l[0].ServiceNamespace != "kms" || len(l[0].Policies) != 0 || len(l[1].Policies) != 3 {
		t.Fatalf("want nothing for kms and three for ssm, got %+v", l)
	}
	own := l[1].Policies[0]
	want(t, "inline", "own INLINE bob USER", *own.PolicyName+" "+string(own.PolicyType)+" "+*own.EntityName+" "+string(own.EntityType))
	want(t, "managed", shared, *l[1].Policies[1].PolicyArn)
	r.no("InvalidInput", "nothing")(list(bob, "nothing"))
	r.no("NoSuchEntity", "cannot be found.")(list("arn:aws:iam::"+account+":role/none", "ssm"))
	r.no("InvalidInput", "Invalid Entity Arn")(list(shared, "ssm"))
}

func TestCallsThatTheTrailDoesNotRecordCountForTheService(t *testing.T) {
	r, ctx := openRoles(t), t.Context()
	cho, asCho := r.hire("cho", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`)
	_, err := s3.NewFromConfig(asCho, func(o *s3.Options) { o.UsePathStyle = true }).GetObject(ctx, &s3.GetObjectInput{Bucket: new("none"), Key: new("x")})
	if err == nil {
		t.Fatal("there is no such bucket")
	}
	_, out := r.report(cho, types.AccessAdvisorUsageGranularityTypeActionLevel)
	l := out.ServicesLastAccessed
	if len(l) != 1 || *l[0].ServiceNamespace != "s3" || l[0].LastAuthenticated == nil || *l[0].LastAuthenticatedEntity != cho || len(l[0].TrackedActionsLastAccessed) != 0 {
		t.Errorf("want S3 as tried and no action, got %+v", l)
	}
}
