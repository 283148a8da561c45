package wire_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/clock"
)

const samples = "testdata/samples"

var (
	record       = flag.String("record", "", "record anew the requests whose names contain this, by the clients that are installed here, and all meanings")
	updateGolden = flag.Bool("update", false, "write the meanings of the recorded requests anew")
)

// What real clients sent, byte for byte as they sent it, means what it meant
// when it was recorded: room, operation, region, signer and input. The clock
// stands at the second of the recording, so that signatures are proved. The
// files are named <client>-<version>-<what>.http; "tls" in a name says that it
// came by TLS.
func TestRecordedRequestsMeanWhatTheyMeant(t *testing.T) {
	if *record != "" {
		recordAll(t)
	}
	files, err := filepath.Glob(samples + "/*.http")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d recorded requests, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			got := replay(t, file)
			golden := strings.TrimSuffix(file, ".http") + ".json"
			if *record != "" || *updateGolden {
				if err := os.WriteFile(golden, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("it means something else now (-want +got):\n%s", diff)
			}
		})
	}
}

// A recorded request whose signature is not right any more is refused: the
// replay above proves signatures indeed.
func TestARecordedRequestThatWasTamperedWithIsRefused(t *testing.T) {
	files, err := filepath.Glob(samples + "/*-ssm-PutParameter.http")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded PutParameter, %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		forged := bytes.Replace(text, []byte("/recorded/"), []byte("/falsified"), 1)
		if bytes.Equal(text, forged) {
			t.Fatalf("%s names no /recorded/", file)
		}
		listener, status, _ := hear(t, forged, false)
		if listener.call != nil || status != http.StatusBadRequest {
			t.Errorf("%s: got %d, call %v, want a refusal", file, status, listener.call)
		}
	}
}

// listener is a gate that keeps the one call that it hears.
type listener struct {
	rows map[string]api.Operation // by service and operation
	call *api.Call
	in   any
	body string // of a streamed input
}

func (l *listener) Row(service, operation string) (*api.Operation, bool) {
	op, ok := l.rows[service+" "+operation]
	return &op, ok
}

func (l *listener) Refuse(context.Context, *api.Call, error) {}

func (l *listener) Do(_ context.Context, call *api.Call, in any) (any, error) {
	if put, ok := in.(*s3.PutObjectInput); ok {
		text, err := io.ReadAll(put.Body)
		if err != nil {
			return nil, err
		}
		l.body, put.Body = string(text), nil
	}
	l.call, l.in = call, in
	return l.rows[call.Service+" "+call.Operation].Invoke(context.Background(), in)
}

// heard is a row that answers with nothing.
func heard[I, O any](l *listener, service string) {
	name := strings.TrimSuffix(reflect.TypeFor[I]().Name(), "Input")
	l.rows[service+" "+name] = api.Read(name, func(context.Context, *I) (*O, error) { return new(O), nil }, nil)
}

func newListener() *listener {
	l := &listener{rows: map[string]api.Operation{}}
	heard[ssm.PutParameterInput, ssm.PutParameterOutput](l, "ssm")
	heard[ssm.GetParametersByPathInput, ssm.GetParametersByPathOutput](l, "ssm")
	heard[kms.EncryptInput, kms.EncryptOutput](l, "kms")
	heard[sts.GetCallerIdentityInput, sts.GetCallerIdentityOutput](l, "sts")
	heard[sts.AssumeRoleInput, sts.AssumeRoleOutput](l, "sts")
	heard[iam.CreateRoleInput, iam.CreateRoleOutput](l, "iam")
	heard[ec2.DescribeVpcsInput, ec2.DescribeVpcsOutput](l, "ec2")
	heard[cloudwatch.PutMetricDataInput, cloudwatch.PutMetricDataOutput](l, "cloudwatch")
	heard[cloudwatch.DescribeAlarmsInput, cloudwatch.DescribeAlarmsOutput](l, "cloudwatch")
	heard[s3.PutObjectInput, s3.PutObjectOutput](l, "s3")
	heard[s3.DeleteObjectsInput, s3.DeleteObjectsOutput](l, "s3")
	heard[s3.ListObjectsV2Input, s3.ListObjectsV2Output](l, "s3")
	heard[s3.HeadObjectInput, s3.HeadObjectOutput](l, "s3")
	l.rows["s3 GetObject"] = api.Read("GetObject", func(context.Context, *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
		return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(""))}, nil
	}, nil)
	heard[directoryservicedata.DescribeUserInput, directoryservicedata.DescribeUserOutput](l, "ds-data")
	// The public rows carry no signature.
	l.rows["ssm RegisterManagedInstance"] = api.Public("RegisterManagedInstance", func(context.Context, *register) (*registered, error) {
		return &registered{}, nil
	})
	return l
}

// hear sends the bytes of a recorded request through a door whose clock stands
// at the recording.
func hear(t *testing.T, text []byte, secure bool) (*listener, int, string) {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	r.RemoteAddr = "127.0.0.1:1"
	if secure {
		r.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, CipherSuite: tls.TLS_AES_128_GCM_SHA256}
	}
	l := newListener()
	door := newDoorAt(t, l, slog.New(slog.DiscardHandler), clock.NewFrozen(signedAt(t, r)), "s3", "iam", "kms", "cloudwatch", "ec2")
	w := httptest.NewRecorder()
	door.ServeHTTP(w, r)
	return l, w.Code, w.Body.String()
}

// signedAt is the time that a request was signed at, or any for one that was
// not.
func signedAt(t *testing.T, r *http.Request) time.Time {
	t.Helper()
	date := r.Header.Get("X-Amz-Date")
	if date == "" {
		date = r.URL.Query().Get("X-Amz-Date")
	}
	if date == "" {
		return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	}
	at, err := time.Parse("20060102T150405Z", date)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// unique is what differs in every refusal.
var unique = regexp.MustCompile(`<RequestId>.*</RequestId>(<HostId>.*</HostId>)?`)

// replay says what a recorded request means.
func replay(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	l, status, answer := hear(t, text, strings.Contains(file, "-tls"))
	meaning := map[string]any{"status": status}
	if l.call == nil {
		meaning["answer"] = unique.ReplaceAllString(answer, "")
	} else {
		meaning["service"], meaning["operation"], meaning["region"] = l.call.Service, l.call.Operation, l.call.Region
		meaning["signer"], meaning["input"] = l.call.Caller.ARN, l.in
		if l.body != "" {
			meaning["body"] = l.body
		}
	}
	return indented(t, meaning)
}

// indented is JSON without what was not given.
func indented(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var all any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	text, err = json.MarshalIndent(given(all), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

func given(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if value = given(value); value == nil {
				delete(v, key)
			} else {
				v[key] = value
			}
		}
	case []any:
		for i := range v {
			v[i] = given(v[i])
		}
	}
	return v
}
