package tamachi_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

// What was taken away is gone for the next reader.

func TestAfterABoundaryIsRemoved(t *testing.T) {
	c := iam.NewFromConfig(apitest.Start(t, apitest.Options{}).Config())
	role, boundary := aws.String("bounded"), aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")
	must(t)(c.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: role, PermissionsBoundary: boundary,
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	}))
	before, err := c.GetRole(t.Context(), &iam.GetRoleInput{RoleName: role})
	if err != nil || before.Role.PermissionsBoundary == nil {
		t.Fatalf("before: %+v, %v, want a boundary", before, err)
	}
	must(t)(c.DeleteRolePermissionsBoundary(t.Context(), &iam.DeleteRolePermissionsBoundaryInput{RoleName: role}))
	after, err := c.GetRole(t.Context(), &iam.GetRoleInput{RoleName: role})
	if err != nil || after.Role.PermissionsBoundary != nil {
		t.Errorf("after: %+v, %v, want no boundary", after.Role.PermissionsBoundary, err)
	}
}

func TestAfterGrantsEnd(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	c := kms.NewFromConfig(p.Config())
	key, err := c.CreateKey(t.Context(), &kms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	id := key.KeyMetadata.KeyId
	grant := func() *string {
		out, err := c.CreateGrant(t.Context(), &kms.CreateGrantInput{
			KeyId: id, GranteePrincipal: aws.String("arn:aws:iam::" + p.Access().Account + ":user/administrator"),
			Operations: []kmstypes.GrantOperation{kmstypes.GrantOperationDecrypt},
		})
		if err != nil {
			t.Fatal(err)
		}
		return out.GrantId
	}
	for name, end := range map[string]func(grant *string) error{
		"revoked": func(g *string) error {
			_, err := c.RevokeGrant(t.Context(), &kms.RevokeGrantInput{KeyId: id, GrantId: g})
			return err
		},
		"retired": func(g *string) error {
			_, err := c.RetireGrant(t.Context(), &kms.RetireGrantInput{KeyId: key.KeyMetadata.Arn, GrantId: g})
			return err
		},
	} {
		g := grant()
		if err := end(g); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		left, err := c.ListGrants(t.Context(), &kms.ListGrantsInput{KeyId: id})
		if err != nil || len(left.Grants) != 0 {
			t.Errorf("%s: %d grants are left (%v)", name, len(left.Grants), err)
		}
	}
}

func TestAfterABucketsSettingsChange(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	c := s3.NewFromConfig(p.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	bucket := aws.String("settings")
	must(t)(c.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket:                    bucket,
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(p.Access().Region)},
	}))
	must(t)(c.PutBucketAcl(t.Context(), &s3.PutBucketAclInput{Bucket: bucket, ACL: s3types.BucketCannedACLPrivate}))
	acl, err := c.GetBucketAcl(t.Context(), &s3.GetBucketAclInput{Bucket: bucket})
	if err != nil || len(acl.Grants) != 1 || acl.Grants[0].Permission != s3types.PermissionFullControl {
		t.Errorf("the ACL: %+v, %v, want the owner's full control alone", acl, err)
	}
	must(t)(c.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: bucket, Policy: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + p.Access().Account + `"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::settings/*"}]}`)}))
	must(t)(c.DeleteBucketPolicy(t.Context(), &s3.DeleteBucketPolicyInput{Bucket: bucket}))
	_, err = c.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: bucket})
	apitest.Refused(t, "GetBucketPolicy", err, "NoSuchBucketPolicy", "")
}

func TestAfterParametersAndActivationsEnd(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	c := ssm.NewFromConfig(p.Config())
	name := aws.String("/after/all")
	must(t)(c.PutParameter(t.Context(), &ssm.PutParameterInput{
		Name: name, Value: aws.String("v"), Type: ssmtypes.ParameterTypeString, Tags: []ssmtypes.Tag{{Key: aws.String("env"), Value: aws.String("prod")}},
	}))
	must(t)(c.LabelParameterVersion(t.Context(), &ssm.LabelParameterVersionInput{Name: name, Labels: []string{"blue", "green"}}))
	must(t)(c.UnlabelParameterVersion(t.Context(), &ssm.UnlabelParameterVersionInput{Name: name, ParameterVersion: aws.Int64(1), Labels: []string{"blue"}}))
	history, err := c.GetParameterHistory(t.Context(), &ssm.GetParameterHistoryInput{Name: name})
	if err != nil || len(history.Parameters) != 1 || len(history.Parameters[0].Labels) != 1 || history.Parameters[0].Labels[0] != "green" {
		t.Errorf("labels: %+v, %v, want green alone", history, err)
	}
	must(t)(c.RemoveTagsFromResource(t.Context(), &ssm.RemoveTagsFromResourceInput{
		ResourceType: ssmtypes.ResourceTypeForTaggingParameter, ResourceId: name, TagKeys: []string{"env"},
	}))
	tags, err := c.ListTagsForResource(t.Context(), &ssm.ListTagsForResourceInput{ResourceType: ssmtypes.ResourceTypeForTaggingParameter, ResourceId: name})
	if err != nil || len(tags.TagList) != 0 {
		t.Errorf("tags: %+v, %v, want none", tags, err)
	}
	must(t)(c.DeleteParameters(t.Context(), &ssm.DeleteParametersInput{Names: []string{*name}}))
	left, err := c.GetParameters(t.Context(), &ssm.GetParametersInput{Names: []string{*name}})
	if err != nil || len(left.InvalidParameters) != 1 || len(left.Parameters) != 0 {
		t.Errorf("deleted parameters: %+v, %v", left, err)
	}
	activation, err := c.CreateActivation(t.Context(), &ssm.CreateActivationInput{IamRole: aws.String(p.NodeRole())})
	if err != nil {
		t.Fatal(err)
	}
	must(t)(c.DeleteActivation(t.Context(), &ssm.DeleteActivationInput{ActivationId: activation.ActivationId}))
	found, err := c.DescribeActivations(t.Context(), &ssm.DescribeActivationsInput{
		Filters: []ssmtypes.DescribeActivationsFilter{{FilterKey: ssmtypes.DescribeActivationsFilterKeysActivationIds, FilterValues: []string{*activation.ActivationId}}},
	})
	if err != nil || len(found.ActivationList) != 0 {
		t.Errorf("deleted activations: %+v, %v", found, err)
	}
}

// must fails the test for the error of a call whose answer does not matter.
func must(t *testing.T) func(_ any, err error) {
	return func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}
