package wire_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	wstypes "github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/aws/smithy-go"
)

func TestSDKClientsAreAnswered(t *testing.T) {
	p := start(t)
	for _, scheme := range []string{"http", "https"} {
		t.Run(scheme, func(t *testing.T) {
			c := workspaces.NewFromConfig(p.config(t, scheme))
			out, err := c.DescribeWorkspaces(t.Context(), &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{"ws-1", "ws-2"}})
			if err != nil {
				t.Fatal(err)
			}
			if len(out.Workspaces) != 2 || *out.Workspaces[1].WorkspaceId != "ws-2" {
				t.Errorf("got %+v, want ws-1 and ws-2", out.Workspaces)
			}
			call := p.gate.last(t)
			if call.Account != account || call.Region != region || call.Service != "workspaces" || call.Operation != "DescribeWorkspaces" {
				t.Errorf("got call %+v, want DescribeWorkspaces of %s in %s", call, account, region)
			}
			if call.SourceIP != "127.0.0.1" || !strings.Contains(call.UserAgent, "aws-sdk-go-v2") || len(call.RequestID) != 36 {
				t.Errorf("got source %q, agent %q, id %q", call.SourceIP, call.UserAgent, call.RequestID)
			}
			if !call.Present("WorkspaceIds") || call.Present("DirectoryId") {
				t.Error("want WorkspaceIds present and DirectoryId absent")
			}
			id, err := sts.NewFromConfig(p.config(t, scheme)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
			if err != nil || *id.Account != account {
				t.Errorf("got %+v, %v, want account %s", id, err, account)
			}
		})
	}
}

func TestTypedErrorsReachTheClient(t *testing.T) {
	p := start(t)
	c := workspaces.NewFromConfig(p.config(t, "http"))
	_, err := c.RegisterWorkspaceDirectory(t.Context(), &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: aws.String("d-1")})
	var missing *wstypes.ResourceNotFoundException
	if !errors.As(err, &missing) || missing.ErrorMessage() != "no directory" || aws.ToString(missing.ResourceId) != "d-1" {
		t.Errorf("got %v, want ResourceNotFoundException of d-1", err)
	}
	if n := p.requests.Load(); n != 1 {
		t.Errorf("got %d requests, want 1", n)
	}
}

func TestHTTP2OverTLS(t *testing.T) {
	p := start(t)
	call := describe("{}")
	call.url = "https://" + p.addr + "/"
	if a := call.send(t, p); a.status != http.StatusOK || a.majorVersion != 2 {
		t.Errorf("got status %d by HTTP/%d, want 200 by HTTP/2: %s", a.status, a.majorVersion, a.body)
	}
}

func TestTheAWSCLIIsAnswered(t *testing.T) {
	p := start(t)
	for _, scheme := range []string{"http", "https"} {
		out, err := p.run(t, scheme, administrator, "sts", "get-caller-identity", "--query", "Arn", "--output", "text")
		if want := "arn:aws:iam::111122223333:user/administrator"; err != nil || out != want {
			t.Errorf("%s: got %q, %v, want %q", scheme, out, err, want)
		}
	}
}

// Each refusal is one line for the CLI's user and one request for us.
func TestTheAWSCLIPrintsRefusalsAndDoesNotRepeat(t *testing.T) {
	p := start(t)
	wrong := aws.Credentials{AccessKeyID: administrator.AccessKeyID, SecretAccessKey: "not it"}
	nobody := aws.Credentials{AccessKeyID: "AKIANOBODY", SecretAccessKey: "x"}
	const mismatch = "The request signature we calculated does not match the signature you provided. " +
		"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	for _, c := range []struct {
		name string
		who  aws.Credentials
		args string
		want string
	}{
		{
			"an operation without a row", administrator, "workspaces describe-ip-groups",
			"An error occurred (UnknownOperationException) when calling the DescribeIpGroups operation: " +
				"The requested operation is not supported in the called region.",
		},
		{
			"an operation without a row, query", administrator, "sts get-session-token",
			"An error occurred (InvalidAction) when calling the GetSessionToken operation: " +
				"Could not find operation GetSessionToken for version 2011-06-15",
		},
		{
			"an operation without a row, REST", administrator, "ds-data describe-user --directory-id d-1234567890 --sam-account-name a",
			"An error occurred (UnknownOperationException) when calling the DescribeUser operation: " +
				"The requested operation is not supported in the called region.",
		},
		{
			"a service without a room", administrator, "organizations list-accounts",
			"An error occurred (UnknownOperationException) when calling the ListAccounts operation: " +
				"No service of this endpoint answers to organizations.",
		},
		{
			"a service without a room, query", administrator, "iam list-users",
			"An error occurred (InvalidAction) when calling the ListUsers operation: No service of this endpoint answers to iam.",
		},
		{
			"a service without a room, REST", administrator, "guardduty list-detectors",
			"An error occurred (UnknownOperationException) when calling the ListDetectors operation: " +
				"No service of this endpoint answers to guardduty.",
		},
		{
			"a service without a room, S3", administrator, "s3api list-buckets",
			"An error occurred (UnknownOperationException) when calling the ListBuckets operation: No service of this endpoint answers to s3.",
		},
		{
			"a service without a room, EC2", administrator, "ec2 describe-instances",
			"An error occurred (InvalidAction) when calling the DescribeInstances operation: No service of this endpoint answers to ec2.",
		},
		{
			"a service without a room, REST in XML", administrator, "route53 list-hosted-zones",
			"An error occurred (UnknownOperationException) when calling the ListHostedZones operation: No service of this endpoint answers to route53.",
		},
		{
			"a service without a room, CBOR", administrator, "cloudwatch list-metrics",
			"An error occurred (UnknownOperationException) when calling the ListMetrics operation: No service of this endpoint answers to monitoring.",
		},
		{
			"a wrong secret", wrong, "workspaces describe-workspaces",
			"An error occurred (InvalidSignatureException) when calling the DescribeWorkspaces operation: " + mismatch,
		},
		{
			"a wrong secret, query", wrong, "sts get-caller-identity",
			"An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: " + mismatch,
		},
		{
			"an unknown key", nobody, "workspaces describe-workspaces",
			"An error occurred (UnrecognizedClientException) when calling the DescribeWorkspaces operation: The security token included in the request is invalid.",
		},
		{
			"an unknown key, query", nobody, "sts get-caller-identity",
			"An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.",
		},
		{
			"no signature", administrator, "workspaces describe-workspaces --no-sign-request",
			"An error occurred (MissingAuthenticationTokenException) when calling the DescribeWorkspaces operation: Missing Authentication Token",
		},
		{
			"no signature, query", administrator, "sts get-caller-identity --no-sign-request",
			"An error occurred (MissingAuthenticationToken) when calling the GetCallerIdentity operation: Request is missing Authentication Token",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := p.requests.Load()
			out, err := p.run(t, "http", c.who, strings.Fields(c.args)...)
			if err == nil || strings.TrimPrefix(out, "aws: [ERROR]: ") != c.want {
				t.Errorf("got  %q\nwant %q", out, c.want)
			}
			if n := p.requests.Load() - before; n != 1 {
				t.Errorf("got %d requests, want 1", n)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	p := start(t)
	old := describe("{}")
	old.age = 16 * time.Minute
	wrong := describe("{}")
	wrong.as = &aws.Credentials{AccessKeyID: administrator.AccessKeyID, SecretAccessKey: "not it"}
	anonymous := describe("{}")
	anonymous.service = ""
	foreign := describe("{}")
	foreign.service = "sts"
	noTarget := describe("{}")
	noTarget.header = nil
	target := func(name string) raw {
		r := describe("{}")
		r.header = []string{"X-Amz-Target", name}
		return r
	}
	packed := func(body []byte) raw {
		r := describe(string(body))
		r.header = append(r.header, "Content-Encoding", "gzip")
		return r
	}
	brotli := describe("{}")
	brotli.header = append(brotli.header, "Content-Encoding", "br")
	for _, c := range []struct {
		name   string
		call   raw
		status int
		code   string
	}{
		{"malformed JSON", describe(`{"WorkspaceIds":[`), 400, "SerializationException"},
		{"JSON of another shape", describe(`{"WorkspaceIds":"ws-1"}`), 400, "SerializationException"},
		{"no JSON at all", describe("\x00\xff"), 400, "SerializationException"},
		{"a wrong signature", wrong, 400, "InvalidSignatureException"},
		{"an expired signature", old, 400, "InvalidSignatureException"},
		{"no signature", anonymous, 400, "MissingAuthenticationTokenException"},
		{"a signature for another service, which finds no Action", foreign, 400, "MissingAction"},
		{"an operation that AWS does not have", target("WorkspacesService.MakeCoffee"), 400, "UnknownOperationException"},
		{"an operation of AWS without a row", target("WorkspacesService.DescribeIpGroups"), 400, "UnknownOperationException"},
		{"another service's operation", target("AmazonSSM.DescribeInstanceInformation"), 400, "UnknownOperationException"},
		{"no operation", noTarget, 400, "UnknownOperationException"},
		{"a target without a dot", target("DescribeWorkspaces"), 400, "UnknownOperationException"},
		{"a body that says gzip and is not", packed([]byte("{}")), 400, "SerializationException"},
		{"a gzip body cut short", packed(squeeze([]byte("{}"))[:15]), 400, "SerializationException"},
		{"a gzip bomb", packed(squeeze(make([]byte, 20<<20))), 413, "RequestEntityTooLargeException"},
		{"another compression", brotli, 415, "UnsupportedMediaTypeException"},
		{"a path for nobody", raw{method: "PUT", url: "/no/such/thing", body: "x"}, 404, "UnknownOperationException"},
		{"a Stream row without a handshake", raw{method: "GET", url: "/v1/control-channel/mi-0123456789abcdef0?role=subscribe&stream=input", service: "ssmmessages"}, 426, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := c.call.send(t, p)
			if a.status != c.status || c.code != "" && a.code != c.code {
				t.Errorf("got %d %s (%s), want %d %s", a.status, a.code, a.body, c.status, c.code)
			}
			if len(a.header.Get("X-Amzn-Requestid")) != 36 {
				t.Errorf("got request id %q, want a UUID", a.header.Get("X-Amzn-Requestid"))
			}
		})
	}
	t.Run("after all of them, a good call", func(t *testing.T) {
		if a := packed(squeeze([]byte(`{"WorkspaceIds":["ws-1"]}`))).send(t, p); a.status != 200 || !strings.Contains(a.body, "ws-1") {
			t.Errorf("got %d %s, want ws-1", a.status, a.body)
		}
	})
	if len(p.gate.refused) == 0 {
		t.Error("no refusal was given to the gate to record")
	}
}

func squeeze(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

// An SDK that asks for a service we do not have gets one clear, final error.
func TestUnknownServiceIsOneClearError(t *testing.T) {
	p := start(t)
	_, err := cloudtrail.NewFromConfig(p.config(t, "http")).LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{})
	var fault smithy.APIError
	if !errors.As(err, &fault) || fault.ErrorCode() != "UnknownOperationException" || p.requests.Load() != 1 {
		t.Errorf("got %v after %d requests, want UnknownOperationException after one", err, p.requests.Load())
	}
}

func TestPublicRowsNeedNoSignature(t *testing.T) {
	p := start(t)
	for _, c := range []struct{ name, host, region string }{
		{"by address, in the default region", "", "ap-northeast-1"},
		{"by host name, in its region", "ssm.us-east-1." + domain, "us-east-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := raw{url: "/", body: `{"ActivationId":"x"}`, header: []string{"X-Amz-Target", "AmazonSSM.RegisterManagedInstance"}}.request(t, p)
			if c.host != "" {
				req.Host = c.host
			}
			a := exchange(t, p.client(t), req)
			if a.status != 200 || a.body != `{"InstanceId":"mi-0123456789abcdef0"}` {
				t.Fatalf("got %d %s, want the instance id", a.status, a.body)
			}
			if call := p.gate.last(t); call.Region != c.region || call.Caller.Account != "" {
				t.Errorf("got %+v, want nobody in %s", call, c.region)
			}
		})
	}
}

func TestAPanicAndAnInnerErrorAreInternalFailures(t *testing.T) {
	p := start(t)
	c := p.client(t)
	for _, op := range []string{"RebootWorkspaces", "RebuildWorkspaces", "DescribeWorkspaces"} {
		r := describe("{}")
		r.header[1] = "WorkspacesService." + op
		a := exchange(t, c, r.request(t, p))
		if op == "DescribeWorkspaces" {
			if a.status != 200 {
				t.Errorf("after the failures: got %d, want 200", a.status)
			}
			continue
		}
		if a.status != 500 || a.code != "InternalFailure" || strings.Contains(a.body, "secret") || strings.Contains(a.body, "bug") {
			t.Errorf("%s: got %d %s, want a bare InternalFailure", op, a.status, a.body)
		}
		id := a.header.Get("X-Amzn-Requestid")
		if log := p.log.String(); !strings.Contains(log, "level=ERROR") || !strings.Contains(log, id) {
			t.Errorf("%s: the log does not hold request %s:\n%s", op, id, log)
		}
	}
}

func TestPagesGetWhatIsNotAWS(t *testing.T) {
	p := start(t)
	for _, path := range []string{"/", "/_tamachi/ready", "/_tamachi/ca.pem", "/_tamachi"} {
		if a := (raw{method: "GET", url: path}).send(t, p); a.body != "page "+path {
			t.Errorf("%s: got %q, want the page", path, a.body)
		}
	}
}

func TestOneLineOfDebugLogPerCall(t *testing.T) {
	p := start(t)
	describe("{}").send(t, p)
	describe("{").send(t, p)
	if n := strings.Count(p.log.String(), "msg=call "); n != 2 {
		t.Errorf("got %d lines, want 2:\n%s", n, p.log.String())
	}
}
