package apitest_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/apitest"
)

// office denies all that does not come from the office, but for what AWS does
// in the caller's name.
const office = `{"Version":"2012-10-17","Statement":[
  {"Effect":"Allow","Action":"*","Resource":"*"},
  {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"},"Bool":{"aws:ViaAWSService":"false"}}}]}`

const cloudFormation = "cloudformation.amazonaws.com"

// TestTheThreeWaysOfAService is the incident of the office's address: a service
// calls in the user's name, with a service role, and with its service-linked
// role.
func TestTheThreeWaysOfAService(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	ctx, admin := t.Context(), iam.NewFromConfig(p.Config())
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(admin.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("ann")}))
	must(admin.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("ann"), PolicyName: aws.String("office"), PolicyDocument: aws.String(office)}))
	key, err := admin.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String("ann")})
	must(key, err)
	ann := p.Config()
	ann.Credentials = credentials.NewStaticCredentialsProvider(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, "")
	role, err := admin.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName:                 aws.String("stack"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + cloudFormation + `"},"Action":"sts:AssumeRole"}]}`),
	})
	must(role, err)
	put := func(name string) *ssm.PutParameterInput {
		return &ssm.PutParameterInput{Name: aws.String(name), Value: aws.String("1"), Type: "String"}
	}
	denied := func(what string, err error) {
		t.Helper()
		if want := "with an explicit deny in an identity-based policy"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", what, want, err)
		}
	}

	_, err = ssm.NewFromConfig(ann).PutParameter(ctx, put("direct"))
	denied("the user from elsewhere", err)
	s := p.Service(cloudFormation)
	account := strings.Split(*role.Role.Arn, ":")[4]

	must(s.Forward(ann, "198.51.100.1", "ssm", "PutParameter", put("forwarded")))
	a, err := s.Assume(ctx, account, "ap-northeast-1", *role.Role.Arn)
	must(a, err)
	_, err = a.Do(ctx, "ssm", "PutParameter", put("role"))
	if want := "because no identity-based policy allows the ssm:PutParameter action"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a role without policies: want %q, got %v", want, err)
	}
	rolePolicy := func(document string) {
		t.Helper()
		must(admin.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("stack"), PolicyName: aws.String("own"), PolicyDocument: &document}))
	}
	rolePolicy(office) // what an SCP does to every principal of an account
	_, err = a.Do(ctx, "ssm", "PutParameter", put("role"))
	denied("the service role", err)
	rolePolicy(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:*","Resource":"*"}]}`)
	must(a.Do(ctx, "ssm", "PutParameter", put("role")))
	found, err := cloudtrail.NewFromConfig(p.Config()).LookupEvents(ctx, &cloudtrail.LookupEventsInput{
		LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyUsername, AttributeValue: aws.String("played")}},
	})
	must(found, err)
	for _, want := range []string{`"type":"AssumedRole"`, `"invokedBy":"` + cloudFormation + `"`, `"sourceIPAddress":"` + cloudFormation + `"`} {
		if len(found.Events) == 0 || !strings.Contains(*found.Events[0].CloudTrailEvent, want) {
			t.Errorf("want the record of the role's call to have %s, got %+v", want, found.Events)
		}
	}

	if _, err = p.Service("ssm.amazonaws.com").Assume(ctx, account, "ap-northeast-1", *role.Role.Arn); err == nil || !strings.Contains(err.Error(), "role trust policy") {
		t.Errorf("a service that the role does not trust: got %v", err)
	}
	linked, err := admin.CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("ssm.amazonaws.com")})
	must(linked, err)
	own, err := p.Service("ssm.amazonaws.com").Assume(ctx, account, "ap-northeast-1", *linked.Role.Arn)
	must(own, err)
	_, err = own.Do(ctx, "ssm", "PutParameter", put("linked"))
	if err == nil || !strings.Contains(err.Error(), "assumed-role/AWSServiceRoleForAmazonSSM/played is not authorized") {
		t.Errorf("a service-linked role may what its policy says: got %v", err)
	}
}
