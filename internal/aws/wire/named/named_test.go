package named_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cloudwatchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	workspacestypes "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/named"
)

// find finds an operation the way a runbook names it.
func find(t testing.TB, service, api string) *model.Operation {
	t.Helper()
	svc, err := model.Load(service)
	if err != nil {
		t.Fatal(err)
	}
	op, ok := named.Operation(svc, api)
	if !ok {
		t.Fatalf("%s has no operation %s", service, api)
	}
	return op
}

func TestOperationsAreFoundByBothNames(t *testing.T) {
	for _, row := range []struct{ service, api, want string }{
		{"workspaces", "DescribeWorkspaces", "DescribeWorkspaces"},
		{"workspaces", "describe_workspaces", "DescribeWorkspaces"},
		{"s3", "list_objects_v2", "ListObjectsV2"},
		{"ec2", "describe_vpcs", "DescribeVpcs"},
		{"iam", "list_mfa_devices", "ListMFADevices"},
		{"workspaces", "Describe_Workspaces", ""},
		{"workspaces", "describeworkspace", ""},
		{"workspaces", "", ""},
	} {
		svc, err := model.Load(row.service)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if op, ok := named.Operation(svc, row.api); ok {
			got = op.Name
		}
		if got != row.want {
			t.Errorf("%s %q: want %q, got %q", row.service, row.api, row.want, got)
		}
	}
}

func TestInputsOfEveryProtocolAreReadByTheModelsNames(t *testing.T) {
	for _, row := range []struct {
		name, service, api, text string
		in, want                 any
	}{
		{
			"json", "workspaces", "describe_workspaces", `{"WorkspaceIds":["ws-1"],"Limit":"5","NextToken":null}`,
			&workspaces.DescribeWorkspacesInput{}, &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{"ws-1"}, Limit: aws.Int32(5)},
		},
		{
			"ec2 query: not Filter.1.Value", "ec2", "DescribeInstances", `{"Filters":[{"Name":"vpc-id","Values":["vpc-1"]}],"DryRun":"False","MaxResults":10}`,
			&ec2.DescribeInstancesInput{},
			&ec2.DescribeInstancesInput{Filters: []ec2types.Filter{{Name: aws.String("vpc-id"), Values: []string{"vpc-1"}}}, DryRun: aws.Bool(false), MaxResults: aws.Int32(10)},
		},
		{
			"query", "iam", "ListUsers", `{"PathPrefix":"/office/","MaxItems":"3"}`,
			&iam.ListUsersInput{}, &iam.ListUsersInput{PathPrefix: aws.String("/office/"), MaxItems: aws.Int32(3)},
		},
		{
			"rest-xml: path, query and body alike", "s3", "PutBucketTagging", `{"Bucket":"b","Tagging":{"TagSet":[{"Key":"Owner","Value":"it"}]}}`,
			&s3.PutBucketTaggingInput{},
			&s3.PutBucketTaggingInput{Bucket: aws.String("b"), Tagging: &s3types.Tagging{TagSet: []s3types.Tag{{Key: aws.String("Owner"), Value: aws.String("it")}}}},
		},
		{
			"rest-xml: the query string", "s3", "ListObjectsV2", `{"Bucket":"b","MaxKeys":"2","FetchOwner":true}`,
			&s3.ListObjectsV2Input{}, &s3.ListObjectsV2Input{Bucket: aws.String("b"), MaxKeys: aws.Int32(2), FetchOwner: aws.Bool(true)},
		},
		{
			"times and numbers", "cloudwatch", "GetMetricStatistics",
			`{"Namespace":"N","MetricName":"M","Period":"300","StartTime":"2026-11-23T01:02:03Z","EndTime":1795395723,"Statistics":["Average"]}`,
			&cloudwatch.GetMetricStatisticsInput{},
			&cloudwatch.GetMetricStatisticsInput{
				Namespace: aws.String("N"), MetricName: aws.String("M"), Period: aws.Int32(300), Statistics: []cloudwatchtypes.Statistic{"Average"},
				StartTime: aws.Time(time.Date(2026, 11, 23, 1, 2, 3, 0, time.UTC)), EndTime: aws.Time(time.Unix(1795395723, 0).UTC()),
			},
		},
		{
			"blobs are base64", "kms", "Encrypt", `{"KeyId":"alias/k","Plaintext":"Z2VoZWlt"}`,
			&kms.EncryptInput{}, &kms.EncryptInput{KeyId: aws.String("alias/k"), Plaintext: []byte("geheim")},
		},
		{
			"maps keep their keys", "ssm", "SendCommand", `{"DocumentName":"D","Parameters":{"commands":["a","b"]}}`,
			&ssm.SendCommandInput{}, &ssm.SendCommandInput{DocumentName: aws.String("D"), Parameters: map[string][]string{"commands": {"a", "b"}}},
		},
		{
			"a union", "workspaces", "ImportCustomWorkspaceImage",
			`{"ImageName":"i","ImageDescription":"d","ComputeType":"BASE","Protocol":"DCV","Platform":"WINDOWS","OsVersion":"Windows_11","InfrastructureConfigurationArn":"arn:x","ImageSource":{"Ec2ImageId":"ami-1"}}`,
			&workspaces.ImportCustomWorkspaceImageInput{},
			&workspaces.ImportCustomWorkspaceImageInput{
				ImageName: aws.String("i"), ImageDescription: aws.String("d"), ComputeType: "BASE", Protocol: "DCV", Platform: "WINDOWS", OsVersion: "Windows_11",
				InfrastructureConfigurationArn: aws.String("arn:x"), ImageSource: &workspacestypes.ImageSourceIdentifierMemberEc2ImageId{Value: "ami-1"},
			},
		},
		{
			"an idempotency token is made up", "ec2", "CreateNatGateway", `{"SubnetId":"subnet-1"}`,
			&ec2.CreateNatGatewayInput{}, &ec2.CreateNatGatewayInput{SubnetId: aws.String("subnet-1"), ClientToken: aws.String("token-1")},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			if _, err := named.Read(find(t, row.service, row.api), json.RawMessage(row.text), "token-1", row.in); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(row.in, row.want) {
				t.Errorf("want %+v, got %+v", row.want, row.in)
			}
		})
	}
}

func TestGivenIsToldOfZerosToo(t *testing.T) {
	op := find(t, "ssm", "PutParameter")
	given, err := named.Read(op, json.RawMessage(`{"Name":"n","Value":"v","Overwrite":false,"Type":null}`), "", &ssm.PutParameterInput{})
	if err != nil || !given.Has("Overwrite") || given.Has("Type") || given.Has("Tier") {
		t.Errorf("want Overwrite given, Type and Tier not; got %v %v %v, %v", given.Has("Overwrite"), given.Has("Type"), given.Has("Tier"), err)
	}
}

func TestInputsAreRefusedInBoto3sWords(t *testing.T) {
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	for _, row := range []struct{ name, service, api, text, want string }{
		{"an unknown member", "ssm", "GetParameter", `{"Name":"n","Title":"x"}`, `Unknown parameter in input: "Title", must be one of: Name, WithDecryption`},
		{"deep inside", "ec2", "DescribeInstances", `{"Filters":[{"Name":"a"},{"Nam":"b"}]}`, `Unknown parameter in Filters[1]: "Nam", must be one of: Name, Values`},
		{"a text for a list", "workspaces", "DescribeWorkspaces", `{"WorkspaceIds":"ws-1"}`, `Invalid type for parameter WorkspaceIds, value: ws-1, type: <class 'str'>, valid types: <class 'list'>, <class 'tuple'>`},
		{"a number for a text", "ssm", "GetParameter", `{"Name":5}`, `Invalid type for parameter Name, value: 5, type: <class 'int'>, valid types: <class 'str'>`},
		{"a text that is no number", "workspaces", "DescribeWorkspaces", `{"Limit":"five"}`, `Invalid type for parameter Limit, value: five, type: <class 'str'>, valid types: <class 'int'>`},
		{"a fraction", "workspaces", "DescribeWorkspaces", `{"Limit":1.5}`, `type: <class 'float'>, valid types: <class 'int'>`},
		{"a number beyond 32 bits", "workspaces", "DescribeWorkspaces", `{"Limit":4294967296}`, `Invalid type for parameter Limit`},
		{"no time", "ssm", "CreateActivation", `{"IamRole":"r","ExpirationDate":"tomorrow"}`, `Invalid type for parameter ExpirationDate, value: tomorrow`},
		{"null in a list", "workspaces", "DescribeWorkspaces", `{"WorkspaceIds":[null]}`, `Invalid type for parameter WorkspaceIds[0], value: None, type: <class 'NoneType'>`},
		{"what is missing", "ssm", "GetParameter", `{}`, `Missing required parameter in input: "Name"`},
		{"no base64", "kms", "Encrypt", `{"KeyId":"k","Plaintext":"#"}`, `Invalid type for parameter Plaintext`},
		{"two members of a union", "workspaces", "ImportCustomWorkspaceImage", `{"ImageSource":{"Ec2ImageId":"a","Ec2ImportTaskId":"b"}}`, `Invalid number of parameters set for tagged union structure ImageSource`},
		{"no member of a union", "workspaces", "ImportCustomWorkspaceImage", `{"ImageSource":{}}`, `Must set one of the following keys for tagged union structure ImageSource: Ec2ImportTaskId`},
		{"a list for an input", "ssm", "GetParameter", `[]`, `Invalid type for parameter input, value: [], type: <class 'list'>`},
		{"no JSON", "ssm", "GetParameter", `{"Name"`, `the input is no JSON object`},
		{"two values", "ssm", "GetParameter", `{} {}`, `there is more behind the value`},
		{"too deep", "ssm", "GetParameter", `{"Name":` + deep + `}`, `Invalid type for parameter Name`},
		{"too large", "ssm", "GetParameter", `{"Name":"` + strings.Repeat("a", named.MaxInput) + `"}`, `larger than 1 MB`},
		{"a streamed output", "s3", "GetObject", `{"Bucket":"b","Key":"k"}`, `streaming`},
		{"a streamed input", "s3", "put_object", `{"Bucket":"b","Key":"k"}`, `streaming`},
	} {
		t.Run(row.name, func(t *testing.T) {
			in := map[string]any{
				"GetParameter": &ssm.GetParameterInput{}, "DescribeInstances": &ec2.DescribeInstancesInput{}, "DescribeWorkspaces": &workspaces.DescribeWorkspacesInput{},
			}[row.api]
			_, err := named.Read(find(t, row.service, row.api), json.RawMessage(row.text), "", in)
			refusal, ok := errors.AsType[*named.Refusal](err)
			if !ok || !strings.Contains(refusal.Message, row.want) {
				t.Fatalf("want a refusal that says %q, got %v", row.want, err)
			}
			if len(refusal.Message) > 4096 {
				t.Errorf("want a text of a bounded size, got %d bytes", len(refusal.Message))
			}
		})
	}
}

func TestOutputsAreWrittenByTheModelsNames(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 2, 3, 40e6, time.FixedZone("JST", 9*3600))
	for _, row := range []struct {
		name, service, api string
		out                any
		want               string
	}{
		{
			"ec2 query: not reservationSet", "ec2", "DescribeInstances",
			&ec2.DescribeInstancesOutput{Reservations: []ec2types.Reservation{{ReservationId: aws.String("r-1"), Instances: []ec2types.Instance{{
				InstanceId: aws.String("i-1"), State: &ec2types.InstanceState{Name: "running", Code: aws.Int32(16)}, LaunchTime: &at,
			}}}}},
			`{"Reservations":[{"ReservationId":"r-1","Instances":[{"InstanceId":"i-1","State":{"Code":16,"Name":"running"},"LaunchTime":"2026-11-23T01:02:03.04Z"}]}]}`,
		},
		{
			"a secret is the caller's", "sts", "AssumeRole",
			&sts.AssumeRoleOutput{Credentials: &ststypes.Credentials{SecretAccessKey: aws.String("geheim"), AccessKeyId: aws.String("ASIA1")}},
			`{"Credentials":{"AccessKeyId":"ASIA1","SecretAccessKey":"geheim"}}`,
		},
		{
			"headers and maps", "s3", "HeadObject",
			&s3.HeadObjectOutput{Metadata: map[string]string{"b": "2", "a": "1"}, ContentLength: aws.Int64(7), LastModified: &at},
			`{"LastModified":"2026-11-23T01:02:03.04Z","ContentLength":7,"Metadata":{"a":"1","b":"2"}}`,
		},
		{"blobs are base64", "kms", "Decrypt", &kms.DecryptOutput{Plaintext: []byte("geheim")}, `{"Plaintext":"Z2VoZWlt"}`},
		{"an empty list is there", "workspaces", "DescribeWorkspaces", &workspaces.DescribeWorkspacesOutput{Workspaces: []workspacestypes.Workspace{}}, `{"Workspaces":[]}`},
		{"nothing is set", "workspaces", "DescribeWorkspaces", &workspaces.DescribeWorkspacesOutput{}, `{}`},
		{"no output", "workspaces", "DescribeWorkspaces", (*workspaces.DescribeWorkspacesOutput)(nil), `{}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			want := strings.TrimSuffix(row.want, "}")
			if want != "{" {
				want += ","
			}
			want += `"ResponseMetadata":{"RequestId":"r-1","HTTPStatusCode":200,"RetryAttempts":0}}`
			got, err := named.Write(find(t, row.service, row.api), row.out, "r-1")
			if err != nil || !equalJSON(t, got, want) {
				t.Errorf("want %s, got %s, %v", want, got, err)
			}
		})
	}
}

func equalJSON(t *testing.T, got []byte, want string) bool {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal(got, &x), json.Unmarshal([]byte(want), &y)); err != nil {
		t.Fatalf("%v in %s", err, got)
	}
	return reflect.DeepEqual(x, y)
}

func TestAnAnswerIsRestoredFromItsTrailRecord(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 2, 3, 0, time.UTC)
	op := find(t, "sts", "AssumeRole")
	const metadata = `"ResponseMetadata":{"RequestId":"r-1","HTTPStatusCode":200,"RetryAttempts":0}}`
	out := &sts.AssumeRoleOutput{
		Credentials:     &ststypes.Credentials{SecretAccessKey: aws.String("geheim"), AccessKeyId: aws.String("ASIA1"), Expiration: &at},
		AssumedRoleUser: &ststypes.AssumedRoleUser{Arn: aws.String("arn:x")},
	}
	got, err := named.Restored(op, model.RedactedOutput(op, out), "r-1")
	want := `{"AssumedRoleUser":{"Arn":"arn:x"},"Credentials":{"AccessKeyId":"ASIA1","SecretAccessKey":"HIDDEN_DUE_TO_SECURITY_REASONS","Expiration":"2026-11-23T10:02:03Z"},` + metadata
	if err != nil || !equalJSON(t, got, want) {
		t.Errorf("want %s, got %s, %v", want, got, err)
	}
	for text, want := range map[string]string{"null": "{" + metadata, `{"assumedRoleUser":"x","packedPolicySize":[1],"credentials":{"expiration":"soon"}}`: `{"AssumedRoleUser":"x","PackedPolicySize":[1],"Credentials":{"Expiration":"soon"},` + metadata} {
		if got, err := named.Restored(op, json.RawMessage(text), "r-1"); err != nil || !equalJSON(t, got, want) {
			t.Errorf("%s: want %s, got %s, %v", text, want, got, err)
		}
	}
	for _, text := range []string{`{`, `[]`, `""`} {
		if _, err := named.Restored(op, json.RawMessage(text), "r-1"); err == nil {
			t.Errorf("want an error for %s", text)
		}
	}
}
