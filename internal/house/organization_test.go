package house_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/apitest"
)

// user is a client's config of a new user with one inline policy.
func (c *company) user(name, document string) aws.Config {
	c.t.Helper()
	people := iam.NewFromConfig(c.Config())
	if _, err := people.CreateUser(c.t.Context(), &iam.CreateUserInput{UserName: &name}); err != nil {
		c.t.Fatal(err)
	}
	_, err := people.PutUserPolicy(c.t.Context(), &iam.PutUserPolicyInput{UserName: &name, PolicyName: aws.String("p"), PolicyDocument: &document})
	if err != nil {
		c.t.Fatal(err)
	}
	key, err := people.CreateAccessKey(c.t.Context(), &iam.CreateAccessKeyInput{UserName: &name})
	if err != nil {
		c.t.Fatal(err)
	}
	cfg := c.Config()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, "")
	return cfg
}

// TestPoliciesKnowTheOrganization asks with policies that hold in one
// organization, or in one part of it, only.
func TestPoliciesKnowTheOrganization(t *testing.T) {
	c := incorporate(t)
	out, err := organizations.NewFromConfig(c.Config()).DescribeOrganization(t.Context(), &organizations.DescribeOrganizationInput{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, c.Config(), "/office/name", "v")
	for i, row := range []struct {
		name, condition string
		may             bool
	}{
		{"the caller's organization", `"StringEquals":{"aws:PrincipalOrgID":"%s"}`, true},
		{"another organization", `"StringEquals":{"aws:PrincipalOrgID":"%s0"}`, false},
		{"the path of the caller's account", `"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"%s/r-*/"}`, true},
		{"a path below it", `"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"%s/r-*/ou-*"}`, false},
		{"the resource's organization", `"StringEquals":{"aws:ResourceOrgID":"%s"}`, true},
		{"the resource in another organization", `"StringNotEquals":{"aws:ResourceOrgID":"%s"}`, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			document := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"*","Condition":{`+row.condition+`}}]}`, *out.Organization.Id)
			_, err := get(t, c.user(fmt.Sprint("user", i), document), "/office/name")
			if row.may && err != nil {
				t.Error(err)
			}
			if !row.may {
				apitest.Refused(t, row.name, err, "AccessDeniedException", "ssm:GetParameter")
			}
		})
	}
}
