package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"go.uber.org/goleak"

	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/nodes"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// diary is a Reports that writes down what it is told.
type diary struct {
	mu     sync.Mutex
	lines  []string // guarded by mu
	refuse error    // guarded by mu; answers replies
}

func (d *diary) write(format string, args ...any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
	return d.refuse
}

func (d *diary) read() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.lines)
}

func (d *diary) Connected(_ context.Context, node string) error { return d.write("%s came", node) }

func (d *diary) Disconnected(_ context.Context, node string) error { return d.write("%s went", node) }

func (d *diary) JobAcknowledged(_ context.Context, node, job string, s nodes.AckStatus) error {
	return d.write("%s acknowledged %s with %d", node, job, s)
}

func (d *diary) JobReplied(_ context.Context, node string, r nodes.Reply) error {
	return d.write("%s replied to %s: %s with %d steps", node, r.JobID, r.Status, len(r.Steps))
}

const node = "mi-0123456789abcdef0"

// peer is a node's end of a channel, for a test inside a synctest bubble.
type peer struct {
	t     *testing.T
	conn  net.Conn
	ended chan error // what Attach returned
}

func attach(t *testing.T, g *Gateway, node string) *peer {
	t.Helper()
	near, far := net.Pipe()
	p := &peer{t: t, conn: far, ended: make(chan error, 1)}
	go func() { p.ended <- g.Attach(t.Context(), node, near) }()
	return p
}

func (p *peer) hello(token string) {
	p.t.Helper()
	b, err := json.Marshal(map[string]any{"MessageSchemaVersion": "1.0", "TokenValue": token, "Cookie": nil})
	if err != nil {
		p.t.Fatal(err)
	}
	p.say(ws.OpText, b)
}

func (p *peer) say(kind ws.OpCode, b []byte) {
	p.t.Helper()
	// One write a frame, as a socket takes it: a pipe passes on even an empty one.
	whole, err := ws.CompileFrame(ws.MaskFrameInPlace(ws.NewFrame(kind, true, slices.Clone(b))))
	if err == nil {
		_, err = p.conn.Write(whole)
	}
	if err != nil {
		p.t.Fatalf("write to the gateway: %v", err)
	}
}

// hear returns the gateway's next frame.
func (p *peer) hear() (ws.OpCode, []byte) {
	p.t.Helper()
	h, err := ws.ReadHeader(p.conn)
	if err != nil {
		p.t.Fatalf("read from the gateway: %v", err)
	}
	body := make([]byte, h.Length)
	if _, err := io.ReadFull(p.conn, body); err != nil {
		p.t.Fatalf("read from the gateway: %v", err)
	}
	return h.OpCode, body
}

// hearClose returns the code of the gateway's close frame and leaves.
func (p *peer) hearClose() ws.StatusCode {
	p.t.Helper()
	for {
		kind, body := p.hear()
		if kind == ws.OpClose {
			p.conn.Close()
			<-p.ended
			code, _ := ws.ParseCloseFrameData(body)
			return code
		}
	}
}

func (p *peer) leave() {
	p.conn.Close()
	<-p.ended
}

func open(d *diary) *Gateway { return New(d, clock.Real{}, id.Seeded(1), nil) }

func reply(job, status string) message {
	content, _ := json.Marshal(map[string]any{"documentStatus": status, "runtimeStatus": map[string]any{"a": map[string]any{"status": status, "code": 3}}})
	payload, _ := json.Marshal(map[string]any{"jobId": job, "content": string(content), "schemaVersion": 1})
	return message{Type: agentJobReply, ID: [16]byte{1, 2, 3}, Created: 1, Payload: payload}
}

func TestChannelOpensOnlyWithItsToken(t *testing.T) {
	for _, row := range []struct {
		name  string
		token func(*Gateway) string
		want  string
	}{
		{"the token of this node", func(g *Gateway) string { return g.Token(node) }, "came"},
		{"no token", func(*Gateway) string { return "" }, ""},
		{"an invented token", func(g *Gateway) string { g.Token(node); return strings.Repeat("x", 64) }, ""},
		{"another node's token", func(g *Gateway) string { return g.Token("mi-other") }, ""},
		{"a token replaced by a newer one", func(g *Gateway) string { old := g.Token(node); g.Token(node); return old }, ""},
		{"an expired token", func(g *Gateway) string { v := g.Token(node); time.Sleep(tokenLife); return v }, ""},
		{"a token used before", func(g *Gateway) string { v := g.Token(node); g.redeem(node, v); return v }, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := &diary{}
			g := open(d)
			token := row.token(g)
			p := attach(t, g, node)
			p.hello(token)
			if row.want != "" {
				synctest.Wait()
				if !g.Connected(node) {
					t.Errorf("%s: the node is not connected", row.name)
				}
				p.leave()
				if got := d.read(); !slices.Equal(got, []string{node + " came", node + " went"}) {
					t.Errorf("%s: got %q", row.name, got)
				}
				return
			}
			if code := p.hearClose(); code != ws.StatusPolicyViolation || len(d.read()) != 0 {
				t.Errorf("%s: closed with %d, reported %q, want %d and nothing", row.name, code, d.read(), ws.StatusPolicyViolation)
			}
		})
	}
}

func TestSilenceBeforeTheTokenEndsTheChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := open(&diary{})
		p := attach(t, g, node)
		began := time.Now()
		if code := p.hearClose(); code != ws.StatusPolicyViolation {
			t.Errorf("closed with %d, want %d", code, ws.StatusPolicyViolation)
		}
		if took := time.Since(began); took != openWithin {
			t.Errorf("closed after %v, want %v", took, openWithin)
		}
	})
}

func TestNewestChannelWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		g := open(d)
		first := attach(t, g, node)
		first.hello(g.Token(node))
		synctest.Wait()
		second := attach(t, g, node)
		second.hello(g.Token(node))
		if code := first.hearClose(); code != ws.StatusPolicyViolation {
			t.Errorf("the older channel was closed with %d, want %d", code, ws.StatusPolicyViolation)
		}
		synctest.Wait()
		if !g.Connected(node) {
			t.Error("the newer channel is not the node's")
		}
		second.leave()
		if got, want := d.read(), []string{node + " came", node + " came", node + " went"}; !slices.Equal(got, want) {
			t.Errorf("reported %q, want %q", got, want)
		}
	})
}

func TestWhatANodeSaysIsReportedThenAcknowledged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		g := open(d)
		p := attach(t, g, node)
		p.hello(g.Token(node))
		job := "aws.ssm.c." + node
		p.say(ws.OpBinary, message{Type: agentJobAck, Created: 1, Payload: []byte(`{"jobId":"` + job + `","statusCode":"200"}`)}.bytes())
		p.say(ws.OpBinary, message{Type: agentJobAck, Created: 1, Payload: []byte(`{"jobId":"` + job + `","statusCode":51402}`)}.bytes())
		p.say(ws.OpBinary, message{Type: "agent_telemetry", Created: 1, Payload: []byte("x")}.bytes())
		p.say(ws.OpBinary, message{Type: agentJobReply, Created: 1, Payload: []byte("no JSON")}.bytes())
		p.say(ws.OpBinary, reply("aws.ssm.c.mi-other", "Success").bytes())
		p.say(ws.OpText, []byte("chatter"))
		p.say(ws.OpPing, []byte("keepalive"))
		if kind, body := p.hear(); kind != ws.OpPong || string(body) != "keepalive" {
			t.Errorf("to a ping: got %v %q, want a pong with the same text", kind, body)
		}
		p.say(ws.OpBinary, reply(job, "Success").bytes())
		kind, body := p.hear()
		m, err := parse(body)
		want := `{"jobId":"` + job + `","acknowledgedMessageId":"01020300-0000-0000-0000-000000000000"}`
		if err != nil || kind != ws.OpBinary || m.Type != agentJobReplyAck || string(m.Payload) != want {
			t.Errorf("acknowledgement: got %q %s (%v), want %s", m.Type, m.Payload, err, want)
		}
		p.leave()
		wanted := []string{
			node + " came", node + " acknowledged " + job + " with 200", node + " acknowledged " + job + " with 51402",
			node + " replied to " + job + ": Success with 1 steps", node + " went",
		}
		if got := d.read(); !slices.Equal(got, wanted) {
			t.Errorf("reported\n got %q\nwant %q", got, wanted)
		}
	})
}

func TestReplyThatWasNotTakenIsNotAcknowledged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		g := open(d)
		p := attach(t, g, node)
		p.hello(g.Token(node))
		synctest.Wait()
		d.mu.Lock()
		d.refuse = errors.New("the store is full")
		d.mu.Unlock()
		p.say(ws.OpBinary, reply("aws.ssm.c."+node, "Success").bytes())
		p.say(ws.OpPing, nil)
		if kind, _ := p.hear(); kind != ws.OpPong {
			t.Errorf("got frame %v after a reply that was not taken, want only the pong", kind)
		}
		p.leave()
	})
}

func TestHostileFramesEndTheChannel(t *testing.T) {
	big := make([]byte, mostMessage+1)
	for _, row := range []struct {
		name string
		say  func(p *peer)
		want ws.StatusCode
	}{
		{"a frame that is no agent message", func(p *peer) { p.say(ws.OpBinary, []byte("x")) }, ws.StatusProtocolError},
		{"a frame over the limit", func(p *peer) {
			go func() { _ = wsutil.WriteClientMessage(p.conn, ws.OpBinary, big) }() // cut off in the middle
		}, ws.StatusMessageTooBig},
		{"fragments over the limit together", func(p *peer) {
			go func() {
				half := ws.MaskFrame(ws.NewFrame(ws.OpBinary, false, big[:mostMessage]))
				rest := ws.MaskFrame(ws.NewFrame(ws.OpContinuation, true, big[:1]))
				_ = ws.WriteFrame(p.conn, half)
				_ = ws.WriteFrame(p.conn, rest)
			}()
		}, ws.StatusMessageTooBig},
		{"a frame without a mask", func(p *peer) {
			go func() { _ = ws.WriteFrame(p.conn, ws.NewBinaryFrame([]byte("x"))) }()
		}, ws.StatusProtocolError},
		{"a reserved kind of frame", func(p *peer) {
			go func() { _ = ws.WriteFrame(p.conn, ws.MaskFrame(ws.NewFrame(ws.OpCode(5), true, nil))) }()
		}, ws.StatusProtocolError},
	} {
		synctest.Test(t, func(t *testing.T) {
			g := open(&diary{})
			p := attach(t, g, node)
			p.hello(g.Token(node))
			row.say(p)
			if code := p.hearClose(); code != row.want {
				t.Errorf("%s: closed with %d, want %d", row.name, code, row.want)
			}
		})
	}
}

func TestDeadPeerIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		g := open(d)
		p := attach(t, g, node)
		p.hello(g.Token(node))
		synctest.Wait()
		began, pings := time.Now(), 0
		for {
			kind, _ := p.hear()
			if kind == ws.OpClose {
				break
			}
			pings++
		}
		p.leave()
		if took := time.Since(began); took > 2*time.Minute || pings == 0 {
			t.Errorf("given up after %v and %d pings, want some pings and at most two minutes", took, pings)
		}
	})
}

func TestPongsKeepAChannelOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := open(&diary{})
		p := attach(t, g, node)
		p.hello(g.Token(node))
		for began := time.Now(); time.Since(began) < time.Hour; {
			if kind, body := p.hear(); kind == ws.OpPing {
				p.say(ws.OpPong, body)
			} else {
				t.Fatalf("got frame %v after %v, want pings only", kind, time.Since(began))
			}
		}
		p.leave()
	})
}

func TestSend(t *testing.T) {
	job := nodes.Job{ID: "aws.ssm.c." + node, Topic: nodes.SendCommand, Content: json.RawMessage(`{"a":"<b>"}`)}
	synctest.Test(t, func(t *testing.T) {
		g := open(&diary{})
		if err := g.Send(t.Context(), node, job); !errors.Is(err, nodes.ErrOffline) {
			t.Errorf("without a channel: got %v, want %v", err, nodes.ErrOffline)
		}
		p := attach(t, g, node)
		if err := g.Send(t.Context(), node, job); !errors.Is(err, nodes.ErrOffline) {
			t.Errorf("before the token: got %v, want %v", err, nodes.ErrOffline)
		}
		p.hello(g.Token(node))
		synctest.Wait()
		sent := make(chan error, 1)
		go func() { sent <- g.Send(t.Context(), node, job) }()
		_, body := p.hear()
		if err := <-sent; err != nil {
			t.Errorf("with a channel: %v", err)
		}
		m, err := parse(body)
		var got struct {
			Content, JobId, Topic string
			SchemaVersion         int
		}
		if err != nil || m.Type != agentJob || m.Created == 0 || json.Unmarshal(m.Payload, &got) != nil {
			t.Fatalf("got %q %s (%v)", m.Type, m.Payload, err)
		}
		if got.Content != `{"a":"<b>"}` || got.JobId != job.ID || got.Topic != "aws.ssm.sendCommand" || got.SchemaVersion != 1 {
			t.Errorf("got %+v", got)
		}

		// A node that does not read: the write is given up, so is the channel.
		began := time.Now()
		if err := g.Send(t.Context(), node, job); !errors.Is(err, nodes.ErrOffline) || time.Since(began) > writeWithin {
			t.Errorf("to a node that does not read: got %v after %v, want %v within %v", err, time.Since(began), nodes.ErrOffline, writeWithin)
		}
		p.leave()
		if g.Connected(node) {
			t.Error("the node is still connected")
		}
	})
}

func TestDisconnectAndTheEndOfThePlane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := open(&diary{})
		p := attach(t, g, node)
		p.hello(g.Token(node))
		synctest.Wait()
		g.Disconnect(node)
		g.Disconnect("mi-unknown")
		if code := p.hearClose(); code != ws.StatusNormalClosure {
			t.Errorf("disconnected with %d, want %d", code, ws.StatusNormalClosure)
		}

		ctx, stop := context.WithCancel(t.Context())
		near, far := net.Pipe()
		q := &peer{t: t, conn: far, ended: make(chan error, 1)}
		go func() { q.ended <- g.Attach(ctx, node, near) }()
		q.hello(g.Token(node))
		synctest.Wait()
		stop()
		if code := q.hearClose(); code != ws.StatusGoingAway {
			t.Errorf("the plane stopped with %d, want %d", code, ws.StatusGoingAway)
		}
	})
}
