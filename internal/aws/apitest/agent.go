package apitest

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/agent"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// Hire runs our own agent until the test ends or fire is called. What the
// configuration leaves out is the plane's: where it is (after a Restart too),
// its Region, domain and CA, its clock, and a folder of the test.
func (p *Plane) Hire(c agent.Config) (fire func()) {
	p.t.Helper()
	a := p.Access()
	ca, err := os.ReadFile(a.CAFile)
	if err != nil {
		p.t.Fatal(err)
	}
	c.CA, c.Region, c.Domain, c.Port = ca, cmp.Or(c.Region, a.Region), cmp.Or(c.Domain, "tamachi.internal"), cmp.Or(c.Port, 4566)
	if c.Folder == "" {
		c.Folder = p.t.TempDir()
	}
	if c.Clock == nil {
		c.Clock = p.clock
	}
	quit := Employ(&p.at, c)
	var once sync.Once
	fire = func() {
		once.Do(func() {
			if err := quit(); err != nil {
				p.t.Errorf("the agent ended with %v", err)
			}
		})
	}
	p.t.Cleanup(fire)
	return fire
}

// Employ runs our own agent until quit is called, which returns how it ended. It
// finds the plane where at says at that moment.
func Employ(at *atomic.Pointer[string], c agent.Config) (quit func() error) {
	if c.Clock == nil {
		c.Clock = clock.Real{}
	}
	if c.IDs == nil {
		c.IDs = id.Random()
	}
	c.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, *at.Load())
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- agent.Run(ctx, c) }()
	return func() error {
		cancel()
		return <-ended
	}
}

// Activation makes an activation of the nodes' role with tags, given as keys
// and values in turn.
func (p *Plane) Activation(tags ...string) (activation, code string) {
	p.t.Helper()
	if p.role == "" {
		p.role = p.NodeRole()
	}
	in := &ssm.CreateActivationInput{IamRole: &p.role}
	for i := 0; i+1 < len(tags); i += 2 {
		in.Tags = append(in.Tags, types.Tag{Key: &tags[i], Value: &tags[i+1]})
	}
	out, err := p.SSM().CreateActivation(p.t.Context(), in)
	if err != nil {
		p.t.Fatal(err)
	}
	return *out.ActivationId, *out.ActivationCode
}

// Online waits until so many nodes are online, and returns their ids.
func (p *Plane) Online(count int) (ids []string) {
	p.t.Helper()
	client := p.SSM()
	Eventually(p.t, "the nodes to be online", func() bool {
		out, err := client.DescribeInstanceInformation(p.t.Context(), &ssm.DescribeInstanceInformationInput{
			Filters: []types.InstanceInformationStringFilter{{Key: aws.String("PingStatus"), Values: []string{"Online"}}}, MaxResults: aws.Int32(50),
		})
		if err != nil {
			p.t.Fatal(err)
		}
		ids = nil
		for _, i := range out.InstanceInformationList {
			ids = append(ids, *i.InstanceId)
		}
		return len(ids) == count
	})
	return ids
}

// Eventually waits until something holds, two minutes at most.
func Eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	late := time.After(2 * time.Minute)
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	for !holds() {
		select {
		case <-late:
			t.Fatalf("waited two minutes for %s", what)
		case <-every.C:
		}
	}
}

// SSM is a client that signs by the plane's clock.
func (p *Plane) SSM() *ssm.Client {
	signer := p.Signer()
	return ssm.NewFromConfig(p.Config(), func(o *ssm.Options) { o.HTTPSignerV4 = signer })
}

// Signer signs by the plane's clock, for a client of a plane whose clock is not
// the machine's. Options are those of the SDK's signer.
func (p *Plane) Signer(options ...func(*v4.SignerOptions)) *OnTime {
	return &OnTime{v4.NewSigner(options...), p}
}

// OnTime is what Signer returns.
type OnTime struct {
	*v4.Signer
	p *Plane
}

// SignHTTP signs a request.
func (s *OnTime) SignHTTP(ctx context.Context, c aws.Credentials, r *http.Request, hash, service, region string, _ time.Time, change ...func(*v4.SignerOptions)) error {
	return s.Signer.SignHTTP(ctx, c, r, hash, service, region, s.p.time(), change...)
}

// here notes where the plane answers now.
func (p *Plane) here() {
	at := strings.TrimPrefix(p.HTTP(), "http://")
	p.at.Store(&at)
}
