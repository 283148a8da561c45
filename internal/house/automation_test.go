package house_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	cloudtrailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/aws/services/ssm/automation"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

const allowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// runner is a plane with an execution that may act.
type runner struct {
	*apitest.Plane
	t   *testing.T
	clk *clock.Frozen
	ids *id.Source
}

func openRunner(t *testing.T) *runner {
	t.Helper()
	clk := clock.NewFrozen(clock.Real{}.Now())
	return &runner{Plane: apitest.Start(t, apitest.Options{Clock: clk}), t: t, clk: clk, ids: id.Random()}
}

func (o *runner) actor() automation.Actor {
	a := o.Access()
	return automation.Actor{
		Account: a.Account, Region: a.Region,
		Execution: "arn:aws:ssm:" + a.Region + ":" + a.Account + ":automation-execution/4105a4fc-f944-11e6-9d32-8fb2db27a909",
	}
}

// role makes a role with a policy; trust says whom it trusts under which condition.
func (o *runner) role(name, condition, policy string) automation.Actor {
	o.t.Helper()
	c, ctx := iam.NewFromConfig(o.Config()), o.t.Context()
	out, err := c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"` + condition + `}]}`)})
	if err == nil {
		_, err = c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("p"), PolicyDocument: &policy})
	}
	if err != nil {
		o.t.Fatal(err)
	}
	who := o.actor()
	who.Role = *out.Role.Arn
	return who
}

// user makes a user who may do anything, and a key of theirs.
func (o *runner) user(name string) (automation.Actor, *iamtypes.AccessKey) {
	o.t.Helper()
	c, ctx := iam.NewFromConfig(o.Config()), o.t.Context()
	_, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: &name})
	if err == nil {
		_, err = c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: &name, PolicyName: aws.String("p"), PolicyDocument: aws.String(allowAll)})
	}
	if err != nil {
		o.t.Fatal(err)
	}
	key, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: &name})
	if err != nil {
		o.t.Fatal(err)
	}
	who := o.actor()
	who.Caller = api.Caller{AccessKeyID: *key.AccessKey.AccessKeyId}
	return who, key.AccessKey
}

func (o *runner) call(who automation.Actor, service, operation, input string) (json.RawMessage, error) {
	return o.Automation().Call(o.t.Context(), who, o.ids.UUID(), service, operation, json.RawMessage(input))
}

func TestAutomationCallsByNameInEveryProtocol(t *testing.T) {
	o := openRunner(t)
	who := o.role("Runbooks", `,"Condition":{"StringEquals":{"aws:SourceAccount":"`+o.Access().Account+`"},"ArnLike":{"aws:SourceArn":"arn:aws:ssm:*:*:automation-execution/*"}}`, allowAll)
	for _, c := range []struct{ service, operation, input, want string }{
		{"ssm", "PutParameter", `{"Name":"/office/n","Value":"1","Type":"String","Overwrite":"true"}`, `"Version":1`},
		{"ssm", "get_parameter", `{"Name":"/office/n"}`, `"Value":"1"`},
		{"ec2", "CreateVpc", `{"CidrBlock":"10.9.0.0/16"}`, `"CidrBlock":"10.9.0.0/16"`},
		{"ec2", "DescribeVpcs", `{"Filters":[{"Name":"cidr","Values":["10.9.0.0/16"]}]}`, `"Vpcs":[{`},
		{"iam", "ListRoles", `{"MaxItems":"50"}`, `"RoleName":"Runbooks"`},
		{"s3", "CreateBucket", `{"Bucket":"evidence","CreateBucketConfiguration":{"LocationConstraint":"` + o.Access().Region + `"}}`, `"Location":`},
		{"s3", "ListBuckets", `{}`, `"Name":"evidence"`},
		{"resource-groups", "list_groups", `{}`, `"Groups":[]`},
		{"cloudwatch", "DescribeAlarms", `{"MaxRecords":1}`, `"MetricAlarms":[]`},
		{"sns", "CreateTopic", `{"Name":"t"}`, `"TopicArn":"arn:aws:sns:`},
		{"sts", "GetCallerIdentity", ``, `:assumed-role/Runbooks/Automation-4105a4fc-f944-11e6-9d32-8fb2db27a909"`},
	} {
		out, err := o.call(who, c.service, c.operation, c.input)
		if err != nil || !strings.Contains(string(out), c.want) {
			t.Errorf("%s %s: want %s, got %s, %v", c.service, c.operation, c.want, out, err)
		}
	}
}

func TestAutomationRefusesWhatIsNoCall(t *testing.T) {
	o := openRunner(t)
	who := o.role("Runbooks", "", allowAll)
	for _, c := range []struct{ service, operation, input, want string }{
		{"lambda", "Invoke", `{}`, "unknown service: 'lambda'; valid service names are: "},
		{"ssmmessages", "OpenDataChannel", `{}`, "unknown service"},
		{"ssm", "DescribeWorkspaces", `{}`, "unknown operation: 'DescribeWorkspaces'"},
		{"ssm", "RegisterManagedInstance", `{}`, "unknown operation"},
		{"iam", "CreateVirtualTeapot", `{}`, "unknown operation"},
		{"ssm", "GetParameter", `{"Path":"/x"}`, `Unknown parameter in input: "Path", must be one of: Name, WithDecryption`},
		{"s3", "GetObject", `{"Bucket":"b","Key":"k"}`, "streaming"},
	} {
		if out, err := o.call(who, c.service, c.operation, c.input); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: want a refusal that says %q, got %s, %v", c.service, c.operation, c.want, out, err)
		}
	}
}

func TestAutomationMayWhatItsRoleMay(t *testing.T) {
	o := openRunner(t)
	who := o.role("Reader", "", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"*"}]}`)
	_, err := o.call(who, "ssm", "PutParameter", `{"Name":"n","Value":"v","Type":"String"}`)
	apitest.Refused(t, "a role that may not", err, "AccessDeniedException", "assumed-role/Reader/Automation-4105a4fc-f944-11e6-9d32-8fb2db27a909 is not authorized to perform: ssm:PutParameter")
	_, err = o.call(who, "ssm", "GetParameter", `{"Name":"n"}`)
	apitest.Refused(t, "a role that may, of what is not there", err, "ParameterNotFound", "")
	other := o.role("Narrow", `,"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:ssm:*:*:automation-execution/another"}}`, allowAll)
	_, err = o.call(other, "ssm", "GetParameter", `{"Name":"n"}`)
	apitest.Refused(t, "a role that does not trust this execution", err, "AccessDenied", "ssm.amazonaws.com is not authorized to perform: sts:AssumeRole")
	who.Role = strings.Replace(who.Role, o.Access().Account, "999988887777", 1)
	_, err = o.call(who, "ssm", "GetParameter", `{"Name":"n"}`)
	apitest.Refused(t, "another account's role", err, "AccessDenied", "sts:AssumeRole")
}

func TestAutomationKeepsASessionForAWhile(t *testing.T) {
	o := openRunner(t)
	who := o.role("Runbooks", "", allowAll)
	other := who
	other.Execution += "0"
	sessions := func() (n int) {
		found, err := cloudtrail.NewFromConfig(o.Config()).LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{LookupAttributes: []cloudtrailtypes.LookupAttribute{{
			AttributeKey: cloudtrailtypes.LookupAttributeKeyEventName, AttributeValue: aws.String("AssumeRole"),
		}}})
		if err != nil {
			t.Fatal(err)
		}
		return len(found.Events)
	}
	for _, step := range []struct {
		who   automation.Actor
		later time.Duration
		want  int
	}{{who, 0, 1}, {who, 4 * time.Minute, 1}, {other, 0, 2}, {who, time.Minute, 3}, {who, 0, 3}} {
		o.clk.Advance(step.later)
		if _, err := o.call(step.who, "ssm", "DescribeParameters", `{}`); err != nil {
			t.Fatal(err)
		}
		if got := sessions(); got != step.want {
			t.Errorf("want %d sessions, got %d", step.want, got)
		}
	}
	c := iam.NewFromConfig(o.Config())
	if _, err := c.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: aws.String("Runbooks"), PolicyName: aws.String("p")}); err != nil {
		t.Fatal(err)
	}
	_, err := o.call(who, "ssm", "DescribeParameters", `{}`)
	apitest.Refused(t, "what the role may not any more, by a session that is kept", err, "AccessDeniedException", "ssm:DescribeParameters")
}

func TestAutomationActsAsItsStarterStandsNow(t *testing.T) {
	o := openRunner(t)
	c, ctx := iam.NewFromConfig(o.Config()), t.Context()
	who, key := o.user("alice")
	condition := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ssm:PutParameter","Resource":"*","Condition":{"Bool":{"aws:ViaAWSService":"false"}}},
		{"Effect":"Deny","Action":"ssm:DeleteParameter","Resource":"*","Condition":{"ForAnyValue:StringEquals":{"aws:CalledVia":"ssm.amazonaws.com"}}}]}`
	if _, err := c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("alice"), PolicyName: aws.String("via"), PolicyDocument: &condition}); err != nil {
		t.Fatal(err)
	}
	put := `{"Name":"n","Value":"v","Type":"String","Overwrite":true}`
	if _, err := o.call(who, "ssm", "PutParameter", put); err != nil {
		t.Errorf("a call through the service: %v", err)
	}
	_, err := o.call(who, "ssm", "DeleteParameter", `{"Name":"n"}`)
	apitest.Refused(t, "what the policy denies calls of the service", err, "AccessDeniedException", "with an explicit deny")
	apitest.Eventually(t, "the record of alice, invoked by Systems Manager", func() bool {
		found, err := cloudtrail.NewFromConfig(o.Config()).LookupEvents(ctx, &cloudtrail.LookupEventsInput{LookupAttributes: []cloudtrailtypes.LookupAttribute{{
			AttributeKey: cloudtrailtypes.LookupAttributeKeyAccessKeyId, AttributeValue: key.AccessKeyId,
		}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range found.Events {
			record := *e.CloudTrailEvent
			if *e.EventName == "PutParameter" && strings.Contains(record, `"userName":"alice"`) && strings.Contains(record, `"invokedBy":"ssm.amazonaws.com"`) && strings.Contains(record, `"sourceIPAddress":"ssm.amazonaws.com"`) {
				return true
			}
		}
		return false
	})

	if _, err := c.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{UserName: aws.String("alice"), AccessKeyId: key.AccessKeyId, Status: iamtypes.StatusTypeInactive}); err != nil {
		t.Fatal(err)
	}
	_, err = o.call(who, "ssm", "PutParameter", put)
	apitest.Refused(t, "a key that is not active any more", err, "UnrecognizedClientException", "The security token included in the request is invalid.")
	_, err = o.call(who, "iam", "ListUsers", `{}`)
	apitest.Refused(t, "the same in a query protocol", err, "InvalidClientTokenId", "")
	_, err = o.call(o.actor(), "ssm", "PutParameter", put)
	apitest.Refused(t, "a starter without a key", err, "UnrecognizedClientException", "")
}

func TestAutomationRefusesAStarterWhoIsGone(t *testing.T) {
	o := openRunner(t)
	c, ctx, name := iam.NewFromConfig(o.Config()), t.Context(), aws.String("bob")
	who, key := o.user("bob")
	cfg := o.Config()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*key.AccessKeyId, *key.SecretAccessKey, "")
	session, err := sts.NewFromConfig(cfg).GetSessionToken(ctx, &sts.GetSessionTokenInput{DurationSeconds: aws.Int32(900)})
	if err != nil {
		t.Fatal(err)
	}
	inSession := o.actor()
	inSession.Caller = api.Caller{AccessKeyID: *session.Credentials.AccessKeyId}
	const get = `{"Name":"n"}`
	_, err = o.call(inSession, "ssm", "GetParameter", get)
	apitest.Refused(t, "a session that lasts", err, "ParameterNotFound", "")
	for _, f := range []func() error{
		func() error {
			_, err := c.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: name, AccessKeyId: key.AccessKeyId})
			return err
		},
		func() error {
			_, err := c.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: name, PolicyName: aws.String("p")})
			return err
		},
	} {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	_, err = o.call(inSession, "ssm", "GetParameter", get)
	apitest.Refused(t, "a user whose policy was taken away", err, "AccessDeniedException", "user/bob is not authorized to perform: ssm:GetParameter")
	if _, err := c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: name}); err != nil {
		t.Fatal(err)
	}
	_, err = o.call(who, "ssm", "GetParameter", get)
	apitest.Refused(t, "a user who is gone", err, "UnrecognizedClientException", "")
	_, err = o.call(inSession, "ssm", "GetParameter", get)
	apitest.Refused(t, "the session of a user who is gone", err, "InvalidClientTokenId", "")
	o.clk.Advance(16 * time.Minute)
	_, err = o.call(inSession, "ssm", "GetParameter", get)
	apitest.Refused(t, "a session that is over", err, "ExpiredTokenException", "")
	_, err = o.call(inSession, "ec2", "DescribeVpcs", `{}`)
	apitest.Refused(t, "the same in a query protocol", err, "ExpiredToken", "")
}

func TestAutomationLearnsWhatACallBecame(t *testing.T) {
	o := openRunner(t)
	role := o.role("Runbooks", "", allowAll)
	starter, _ := o.user("alice")
	since := o.clk.Now()
	for what, who := range map[string]automation.Actor{"a role": role, "a starter": starter} {
		made := func(request string) (string, error, bool) { //nolint:staticcheck // as the port's order is
			out, failure, found, err := o.Automation().Made(t.Context(), who, request, since)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			return string(out), failure, found
		}
		name := strings.ReplaceAll(what, " ", "-")
		good, bad, global := o.ids.UUID(), o.ids.UUID(), o.ids.UUID()
		if _, err := o.Automation().Call(t.Context(), who, good, "ssm", "PutParameter", json.RawMessage(`{"Name":"`+name+`","Value":"v","Type":"String"}`)); err != nil {
			t.Fatal(err)
		}
		if out, failure, found := made(good); !found || failure != nil || out != `{"Tier":"Standard","Version":1,"ResponseMetadata":{"RequestId":"`+good+`","HTTPStatusCode":200,"RetryAttempts":0}}` {
			t.Errorf("%s, a write: want its output, got %s %v %v", what, out, failure, found)
		}
		_, err := o.Automation().Call(t.Context(), who, bad, "ssm", "DeleteParameter", json.RawMessage(`{"Name":"nothing"}`))
		apitest.Refused(t, what, err, "ParameterNotFound", "")
		_, failure, found := made(bad)
		if apitest.Refused(t, what+", a write that failed", failure, "ParameterNotFound", ""); !found {
			t.Errorf("%s: want the failure found", what)
		}
		if _, err := o.Automation().Call(t.Context(), who, global, "iam", "CreateUser", json.RawMessage(`{"UserName":"`+name+`"}`)); err != nil {
			t.Fatal(err)
		}
		apitest.Eventually(t, "the answer of a service without Regions", func() bool {
			out, failure, found := made(global)
			return found && failure == nil && strings.Contains(out, `"UserName":"`+name+`"`) && strings.Contains(out, `"CreateDate":"20`)
		})
		look := o.ids.UUID()
		if _, err := o.Automation().Call(t.Context(), who, look, "ssm", "GetParameter", json.RawMessage(`{"Name":"`+name+`"}`)); err != nil {
			t.Fatal(err)
		}
		apitest.Eventually(t, "the record of a read", func() bool {
			found, err := cloudtrail.NewFromConfig(o.Config()).LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{LookupAttributes: []cloudtrailtypes.LookupAttribute{{
				AttributeKey: cloudtrailtypes.LookupAttributeKeyEventName, AttributeValue: aws.String("GetParameter"),
			}}})
			return err == nil && slices.ContainsFunc(found.Events, func(e cloudtrailtypes.Event) bool { return strings.Contains(*e.CloudTrailEvent, look) })
		})
		if out, failure, found := made(look); found || failure != nil || out != "" {
			t.Errorf("%s: a read has its answer in no record and is made again, got %s %v", what, out, failure)
		}
		if out, failure, found := made(o.ids.UUID()); found || failure != nil || out != "" {
			t.Errorf("%s: want nothing of a call that was never made, got %s %v", what, out, failure)
		}
	}
	// Who reads another's trail finds nothing there.
	if _, _, found, err := o.Automation().Made(t.Context(), starter, lastRequest(t, o), since); err != nil || found {
		t.Errorf("want another caller's call not found, got %v %v", found, err)
	}
}

// lastRequest makes a call as the administrator and returns its id.
func lastRequest(t *testing.T, o *runner) string {
	t.Helper()
	out, err := ssm.NewFromConfig(o.Config()).PutParameter(t.Context(), &ssm.PutParameterInput{Name: aws.String("own"), Value: aws.String("v"), Type: "String"})
	if err != nil {
		t.Fatal(err)
	}
	request, ok := middleware.GetRequestIDMetadata(out.ResultMetadata)
	if !ok || request == "" {
		t.Fatal("want the call's request id")
	}
	return request
}

func TestAutomationsPagesAreSealed(t *testing.T) {
	o := openRunner(t)
	who := o.role("Runbooks", "", allowAll)
	o.role("Another", "", allowAll)
	out, err := o.call(who, "iam", "ListRoles", `{"MaxItems":1}`)
	var page struct {
		Marker string
		Roles  []struct{ RoleName string }
	}
	if err := json.Unmarshal(out, &page); err != nil || len(page.Roles) != 1 {
		t.Fatalf("want a page of one role, got %s, %v", out, err)
	}
	if err != nil || page.Marker == "" || strings.HasPrefix(page.Marker, api.Plain) {
		t.Fatalf("want a sealed token, got %q, %v", page.Marker, err)
	}
	first := page.Roles[0].RoleName
	out, err = o.call(who, "iam", "ListRoles", `{"MaxItems":1,"Marker":"`+page.Marker+`"}`)
	if err != nil || strings.Contains(string(out), `"RoleName":"`+first+`"`) {
		t.Errorf("want the next page, got %s, %v", out, err)
	}
	_, err = o.call(who, "iam", "ListRoles", `{"MaxItems":1,"Marker":"`+api.Token("ListRoles", first)+`"}`)
	if err == nil {
		t.Error("want a token that was made up refused")
	}
}
