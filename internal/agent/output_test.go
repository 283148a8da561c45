package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// shelf is an S3 and a CloudWatch Logs of a few lines, which know what a
// client must have sent.
type shelf struct {
	t *testing.T

	mu      sync.Mutex
	objects map[string]string   // guarded by mu; "<host without port>/<key>"
	streams map[string][]string // guarded by mu; "<group> <stream>"
	calls   []string            // guarded by mu
	region  string              // of the buckets, "" is the asked one
	refuse  string              // a code that everything is refused with
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	host, _, _ := net.SplitHostPort(r.Host)
	if s.refuse != "" {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte("<Error><Code>" + s.refuse + "</Code><Message>no</Message></Error>"))
		return
	}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		s.log(w, strings.TrimPrefix(target, "Logs_20140328."), body)
		return
	}
	s.calls = append(s.calls, r.Method)
	if s.region != "" && !strings.Contains(host, ".s3."+s.region+".") {
		w.Header().Set("X-Amz-Bucket-Region", s.region)
		w.WriteHeader(http.StatusMovedPermanently)
		return
	}
	switch {
	case r.Method == http.MethodPut:
		s.objects[host+r.URL.Path] = string(body)
	case r.URL.Query().Get("list-type") == "2":
		_, _ = w.Write([]byte("<ListBucketResult><Contents><Key>a b</Key></Contents>"))
		if r.URL.Query().Get("continuation-token") == "" {
			_, _ = w.Write([]byte("<NextContinuationToken>more</NextContinuationToken>"))
		}
		_, _ = w.Write([]byte("</ListBucketResult>"))
	default:
		_, _ = w.Write([]byte(s.objects[host+r.URL.Path]))
	}
}

// log needs mu.
func (s *shelf) log(w http.ResponseWriter, operation string, body []byte) {
	var in struct {
		LogGroupName, LogStreamName string
		LogEvents                   []logEvent
	}
	if err := json.Unmarshal(body, &in); err != nil {
		s.t.Error(err)
	}
	s.calls = append(s.calls, operation)
	refuse := func(code string) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"__type":"` + code + `"}`))
	}
	at := in.LogGroupName + " " + in.LogStreamName
	_, group := s.streams[in.LogGroupName]
	_, stream := s.streams[at]
	switch {
	case operation == "CreateLogGroup":
		s.streams[in.LogGroupName] = nil
	case !group:
		refuse("ResourceNotFoundException")
	case operation == "CreateLogStream" && stream:
		refuse("ResourceAlreadyExistsException")
	case operation == "CreateLogStream":
		s.streams[at] = []string{}
	default:
		for _, e := range in.LogEvents {
			s.streams[at] = append(s.streams[at], e.Message)
		}
	}
}

// stored is an agent whose plane is a shelf.
func stored(t *testing.T) (*agent, *shelf) {
	t.Helper()
	s := &shelf{t: t, objects: map[string]string{}, streams: map[string][]string{}}
	server := httptest.NewTLSServer(s)
	t.Cleanup(server.Close)
	a := bench(t)
	a.cfg.Port = 4566
	a.purse = newPurse()
	a.purse.put(credentials{AccessKeyID: "ASIA", SecretAccessKey: "secret", SessionToken: "token"})
	client := server.Client()
	client.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
	client.Transport.(*http.Transport).TLSClientConfig.InsecureSkipVerify = true //nolint:gosec // the server's own certificate is for another name
	t.Cleanup(client.CloseIdleConnections)
	a.plane = &plane{cfg: a.cfg, http: client}
	return a, s
}

func TestObjects(t *testing.T) {
	a, s := stored(t)
	if err := a.putObject(t.Context(), "b", "a folder/ä+b=c", strings.NewReader("hello")); err != nil {
		t.Fatal(err)
	}
	r, err := a.getObject(t.Context(), "b", "a folder/ä+b=c")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); string(got) != "hello" || err != nil {
		t.Errorf("read back %q and %v", got, err)
	}
	if keys, err := a.listObjects(t.Context(), "b", "a"); err != nil || !slices.Equal(keys, []string{"a b", "a b"}) {
		t.Errorf("listed %q and %v, want both pages", keys, err)
	}
	s.region = "us-west-2"
	if err := a.putObject(t.Context(), "b", "there", strings.NewReader("x")); err != nil || s.objects["b.s3.us-west-2.example.test/there"] != "x" {
		t.Errorf("a bucket elsewhere: %v, the objects are %q", err, s.objects)
	}
	s.refuse = "AccessDenied"
	if err := a.putObject(t.Context(), "b", "k", strings.NewReader("x")); !refusedWith(err, "AccessDenied") {
		t.Errorf("a refusal: got %v", err)
	}
	if err := a.putObject(t.Context(), "b/../c", "k", strings.NewReader("x")); err == nil {
		t.Error("a bucket's name that is none was asked for")
	}
}

func TestObjectsAreSignedLikeTheSDKs(t *testing.T) {
	a, _ := stored(t)
	c := credentials{AccessKeyID: "ASIA", SecretAccessKey: "secret", SessionToken: "token"}
	now := a.cfg.Clock.Now()
	blank := func() *http.Request {
		r := request(t, "PUT", "https://b.s3.eu-west-1.example.test:4566/")
		r.URL.Path, r.URL.RawPath = "/a b/ä+=", "/"+escapeKey("a b/ä+=")
		r.Body, r.ContentLength = nil, 0
		return r
	}
	ours, theirs := blank(), blank()
	c.signHash(ours, hashOf([]byte("x")), "eu-west-1", "s3", now)
	theirs.Header.Set("X-Amz-Content-Sha256", hashOf([]byte("x")))
	err := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }).SignHTTP(t.Context(), aws.Credentials{
		AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken,
	}, theirs, hashOf([]byte("x")), "s3", "eu-west-1", now)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ours.Header.Get("Authorization"), theirs.Header.Get("Authorization"); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// The names are those of the SSM Agent (nodes.md 6).
func TestOutputOfACommandIsStoredWhole(t *testing.T) {
	a, s := stored(t)
	const node = "mi-0123456789abcdef0"
	content := func(document string) string {
		b, err := json.Marshal(map[string]any{
			"CommandId": "c", "DocumentName": "AWS-RunShellScript", "OutputS3BucketName": "out", "OutputS3KeyPrefix": "p/q/",
			"CloudWatchLogGroupName": "", "CloudWatchOutputEnabled": "true", "DocumentContent": json.RawMessage(document),
		})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	const script = `"for i in $(seq 20000); do echo line $i; done; printf oops >&2; exit 3"`
	old := `{"schemaVersion":"1.2","runtimeConfig":{"aws:runShellScript":{"properties":[{"runCommand":[` + script + `]}]}}}`
	later := `{"schemaVersion":"2.2","mainSteps":[{"action":"aws:runShellScript","name":"talk","inputs":{"runCommand":[` + script + `]}},{"action":"aws:runShellScript","name":"quiet","inputs":{"runCommand":["true"]}}]}`
	for _, row := range []struct{ name, id, document, key, stream string }{
		{"schema 1.2", "one", old, "out.s3.eu-west-1.example.test/p/q/c/" + node + "/awsrunShellScript/0.awsrunShellScript/", "/aws/ssm/AWS-RunShellScript c/" + node + "/aws-runShellScript/"},
		{"schema 2.2", "two", later, "out.s3.eu-west-1.example.test/p/q/c/" + node + "/awsrunShellScript/talk/", "/aws/ssm/AWS-RunShellScript c/" + node + "/talk/"},
	} {
		steps, err := readOrder(content(row.document))
		if err != nil {
			t.Fatal(err)
		}
		one := jobOf(row.id, a.cfg.Clock.Now(), steps...)
		one.content = content(row.document)
		if err := a.jobs.accept(one); err != nil {
			t.Fatal(err)
		}
		a.perform(t.Context(), one)
		out := s.objects[row.key+"stdout"]
		if strings.Count(out, "\n") != 20000 || !strings.HasSuffix(out, "line 20000\n") || s.objects[row.key+"stderr"] != "oops" {
			t.Errorf("%s: %d bytes of output and %q of errors are stored as %s", row.name, len(out), s.objects[row.key+"stderr"], row.key)
		}
		lines := s.streams[row.stream+"stdout"]
		if len(lines) != 20000 || lines[19999] != "line 20000" || !slices.Equal(s.streams[row.stream+"stderr"], []string{"oops"}) {
			t.Errorf("%s: %d lines of output and %q of errors in the logs", row.name, len(lines), s.streams[row.stream+"stderr"])
		}
		replies := a.outbox.unacknowledged()
		_, steps2 := statusOf(t, replies[len(replies)-1])
		if got := steps2[steps[0].Key]; got.Bucket != "out" || got.KeyPrefix != "p/q/c/"+node+"/awsrunShellScript" || len(got.StandardOutput) != mostStdout {
			t.Errorf("%s: the reply says %q %q and %d bytes", row.name, got.Bucket, got.KeyPrefix, len(got.StandardOutput))
		}
	}
	for key := range s.objects {
		if strings.Contains(key, "quiet") {
			t.Errorf("%s: a step without output left an object", key)
		}
	}
}

// A store that refuses costs the output there, not the result.
func TestOutputThatIsRefusedIsToldInTheTrace(t *testing.T) {
	a, s := stored(t)
	s.refuse = "AccessDenied"
	one := jobOf("one", a.cfg.Clock.Now(), shell("echo hello"))
	one.content = `{"CommandId":"c","OutputS3BucketName":"out","CloudWatchOutputEnabled":"true","DocumentName":"d"}`
	if err := a.jobs.accept(one); err != nil {
		t.Fatal(err)
	}
	a.perform(t.Context(), one)
	replies := a.outbox.unacknowledged()
	last := replies[len(replies)-1]
	status, steps := statusOf(t, last)
	if status != statusSuccess || steps["one"].StandardOutput != "hello\n" {
		t.Errorf("got %s with %+v", status, steps)
	}
	var c struct{ DocumentTraceOutput string }
	if err := json.Unmarshal([]byte(last.Content), &c); err != nil || !strings.Contains(c.DocumentTraceOutput, "put s3://out/") || !strings.Contains(c.DocumentTraceOutput, "log stream") {
		t.Errorf("the trace is %q", c.DocumentTraceOutput)
	}
}

func TestLogEventsAreSentInPiecesThatAreTaken(t *testing.T) {
	a, s := stored(t)
	s.streams["g"], s.streams["g s"] = nil, []string{}
	l := &logStream{a: a, group: "g", stream: "s", made: true}
	if _, err := l.Write(bytes.Repeat([]byte("x"), 6*mostLine+10)); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Write([]byte("\r\n\nend")); err != nil {
		t.Fatal(err)
	}
	l.flush(t.Context(), true)
	got := s.streams["g s"]
	if len(got) != 9 || len(got[6]) != 10 || got[7] != " " || got[8] != "end" || l.err != nil {
		t.Errorf("%d events, %v", len(got), l.err)
	}
	if len(s.calls) != 2 {
		t.Errorf("%d calls, want the events in two", len(s.calls))
	}
}
