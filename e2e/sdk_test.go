package e2e

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	tagtypes "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/smithy-go"

	"tamachi/internal/house"
)

// TestSDK is the SDK for Go as a program configures it: from the profile that
// the plane wrote, with its default retries, over HTTP and over TLS (HTTP/2)
// with the plane's CA as the bundle.
func TestSDK(t *testing.T) {
	t.Parallel()
	v := &victim{data: filepath.Join(t.TempDir(), "data")}
	t.Cleanup(func() { v.remove(t) })
	v.start(t)
	access, err := house.ReadAccess(v.data)
	if err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]string{"http": access.HTTP, "https": access.HTTPS} {
		t.Run(name, func(t *testing.T) {
			cfg, attempts := profile(t, v.data, access.CAFile, url)
			typedErrors(t, cfg, attempts)
			presigned(t, cfg, name)
			objects(t, cfg, name)
		})
	}
}

// profile loads the plane's own profile. The second answer tells how many
// requests were sent.
func profile(t *testing.T, data, ca, url string) (aws.Config, *counting) {
	t.Helper()
	bundle, err := os.Open(ca)
	if err != nil {
		t.Fatal(err)
	}
	defer bundle.Close()
	own := filepath.Join(data, "aws")
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithSharedConfigProfile("tamachi"), config.WithCustomCABundle(bundle),
		config.WithSharedConfigFiles([]string{filepath.Join(own, "config")}),
		config.WithSharedCredentialsFiles([]string{filepath.Join(own, "credentials")}))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.BaseEndpoint = &url; strings.HasPrefix(url, "http:") {
		cfg.HTTPClient = http.DefaultClient
	}
	count := &counting{HTTPClient: cfg.HTTPClient}
	cfg.HTTPClient = count
	return cfg, count
}

// counting counts requests, and what they came over.
type counting struct {
	aws.HTTPClient
	sent  int
	proto string
}

func (c *counting) Do(r *http.Request) (*http.Response, error) {
	c.sent++
	res, err := c.HTTPClient.Do(r)
	if err == nil {
		c.proto = res.Proto
	}
	return res, err
}

// is tells whether an error has the SDK's type.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// typedErrors wants of each room an error of its model, typed, after one
// request: what is refused is not tried again.
func typedErrors(t *testing.T, cfg aws.Config, attempts *counting) {
	t.Helper()
	ctx, none := t.Context(), new("nobodys-thing")
	rows := []struct {
		name string
		call func() error
		is   func(error) bool
	}{
		{"sts", func() error {
			_, err := sts.NewFromConfig(cfg).GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: none, Policy: new("{")})
			return err
		}, is[*ststypes.MalformedPolicyDocumentException]},
		{"iam", func() error {
			_, err := iam.NewFromConfig(cfg).GetRole(ctx, &iam.GetRoleInput{RoleName: none})
			return err
		}, is[*iamtypes.NoSuchEntityException]},
		{"kms", func() error {
			_, err := kms.NewFromConfig(cfg).DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: new("alias/none")})
			return err
		}, is[*kmstypes.NotFoundException]},
		{"parameters", func() error {
			_, err := ssm.NewFromConfig(cfg).GetParameter(ctx, &ssm.GetParameterInput{Name: none})
			return err
		}, is[*ssmtypes.ParameterNotFound]},
		{"documents", func() error {
			_, err := ssm.NewFromConfig(cfg).GetDocument(ctx, &ssm.GetDocumentInput{Name: none})
			return err
		}, is[*ssmtypes.InvalidDocument]},
		{"cloudtrail", func() error {
			_, err := cloudtrail.NewFromConfig(cfg).GetTrail(ctx, &cloudtrail.GetTrailInput{Name: none})
			return err
		}, is[*trailtypes.TrailNotFoundException]},
		{"cloudwatchlogs", func() error {
			_, err := cloudwatchlogs.NewFromConfig(cfg).DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: none})
			return err
		}, is[*logstypes.ResourceNotFoundException]},
		{"s3", func() error {
			_, err := s3.NewFromConfig(cfg, pathStyle).ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: none})
			return err
		}, is[*s3types.NoSuchBucket]},
		{"s3 without a body", func() error {
			_, err := s3.NewFromConfig(cfg, pathStyle).HeadBucket(ctx, &s3.HeadBucketInput{Bucket: none})
			return err
		}, is[*s3types.NotFound]},
		{"organizations", func() error {
			_, err := organizations.NewFromConfig(cfg).DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
			return err
		}, is[*orgtypes.AWSOrganizationsNotInUseException]},
		{"resourcegroupstaggingapi", func() error {
			_, err := resourcegroupstaggingapi.NewFromConfig(cfg).GetResources(ctx, &resourcegroupstaggingapi.GetResourcesInput{PaginationToken: none})
			return err
		}, is[*tagtypes.InvalidParameterException]},
		{"an operation that is not in the table", func() error {
			_, err := workspaces.NewFromConfig(cfg).CreateWorkspaceImage(ctx, &workspaces.CreateWorkspaceImageInput{
				Name: none, Description: none, WorkspaceId: new("ws-123456789"),
			})
			return err
		}, is[smithy.APIError]},
	}
	for _, row := range rows {
		attempts.sent = 0
		err := row.call()
		if !row.is(err) {
			t.Errorf("%s: %T: %v", row.name, errors.Unwrap(err), err)
		}
		if attempts.sent != 1 {
			t.Errorf("%s: %d requests for one refusal, want 1: %v", row.name, attempts.sent, err)
		}
	}
	if want := map[bool]string{true: "HTTP/2.0", false: "HTTP/1.1"}[strings.HasPrefix(*cfg.BaseEndpoint, "https:")]; attempts.proto != want {
		t.Errorf("the answers came over %s, want %s", attempts.proto, want)
	}
}

func pathStyle(o *s3.Options) { o.UsePathStyle = true }

// presigned gives URLs to a client that signs nothing.
func presigned(t *testing.T, cfg aws.Config, name string) {
	t.Helper()
	ctx, bucket := t.Context(), new("presigned-"+name)
	c := s3.NewFromConfig(cfg, pathStyle)
	if _, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{
		LocationConstraint: s3types.BucketLocationConstraint(cfg.Region),
	}}); err != nil {
		t.Fatal(err)
	}
	signer, key := s3.NewPresignClient(c), new("a//b/日本 語+1.txt")
	put, err := signer.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, ContentType: new("text/plain")})
	if err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, cfg, put, "by a URL", 200, "")
	head, err := signer.PresignHeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, cfg, head, "", 200, "")
	get, err := signer.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key, Range: new("bytes=3-")})
	if err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, cfg, get, "", 206, "a URL")
	whoever, err := sts.NewPresignClient(sts.NewFromConfig(cfg)).PresignGetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, cfg, whoever, "", 200, ":user/administrator</Arn>")
	get.URL = strings.Replace(get.URL, "X-Amz-Expires=900", "X-Amz-Expires=901", 1)
	wantAnswer(t, cfg, get, "", 403, "<Code>SignatureDoesNotMatch</Code>")
}

func wantAnswer(t *testing.T, cfg aws.Config, signed *v4.PresignedHTTPRequest, body string, status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), signed.Method, signed.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range signed.SignedHeader {
		if k != "Content-Length" && k != "Host" {
			r.Header[k] = v
		}
	}
	res, err := cfg.HTTPClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status || !strings.Contains(string(got), text) {
		t.Errorf("%s %s: %d %q (%v), want %d with %q", signed.Method, signed.URL, res.StatusCode, got, err, status, text)
	}
}

// objects are streamed without a length or a sum known before: the SDK sends
// chunks with a checksum behind them.
func objects(t *testing.T, cfg aws.Config, name string) {
	t.Helper()
	ctx, bucket, key := t.Context(), new("presigned-"+name), new("streamed")
	c := s3.NewFromConfig(cfg, pathStyle)
	body := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	out, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: bytes.NewReader(body)})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key, ChecksumMode: s3types.ChecksumModeEnabled})
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	back, err := io.ReadAll(got.Body) // the SDK compares the sum at its end
	if err != nil || !bytes.Equal(body, back) {
		t.Errorf("%d bytes came back (%v), want the %d that were put", len(back), err, len(body))
	}
	if sum := aws.ToString(out.ChecksumCRC32); sum == "" || sum != aws.ToString(got.ChecksumCRC32) {
		t.Errorf("the sum was %q when put and %q when got, want one and the same", sum, aws.ToString(got.ChecksumCRC32))
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key}); !errors.Is(err, context.Canceled) {
		t.Errorf("a call that its caller gave up: %v, want context canceled", err)
	}
}
