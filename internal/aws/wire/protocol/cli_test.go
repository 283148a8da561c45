package protocol_test

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	cttypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/protocol"
)

var update = flag.Bool("update", false, "record the requests of the real AWS CLI anew")

// The structs of ds-data as its room would write them.
type (
	listUsersInput struct {
		DirectoryId, NextToken, Realm *string
		MaxResults                    *int32
	}
	listUsersOutput struct {
		DirectoryId, NextToken, Realm *string
		Users                         []userSummary
	}
	userSummary struct {
		SID, SAMAccountName, GivenName, Surname *string
		Enabled                                 *bool
	}
	dsAccessDenied struct{ Message, Reason *string }
)

func (*dsAccessDenied) Error() string { return "" }

// cliRow is one command of the real CLI: the request it sends is golden, and
// what it prints of our answer is wanted here.
type cliRow struct {
	name    string // of the golden file
	service string
	op      string
	command []string
	in      any // decoded into; nil for the operation's error rows
	out     any
	fault   *codec.Fault
	want    string // what the CLI prints, blanks collapsed; of errors a part
}

func cliRows() []cliRow {
	created := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	return []cliRow{
		{
			name: "create-workspaces", service: "workspaces", op: "CreateWorkspaces", in: &workspaces.CreateWorkspacesInput{},
			command: []string{
				"workspaces", "create-workspaces", "--workspaces",
				`[{"DirectoryId":"d-90670a1b2c","UserName":"fujita.kouhei","BundleId":"wsb-0123456789","WorkspaceProperties":{"RunningMode":"AUTO_STOP"},"Tags":[{"Key":"課","Value":"経理"}]}]`,
				"--query", "[PendingRequests[].[WorkspaceId,State],FailedRequests[].ErrorCode]",
			},
			out: &workspaces.CreateWorkspacesOutput{
				PendingRequests: []types.Workspace{{WorkspaceId: aws.String("ws-0123456789"), State: types.WorkspaceStatePending}},
				FailedRequests:  []types.FailedCreateWorkspaceRequest{{ErrorCode: aws.String("ResourceNotFound.User"), ErrorMessage: aws.String("no such user")}},
			},
			want: "ws-0123456789 PENDING ResourceNotFound.User",
		},
		{
			name: "describe-workspaces", service: "workspaces", op: "DescribeWorkspaces", in: &workspaces.DescribeWorkspacesInput{},
			command: []string{"workspaces", "describe-workspaces", "--workspace-ids", "ws-0123456789", "--query", "Workspaces[*].[WorkspaceId,State,UserName]"},
			out:     &workspaces.DescribeWorkspacesOutput{Workspaces: []types.Workspace{{WorkspaceId: aws.String("ws-0123456789"), State: types.WorkspaceStateError, UserName: aws.String("藤田 \"K\"")}}},
			want:    `ws-0123456789 ERROR 藤田 "K"`,
		},
		{
			name: "get-caller-identity", service: "sts", op: "GetCallerIdentity", in: &sts.GetCallerIdentityInput{},
			command: []string{"sts", "get-caller-identity"},
			out:     &sts.GetCallerIdentityOutput{Account: aws.String("111122223333"), Arn: aws.String("arn:aws:iam::111122223333:user/a&b<c>"), UserId: aws.String("AIDA1")},
			want:    "111122223333 arn:aws:iam::111122223333:user/a&b<c> AIDA1",
		},
		{
			name: "get-federation-token", service: "sts", op: "GetFederationToken", in: &sts.GetFederationTokenInput{},
			command: []string{"sts", "get-federation-token", "--name", "office-night", "--policy", `{"Version":"2012-10-17"}`, "--tags", "Key=a,Value=b c", "Key=d,Value=", "--query", "Credentials.[AccessKeyId,Expiration]"},
			out:     &sts.GetFederationTokenOutput{Credentials: &ststypes.Credentials{AccessKeyId: aws.String("ASIA1"), SecretAccessKey: aws.String("s"), SessionToken: aws.String("t"), Expiration: &created}},
			want:    "ASIA1 2026-11-22T08:00:00Z",
		},
		{
			name: "list-users", service: "ds-data", op: "ListUsers", in: &listUsersInput{},
			command: []string{"ds-data", "list-users", "--directory-id", "d-90670a1b2c", "--max-results", "10", "--query", "Users[].[SAMAccountName,Enabled]"},
			out:     &listUsersOutput{Users: []userSummary{{SID: aws.String("S-1"), SAMAccountName: aws.String("fujita.kouhei"), Enabled: aws.Bool(false)}}},
			want:    "fujita.kouhei False",
		},
		{
			name: "lookup-events", service: "cloudtrail", op: "LookupEvents", in: &cloudtrail.LookupEventsInput{},
			command: []string{"cloudtrail", "lookup-events", "--lookup-attributes", "AttributeKey=EventName,AttributeValue=CreateWorkspaces", "--start-time", "2026-11-22T08:00:00Z", "--query", "Events[].[EventName,EventTime]"},
			out:     &cloudtrail.LookupEventsOutput{Events: []cttypes.Event{{EventName: aws.String("CreateWorkspaces"), EventTime: &created}}},
			want:    "CreateWorkspaces 1795334400",
		},
		{
			name: "send-command", service: "ssm", op: "SendCommand", in: &ssm.SendCommandInput{},
			command: []string{"ssm", "send-command", "--document-name", "AWS-RunShellScript", "--targets", "Key=InstanceIds,Values=ws-0123456789", "--parameters", `commands=["ps aux --sort=-%cpu | head -6"]`, "--query", "Command.[CommandId,Status,TargetCount]"},
			out:     &ssm.SendCommandOutput{Command: &ssmtypes.Command{CommandId: aws.String("c-1"), Status: ssmtypes.CommandStatusPending}},
			want:    "c-1 Pending 0",
		},
		{
			name: "s3-put-object", service: "s3", op: "PutObject", in: &s3.PutObjectInput{},
			command: []string{"s3api", "put-object", "--bucket", "evidence", "--key", "a//b c/藤+%2F", "--metadata", "team=keiri", "--tagging", "k=v", "--body", "testdata/cli/object.txt"},
			out:     &s3.PutObjectOutput{ETag: aws.String(`"e"`)},
			want:    `"e"`,
		},
		{
			name: "s3-create-bucket", service: "s3", op: "CreateBucket", in: &s3.CreateBucketInput{},
			command: []string{"s3api", "create-bucket", "--bucket", "evidence", "--create-bucket-configuration", "LocationConstraint=ap-northeast-1"},
			out:     &s3.CreateBucketOutput{Location: aws.String("/evidence")},
			want:    "/evidence",
		},
		{
			name: "s3-put-bucket-lifecycle", service: "s3", op: "PutBucketLifecycleConfiguration", in: &s3.PutBucketLifecycleConfigurationInput{},
			command: []string{
				"s3api", "put-bucket-lifecycle-configuration", "--bucket", "evidence", "--lifecycle-configuration",
				`{"Rules":[{"ID":"old","Status":"Enabled","Filter":{"And":{"Prefix":"logs/","Tags":[{"Key":"a&b","Value":"<c>"}]}},"Expiration":{"Days":30}}]}`,
			},
			out: &s3.PutBucketLifecycleConfigurationOutput{},
		},
		{
			name: "s3-put-bucket-acl", service: "s3", op: "PutBucketAcl", in: &s3.PutBucketAclInput{},
			command: []string{
				"s3api", "put-bucket-acl", "--bucket", "evidence", "--access-control-policy",
				`{"Owner":{"ID":"o"},"Grants":[{"Grantee":{"Type":"CanonicalUser","ID":"i"},"Permission":"READ"}]}`,
			},
			out: &s3.PutBucketAclOutput{},
		},
		{
			name: "s3-get-bucket-acl", service: "s3", op: "GetBucketAcl", in: &s3.GetBucketAclInput{},
			command: []string{"s3api", "get-bucket-acl", "--bucket", "evidence", "--query", "Grants[].[Grantee.Type,Grantee.ID,Permission]"},
			out: &s3.GetBucketAclOutput{Grants: []s3types.Grant{
				{Grantee: &s3types.Grantee{Type: s3types.TypeCanonicalUser, ID: aws.String("i")}, Permission: s3types.PermissionRead},
			}},
			want: "CanonicalUser i READ",
		},
		{
			name: "s3-list-objects", service: "s3", op: "ListObjectsV2", in: &s3.ListObjectsV2Input{},
			command: []string{"s3api", "list-objects-v2", "--bucket", "evidence", "--prefix", "a b/", "--max-keys", "5", "--no-paginate", "--query", "Contents[].[Key,Size,LastModified]"},
			out: &s3.ListObjectsV2Output{EncodingType: s3types.EncodingTypeUrl, Contents: []s3types.Object{
				{Key: aws.String("a%20b/%E8%97%A4"), Size: aws.Int64(5), LastModified: &created},
			}},
			want: "a b/藤 5 2026-11-22T08:00:00Z",
		},
		{
			name: "s3-delete-objects", service: "s3", op: "DeleteObjects", in: &s3.DeleteObjectsInput{},
			command: []string{"s3api", "delete-objects", "--bucket", "evidence", "--delete", `{"Objects":[{"Key":"a"},{"Key":"b","VersionId":"v"}]}`, "--query", "[Deleted[].Key,Errors[].Code]"},
			out: &s3.DeleteObjectsOutput{
				Deleted: []s3types.DeletedObject{{Key: aws.String("a")}}, Errors: []s3types.Error{{Key: aws.String("b"), Code: aws.String("AccessDenied")}},
			},
			want: "a AccessDenied",
		},
		{
			name: "s3-get-bucket-location", service: "s3", op: "GetBucketLocation", in: &s3.GetBucketLocationInput{},
			command: []string{"s3api", "get-bucket-location", "--bucket", "evidence"},
			out:     &s3.GetBucketLocationOutput{LocationConstraint: "ap-northeast-1"},
			want:    "ap-northeast-1",
		},
		{
			name: "error-s3", service: "s3", op: "GetBucketPolicy", command: []string{"s3api", "get-bucket-policy", "--bucket", "evidence"},
			fault: &codec.Fault{Code: "NoSuchBucketPolicy", Message: "The bucket policy does not exist", Extra: map[string]string{"BucketName": "evidence"}},
			want:  "An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation: The bucket policy does not exist",
		},
		{
			name: "error-json", service: "workspaces", op: "DescribeWorkspaces", command: []string{"workspaces", "describe-workspaces"},
			fault: &codec.Fault{Code: "InvalidParameterValuesException", Message: "悪い値"},
			want:  "An error occurred (InvalidParameterValuesException) when calling the DescribeWorkspaces operation: 悪い値",
		},
		{
			name: "error-query", service: "sts", op: "GetCallerIdentity", command: []string{"sts", "get-caller-identity"},
			fault: &codec.Fault{Code: "InvalidClientTokenId", Message: "The security token <x> is invalid.", Status: 403},
			want:  "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token <x> is invalid.",
		},
		{
			name: "error-rest", service: "ds-data", op: "ListUsers", command: []string{"ds-data", "list-users", "--directory-id", "d-90670a1b2c"},
			fault: &codec.Fault{Code: "AccessDeniedException", Message: "not you", Modelled: &dsAccessDenied{Reason: aws.String("IAM_AUTH")}},
			want:  "An error occurred (AccessDeniedException) when calling the ListUsers operation: not you",
		},
	}
}

// kept are the headers of a request that matter to a codec.
var kept = []string{"Content-Type", "X-Amz-Target", "X-Amz-Meta-Team", "X-Amz-Tagging", "X-Amz-Sdk-Checksum-Algorithm", "X-Amz-Checksum-Crc32"}

// TestCLI has the real AWS CLI send its requests to the codecs and read their
// answers. Without a CLI of the model's age, the requests it sent when they
// were recorded are decoded all the same.
func TestCLI(t *testing.T) {
	cli := awsCLI(t)
	for _, row := range cliRows() {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			golden := filepath.Join("testdata", "cli", row.name+".http")
			if cli != "" {
				runCLI(t, cli, row, golden)
			}
			if row.in == nil {
				return
			}
			text, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			request, want, ok := strings.Cut(string(text), "\n-- decoded --\n")
			if !ok {
				t.Fatalf("%s has no decoded part", golden)
			}
			if got := decodedText(t, row, parseGolden(t, request)); got != want {
				t.Errorf("decoded: want\n%s\ngot\n%s", want, got)
			}
		})
	}
}

// runCLI runs the command against a server that answers with the row's output,
// and compares the request with the golden one.
func runCLI(t *testing.T, cli string, row cliRow, golden string) {
	received := make(chan *codec.Request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		req.Header.Del("Content-Length") // the recorded body tells it
		sent := &codec.Request{Method: req.Method, Path: req.URL.EscapedPath(), Query: req.URL.Query(), Header: req.Header, Body: body}
		select {
		case received <- sent:
		default:
			t.Error("the CLI sent more than one request")
		}
		answer := serve(t, row, sent)
		maps.Copy(w.Header(), answer.Header)
		w.WriteHeader(answer.Status)
		if _, err := w.Write(answer.Body); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	cmd := exec.CommandContext(t.Context(), cli, append([]string{"--endpoint-url", server.URL, "--output", "text"}, row.command...)...)
	cmd.Env = cliEnvironment(t)
	printed, err := cmd.CombinedOutput()
	if (err != nil) != (row.fault != nil) {
		t.Fatalf("aws %v: %v\n%s", row.command, err, printed)
	}
	if got := strings.Join(strings.Fields(string(printed)), " "); got != row.want {
		t.Errorf("the CLI printed: want %q, got %q", row.want, got)
	}
	if len(received) == 0 {
		t.Fatal("the CLI sent no request")
	}
	sent := <-received
	if row.in == nil {
		return
	}
	text := goldenText(sent) + "\n-- decoded --\n" + decodedText(t, row, sent)
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != text {
		t.Errorf("request: want (%v)\n%s\ngot\n%s", err, want, text)
	}
}

func serve(t *testing.T, row cliRow, r *codec.Request) codec.Response {
	svc, err := model.Load(row.service)
	if err != nil {
		t.Error(err)
		return codec.Response{Status: 500}
	}
	c, _ := protocol.For(svc)
	if name, ok := c.Operation(svc, r); !ok || name != row.op {
		t.Errorf("operation: want %s, got %q %v", row.op, name, ok)
	}
	if row.fault != nil {
		return c.Fault(svc, row.fault, "11111111-2222-3333-4444-555555555555")
	}
	answer, err := c.Encode(svc, svc.Operations[row.op], row.out, "11111111-2222-3333-4444-555555555555")
	if err != nil {
		t.Error(err)
	}
	return answer
}

// decodedText is the decoded input, written as JSON by the model.
func decodedText(t *testing.T, row cliRow, r *codec.Request) string {
	svc, err := model.Load(row.service)
	if err != nil {
		t.Fatal(err)
	}
	op := svc.Operations[row.op]
	c, _ := protocol.For(svc)
	in := reflect.New(reflect.TypeOf(row.in).Elem()).Interface()
	present, err := c.Decode(svc, op, r, in)
	if err != nil {
		t.Fatal(err)
	}
	if err := op.Validate(in, present); err != nil {
		t.Error(err)
	}
	b, err := model.Bind(op.Input, reflect.TypeOf(in))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, f := range b.Fields {
		v := reflect.ValueOf(in).Elem().Field(f.Index)
		if f.Binding.Absent(v) {
			continue
		}
		if r, ok := reflect.TypeAssert[io.Reader](v); ok {
			fmt.Fprintf(&text, "%s = %q\n", f.Member.Name, textOf(r))
			continue
		}
		value, err := codec.AppendJSONValue(nil, f.Binding, v)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%s = %s\n", f.Member.Name, value)
	}
	return text.String()
}

func goldenText(r *codec.Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", r.Method, r.Path)
	if len(r.Query) > 0 {
		b.WriteString("?" + r.Query.Encode())
	}
	b.WriteString("\n")
	for _, name := range kept {
		if value := r.Header.Get(name); value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	return b.String() + "\n" + string(r.Body)
}

func parseGolden(t *testing.T, text string) *codec.Request {
	head, body, ok := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	method, target, okay := strings.Cut(lines[0], " ")
	if !ok || !okay {
		t.Fatalf("no request: %q", text)
	}
	parsed, err := http.NewRequestWithContext(t.Context(), method, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &codec.Request{Method: method, Path: parsed.URL.EscapedPath(), Query: parsed.URL.Query(), Header: http.Header{}, Body: []byte(body)}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	return r
}

// awsCLI finds a CLI that is new enough for the models (ds-data came late), or
// says loudly that it could not be tried.
func awsCLI(t *testing.T) string {
	path, err := exec.LookPath("aws")
	if err != nil {
		t.Log("NO AWS CLI ON PATH: only its recorded requests are checked, not that it reads our answers")
		return ""
	}
	cmd := exec.CommandContext(t.Context(), path, "--version")
	cmd.Env = cliEnvironment(t)
	out, err := cmd.CombinedOutput()
	m := regexp.MustCompile(`aws-cli/(\d+)\.(\d+)\.`).FindSubmatch(out)
	if err != nil || m == nil {
		t.Logf("THE AWS CLI TELLS NO VERSION, only its recorded requests are checked: %v %s", err, out)
		return ""
	}
	major, _ := strconv.Atoi(string(m[1]))
	minor, _ := strconv.Atoi(string(m[2]))
	if major == 1 && minor < 40 || major == 2 && minor < 18 {
		t.Logf("THE AWS CLI IS TOO OLD, only its recorded requests are checked: %s", out)
		return ""
	}
	return path
}

// cliEnvironment hides the tester's own profile from the CLI.
func cliEnvironment(t *testing.T) []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "AWS_") {
			env = append(env, e)
		}
	}
	nothing := filepath.Join(t.TempDir(), "none")
	return append(env,
		"AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=example", "AWS_DEFAULT_REGION=us-east-1",
		"AWS_CONFIG_FILE="+nothing, "AWS_SHARED_CREDENTIALS_FILE="+nothing, "AWS_EC2_METADATA_DISABLED=true",
		"AWS_MAX_ATTEMPTS=1", "AWS_PAGER=", "PYTHONIOENCODING=utf-8", "TZ=UTC", "no_proxy=127.0.0.1")
}
