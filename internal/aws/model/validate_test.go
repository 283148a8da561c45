package model_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	cttypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/model"
)

func operation(t testing.TB, service, name string) *model.Operation {
	t.Helper()
	s, err := model.Load(service)
	if err != nil {
		t.Fatal(err)
	}
	if s.Operations[name] == nil {
		t.Fatalf("%s has no %s", service, name)
	}
	return s.Operations[name]
}

func workspaceRequests(n int) []types.WorkspaceRequest {
	list := make([]types.WorkspaceRequest, n)
	for i := range list {
		list[i] = types.WorkspaceRequest{
			DirectoryId: aws.String("d-90670a1b2c"), UserName: aws.String("fujita"), BundleId: aws.String("wsb-0123456789"),
		}
	}
	return list
}

const one = "1 validation error detected: "

func TestValidate(t *testing.T) {
	badUser := workspaceRequests(2)
	badUser[0].UserName = nil
	badUser[1].BundleId = aws.String("bundle")
	badUser[1].WorkspaceProperties = &types.WorkspaceProperties{RunningMode: "SOMETIMES"}
	for _, row := range []struct {
		name, service, op string
		in                any
		want              string
	}{
		{"a full request is valid", "workspaces", "CreateWorkspaces", &workspaces.CreateWorkspacesInput{Workspaces: workspaceRequests(25)}, ""},
		{
			"what is required must be there", "workspaces", "CreateWorkspaces", &workspaces.CreateWorkspacesInput{},
			one + "Value null at 'workspaces' failed to satisfy constraint: Member must not be null",
		},
		{
			"an empty list is shorter than one", "workspaces", "CreateWorkspaces", &workspaces.CreateWorkspacesInput{Workspaces: workspaceRequests(0)},
			one + "Value '[]' at 'workspaces' failed to satisfy constraint: Member must have length greater than or equal to 1",
		},
		{
			"26 are more than 25", "workspaces", "CreateWorkspaces", &workspaces.CreateWorkspacesInput{Workspaces: workspaceRequests(26)},
			one + "Value '[" + strings.Repeat("WorkspaceRequest, ", 25) + "WorkspaceRequest]' at 'workspaces' failed to satisfy constraint: " +
				"Member must have length less than or equal to 25",
		},
		{
			"members of elements are named by their place, in the model's order", "workspaces", "CreateWorkspaces", &workspaces.CreateWorkspacesInput{Workspaces: badUser},
			"3 validation errors detected: " +
				"Value null at 'workspaces.1.member.userName' failed to satisfy constraint: Member must not be null; " +
				"Value 'bundle' at 'workspaces.2.member.bundleId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^wsb-[0-9a-z]{8,63}$; " +
				"Value 'SOMETIMES' at 'workspaces.2.member.workspaceProperties.runningMode' failed to satisfy constraint: Member must satisfy enum value set: [AUTO_STOP, ALWAYS_ON, MANUAL]",
		},
		{
			"simple elements are judged together", "workspaces", "DescribeWorkspaces", &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{"ws-0123456789", "x"}},
			one + "Value '[ws-0123456789, x]' at 'workspaceIds' failed to satisfy constraint: " +
				"Member must satisfy constraint: [Member must satisfy regular expression pattern: ^ws-[0-9a-z]{8,63}$]",
		},
		{
			"an empty element is judged too", "workspaces", "DescribeWorkspaces", &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{""}},
			one + "Value '[]' at 'workspaceIds' failed to satisfy constraint: " +
				"Member must satisfy constraint: [Member must satisfy regular expression pattern: ^ws-[0-9a-z]{8,63}$]",
		},
		{
			"a number has a value, not a length", "cloudtrail", "LookupEvents", &cloudtrail.LookupEventsInput{MaxResults: aws.Int32(51)},
			one + "Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50",
		},
		{
			"a number may be too small", "cloudtrail", "LookupEvents", &cloudtrail.LookupEventsInput{MaxResults: aws.Int32(0)},
			one + "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
		},
		{
			"an enum lists its values", "cloudtrail", "LookupEvents",
			&cloudtrail.LookupEventsInput{LookupAttributes: []cttypes.LookupAttribute{{AttributeKey: "Name", AttributeValue: aws.String("x")}}},
			one + "Value 'Name' at 'lookupAttributes.1.member.attributeKey' failed to satisfy constraint: Member must satisfy enum value set: " +
				"[EventId, EventName, ReadOnly, Username, ResourceType, ResourceName, EventSource, AccessKeyId]",
		},
		{
			"a secret's value is not repeated", "ds", "ResetUserPassword",
			&directoryservice.ResetUserPasswordInput{DirectoryId: aws.String("d-90670a1b2c"), UserName: aws.String("svc"), NewPassword: aws.String(strings.Repeat("s", 128))},
			one + "Value at 'newPassword' failed to satisfy constraint: Member must have length less than or equal to 127",
		},
		{
			"lengths count characters, not bytes", "sts", "GetFederationToken", &sts.GetFederationTokenInput{Name: aws.String(strings.Repeat("藤", 33))},
			"2 validation errors detected: Value '" + strings.Repeat("藤", 33) + "' at 'name' failed to satisfy constraint: Member must have length less than or equal to 32; " +
				"Value '" + strings.Repeat("藤", 33) + "' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
		},
		{
			"a long value is cut", "workspaces", "DescribeWorkspaces", &workspaces.DescribeWorkspacesInput{DirectoryId: aws.String(strings.Repeat("x", 5000))},
			one + "Value '" + strings.Repeat("x", 1024) + "...' at 'directoryId' failed to satisfy constraint: " +
				"Member must have length less than or equal to 65",
		},
	} {
		op := operation(t, row.service, row.op)
		err := op.Validate(row.in, op.Given(row.in))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if row.name == "a long value is cut" {
			got, _, _ = strings.Cut(got, "; ")
			got = strings.Replace(got, "2 validation errors", "1 validation error", 1)
		}
		if got != row.want {
			t.Errorf("%s:\nwant %s\ngot  %s", row.name, row.want, got)
		}
		var invalid *model.Invalid
		if err != nil && !errors.As(err, &invalid) {
			t.Errorf("%s: want an *Invalid, got %T", row.name, err)
		}
	}
}

func TestValidateGoesByPresenceForBareMembers(t *testing.T) {
	op := operation(t, "ssm", "CreateMaintenanceWindow")
	in := &ssm.CreateMaintenanceWindowInput{
		Name: aws.String("nightly"), Schedule: aws.String("cron(0 2 ? * SUN *)"), Duration: aws.Int32(3), ClientToken: aws.String("t"),
	}
	given := func(names ...string) model.Presence {
		p := op.Given(in)
		for _, n := range names {
			p.Set(op.Input.Lookup(n), true)
		}
		return p
	}
	if err := op.Validate(in, given("Cutoff", "AllowUnassociatedTargets")); err != nil {
		t.Errorf("zeros that were given: want valid, got %v", err)
	}
	want := "2 validation errors detected: Value null at 'cutoff' failed to satisfy constraint: Member must not be null; " +
		"Value null at 'allowUnassociatedTargets' failed to satisfy constraint: Member must not be null"
	if err := op.Validate(in, given()); err == nil || err.Error() != want {
		t.Errorf("zeros that nobody gave: want %s, got %v", want, err)
	}
}

// EC2 names the first parameter that is missing; other services tell all that is
// wrong.
func TestWhatIsMissingIsToldInTheServicesWords(t *testing.T) {
	for _, row := range []struct {
		name, service, operation string
		in                       any
		code, text               string
	}{
		{"EC2 lacks two", "ec2", "CreateRouteTable", &ec2.CreateRouteTableInput{}, "MissingParameter", "The request must contain the parameter vpcId"},
		{
			"EC2 has one that is none of the words", "ec2", "DescribeVpcAttribute", &ec2.DescribeVpcAttributeInput{VpcId: aws.String("vpc-1"), Attribute: "colour"},
			"InvalidParameterValue", "Value (colour) for parameter attribute is invalid. Expecting one of [enableDnsSupport, enableDnsHostnames, enableNetworkAddressUsageMetrics].",
		},
		{
			"EC2 is asked for too much at once", "ec2", "DescribeVpcs", &ec2.DescribeVpcsInput{MaxResults: aws.Int32(2000)},
			"InvalidParameterValue", "Value (2000) for parameter maxResults is invalid. Expecting a value smaller than or equal to 1000.",
		},
		{
			"the query protocol lacks one", "sts", "AssumeRole", &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::111122223333:role/x")},
			"ValidationError", "1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
		},
	} {
		m, err := model.Load(row.service)
		if err != nil {
			t.Fatal(err)
		}
		op := operation(t, row.service, row.operation)
		invalid, ok := errors.AsType[*model.Invalid](op.Validate(row.in, op.Given(row.in)))
		if !ok {
			t.Errorf("%s: want it refused", row.name)
			continue
		}
		code, text := m.Refusal(invalid)
		if code != row.code || row.text != "" && text != row.text {
			t.Errorf("%s: want %s: %s, got %s: %s", row.name, row.code, row.text, code, text)
		}
	}
}

func TestValidateOfMaps(t *testing.T) {
	op := operation(t, "ssm", "SendCommand")
	in := &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"), Parameters: map[string][]string{"commands": {"id"}},
	}
	if err := op.Validate(in, op.Given(in)); err != nil {
		t.Errorf("a command: want valid, got %v", err)
	}
	add := operation(t, "ssm", "StartAutomationExecution")
	bad := &ssm.StartAutomationExecutionInput{
		DocumentName: aws.String("AWS-RestartEC2Instance"),
		Parameters:   map[string][]string{"": {"x"}, "b": {strings.Repeat("y", 513)}},
	}
	err := add.Validate(bad, add.Given(bad))
	if err == nil || !strings.Contains(err.Error(), "at 'parameters' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 50, Member must have length greater than or equal to 1]") ||
		!strings.Contains(err.Error(), "at 'parameters.b.member' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 512") {
		t.Errorf("a key and a value out of bounds: got %v", err)
	}
}

func TestValidateBoundsItsMessage(t *testing.T) {
	op := operation(t, "workspaces", "CreateWorkspaces")
	in := &workspaces.CreateWorkspacesInput{Workspaces: make([]types.WorkspaceRequest, 100_000)}
	err := op.Validate(in, op.Given(in))
	if err == nil || !strings.HasPrefix(err.Error(), "100 validation errors detected: ") || len(err.Error()) > 20_000 {
		t.Errorf("300,000 violations: want the first 100 named, got %.200v", err)
	}
}

func TestValidateRefusesAnUnfitStruct(t *testing.T) {
	op := operation(t, "sts", "GetFederationToken")
	for _, in := range []any{nil, (*sts.GetFederationTokenInput)(nil), sts.GetFederationTokenInput{}, &struct{ Name int }{}} {
		var invalid *model.Invalid
		if err := op.Validate(in, model.Presence{}); err == nil || errors.As(err, &invalid) {
			t.Errorf("%T: want a plain error, got %v", in, err)
		}
	}
}

func BenchmarkValidateCreateWorkspaces(b *testing.B) {
	op := operation(b, "workspaces", "CreateWorkspaces")
	in := &workspaces.CreateWorkspacesInput{Workspaces: workspaceRequests(25)}
	p := op.Given(in)
	b.ReportAllocs()
	for b.Loop() {
		if err := op.Validate(in, p); err != nil {
			b.Fatal(err)
		}
	}
}
