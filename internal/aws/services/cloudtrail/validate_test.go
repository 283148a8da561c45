package cloudtrail_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
)

// moved is the machine's clock, set back by some hours and moved on by the test:
// what a trail does in hours happens at once, and ends in the present, where the
// signatures of the CLI are valid.
type moved struct {
	mu   sync.Mutex
	back time.Duration // guarded by mu
}

func (m *moved) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Now().UTC().Add(-m.back) //nolint:forbidigo // this is the clock
}

func (m *moved) advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.back -= d
}

// root runs calls as the account's root, inside the process: while the clock is
// set back, no signature would be valid.
type root struct {
	t     *testing.T
	plane *apitest.Plane
	clock *moved
}

func (r root) do(service, operation string, in any) any {
	r.t.Helper()
	account := r.plane.Access().Account
	out, err := r.plane.Gate().Do(r.t.Context(), &api.Call{
		Caller:  api.Caller{Type: api.Root, Account: account, ARN: "arn:aws:iam::" + account + ":root", UserID: account, Name: "root"},
		Account: account, Region: r.plane.Access().Region, RequestID: operation, Time: r.clock.Now(), Service: service, Operation: operation,
	}, in)
	if err != nil {
		r.t.Fatalf("%s: %v", operation, err)
	}
	return out
}

// policyFor is the bucket policy that the CloudTrail User Guide gives, "Amazon
// S3 bucket policy for CloudTrail".
func policyFor(account, region, bucket, name string) string {
	source := fmt.Sprintf("arn:aws:cloudtrail:%s:%s:trail/%s", region, account, name)
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[
{"Sid":"AWSCloudTrailAclCheck20150319","Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:GetBucketAcl","Resource":"arn:aws:s3:::%[1]s","Condition":{"StringEquals":{"aws:SourceArn":"%[2]s"}}},
{"Sid":"AWSCloudTrailWrite20150319","Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::%[1]s/AWSLogs/%[3]s/*","Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control","aws:SourceArn":"%[2]s"}}}]}`, bucket, source, account)
}

// The unmodified CLI validates what the plane delivered over three hours, and
// finds what was changed or removed since.
func TestTheCLIValidatesTheLogs(t *testing.T) {
	clk := &moved{back: 3*time.Hour + 2*time.Minute}
	plane := apitest.Start(t, apitest.Options{Clock: clk})
	r := root{t, plane, clk}
	account, region := plane.Access().Account, plane.Access().Region
	r.do("s3", "CreateBucket", &s3.CreateBucketInput{Bucket: aws.String("evidence"), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(region)}})
	r.do("s3", "PutBucketPolicy", &s3.PutBucketPolicyInput{Bucket: aws.String("evidence"), Policy: aws.String(policyFor(account, region, "evidence", "office"))})
	began := clk.Now()
	arn := *r.do("cloudtrail", "CreateTrail", &cloudtrail.CreateTrailInput{
		Name: aws.String("office"), S3BucketName: aws.String("evidence"), EnableLogFileValidation: aws.Bool(true), IsMultiRegionTrail: aws.Bool(true),
	}).(*cloudtrail.CreateTrailOutput).TrailARN
	r.do("cloudtrail", "StartLogging", &cloudtrail.StartLoggingInput{Name: aws.String("office")})
	for range 36 {
		r.do("cloudtrail", "AddTags", &cloudtrail.AddTagsInput{ResourceId: aws.String(arn), TagsList: []types.Tag{{Key: aws.String("hour"), Value: aws.String(clk.Now().Format(time.Kitchen))}}})
		clk.advance(5 * time.Minute)
		if err := plane.Upkeep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	clk.advance(2 * time.Minute)
	client := s3.NewFromConfig(plane.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	logs := keys(t, client, "AWSLogs/"+account+"/CloudTrail/"+region)
	digests := keys(t, client, "AWSLogs/"+account+"/CloudTrail-Digest/"+region)
	if len(logs) < 30 || len(digests) != 3 {
		t.Fatalf("want a log file each five minutes and three digests, got %d and %d", len(logs), len(digests))
	}
	validate := func(wantCode int, want ...string) {
		t.Helper()
		out, code := cli(t, plane, "cloudtrail", "validate-logs", "--trail-arn", arn, "--start-time", began.Format(time.RFC3339), "--verbose")
		if code != wantCode {
			t.Errorf("want exit %d, got %d: %s", wantCode, code, out)
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("want %q in\n%s", w, out)
			}
		}
	}
	validate(0, "3/3 digest files valid", "log files valid")
	object := func(key string) *s3.PutObjectInput {
		return &s3.PutObjectInput{Bucket: aws.String("evidence"), Key: aws.String(key), Body: strings.NewReader("tampered")}
	}
	if _, err := client.PutObject(t.Context(), object(logs[0])); err != nil {
		t.Fatal(err)
	}
	validate(1, "3/3 digest files valid", logs[0]+"\tINVALID: invalid format")
	if _, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("evidence"), Key: aws.String(logs[1])}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("evidence"), Key: aws.String(digests[1])}); err != nil {
		t.Fatal(err)
	}
	validate(1, logs[1]+"\tINVALID: not found", digests[1]+"\tINVALID: not found")
}

func keys(t *testing.T, client *s3.Client, prefix string) []string {
	t.Helper()
	var out []string
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: aws.String("evidence"), Prefix: aws.String(prefix)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			if strings.HasSuffix(*o.Key, ".gz") {
				out = append(out, *o.Key)
			}
		}
	}
	return out
}

// cli runs the real CLI against the plane.
func cli(t *testing.T, plane *apitest.Plane, args ...string) (out string, code int) {
	t.Helper()
	a := plane.Access()
	cmd := exec.CommandContext(t.Context(), "aws", args...)
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + filepath.Join(plane.Data, "home"), "AWS_PAGER=",
		"AWS_ENDPOINT_URL=" + a.HTTP, "AWS_ACCESS_KEY_ID=" + a.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + a.SecretAccessKey,
		"AWS_REGION=" + a.Region, "AWS_DEFAULT_REGION=" + a.Region,
	}
	b, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatalf("aws %s: %v", strings.Join(args, " "), err)
	}
	return string(b), cmd.ProcessState.ExitCode()
}
