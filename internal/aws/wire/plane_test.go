package wire_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	wstypes "github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/gobwas/ws/wsutil"
	"go.uber.org/goleak"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/model"
	"tamachi/internal/aws/sigv4"
	"tamachi/internal/aws/wire"
	"tamachi/internal/ca"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "111122223333"
	region  = "us-east-1"
	domain  = "tamachi.internal"
)

var administrator = aws.Credentials{AccessKeyID: "AKIAADMINISTRATOR", SecretAccessKey: "a-secret"}

type keyring struct{}

func (keyring) Key(_ context.Context, id string) (sigv4.Key, error) {
	if id != administrator.AccessKeyID {
		return sigv4.Key{}, sigv4.ErrUnknownKey
	}
	return sigv4.Key{Secret: administrator.SecretAccessKey, Caller: api.Caller{
		Type: api.IAMUser, Account: account, ARN: "arn:aws:iam::" + account + ":user/administrator", UserID: "AIDAEXAMPLE",
	}}, nil
}

func (keyring) NodeKey(context.Context, string) (*rsa.PublicKey, api.Caller, error) {
	return nil, api.Caller{}, sigv4.ErrUnknownKey
}

// rows is a gate that lets every call through, and remembers.
type rows struct {
	table map[string]map[string]api.Operation

	mu      sync.Mutex
	calls   []api.Call // guarded by mu
	refused []error    // guarded by mu
}

func (g *rows) Row(service, operation string) (*api.Operation, bool) {
	op, ok := g.table[service][operation]
	return &op, ok
}

func (g *rows) Do(ctx context.Context, call *api.Call, in any) (any, error) {
	g.mu.Lock()
	g.calls = append(g.calls, *call)
	g.mu.Unlock()
	op := g.table[call.Service][call.Operation]
	return op.Invoke(api.WithCall(ctx, call), in)
}

func (g *rows) Refuse(_ context.Context, _ *api.Call, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refused = append(g.refused, err)
}

// last is the call that reached the gate last.
func (g *rows) last(t *testing.T) api.Call {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.calls) == 0 {
		t.Fatal("no call reached the gate")
	}
	return g.calls[len(g.calls)-1]
}

// block lets the operation StopWorkspaces wait until a test has seen it begin.
type block struct{ begun, end chan struct{} }

func table(b block) map[string]map[string]api.Operation {
	row := func(ops ...api.Operation) map[string]api.Operation {
		m := map[string]api.Operation{}
		for _, op := range ops {
			m[op.Name] = op
		}
		return m
	}
	return map[string]map[string]api.Operation{
		"sts": row(api.Authenticated("GetCallerIdentity", func(ctx context.Context, _ *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
			who := api.CallFrom(ctx).Caller
			return &sts.GetCallerIdentityOutput{Account: &who.Account, Arn: &who.ARN, UserId: &who.UserID}, nil
		})),
		"workspaces": row(
			api.Read("DescribeWorkspaces", func(_ context.Context, in *workspaces.DescribeWorkspacesInput) (*workspaces.DescribeWorkspacesOutput, error) {
				out := &workspaces.DescribeWorkspacesOutput{}
				for _, id := range in.WorkspaceIds {
					out.Workspaces = append(out.Workspaces, wstypes.Workspace{WorkspaceId: &id, State: wstypes.WorkspaceStateAvailable})
				}
				return out, nil
			}, nil),
			api.Write("RebootWorkspaces", func(context.Context, *workspaces.RebootWorkspacesInput) (*workspaces.RebootWorkspacesOutput, error) {
				panic("a bug")
			}, nil),
			api.Write("RebuildWorkspaces", func(context.Context, *workspaces.RebuildWorkspacesInput) (*workspaces.RebuildWorkspacesOutput, error) {
				return nil, errors.New("secret inner text")
			}, nil),
			api.Write("RegisterWorkspaceDirectory", func(context.Context, *workspaces.RegisterWorkspaceDirectoryInput) (*workspaces.RegisterWorkspaceDirectoryOutput, error) {
				return nil, &wstypes.ResourceNotFoundException{Message: aws.String("no directory"), ResourceId: aws.String("d-1")}
			}, nil),
			api.Write("StopWorkspaces", func(context.Context, *workspaces.StopWorkspacesInput) (*workspaces.StopWorkspacesOutput, error) {
				close(b.begun)
				<-b.end
				return &workspaces.StopWorkspacesOutput{}, nil
			}, nil),
		),
		"ssm": row(api.Public("RegisterManagedInstance", func(context.Context, *register) (*registered, error) {
			return &registered{InstanceId: aws.String("mi-0123456789abcdef0")}, nil
		}), api.Read("DescribeInstanceInformation", func(context.Context, *ssm.DescribeInstanceInformationInput) (*ssm.DescribeInstanceInformationOutput, error) {
			return &ssm.DescribeInstanceInformationOutput{}, nil
		}, nil)),
		"ssmmessages": row(api.Stream("OpenControlChannel", func(context.Context, *channel) (*api.Conversation, error) {
			return &api.Conversation{Serve: echo}, nil
		}, nil)),
	}
}

// The structs of operations that the SDK does not have.
type (
	register   struct{ ActivationCode, ActivationId, Fingerprint, PublicKey, PublicKeyType *string }
	registered struct{ InstanceId *string }
	channel    struct{ InstanceId, Role, Stream *string }
)

// plane is a door on a socket.
type plane struct {
	addr     string // 127.0.0.1:port
	caFile   string
	roots    *x509.CertPool
	gate     *rows
	log      *syncBuffer
	requests atomic.Int64
	block    block
	stop     func() error
}

// syncBuffer is a log that a test may read while it is written.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer // guarded by mu
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func newDoor(t testing.TB, gate wire.Gate, log *slog.Logger, more ...string) *wire.Door {
	t.Helper()
	return newDoorAt(t, gate, log, clock.Real{}, more...)
}

func newDoorAt(t testing.TB, gate wire.Gate, log *slog.Logger, at clock.Clock, more ...string) *wire.Door {
	t.Helper()
	var models []*model.Service
	for _, name := range append([]string{"sts", "workspaces", "ssm", "ssmmessages", "ds", "ds-data"}, more...) {
		m, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, m)
	}
	ours := func(r string) bool { return r == region || r == "ap-northeast-1" }
	door, err := wire.New(wire.Options{
		Gate: gate, Verifier: sigv4.New(keyring{}, at, ours), Models: models, Clock: at,
		IDs: id.Random(), Region: "ap-northeast-1", Regions: ours, PageKey: []byte("secret"), Domain: domain, Log: log,
		Pages: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("page " + r.URL.Path)) }),
	})
	if err != nil {
		t.Fatal(err)
	}
	return door
}

// start serves a plane until the test ends; more are services beside the usual
// ones, with their rows.
func start(t *testing.T, more ...map[string]map[string]api.Operation) *plane {
	t.Helper()
	p := &plane{log: &syncBuffer{}, roots: x509.NewCertPool(), block: block{make(chan struct{}), make(chan struct{})}}
	p.gate = &rows{table: table(p.block)}
	var names []string
	for _, m := range more {
		for name, rows := range m {
			names = append(names, name)
			p.gate.table[name] = rows
		}
	}
	log := slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	door := newDoor(t, p.gate, log, names...)
	authority, err := ca.Open(ca.Options{
		Folder: t.TempDir(), DataID: "test", Domain: domain, Clock: clock.Real{}, IDs: id.Random(),
		Region: func(string) bool { return true },
	})
	if err != nil {
		t.Fatal(err)
	}
	p.roots.AppendCertsFromPEM(authority.PEM())
	p.caFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(p.caFile, authority.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.addr = inner.Addr().String()
	counted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.requests.Add(1)
		door.ServeHTTP(w, r)
	})
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- wire.Serve(ctx, wire.Split(inner, authority.TLS(), nil), counted, log) }()
	p.stop = sync.OnceValue(func() error {
		cancel()
		return <-served
	})
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return p
}

// client trusts the plane's CA, finds every name of ours at the plane, and
// leaves no connection behind.
func (p *plane) client(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{
		ForceAttemptHTTP2: true,
		TLSClientConfig:   &tls.Config{RootCAs: p.roots},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, p.addr)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// config is an SDK configuration for the plane by http or https.
func (p *plane) config(t *testing.T, scheme string) aws.Config {
	t.Helper()
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(scheme + "://" + p.addr), HTTPClient: p.client(t),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return administrator, nil }),
	}
}

// echo answers each text frame with itself.
func echo(_ context.Context, conn net.Conn) {
	for {
		text, err := wsutil.ReadClientText(conn)
		if err != nil || wsutil.WriteServerText(conn, text) != nil {
			return
		}
	}
}
