package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/agent/simulator"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// crowd is many simulated nodes of a plane, in this process.
type crowd struct {
	p     *plane
	world *simulator.World
	nodes []*simulator.Node

	online, jobs, acked atomic.Int64 // events since the last reset
	stop                context.CancelFunc
	running             sync.WaitGroup
}

// manyNodes measures a fleet of simulated nodes over TLS: what a connected node
// costs, one command to all, and a plane that is killed in the middle of one.
func manyNodes(ctx context.Context, s settings) (figures []figure, err error) {
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	c := &crowd{p: p}
	defer func() { c.close() }()
	if err := c.register(ctx, s.nodes); err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	return inTurn(ctx, c.connect, c.full, c.echo, c.sendToAll, c.sendToFifty, c.killed)
}

// freePort is an address that the plane can have again after it was killed.
func freePort(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (c *crowd) close() {
	if c.stop != nil {
		c.stop()
	}
	c.running.Wait()
	if c.world != nil {
		c.world.Close()
	}
}

// prepare makes the role of nodes and the world that they live in.
func (c *crowd) prepare(ctx context.Context) error {
	ca, err := os.ReadFile(c.p.ca())
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(c.p.listen)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	var turn atomic.Uint32
	c.world, err = simulator.NewWorld(simulator.Config{
		Region: c.p.config.Region, Domain: "tamachi.internal", Port: number, CA: ca, Clock: clock.Real{}, IDs: id.Random(),
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			from := net.IPv4(127, 0, 0, byte(2+turn.Add(1)%8)) // one address offers 28,232 ports
			d := net.Dialer{Timeout: 30 * time.Second, LocalAddr: &net.TCPAddr{IP: from}}
			return d.DialContext(ctx, network, c.p.listen)
		},
	})
	if err != nil {
		return err
	}
	return c.p.nodeRole(ctx)
}

// nodeRole makes the role of nodes.
func (p *plane) nodeRole(ctx context.Context) error {
	roles := iam.NewFromConfig(p.config)
	_, err := roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("Nodes"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}}`)})
	if err != nil {
		return err
	}
	_, err = roles.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{
		RoleName: aws.String("Nodes"), PolicyArn: aws.String("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"),
	})
	return err
}

func (c *crowd) activate(ctx context.Context, limit int) (*ssm.CreateActivationOutput, error) {
	return c.p.ssm.CreateActivation(ctx, &ssm.CreateActivationInput{
		IamRole: aws.String("Nodes"), RegistrationLimit: aws.Int32(int32(limit)),
		Tags: []types.Tag{{Key: aws.String("Fleet"), Value: aws.String("bench")}},
	})
}

// register makes the nodes, each with credentials, and lets them report.
func (c *crowd) register(ctx context.Context, n int) error {
	if err := c.prepare(ctx); err != nil {
		return err
	}
	start := time.Now()
	c.nodes = make([]*simulator.Node, n)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(64)
	for first := 0; first < n; first += 1000 {
		a, err := c.activate(ctx, 1000)
		if err != nil {
			return err
		}
		for i := first; i < min(first+1000, n); i++ {
			g.Go(func() (err error) {
				if c.nodes[i], err = c.world.Register(ctx, *a.ActivationId, *a.ActivationCode); err != nil {
					return err
				}
				if _, err = c.nodes[i].Renew(ctx); err != nil {
					return err
				}
				return c.nodes[i].Inform(ctx)
			})
		}
	}
	err := g.Wait()
	fmt.Fprintf(os.Stderr, "%d nodes registered in %.1f s\n", n, time.Since(start).Seconds())
	return err
}

// count notes what nodes tell of.
func (c *crowd) count(_ *simulator.Node, event string) {
	switch event {
	case "online":
		c.online.Add(1)
	case "job":
		c.jobs.Add(1)
	case "acked":
		c.acked.Add(1)
	}
}

// connect opens all channels and says what each costs the plane.
func (c *crowd) connect(ctx context.Context) ([]figure, error) {
	// Idle, Go's runtime collects every two minutes only.
	if err := pauseFor(ctx, 150*time.Second); err != nil {
		return nil, err
	}
	before, err := c.p.private()
	if err != nil {
		return nil, err
	}
	ctx2, cancel := context.WithCancel(ctx)
	c.stop = cancel
	start := time.Now()
	for _, n := range c.nodes {
		c.running.Go(func() {
			if err := n.Run(ctx2, simulator.Behaviour{On: c.count}); err != nil {
				fmt.Fprintln(os.Stderr, n.ID, "ended:", err)
			}
		})
	}
	n := len(c.nodes)
	if err := within(ctx, c.patience(), 20*time.Millisecond, func() (bool, error) { return int(c.online.Load()) >= n, nil }); err != nil {
		return nil, fmt.Errorf("%d of %d nodes came online: %w", c.online.Load(), n, err)
	}
	took := time.Since(start)
	if err := pauseFor(ctx, 150*time.Second); err != nil {
		return nil, err
	}
	after, err := c.p.private()
	if err != nil {
		return nil, err
	}
	return []figure{
		millis(fmt.Sprintf("%d nodes come online, TLS", n), "", []time.Duration{took}, "two requests and a handshake each"),
		{
			name: fmt.Sprintf("%d nodes idle: memory of the plane, a node", n), must: "30 KB (18 KB)", unit: "KB",
			values: []float64{(after - before) / float64(n) / 1000},
			note:   fmt.Sprintf("Private_Dirty of smaps_rollup, 150 s before and 150 s after; %.0f MB before, %.0f MB then; kernel's socket buffers not counted", before/1e6, after/1e6),
		},
	}, nil
}

// patience is how long a fleet may take to come online, on a machine that has
// much else to do.
func (c *crowd) patience() time.Duration {
	return 5*time.Minute + time.Duration(len(c.nodes))*50*time.Millisecond
}

// private is the memory that belongs to the plane alone and was written to.
func (p *plane) private() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.serve.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "Private_Dirty: %f kB", &kb); err == nil {
			return kb * 1024, nil
		}
	}
	return 0, errors.New("smaps_rollup has no Private_Dirty")
}

func pauseFor(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
