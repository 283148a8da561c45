package wire_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/ca"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// recorder takes requests down as they come, and answers each with nothing:
// what clients think of the answers does not matter here.
type recorder struct {
	t     *testing.T
	addr  string
	taken chan []byte
}

// newRecorder listens on loopback; with TLS, it keeps what lies inside.
func newRecorder(t *testing.T, secure bool) *recorder {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	rec := &recorder{t: t, addr: l.Addr().String(), taken: make(chan []byte, 100)}
	if secure {
		authority, err := ca.Open(ca.Options{
			Folder: t.TempDir(), DataID: "record", Domain: domain, Clock: clock.Real{}, IDs: id.Random(),
			Region: func(string) bool { return true },
		})
		if err != nil {
			t.Fatal(err)
		}
		l = tls.NewListener(l, authority.TLS())
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			rec.take(conn)
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return rec
}

// take reads one request to its end.
func (rec *recorder) take(conn net.Conn) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	var raw bytes.Buffer
	in := io.TeeReader(conn, &raw)
	r, err := http.ReadRequest(bufio.NewReader(in))
	if err != nil {
		return
	}
	if strings.EqualFold(r.Header.Get("Expect"), "100-continue") {
		_, _ = io.WriteString(conn, "HTTP/1.1 100 Continue\r\n\r\n")
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return
	}
	rec.taken <- raw.Bytes()
	_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

// machine is what a client says of the machine in its user agent, which no
// client signs.
var machine = regexp.MustCompile(`(?i)(linux[/#])[0-9][^ \r\n]*`)

// keep lets a client act and writes down the first request that came of it.
func (rec *recorder) keep(name string, act func()) {
	rec.t.Helper()
	if !strings.Contains(name, *record) {
		return
	}
	for len(rec.taken) > 0 {
		<-rec.taken
	}
	act()
	select {
	case raw := <-rec.taken:
		raw = machine.ReplaceAll(raw, []byte("${1}6.1.0"))
		if err := os.WriteFile(filepath.Join(samples, name+".http"), raw, 0o600); err != nil {
			rec.t.Fatal(err)
		}
	default:
		rec.t.Errorf("%s: nothing was sent", name)
	}
}

// recordAll writes samples anew; those of clients that are gone stay. It needs the AWS CLI, Python with boto3,
// curl and Chromium, and takes a minute.
func recordAll(t *testing.T) {
	plain, secure := newRecorder(t, false), newRecorder(t, true)
	recordCLI(t, plain, secure)
	recordBoto(t, plain, secure)
	recordGo(t, plain, secure)
	browser := []string{"--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=1000", "--dump-dom"}
	plain.keep("chromium-root", func() { rec(t, "chromium", append(browser, "http://"+plain.addr+"/")...) })
	plain.keep("chromium-page", func() { rec(t, "chromium", append(browser, "http://"+plain.addr+"/_tamachi/")...) })
	plain.keep("curl-anonymous-object", func() { rec(t, "curl", "-s", "http://"+plain.addr+"/bucket/a%20key") })
	plain.keep("curl-anonymous-virtual-host", func() {
		rec(t, "curl", "-s", "--connect-to", "::"+plain.addr, "http://recorded.s3.us-east-1."+domain+"/a//b")
	})
	plain.keep("curl-register", func() {
		rec(t, "curl", "-s", "-H", "X-Amz-Target: AmazonSSM.RegisterManagedInstance", "-H", "Content-Type: application/x-amz-json-1.1",
			"-d", `{"ActivationId":"a","ActivationCode":"b"}`, "http://"+plain.addr+"/")
	})
}

// rec runs a client whose outcome does not matter and returns what it printed.
func rec(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(),
		"AWS_ACCESS_KEY_ID="+administrator.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+administrator.SecretAccessKey, "AWS_SESSION_TOKEN=",
		"AWS_DEFAULT_REGION="+region, "AWS_MAX_ATTEMPTS=1", "AWS_PAGER=", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
		"PYTHONWARNINGS=ignore", "HOME="+t.TempDir())
	out, _ := cmd.CombinedOutput()
	return string(out)
}

var cliVersion = regexp.MustCompile(`^aws-cli/(\S+)`)

func recordCLI(t *testing.T, plain, secure *recorder) {
	m := cliVersion.FindStringSubmatch(rec(t, "aws", "--version"))
	if m == nil {
		t.Fatal("no aws on PATH")
	}
	name := "aws-cli-" + m[1] + "-"
	body := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(body, []byte("recorded body\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for what, args := range map[string][]string{
		"json11-ssm-PutParameter":          {"ssm", "put-parameter", "--name", "/recorded/名", "--value", "値 & <v>", "--type", "String", "--tags", "Key=env,Value=prod", "--overwrite"},
		"json11-kms-Encrypt":               {"kms", "encrypt", "--key-id", "alias/k", "--plaintext", "cmVjb3JkZWQ=", "--encryption-context", "a=b"},
		"json10-cloudwatch-DescribeAlarms": {"cloudwatch", "describe-alarms", "--alarm-names", "藤", "--max-records", "7"},
		"query-sts-AssumeRole":             {"sts", "assume-role", "--role-arn", "arn:aws:iam::111122223333:role/r", "--role-session-name", "session", "--tags", "Key=a,Value=b c+d"},
		"query-iam-CreateRole":             {"iam", "create-role", "--role-name", "recorded", "--assume-role-policy-document", `{"Version":"2012-10-17","Statement":[]}`},
		"ec2-ec2-DescribeVpcs":             {"ec2", "describe-vpcs", "--filters", "Name=cidr,Values=10.0.0.0/16,10.1.0.0/16", "--max-results", "5"},
		"restjson-ds-data-DescribeUser":    {"ds-data", "describe-user", "--directory-id", "d-90670a1b2c", "--sam-account-name", "fujita"},
		"restxml-s3-PutObject":             {"s3api", "put-object", "--bucket", "recorded", "--key", "a/./b 藤", "--body", body, "--metadata", "k=v", "--tagging", "a=b"},
		"restxml-s3-ListObjectsV2":         {"s3api", "list-objects-v2", "--bucket", "recorded", "--prefix", "a/", "--no-paginate", "--max-keys", "9"},
		"restxml-s3-DeleteObjects":         {"s3api", "delete-objects", "--bucket", "recorded", "--delete", `{"Objects":[{"Key":"a&b"},{"Key":"c","VersionId":"null"}],"Quiet":true}`},
		"unsigned-sts-GetCallerIdentity":   {"sts", "get-caller-identity", "--no-sign-request"},
	} {
		plain.keep(name+what, func() { rec(t, "aws", append(args, "--endpoint-url", "http://"+plain.addr)...) })
	}
	secure.keep(name+"restxml-s3-PutObject-tls", func() {
		rec(t, "aws", "s3api", "put-object", "--bucket", "recorded", "--key", "k", "--body", body, "--endpoint-url", "https://"+secure.addr, "--no-verify-ssl")
	})
}

func recordBoto(t *testing.T, plain, secure *recorder) {
	name := "boto3-" + strings.TrimSpace(rec(t, "python3", "-c", "import boto3; print(boto3.__version__)")) + "-"
	for _, what := range []string{
		"json11-ssm-PutParameter", "query-sts-GetCallerIdentity", "json10-cloudwatch-PutMetricData-gzip", "restxml-s3-HeadObject",
		"presigned-s3-GetObject", "presigned-s3-PutObject", "presigned-sts-GetCallerIdentity", "anonymous-s3-GetObject",
	} {
		plain.keep(name+what, func() {
			if out := rec(t, "python3", "testdata/record.py", what, "http://"+plain.addr); strings.Contains(out, "Error: unknown") {
				t.Error(out)
			}
		})
	}
	secure.keep(name+"restxml-s3-PutObject-stream-tls", func() {
		rec(t, "python3", "testdata/record.py", "restxml-s3-PutObject-stream", "https://"+secure.addr)
	})
}

func recordGo(t *testing.T, plain, secure *recorder) {
	cfg := func(at *recorder, url string) aws.Config {
		transport := &http.Transport{
			DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				var d net.Dialer
				return d.DialContext(ctx, network, at.addr)
			},
		}
		return aws.Config{
			Region: region, BaseEndpoint: aws.String(url), HTTPClient: &http.Client{Transport: transport}, RetryMaxAttempts: 1,
			RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported, // as a loaded configuration has it
			Credentials:                aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return administrator, nil }),
		}
	}
	here := cfg(plain, "http://"+plain.addr)
	ctx := t.Context()
	name := "aws-sdk-go-v2-" + aws.SDKVersion + "-"
	metrics := &cloudwatch.PutMetricDataInput{Namespace: aws.String("recorded"), MetricData: []cwtypes.MetricDatum{{
		MetricName: aws.String("m"), Value: aws.Float64(0.5), Timestamp: aws.Time(time.Unix(1790000000, 250e6)), Unit: cwtypes.StandardUnitSeconds,
		Dimensions: []cwtypes.Dimension{{Name: aws.String("d"), Value: aws.String("藤")}},
	}}}
	for range 200 { // enough to be sent compressed
		metrics.MetricData = append(metrics.MetricData, cwtypes.MetricDatum{MetricName: aws.String("filler"), Values: []float64{1, 2}, Counts: []float64{3, 4}})
	}
	few := &cloudwatch.PutMetricDataInput{Namespace: metrics.Namespace, MetricData: metrics.MetricData[:1]}
	host := func(o *s3.Options) { o.BaseEndpoint = aws.String("http://s3." + region + "." + domain) }
	pathStyle := func(o *s3.Options) { o.UsePathStyle = true }
	for what, act := range map[string]func(){
		"json11-ssm-PutParameter": func() {
			_, _ = ssm.NewFromConfig(here).PutParameter(ctx, &ssm.PutParameterInput{
				Name: aws.String("/recorded/go"), Value: aws.String("v"), Type: ssmtypes.ParameterTypeSecureString,
			})
		},
		"json11-kms-Encrypt": func() {
			_, _ = kms.NewFromConfig(here).Encrypt(ctx, &kms.EncryptInput{KeyId: aws.String("k"), Plaintext: []byte{0, 255, 1}})
		},
		"query-iam-CreateRole": func() {
			_, _ = iam.NewFromConfig(here).CreateRole(ctx, &iam.CreateRoleInput{
				RoleName: aws.String("recorded"), AssumeRolePolicyDocument: aws.String("{}"), MaxSessionDuration: aws.Int32(3600),
			})
		},
		"ec2-ec2-DescribeVpcs": func() {
			_, _ = ec2.NewFromConfig(here).DescribeVpcs(ctx, &ec2.DescribeVpcsInput{
				VpcIds: []string{"vpc-1", "vpc-2"}, Filters: []ec2types.Filter{{Name: aws.String("state"), Values: []string{"available"}}},
			})
		},
		"cbor-cloudwatch-PutMetricData":      func() { _, _ = cloudwatch.NewFromConfig(here).PutMetricData(ctx, few) },
		"cbor-cloudwatch-PutMetricData-gzip": func() { _, _ = cloudwatch.NewFromConfig(here).PutMetricData(ctx, metrics) },
		"cbor-cloudwatch-DescribeAlarms": func() {
			_, _ = cloudwatch.NewFromConfig(here).DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{MaxRecords: aws.Int32(7)})
		},
		"restxml-s3-PutObject": func() {
			_, _ = s3.NewFromConfig(here, pathStyle).PutObject(ctx, &s3.PutObjectInput{
				Bucket: aws.String("recorded"), Key: aws.String("a//b+c"), Body: strings.NewReader("recorded"), ACL: s3types.ObjectCannedACLBucketOwnerFullControl,
			})
		},
		"restxml-s3-GetObject-virtual-host": func() {
			_, _ = s3.NewFromConfig(here, host).GetObject(ctx, &s3.GetObjectInput{
				Bucket: aws.String("recorded"), Key: aws.String("../x"), Range: aws.String("bytes=0-9"),
			})
		},
	} {
		plain.keep(name+what, act)
	}
	for what, length := range map[string]*int64{
		"restxml-s3-PutObject-stream-tls": aws.Int64(13), "restxml-s3-PutObject-stream-of-unknown-length-tls": nil,
	} {
		secure.keep(name+what, func() {
			_, _ = s3.NewFromConfig(cfg(secure, "https://"+secure.addr), pathStyle).PutObject(ctx, &s3.PutObjectInput{
				Bucket: aws.String("recorded"), Key: aws.String("stream"), ContentLength: length,
				Body: io.MultiReader(strings.NewReader("first, "), strings.NewReader("second")),
			})
		})
	}
}
