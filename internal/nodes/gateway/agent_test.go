package gateway_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"tamachi/internal/agent"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/nodes"
	"tamachi/internal/nodes/gateway"
)

const (
	node   = "mi-0123456789abcdef0"
	region = "eu-west-1"
	domain = "tamachi.test"
)

// office is a plane around a gateway: just enough of ssm and ssmmessages for
// an agent, over TLS. Its agents find it again when it was stopped and started,
// wherever it is then.
type office struct {
	t      testing.TB
	addr   atomic.Pointer[string]
	cert   tls.Certificate
	ca     []byte
	events chan event
	gate   *gateway.Gateway
	server *http.Server
	stop   context.CancelFunc
	served sync.WaitGroup

	mu         sync.Mutex
	registered int      // guarded by mu
	keys       []string // guarded by mu; public keys the plane was told, in order
	rotate     bool     // guarded by mu; ask for a new key once
	refuse     error    // guarded by mu; answers final replies
}

// event is what a Reports was told.
type event struct {
	what   string // "came", "went", "ack", "reply"
	job    string
	status string
	reply  nodes.Reply
}

func (o *office) Connected(context.Context, string) error    { return o.tell(event{what: "came"}) }
func (o *office) Disconnected(context.Context, string) error { return o.tell(event{what: "went"}) }

func (o *office) JobAcknowledged(_ context.Context, _, job string, s nodes.AckStatus) error {
	return o.tell(event{what: "ack", job: job, status: fmt.Sprint(s)})
}

func (o *office) JobReplied(_ context.Context, _ string, r nodes.Reply) error {
	o.mu.Lock()
	refuse := o.refuse
	o.mu.Unlock()
	if refuse != nil && r.Status != "InProgress" {
		return refuse
	}
	return o.tell(event{what: "reply", job: r.JobID, status: r.Status, reply: r})
}

func (o *office) tell(e event) error {
	o.events <- e
	return nil
}

// await returns the first event that fits, and fails after a while.
func (o *office) await(what, job, status string) event {
	o.t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case e := <-o.events:
			if e.what == what && (job == "" || e.job == job) && (status == "" || e.status == status) {
				return e
			}
		case <-deadline:
			o.t.Fatalf("waited 30 s for %s %s %s", what, job, status)
		}
	}
}

func openOffice(t testing.TB) *office {
	o := &office{t: t, events: make(chan event, 1000)}
	o.cert, o.ca = certificate(t)
	o.start()
	t.Cleanup(o.close)
	return o
}

func (o *office) start() {
	o.t.Helper()
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		o.t.Fatal(err)
	}
	addr := plain.Addr().String()
	o.addr.Store(&addr)
	ctx, stop := context.WithCancel(context.Background())
	o.stop = stop
	o.gate = gateway.New(o, clock.Real{}, id.Random(), nil)
	gate := o.gate
	o.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { o.serve(ctx, gate, w, r) })}
	server := o.server
	o.served.Go(func() {
		_ = server.Serve(tls.NewListener(plain, &tls.Config{Certificates: []tls.Certificate{o.cert}}))
	})
}

func (o *office) close() {
	o.stop()
	o.server.Close()
	o.served.Wait()
}

func (o *office) serve(ctx context.Context, gate *gateway.Gateway, w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/v1/control-channel/") {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
			fmt.Fprintf(w, "<CreateControlChannelResponse><MessageSchemaVersion>1.0</MessageSchemaVersion><TokenValue>%s</TokenValue></CreateControlChannelResponse>", gate.Token(node))
			return
		}
		o.served.Add(1)
		defer o.served.Done()
		conn, _, _, err := ws.UpgradeHTTP(r, w)
		if err != nil {
			return
		}
		_ = gate.Attach(ctx, node, conn)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	var out any = struct{}{}
	switch strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AmazonSSM.") {
	case "RegisterManagedInstance":
		o.registered++
		o.keys = append(o.keys, field(body, "PublicKey"))
		if r.Header.Get("Authorization") != "" || o.registered > 1 {
			w.WriteHeader(http.StatusBadRequest)
			out = map[string]string{"__type": "InvalidActivation", "message": "used"}
			break
		}
		out = map[string]string{"InstanceId": node}
	case "RequestManagedInstanceRoleToken":
		out = map[string]any{
			"AccessKeyId": "ASIA" + id.Random().Upper(16), "SecretAccessKey": "s", "SessionToken": "t",
			"TokenExpirationDate": float64(time.Now().Add(time.Hour).Unix()), "UpdateKeyPair": o.rotate,
		}
		o.rotate = false
	case "UpdateManagedInstancePublicKey":
		o.keys = append(o.keys, field(body, "NewPublicKey"))
	}
	_ = json.NewEncoder(w).Encode(out)
}

func field(body []byte, name string) string {
	var m map[string]string
	_ = json.Unmarshal(body, &m)
	return m[name]
}

// hire starts an agent over a folder; the function ends it and waits.
func (o *office) hire(folder string) (fire func()) {
	o.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- agent.Run(ctx, agent.Config{
			Region: region, Domain: domain, Port: 4566, CA: o.ca, Folder: folder,
			ActivationID: "activation", ActivationCode: "a code of twenty characters",
			Clock: clock.Real{}, IDs: id.Random(),
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, *o.addr.Load())
			},
		})
	}()
	var once sync.Once
	fire = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				o.t.Errorf("the agent ended with %v", err)
			}
		})
	}
	o.t.Cleanup(fire)
	return fire
}

// order sends a command and returns its job.
func (o *office) order(name string, lines ...string) string {
	o.t.Helper()
	job := "aws.ssm." + name + "." + node
	if err := o.gate.Send(o.t.Context(), node, nodes.Job{ID: job, Topic: nodes.SendCommand, Content: command(o.t, lines)}); err != nil {
		o.t.Fatal(err)
	}
	return job
}

func command(t testing.TB, lines []string) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(map[string]any{
		"CommandId": "c", "DocumentName": "AWS-RunShellScript", "Parameters": map[string]any{"commands": lines},
		"OutputS3BucketName": "", "OutputS3KeyPrefix": "", "CloudWatchLogGroupName": "", "CloudWatchOutputEnabled": "false",
		"DocumentContent": map[string]any{
			"schemaVersion": "1.2", "parameters": map[string]any{"commands": map[string]string{"type": "StringList"}},
			"runtimeConfig": map[string]any{"aws:runShellScript": map[string]any{
				"properties": []any{map[string]string{"id": "0.aws:runShellScript", "runCommand": "{{ commands }}"}},
			}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAgentRunsACommand(t *testing.T) {
	o := openOffice(t)
	o.hire(t.TempDir())
	o.await("came", "", "")
	job := o.order("one", "echo out", "echo err >&2", "exit 3")
	o.await("ack", job, "200")
	o.await("reply", job, "InProgress")
	got := o.await("reply", job, "Failed").reply.Steps["aws:runShellScript"]
	want := nodes.Step{
		Name: "aws:runShellScript", Plugin: "aws:runShellScript", Status: "Failed", Code: 3, Stdout: "out\n", Stderr: "err\n\nfailed to run commands: exit status 3",
		Output:    "out\n\n----------ERROR-------\nerr\n\nfailed to run commands: exit status 3",
		StartedAt: got.StartedAt, FinishedAt: got.FinishedAt,
	}
	if got != want || got.StartedAt.IsZero() || got.FinishedAt.Before(got.StartedAt) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if err := o.gate.Send(t.Context(), node, nodes.Job{ID: job, Topic: nodes.SendCommand, Content: command(t, []string{"true"})}); err != nil {
		t.Fatal(err)
	}
	o.await("ack", job, "51405")
	bad := nodes.Job{ID: "aws.ssm.bad." + node, Topic: nodes.SendCommand, Content: json.RawMessage(`{"DocumentContent":{"schemaVersion":"9"}}`)}
	if err := o.gate.Send(t.Context(), node, bad); err != nil {
		t.Fatal(err)
	}
	o.await("ack", bad.ID, "51406")
}

func TestAgentCancelsACommand(t *testing.T) {
	o := openOffice(t)
	o.hire(t.TempDir())
	o.await("came", "", "")
	job := o.order("long", "sleep 100")
	o.await("reply", job, "InProgress")
	err := o.gate.Send(t.Context(), node, nodes.Job{
		ID: "aws.ssm.cancel." + node, Topic: nodes.CancelCommand, Content: json.RawMessage(`{"CancelMessageId":"` + job + `"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	o.await("ack", "aws.ssm.cancel."+node, "200")
	o.await("reply", job, "Cancelled")
}

func TestResultMadeWhileThePlaneWasAwayArrivesLater(t *testing.T) {
	o := openOffice(t)
	mark := filepath.Join(t.TempDir(), "go")
	o.hire(t.TempDir())
	o.await("came", "", "")
	job := o.order("away", "while [ ! -e "+mark+" ]; do sleep 0.02; done; echo made while away")
	o.await("reply", job, "InProgress")
	o.close()
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o.start()
	if got := o.await("reply", job, "Success").reply.Steps["aws:runShellScript"].Stdout; got != "made while away\n" {
		t.Errorf("got %q, want what the script printed while the plane was away", got)
	}
}

func TestReplyThatWasNotTakenComesAgain(t *testing.T) {
	o := openOffice(t)
	fire := o.hire(t.TempDir())
	o.await("came", "", "")
	o.mu.Lock()
	o.refuse = errors.New("no space")
	o.mu.Unlock()
	job := o.order("again", "echo once")
	o.await("reply", job, "InProgress")
	o.mu.Lock()
	o.refuse = nil
	o.mu.Unlock()
	o.gate.Disconnect(node) // a new channel brings what was not acknowledged
	o.await("reply", job, "Success")
	fire()
}

func TestAgentKeepsItsIdentityAndItsResultsOverARestart(t *testing.T) {
	o := openOffice(t)
	folder := t.TempDir()
	fire := o.hire(folder)
	o.await("came", "", "")
	job := o.order("cut", "sleep 100")
	o.await("reply", job, "InProgress")
	fire()
	o.hire(folder)
	got := o.await("reply", job, "Failed").reply.Steps["aws:runShellScript"]
	if !strings.Contains(got.Stderr, "the agent was stopped before the command ended") {
		t.Errorf("got %q, want the reason", got.Stderr)
	}
	if o.registered != 1 {
		t.Errorf("registered %d times, want once", o.registered)
	}
}

func TestAgentRotatesItsKey(t *testing.T) {
	o := openOffice(t)
	o.rotate = true
	folder := t.TempDir()
	o.hire(folder)
	o.await("came", "", "")
	deadline := time.After(20 * time.Second)
	for {
		o.mu.Lock()
		keys := slices.Clone(o.keys)
		o.mu.Unlock()
		if len(keys) == 2 {
			if keys[0] == keys[1] || keys[1] == "" {
				t.Error("the new key is the old one")
			}
			return
		}
		select {
		case <-deadline:
			t.Fatal("no new key came")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestRefusedActivationIsFinal(t *testing.T) {
	o := openOffice(t)
	o.registered = 1
	err := agent.Run(t.Context(), agent.Config{
		Region: region, Domain: domain, Port: 4566, CA: o.ca, Folder: t.TempDir(), ActivationID: "a", ActivationCode: "secret code of mine",
		Clock: clock.Real{}, IDs: id.Random(),
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, *o.addr.Load())
		},
	})
	if err == nil || !strings.Contains(err.Error(), "InvalidActivation") || strings.Contains(err.Error(), "secret code") {
		t.Errorf("got %v, want InvalidActivation without the code", err)
	}
}

// BenchmarkCommand measures from Send to the final reply, over TLS.
func BenchmarkCommand(b *testing.B) {
	o := openOffice(b)
	o.hire(b.TempDir())
	o.await("came", "", "")
	var took []time.Duration
	n := 0
	for b.Loop() {
		n++
		began := time.Now()
		job := o.order(fmt.Sprint("bench", n), "echo hello")
		o.await("reply", job, "Success")
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// certificate makes a certificate for the office's hosts, which is its own CA.
func certificate(t testing.TB) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	shape := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"*." + region + "." + domain}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, shape, shape, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	var ca bytes.Buffer
	if err := pem.Encode(&ca, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, ca.Bytes()
}
