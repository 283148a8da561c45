package delivery_test

import (
	"context"
	"crypto/rsa"
	"errors"
	"log/slog"
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

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"go.uber.org/goleak"

	"tamachi/internal/agent"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/aws/gate"
	"tamachi/internal/aws/model"
	"tamachi/internal/aws/services/cloudtrail"
	"tamachi/internal/aws/services/iam"
	wing "tamachi/internal/aws/services/ssm"
	"tamachi/internal/aws/services/ssm/managednodes"
	"tamachi/internal/aws/services/ssmmessages"
	"tamachi/internal/aws/services/sts"
	"tamachi/internal/aws/sigv4"
	"tamachi/internal/aws/wire"
	"tamachi/internal/bus"
	"tamachi/internal/ca"
	"tamachi/internal/clock"
	"tamachi/internal/engine/delivery"
	"tamachi/internal/id"
	"tamachi/internal/nodes"
	"tamachi/internal/nodes/gateway"
	"tamachi/internal/policy"
	"tamachi/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "111122223333"
	region  = "ap-northeast-1"
	domain  = "tamachi.test"
)

// plane is the part of the house that nodes see, over a folder: front door,
// gate, the rooms of nodes, the gateway and the engine. It can be killed.
type plane struct {
	t       testing.TB
	folder  string
	addr    atomic.Pointer[string] // where it listens now
	pem     []byte
	gateway *gateway.Gateway
	gate    *gate.Gate
	wing    *wing.Service
	client  *ssm.Client

	store  *store.Store
	cancel context.CancelFunc
	runs   sync.WaitGroup
}

func startPlane(t testing.TB) *plane {
	t.Helper()
	p := &plane{t: t, folder: t.TempDir()}
	p.start()
	t.Cleanup(func() {
		if p.store != nil {
			p.kill()
		}
	})
	return p
}

type sessions struct{ sts *sts.Service }

func (s sessions) IssueNode(tx *store.Tx, account, node string, role managednodes.Role, lasts time.Duration) (managednodes.Session, error) {
	c, err := s.sts.IssueNode(tx, account, node, sts.Role{ID: role.ID, ARN: role.ARN, Name: role.Name}, lasts)
	return managednodes.Session(c), err
}

// roles has every role, and ssm may assume it.
type roles struct{}

func (roles) Role(_ context.Context, account, name string) (managednodes.Role, error) {
	return managednodes.Role{
		ID: "AROA" + name, Name: name, ARN: "arn:aws:iam::" + account + ":role/" + name,
		Trust: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}}`,
	}, nil
}

type keys struct {
	iam  *iam.Service
	sts  *sts.Service
	wing *wing.Service
}

func (k keys) Key(ctx context.Context, id string) (sigv4.Key, error) {
	if strings.HasPrefix(id, "AKIA") {
		c, err := k.iam.Key(ctx, id)
		return sigv4.Key{Secret: c.Secret, Caller: c.Caller}, err
	}
	c, err := k.sts.Key(ctx, id)
	if errors.Is(err, sts.ErrUnknownKey) {
		err = sigv4.ErrUnknownKey
	}
	return sigv4.Key{Secret: c.Secret, SessionToken: c.SessionToken, Expires: c.Expires, Caller: c.Caller}, err
}

func (k keys) NodeKey(ctx context.Context, node string) (*rsa.PublicKey, api.Caller, error) {
	key, caller, err := k.wing.NodeKey(ctx, node)
	if errors.Is(err, wing.ErrUnknownNode) {
		err = sigv4.ErrUnknownKey
	}
	return key, caller, err
}

// reports lets the gateway be made before the wing that it reports to.
type reports struct{ nodes.Reports }

func (p *plane) start() {
	p.t.Helper()
	must := func(err error) {
		p.t.Helper()
		if err != nil {
			p.t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	log := slog.New(slog.DiscardHandler)
	clk, ids, bell := clock.Real{}, id.Random(), bus.New()
	tables := slices.Concat(iam.Tables(), sts.Tables(), cloudtrail.Tables(), wing.Tables())
	st, err := store.Open(ctx, store.Options{Path: filepath.Join(p.folder, "plane.db"), Clock: clk, Bell: bell}, tables...)
	must(err)
	p.store = st
	tokens := sts.New(st, ids, clk, sts.Ports{})
	known := iam.New(st, ids, clk, iam.Ports{})
	admin, err := known.Bootstrap(ctx, account)
	must(err)
	told := &reports{}
	p.gateway = gateway.New(told, clk, ids, log)
	p.wing = wing.New(st, ids, clk, wing.Ports{Sessions: sessions{tokens}, Channels: p.gateway, Roles: roles{}})
	told.Reports = p.wing
	trail := cloudtrail.NewRecorder(st, log)
	p.gate, err = gate.New(gate.Options{
		Services: []api.Service{tokens, p.wing, ssmmessages.New(ssmmessages.Ports{Nodes: p.wing, Channels: p.gateway})},
		Models:   model.Load, Recorder: trail, Principals: everything{}, Clock: clk, IDs: ids, Log: log,
		ServicePrincipals: map[string][]string{"workspaces.amazonaws.com": {"ssm:CreateActivation", "iam:PassRole", "ssm:AddTagsToResource"}},
	})
	must(err)
	var models []*model.Service
	for _, name := range []string{"sts", "ssm", "ssmmessages"} {
		m, err := model.Load(name)
		must(err)
		models = append(models, m)
	}
	every := func(string) bool { return true }
	door, err := wire.New(wire.Options{
		Gate: p.gate, Verifier: sigv4.New(keys{known, tokens, p.wing}, clk, every), Models: models, Clock: clk, IDs: ids,
		Region: region, Regions: every, Domain: domain, Pages: http.NotFoundHandler(), Log: log, PageKey: make([]byte, 32),
	})
	must(err)
	certs := filepath.Join(p.folder, "ca")
	must(os.MkdirAll(certs, 0o700))
	authority, err := ca.Open(ca.Options{Folder: certs, DataID: "test", Domain: domain, Clock: clk, IDs: ids})
	must(err)
	p.pem = authority.PEM()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	addr := listener.Addr().String()
	p.addr.Store(&addr)
	engine := delivery.New(delivery.Options{
		Commands: p.wing, Gateway: p.gateway, Feed: st, Bell: bell, Clock: clk,
		OrdersTable: wing.OrdersTable, ChoresTable: wing.ChoresTable, NodesTable: wing.NodesTable, Log: log,
	})
	p.runs.Go(func() { _ = trail.Run(ctx) })
	p.runs.Go(func() { _ = engine.Run(ctx) })
	p.runs.Go(func() { _ = wire.Serve(ctx, wire.Split(listener, authority.TLS(), nil), door, log) })
	p.client = ssm.NewFromConfig(aws.Config{
		Region: region, BaseEndpoint: aws.String("http://" + addr), RetryMaxAttempts: 1,
		HTTPClient:  &http.Client{Transport: &apitest.Steady{}},
		Credentials: credentials.NewStaticCredentialsProvider(admin.Caller.AccessKeyID, admin.Secret, ""),
	})
}

// kill ends the plane as kill -9 would, as far as the store is concerned: it
// is closed first, so that nothing under way can be written down any more.
func (p *plane) kill() {
	p.t.Helper()
	_ = p.store.Close()
	p.cancel()
	p.runs.Wait()
	p.store = nil
}

// activate makes an activation for the desktop of a WorkSpace, as the engine
// that makes desktops does.
func (p *plane) activate(workspace string) (id, code string) {
	p.t.Helper()
	out, err := p.gate.As("workspaces.amazonaws.com").Do(p.t.Context(), account, region, "ssm", "CreateActivation", &ssm.CreateActivationInput{
		IamRole: aws.String("DesktopRole"), DefaultInstanceName: aws.String("desktop"),
		Tags: []types.Tag{{Key: aws.String("WorkspaceId"), Value: &workspace}, {Key: aws.String("Floor"), Value: aws.String("3")}},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	a := out.(*ssm.CreateActivationOutput)
	return *a.ActivationId, *a.ActivationCode
}

// hire runs an agent until the test ends or the function is called.
func (p *plane) hire(folder, activation, code string) (fire func()) {
	p.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- agent.Run(ctx, agent.Config{
			Region: region, Domain: domain, Port: 4566, CA: p.pem, Folder: folder,
			ActivationID: activation, ActivationCode: code, Clock: clock.Real{}, IDs: id.Random(),
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, *p.addr.Load())
			},
		})
	}()
	var once sync.Once
	fire = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				p.t.Errorf("the agent ended with %v", err)
			}
		})
	}
	p.t.Cleanup(fire)
	return fire
}

// desktop is a node that is online, with the id of its WorkSpace.
func (p *plane) desktop(workspace string) (node string) {
	p.t.Helper()
	activation, code := p.activate(workspace)
	p.hire(p.t.TempDir(), activation, code)
	return p.online(workspace)
}

// online waits until the node of a WorkSpace is online.
func (p *plane) online(workspace string) (node string) {
	p.t.Helper()
	p.eventually(workspace+" to be online", func() bool {
		out, err := p.client.DescribeInstanceInformation(p.t.Context(), &ssm.DescribeInstanceInformationInput{
			Filters: []types.InstanceInformationStringFilter{
				{Key: aws.String("InstanceIds"), Values: []string{workspace}}, {Key: aws.String("PingStatus"), Values: []string{"Online"}},
			},
		})
		if err != nil {
			p.t.Fatal(err)
		}
		if len(out.InstanceInformationList) == 1 {
			node = *out.InstanceInformationList[0].InstanceId
		}
		return node != ""
	})
	return node
}

func (p *plane) eventually(what string, holds func() bool) {
	p.t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			p.t.Fatalf("waited 30 s for %s", what)
		case <-tick.C:
		}
	}
}

// send runs lines on the nodes that ids name.
func (p *plane) send(in *ssm.SendCommandInput, lines ...string) string {
	p.t.Helper()
	in.DocumentName = aws.String("AWS-RunShellScript")
	if in.Parameters == nil {
		in.Parameters = map[string][]string{}
	}
	in.Parameters["commands"] = lines
	out, err := p.client.SendCommand(p.t.Context(), in)
	if err != nil {
		p.t.Fatal(err)
	}
	return *out.Command.CommandId
}

// await waits until an invocation is over, or is as wanted.
func (p *plane) await(command, instance, details string) *ssm.GetCommandInvocationOutput {
	p.t.Helper()
	var got *ssm.GetCommandInvocationOutput
	p.eventually("invocation of "+command+" to be "+details, func() (done bool) {
		var err error
		got, err = p.client.GetCommandInvocation(p.t.Context(), &ssm.GetCommandInvocationInput{CommandId: &command, InstanceId: &instance})
		if err != nil {
			p.t.Fatal(err)
		}
		return *got.StatusDetails == details
	})
	return got
}

// everything lets every user do everything.
type everything struct{}

// Bindings gives an administrator's policy.
func (everything) Bindings(context.Context, *api.Caller) (gate.Bindings, error) {
	d, err := policy.Parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	return gate.Bindings{Identity: policy.NewSet(policy.Policy{Name: "all", Kind: "inline", Document: d})}, err
}
