package gateway

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/gobwas/ws"

	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/nodes"
)

// tokenLife is how long a token of CreateControlChannel opens a channel; the
// SSM Agent uses it at once.
const tokenLife = time.Minute

// Gateway holds the control channels. Its methods may be called concurrently.
type Gateway struct {
	reports nodes.Reports
	clock   clock.Clock
	ids     *id.Source
	log     *slog.Logger

	mu       sync.Mutex
	channels map[string]*channel // guarded by mu; by node
	tokens   map[string]token    // guarded by mu; by node, the last one made
	mail     map[string]*mailbox // guarded by mu; by node, of those that poll

	closing sync.Once
	ended   chan struct{} // closed by Close

	meetings meetings
	shelf    shelf
}

type token struct {
	value   string
	expires time.Time
}

var _ nodes.Gateway = (*Gateway)(nil)

// New returns a gateway without channels that tells reports what nodes say.
// A nil log is silence.
func New(reports nodes.Reports, clk clock.Clock, ids *id.Source, log *slog.Logger) *Gateway {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Gateway{
		reports: reports, clock: clk, ids: ids, log: log,
		channels: map[string]*channel{}, tokens: map[string]token{}, mail: map[string]*mailbox{}, ended: make(chan struct{}),
		meetings: meetings{began: clk.Now(), open: map[string]*meeting{}, tokens: map[tokenKey]ticket{}},
	}
}

// Token makes the token that the next channel of a node must show. It opens
// one channel of this node, within a minute; an earlier token is void.
func (g *Gateway) Token(node string) string {
	t := token{value: g.ids.Secret(64), expires: g.clock.Now().Add(tokenLife)}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tokens[node] = t
	return t.value
}

// redeem uses a token up.
func (g *Gateway) redeem(node, value string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	t, ok := g.tokens[node]
	if !ok || subtle.ConstantTimeCompare([]byte(t.value), []byte(value)) != 1 {
		return false
	}
	delete(g.tokens, node)
	return g.clock.Now().Before(t.expires)
}

// Connected tells whether a node has an open control channel, or polls.
func (g *Gateway) Connected(node string) bool {
	if g.hasChannel(node) {
		return true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.polls(g.mail[node])
}

func (g *Gateway) hasChannel(node string) bool { return g.channel(node) != nil }

// Disconnect closes a node's channel, if it has one, its sessions and its
// mailbox.
func (g *Gateway) Disconnect(node string) {
	g.endSessionsOf(node)
	g.mu.Lock()
	if box := g.mail[node]; box != nil {
		box.jobs = nil
		box.ring()
		delete(g.mail, node)
	}
	g.mu.Unlock()
	if c := g.channel(node); c != nil {
		c.close(ws.StatusNormalClosure, "disconnected")
	}
}

// Send writes a job to a node's channel. It waits until the frame has left, or
// ctx ends; the node's acceptance arrives at Reports.
func (g *Gateway) Send(ctx context.Context, node string, job nodes.Job) error {
	c := g.channel(node)
	if c == nil {
		if g.post(node, job) {
			return nil
		}
		return fmt.Errorf("send %s: %w", job.ID, nodes.ErrOffline)
	}
	payload, err := json.Marshal(struct {
		Content       string
		JobID         string `json:"JobId"`
		Topic         nodes.Topic
		SchemaVersion int
	}{string(job.Content), job.ID, job.Topic, 1})
	if err != nil {
		return fmt.Errorf("send %s: %w", job.ID, err)
	}
	if err := c.send(ctx, g.frame(agentJob, payload)); err != nil {
		return fmt.Errorf("send %s: %w", job.ID, err)
	}
	return nil
}

// frame makes a message of the plane.
func (g *Gateway) frame(kind string, payload []byte) []byte {
	return message{
		Type: kind, ID: newID(g.ids), Created: uint64(g.clock.Now().UnixMilli()), Payload: payload,
	}.bytes()
}

// channel returns a node's open channel, or nil.
func (g *Gateway) channel(node string) *channel {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.channels[node]
	if c == nil || !c.isOpen() {
		return nil
	}
	return c
}

// enter makes c the node's channel and returns the one before it.
func (g *Gateway) enter(c *channel) (before *channel) {
	g.mu.Lock()
	defer g.mu.Unlock()
	before = g.channels[c.node]
	g.channels[c.node] = c
	return before
}

// current tells whether no newer channel of this node has come.
func (g *Gateway) current(c *channel) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.channels[c.node] == c
}

func (g *Gateway) leave(c *channel) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.channels[c.node] == c {
		delete(g.channels, c.node)
	}
}
