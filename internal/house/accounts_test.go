package house_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	"tamachi/internal/aws/apitest"
)

// company is a plane whose organization has a second account.
type company struct {
	*apitest.Plane
	t      *testing.T
	second string
}

func incorporate(t *testing.T) *company {
	t.Helper()
	c := &company{Plane: apitest.Start(t, apitest.Options{}), t: t}
	org := organizations.NewFromConfig(c.Config())
	if _, err := org.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{}); err != nil {
		t.Fatal(err)
	}
	c.second = c.Account("second", "second@example.com")
	return c
}

// with is a client's config for temporary credentials in a Region.
func (c *company) with(k *ststypes.Credentials, region string) aws.Config {
	cfg := c.Config()
	cfg.Region = region
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*k.AccessKeyId, *k.SecretAccessKey, *k.SessionToken)
	return cfg
}

func (c *company) assume(cfg aws.Config, roleARN string, change func(*sts.AssumeRoleInput)) (*ststypes.Credentials, error) {
	in := &sts.AssumeRoleInput{RoleArn: &roleARN, RoleSessionName: new("visitor")}
	if change != nil {
		change(in)
	}
	out, err := sts.NewFromConfig(cfg).AssumeRole(c.t.Context(), in)
	if err != nil {
		return nil, err
	}
	return out.Credentials, nil
}

func (c *company) door() string {
	return "arn:aws:iam::" + c.second + ":role/OrganizationAccountAccessRole"
}

// enter goes into the second account.
func (c *company) enter(region string) aws.Config {
	c.t.Helper()
	k, err := c.assume(c.Config(), c.door(), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.with(k, region)
}

func put(t *testing.T, cfg aws.Config, name, value string) {
	t.Helper()
	_, err := ssm.NewFromConfig(cfg).PutParameter(t.Context(), &ssm.PutParameterInput{Name: &name, Value: &value, Type: ssmtypes.ParameterTypeString})
	if err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, cfg aws.Config, name string) (string, error) {
	t.Helper()
	out, err := ssm.NewFromConfig(cfg).GetParameter(t.Context(), &ssm.GetParameterInput{Name: &name})
	if err != nil {
		return "", err
	}
	return *out.Parameter.Value, nil
}

// TestAccountsAndRegionsSeeNothingOfOneAnother works in two accounts and two
// Regions under one name.
func TestAccountsAndRegionsSeeNothingOfOneAnother(t *testing.T) {
	c := incorporate(t)
	here, there := c.Config(), c.enter("eu-west-1")
	who, err := sts.NewFromConfig(there).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil || *who.Account != c.second || *who.Arn != "arn:aws:sts::"+c.second+":assumed-role/OrganizationAccountAccessRole/visitor" {
		t.Fatalf("got %+v, %v", who, err)
	}
	put(t, here, "/office/name", "first")
	put(t, there, "/office/name", "second")
	for what, tc := range map[string]struct {
		cfg  aws.Config
		want string
	}{
		"the first account":  {here, "first"},
		"the second account": {there, "second"},
	} {
		if got, err := get(t, tc.cfg, "/office/name"); got != tc.want {
			t.Errorf("%s: want %q, got %q, %v", what, tc.want, got, err)
		}
	}
	elsewhere := here
	elsewhere.Region = "eu-west-1"
	_, err = get(t, elsewhere, "/office/name")
	apitest.Refused(t, "the first account in the other Region", err, "ParameterNotFound", "")
	_, err = get(t, c.enter(here.Region), "/office/name")
	apitest.Refused(t, "the second account in the first Region", err, "ParameterNotFound", "")

	foreign := "arn:aws:ssm:" + here.Region + ":" + c.Access().Account + ":parameter/office/name"
	_, err = get(t, c.enter(here.Region), foreign)
	apitest.Refused(t, "the first account's parameter by its ARN", err, "AccessDeniedException", "is not authorized to perform: ssm:GetParameter on resource: "+foreign+" because no resource-based policy allows the ssm:GetParameter action")
}

// TestWhoMayEnterAnAccount tries a role's trust from both accounts.
func TestWhoMayEnterAnAccount(t *testing.T) {
	c := incorporate(t)
	ctx := t.Context()
	first := iam.NewFromConfig(c.Config())
	if _, err := first.CreateUser(ctx, &iam.CreateUserInput{UserName: new("alice")}); err != nil {
		t.Fatal(err)
	}
	key, err := first.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: new("alice")})
	if err != nil {
		t.Fatal(err)
	}
	alice := c.Config()
	alice.Credentials = credentials.NewStaticCredentialsProvider(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, "")

	_, err = c.assume(alice, c.door(), nil)
	apitest.Refused(t, "a user whom nobody allowed", err, "AccessDenied",
		"User: arn:aws:iam::"+c.Access().Account+":user/alice is not authorized to perform: sts:AssumeRole on resource: "+c.door()+" because no identity-based policy allows the sts:AssumeRole action")
	allow := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"` + c.door() + `","Condition":{"StringEquals":{"sts:ExternalId":"open-sesame"}}}]}`
	if _, err := first.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: new("alice"), PolicyName: new("enter"), PolicyDocument: &allow}); err != nil {
		t.Fatal(err)
	}
	_, err = c.assume(alice, c.door(), nil)
	apitest.Refused(t, "the user without the external id", err, "AccessDenied", "because no identity-based policy allows")
	if _, err = c.assume(alice, c.door(), func(in *sts.AssumeRoleInput) { in.ExternalId = new("open-sesame") }); err != nil {
		t.Errorf("the user with the external id: %v", err)
	}
	back := "arn:aws:iam::" + c.Access().Account + ":role/nobody"
	_, err = c.assume(c.enter("us-east-1"), back, nil)
	apitest.Refused(t, "a role that is not there", err, "AccessDenied", "is not authorized to perform: sts:AssumeRole on resource: "+back+" because no role trust policy allows the sts:AssumeRole action")
	_, err = c.assume(c.Config(), c.door(), func(in *sts.AssumeRoleInput) { in.DurationSeconds = new(int32(7200)) })
	apitest.Refused(t, "longer than the role allows", err, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	_, err = c.assume(c.Config(), c.door(), func(in *sts.AssumeRoleInput) { in.Policy = new(`{"Version":"2012-10-17"}`) })
	apitest.Refused(t, "a session policy that is none", err, "MalformedPolicyDocument", "Syntax errors in policy.")

	// A session policy narrows the role; a deny names it.
	k, err := c.assume(c.Config(), c.door(), func(in *sts.AssumeRoleInput) {
		in.Policy = new(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:*","Resource":"*"},{"Effect":"Deny","Action":"ssm:PutParameter","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}]}`)
	})
	if err != nil {
		t.Fatal(err)
	}
	put(t, c.with(k, "eu-west-1"), "/a", "b")
	_, err = ssm.NewFromConfig(c.with(k, "us-west-2")).PutParameter(ctx, &ssm.PutParameterInput{Name: new("/a"), Value: new("b"), Type: ssmtypes.ParameterTypeString})
	apitest.Refused(t, "a Region that the session policy denies", err, "AccessDeniedException", "with an explicit deny in a session policy")
	_, err = iam.NewFromConfig(c.with(k, "us-east-1")).ListUsers(ctx, &iam.ListUsersInput{})
	apitest.Refused(t, "a service that the session policy leaves out", err, "AccessDenied", "because no session policy allows the iam:ListUsers action")
}

// TestSessionsOfUsers makes them over a socket.
func TestSessionsOfUsers(t *testing.T) {
	c := incorporate(t)
	ctx, client := t.Context(), sts.NewFromConfig(c.Config())
	out, err := client.GetSessionToken(ctx, &sts.GetSessionTokenInput{})
	if err != nil {
		t.Fatal(err)
	}
	session := sts.NewFromConfig(c.with(out.Credentials, "eu-west-1"))
	who, err := session.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil || *who.Arn != "arn:aws:iam::"+c.Access().Account+":user/administrator" {
		t.Errorf("want the user, got %+v, %v", who, err)
	}
	_, err = session.GetSessionToken(ctx, &sts.GetSessionTokenInput{})
	apitest.Refused(t, "a session of a session", err, "AccessDenied", "Cannot call GetSessionToken with session credentials")
	_, err = session.GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: new("night")})
	apitest.Refused(t, "a federated session of a session", err, "AccessDenied", "Cannot call GetFederationToken with session credentials")
	_, err = iam.NewFromConfig(c.with(out.Credentials, "us-east-1")).ListUsers(ctx, &iam.ListUsersInput{})
	apitest.Refused(t, "IAM without a second factor", err, "InvalidClientTokenId", "The security token included in the request is invalid")
	_, err = client.GetSessionToken(ctx, &sts.GetSessionTokenInput{DurationSeconds: new(int32(60))})
	apitest.Refused(t, "a minute", err, "ValidationError", "at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900")
	_, err = client.GetSessionToken(ctx, &sts.GetSessionTokenInput{SerialNumber: new("arn:aws:iam::" + c.Access().Account + ":mfa/none"), TokenCode: new("123456")})
	apitest.Refused(t, "a device that is not there", err, "AccessDenied", "MultiFactorAuthentication failed")

	info, err := client.GetAccessKeyInfo(ctx, &sts.GetAccessKeyInfoInput{AccessKeyId: out.Credentials.AccessKeyId})
	if err != nil || *info.Account != c.Access().Account {
		t.Errorf("got %+v, %v", info, err)
	}
	_, err = client.GetAccessKeyInfo(ctx, &sts.GetAccessKeyInfoInput{AccessKeyId: new("short")})
	apitest.Refused(t, "what is no key", err, "ValidationError", "at 'accessKeyId' failed to satisfy constraint")

	night, err := client.GetFederationToken(ctx, &sts.GetFederationTokenInput{
		Name: new("night"), PolicyArns: []ststypes.PolicyDescriptorType{{Arn: new("arn:aws:iam::aws:policy/AdministratorAccess")}},
		Tags: []ststypes.Tag{{Key: new("team"), Value: new("red")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	put(t, c.with(night.Credentials, "eu-west-1"), "/night", "1")
	_, err = iam.NewFromConfig(c.with(night.Credentials, "us-east-1")).ListUsers(ctx, &iam.ListUsersInput{})
	apitest.Refused(t, "IAM by a federated session", err, "InvalidClientTokenId", "The security token included in the request is invalid")
	_, err = client.GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: new("night"), Policy: new("{")})
	apitest.Refused(t, "a policy that is none", err, "MalformedPolicyDocument", "Syntax errors in policy.")
}
