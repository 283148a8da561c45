// Package apitest gives tests a whole plane: the house as `tamachi serve`
// builds it, over a data folder of the test, with the fake provider of
// desktops, answering on a port of loopback.
package apitest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/clock"
	"tamachi/internal/config"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/fake"
	"tamachi/internal/house"
	"tamachi/internal/id"
	"tamachi/internal/notify"
	mails "tamachi/internal/notify/fake"
)

// Plane is a running plane.
type Plane struct {
	*house.House
	Data  string
	World *fake.World     // the fake's desktops; nil when Options gave a provider
	Mails *mails.Recorder // what the plane sent to people
	t     testing.TB
	clock clock.Clock
	give  desktops.Provider

	notices notify.Sender
	once    bool
	desk    *house.Desk
	role    string                 // of nodes, once Activation made it
	at      atomic.Pointer[string] // where it answers; agents read it from goroutines of theirs

	stop func()
	done chan error
}

// Options change a plane; the zero value is a good one.
type Options struct {
	Data     string            // default: a new folder of the test
	Clock    clock.Clock       // default: the machine's
	Desktops desktops.Provider // default: a new fake
	Notices  notify.Sender     // default: Mails, which remembers them
	Desk     *house.Desk       // default: none
	Once     bool              // updates are not rehearsed: for benchmarks
}

// Start runs a plane until the test ends.
func Start(t testing.TB, o Options) *Plane {
	t.Helper()
	p := &Plane{t: t, Data: o.Data, clock: o.Clock, give: o.Desktops, once: o.Once, desk: o.Desk, Mails: mails.New()}
	if p.Data == "" {
		p.Data = t.TempDir()
	}
	if p.notices = o.Notices; p.notices == nil {
		p.notices = p.Mails
	}
	if p.give == nil {
		if o.Clock == nil {
			p.clock = clock.Real{}
		}
		p.World = fake.NewWorld(p.clock)
		p.give = fake.Open(p.World)
	}
	p.start()
	t.Cleanup(p.Stop)
	return p
}

// Restart stops the plane and starts it anew over the same folder and
// desktops.
func (p *Plane) Restart() {
	p.t.Helper()
	p.Stop()
	p.start()
}

// Stop drains the plane. A second call does nothing.
func (p *Plane) Stop() {
	if p.stop == nil {
		return
	}
	p.stop()
	p.stop = nil
	if err := <-p.done; err != nil {
		p.t.Errorf("the plane ended with %v", err)
	}
}

func (p *Plane) start() {
	p.t.Helper()
	cfg := config.Default(func(name string) string {
		if name == "TAMACHI_TALLY" {
			return os.Getenv(name) // `make test` counts over all planes
		}
		return ""
	})
	cfg.Data, cfg.Listen = p.Data, "127.0.0.1:0"
	ctx, cancel := context.WithCancel(context.Background())
	h, err := house.Open(ctx, house.Options{
		Config: cfg, Log: slog.New(slog.NewTextHandler(&toTest{t: p.t}, nil)),
		Clock: p.clock, IDs: id.Random(), Desktops: p.give, Notices: p.notices, Desk: p.desk, Rehearse: !p.once,
	})
	if err != nil {
		cancel()
		p.t.Fatalf("open the plane: %v", err)
	}
	p.House, p.stop, p.done = h, cancel, make(chan error, 1)
	ready := make(chan struct{})
	go func() { p.done <- h.Run(ctx, func() { close(ready) }) }()
	select {
	case <-ready:
		p.here()
	case err := <-p.done:
		p.t.Fatalf("the plane ended at once: %v", err)
	}
}

// Config is that of an SDK client signed as the administrator.
func (p *Plane) Config() aws.Config {
	a := p.Access()
	return aws.Config{
		Region: a.Region, BaseEndpoint: aws.String(a.HTTP), RetryMaxAttempts: 1,
		HTTPClient:  &http.Client{Transport: &Steady{}},
		Credentials: credentials.NewStaticCredentialsProvider(a.AccessKeyID, a.SecretAccessKey, ""),
	}
}

// NodeRole makes a role that managed nodes may have, with the policies of AWS
// that are named beside AmazonSSMManagedInstanceCore, and returns what
// CreateActivation wants as IamRole. It may be called again.
func (p *Plane) NodeRole(policies ...string) string {
	p.t.Helper()
	const name = "TestNode"
	client := iam.NewFromConfig(p.Config())
	_, err := client.CreateRole(p.t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String(name), Path: aws.String("/service-role/"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	if _, there := errors.AsType[*types.EntityAlreadyExistsException](err); err != nil && !there {
		p.t.Fatalf("make the role of nodes: %v", err)
	}
	for _, policy := range append([]string{"AmazonSSMManagedInstanceCore"}, policies...) {
		_, err := client.AttachRolePolicy(p.t.Context(), &iam.AttachRolePolicyInput{
			RoleName: aws.String(name), PolicyArn: aws.String("arn:aws:iam::aws:policy/" + policy),
		})
		if err != nil {
			p.t.Fatalf("attach %s to the role of nodes: %v", policy, err)
		}
	}
	return "service-role/" + name
}

// toTest writes the plane's log into the test's.
type toTest struct {
	t  testing.TB
	mu sync.Mutex // t.Log after the test's end panics; writes are in order
}

// Write logs one record.
func (w *toTest) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.t.Logf("plane: %s", bytes.TrimSpace(b))
	return len(b), nil
}
