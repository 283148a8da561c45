package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/nodes"
)

// ledger is a SessionReports that knows two sessions of two nodes.
type ledger struct{ moved, ended chan string }

func (l *ledger) Session(_ context.Context, id string) (nodes.Session, error) {
	node, ok := map[string]string{"alice-1": "mi-1", "bob-2": "mi-2"}[id]
	if !ok {
		return nodes.Session{}, nodes.ErrNoSession
	}
	return nodes.Session{ID: id, Node: node}, nil
}

func (l *ledger) SessionMoved(_ context.Context, id string, s nodes.SessionState) error {
	l.moved <- id + " " + string(s)
	return nil
}

func (l *ledger) SessionEnded(_ context.Context, node string, e nodes.SessionEnd) error {
	l.ended <- node + " " + e.Session + " " + e.Output
	return nil
}

func openHall(t *testing.T) (*Gateway, *ledger) {
	t.Helper()
	g := New(nil, clock.Real{}, id.Random(), nil)
	l := &ledger{moved: make(chan string, 100), ended: make(chan string, 100)}
	g.ServeSessions(l)
	return g, l
}

// end is one end of a data channel, as a plugin or an agent holds it.
type end struct {
	t    *testing.T
	conn net.Conn
	gone chan error
}

func (g *Gateway) enterAs(t *testing.T, session, node, token string) *end {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	near, err := new(net.Dialer).DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	e := &end{t: t, conn: near, gone: make(chan error, 1)}
	go func() { e.gone <- g.AttachSession(t.Context(), session, node, far) }()
	t.Cleanup(func() { near.Close() })
	hello, err := json.Marshal(map[string]string{"MessageSchemaVersion": "1.0", "TokenValue": token})
	if err != nil {
		t.Fatal(err)
	}
	if err := wsutil.WriteClientText(near, hello); err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *end) say(kind string, number int64, payload string) message {
	e.t.Helper()
	m := message{Type: kind, ID: newID(id.Random()), Created: 1, Sequence: uint64(number), PayloadType: 1, Payload: []byte(payload)}
	if err := wsutil.WriteClientBinary(e.conn, m.bytes()); err != nil {
		e.t.Fatal(err)
	}
	return m
}

func (e *end) acknowledge(m message) {
	e.t.Helper()
	text, err := json.Marshal(acknowledgement{Type: m.Type, ID: m.uuid(), Sequence: int64(m.Sequence), Sequential: true})
	if err != nil {
		e.t.Fatal(err)
	}
	e.say(acknowledge, 0, string(text))
}

// hear returns the next message.
func (e *end) hear() message {
	e.t.Helper()
	for {
		body, kind, err := wsutil.ReadServerData(e.conn)
		if err != nil {
			e.t.Fatalf("the channel ended: %v", err)
		}
		if kind != ws.OpBinary {
			continue
		}
		m, err := parse(body)
		if err != nil {
			e.t.Fatal(err)
		}
		return m
	}
}

func (e *end) wants(kind string, number int64, payload string) message {
	e.t.Helper()
	m := e.hear()
	if m.Type != kind || int64(m.Sequence) != number || payload != "" && string(m.Payload) != payload {
		e.t.Fatalf("got %s %d %q, want %s %d %q", m.Type, m.Sequence, m.Payload, kind, number, payload)
	}
	return m
}

func (e *end) wantsAcknowledged(number int64) {
	e.t.Helper()
	m := e.hear()
	var a acknowledgement
	if err := json.Unmarshal(m.Payload, &a); err != nil || m.Type != acknowledge || a.Sequence != number {
		e.t.Fatalf("got %s %s, want the acknowledgement of %d", m.Type, m.Payload, number)
	}
}

func meetBoth(t *testing.T) (g *Gateway, l *ledger, client, node *end) {
	t.Helper()
	g, l = openHall(t)
	client = g.enterAs(t, "alice-1", "", g.ClientToken("alice-1"))
	node = g.enterAs(t, "alice-1", "mi-1", g.NodeToken("alice-1"))
	if got := <-l.moved; got != "alice-1 Connected" {
		t.Fatalf("got %s", got)
	}
	return g, l, client, node
}

// Whatever anybody shows, only the token that was made for this side of this
// session opens it, once.
func TestDataChannelOpensByItsOwnTokenOnly(t *testing.T) {
	frozen := clock.NewFrozen(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	for _, row := range []struct {
		name          string
		session, node string
		token         func(g *Gateway) string
		opens         bool
	}{
		{"a client with its token", "alice-1", "", func(g *Gateway) string { return g.ClientToken("alice-1") }, true},
		{"a node with its token", "alice-1", "mi-1", func(g *Gateway) string { return g.NodeToken("alice-1") }, true},
		{"a stranger with no token", "alice-1", "", func(g *Gateway) string { return "" }, false},
		{"a stranger who guesses", "alice-1", "", func(g *Gateway) string { g.ClientToken("alice-1"); return "x" }, false},
		{"a client with another session's token", "alice-1", "", func(g *Gateway) string { return g.ClientToken("bob-2") }, false},
		{"a client with the node's token", "alice-1", "", func(g *Gateway) string { return g.NodeToken("alice-1") }, false},
		{"a node with the client's token", "alice-1", "mi-1", func(g *Gateway) string { return g.ClientToken("alice-1") }, false},
		{"another node with the node's token", "alice-1", "mi-2", func(g *Gateway) string { return g.NodeToken("alice-1") }, false},
		{"a client whose token was replaced", "alice-1", "", func(g *Gateway) string {
			old := g.ClientToken("alice-1")
			g.ClientToken("alice-1")
			return old
		}, false},
		{"a client whose token has expired", "alice-1", "", func(g *Gateway) string {
			old := g.ClientToken("alice-1")
			frozen.Advance(clientTokenLife)
			return old
		}, false},
		{"a client of a session that was closed", "alice-1", "", func(g *Gateway) string {
			old := g.ClientToken("alice-1")
			g.CloseSession("alice-1", "")
			return old
		}, false},
		{"a node of a session that was closed", "alice-1", "mi-1", func(g *Gateway) string {
			old := g.NodeToken("alice-1")
			g.CloseSession("alice-1", "")
			return old
		}, false},
		{"a client of a session that is unknown", "carol-3", "", func(g *Gateway) string { return g.ClientToken("carol-3") }, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			g, _ := openHall(t)
			g.clock = frozen
			token := row.token(g)
			e := g.enterAs(t, row.session, row.node, token)
			if row.opens {
				again := g.enterAs(t, row.session, row.node, token)
				var err error
				select {
				case err = <-again.gone:
				case err = <-e.gone: // it came second
					e = again
				}
				if !errors.Is(err, errToken) {
					t.Errorf("the token a second time: got %v, want %v", err, errToken)
				}
				g.CloseSession(row.session, "bye")
				e.wants(channelClosed, 0, "")
				return
			}
			if err := <-e.gone; !errors.Is(err, errToken) && !errors.Is(err, nodes.ErrNoSession) {
				t.Errorf("got %v, want a refusal", err)
			}
		})
	}
}

// Messages are forwarded as they are, acknowledgements too, and a message that
// was acknowledged is answered instead of being forwarded again.
func TestRepeatedMessageIsAnsweredAndNotForwarded(t *testing.T) {
	_, _, client, node := meetBoth(t)
	first := node.say(outputStreamData, 0, "one")
	client.acknowledge(client.wants(outputStreamData, 0, "one"))
	node.wantsAcknowledged(0)
	if err := wsutil.WriteClientBinary(node.conn, first.bytes()); err != nil {
		t.Fatal(err)
	}
	node.wantsAcknowledged(0)
	node.say(outputStreamData, 1, "two")
	client.wants(outputStreamData, 1, "two") // not "one" again
	node.say(outputStreamData, 1, "two")
	client.wants(outputStreamData, 1, "two") // no word of it yet: the client may not have been ready
	client.say(inputStreamData, 0, "typed")
	node.acknowledge(node.wants(inputStreamData, 0, "typed"))
	client.wantsAcknowledged(0)
}

// A client that comes back gets what it has not acknowledged, and the node
// learns that it was away.
func TestClientComesBack(t *testing.T) {
	g, l, client, node := meetBoth(t)
	node.say(outputStreamData, 0, "one")
	client.wants(outputStreamData, 0, "one")
	client.conn.Close()
	node.wants(pausePublication, 0, "")
	if got := <-l.moved; got != "alice-1 Disconnected" {
		t.Fatalf("got %s", got)
	}
	if s := g.Sight("alice-1"); s.ClientGone.IsZero() || !s.NodeGone.IsZero() {
		t.Errorf("got %+v, want the client gone and the node there", s)
	}
	node.say(outputStreamData, 1, "two")
	client = g.enterAs(t, "alice-1", "", g.ClientToken("alice-1"))
	node.wants(startPublication, 0, "")
	client.wants(outputStreamData, 0, "one") // which the plugin has had and lets pass
	client.acknowledge(client.wants(outputStreamData, 1, "two"))
	node.wantsAcknowledged(0)
	node.wantsAcknowledged(1)
}

// A client that does not read stops neither its node's words nor other
// sessions, and gets everything in the end.
func TestSlowReader(t *testing.T) {
	g, _, client, node := meetBoth(t)
	const size, count = 64 << 10, 70 // more than is kept without reading more slowly
	body := string(make([]byte, size))
	said := make(chan struct{})
	go func() {
		defer close(said)
		for i := range int64(count) {
			node.say(outputStreamData, i, body)
		}
	}()
	other := g.enterAs(t, "bob-2", "", g.ClientToken("bob-2"))
	far := g.enterAs(t, "bob-2", "mi-2", g.NodeToken("bob-2"))
	far.say(outputStreamData, 0, "quick")
	other.wants(outputStreamData, 0, "quick")
	client.say(inputStreamData, 0, "typed")
	if m := node.hear(); m.Type != inputStreamData {
		t.Fatalf("got %s, want what the client typed", m.Type)
	}
	<-said
	for i := range int64(count) {
		client.acknowledge(client.wants(outputStreamData, i, ""))
	}
}

// What one direction keeps is bounded, whatever a sender sends.
func TestFullLaneDropsWhatItsSenderWillSayAgain(t *testing.T) {
	l := newLane(&shelf{})
	body := make([]byte, 1<<20)
	for i := range int64(20) {
		if l.put(i, body) {
			t.Fatalf("message %d was taken for an old one", i)
		}
	}
	if l.bytes > mostOnWay || l.bytes < mostOnWay/2 {
		t.Errorf("%d bytes are kept, want up to %d", l.bytes, mostOnWay)
	}
	if waited, _ := l.settle(19); waited {
		t.Error("a message that was dropped was waited for")
	}
	for l.take(func([]byte) {}) {
		continue
	}
	if waited, _ := l.settle(0); !waited || l.bytes != 13<<20 {
		t.Errorf("waited %v with %d bytes left, want an acknowledgement that makes room", waited, l.bytes)
	}
	// A plugin lets a repetition pass in silence. After enough of them, and an
	// acknowledgement of a later message, it must have had it.
	l.settle(2)
	for range deaf - 1 {
		if l.put(1, body) {
			t.Fatal("message 1 was given up too early")
		}
		l.take(func([]byte) {})
	}
	if !l.put(1, body) {
		t.Error("message 1 is still repeated to a receiver that lets it pass")
	}
}

// What one side may make the gateway keep is bounded in number too.
func TestManySmallMessagesAndALargeAcknowledgement(t *testing.T) {
	l := newLane(&shelf{})
	for i := range int64(mostParcels + 5) {
		l.put(i, []byte("x"))
	}
	if len(l.known) != mostParcels {
		t.Errorf("%d messages are kept, want %d", len(l.known), mostParcels)
	}
	_, _, client, _ := meetBoth(t)
	client.say(acknowledge, 0, `{"AcknowledgedMessageId":"`+string(bytes.Repeat([]byte("x"), mostAcknowledgement))+`"}`)
	if err := <-client.gone; !errors.Is(err, errMalformed) {
		t.Errorf("got %v, want %v", err, errMalformed)
	}
}

// A session may fail before its client is there, which then learns why, once.
func TestClientThatComesAfterTheEnd(t *testing.T) {
	g, _ := openHall(t)
	token := g.ClientToken("alice-1")
	g.ClientToken("bob-2")
	c := newChannel("mi-1", &paper{})
	for _, said := range []string{`{"TaskId":"alice-1","Output":"no such user"}`, `{"TaskId":"bob-2","Output":"of another node"}`} {
		if err := g.handleTask(t.Context(), c, message{Type: agentTaskComplete, Payload: []byte(said)}); err != nil {
			t.Fatal(err)
		}
	}
	if g.meetings.tokens[tokenKey{"bob-2", clientSide}].over {
		t.Error("another node ended a session")
	}
	g.CloseSession("alice-1", "")
	e := g.enterAs(t, "alice-1", "", token)
	if m := e.wants(channelClosed, 0, ""); !bytes.Contains(m.Payload, []byte(`"Output":"no such user"`)) {
		t.Errorf("got %s, want why it ended", m.Payload)
	}
	if err := <-e.gone; !errors.Is(err, nodes.ErrNoSession) {
		t.Errorf("got %v, want %v", err, nodes.ErrNoSession)
	}
	if again := g.enterAs(t, "alice-1", "", token); !errors.Is(<-again.gone, errToken) {
		t.Error("the token was good twice")
	}
}

// fickle knows a session once: it ends while somebody enters it.
type fickle struct {
	*ledger
	asked int
}

func (f *fickle) Session(ctx context.Context, id string) (nodes.Session, error) {
	f.asked++
	if f.asked > 1 {
		return nodes.Session{}, nodes.ErrNoSession
	}
	return f.ledger.Session(ctx, id)
}

func TestSessionThatEndsWhileSomebodyEntersIsNotKept(t *testing.T) {
	g, l := openHall(t)
	g.ServeSessions(&fickle{ledger: l})
	if _, err := g.meet(t.Context(), "alice-1"); !errors.Is(err, nodes.ErrNoSession) {
		t.Errorf("got %v, want %v", err, nodes.ErrNoSession)
	}
	if g.meeting("alice-1") != nil {
		t.Error("it is kept for ever")
	}
}

func TestEndOfASession(t *testing.T) {
	g, l, client, node := meetBoth(t)
	sent := &paper{Conn: node.conn}
	c := newChannel("mi-1", sent)
	payload := []byte(`{"TaskId":"alice-1","FinalTaskStatus":"Success","Output":"so long"}`)
	if err := g.handleTask(t.Context(), c, message{Type: agentTaskComplete, Payload: payload}); err != nil {
		t.Fatal(err)
	}
	if got := <-l.ended; got != "mi-1 alice-1 so long" {
		t.Errorf("got %q", got)
	}
	m := client.wants(channelClosed, 0, "")
	var said struct{ SessionId, Output string }
	if err := json.Unmarshal(m.Payload, &said); err != nil || said.Output != "so long" || said.SessionId != "alice-1" {
		t.Errorf("got %s", m.Payload)
	}
	if m, err := parse(sent.last()); err != nil || m.Type != agentTaskAcknowledge {
		t.Errorf("got %v %v, want %s", m.Type, err, agentTaskAcknowledge)
	}
	// Another node's word ends nothing.
	if _, err := g.meet(t.Context(), "bob-2"); err != nil {
		t.Fatal(err)
	}
	if err := g.handleTask(t.Context(), c, message{Type: agentTaskComplete, Payload: []byte(`{"TaskId":"bob-2"}`)}); err != nil {
		t.Fatal(err)
	}
	if s := g.meeting("bob-2"); s == nil {
		t.Error("another node ended a session")
	}
}

// paper is a connection on which frames are written and nobody reads.
type paper struct {
	net.Conn
	all [][]byte
}

func (p *paper) Write(b []byte) (int, error) {
	p.all = append(p.all, bytes.Clone(b))
	return len(b), nil
}

func (p *paper) SetWriteDeadline(time.Time) error { return nil }

// last is the body of the last frame.
func (p *paper) last() []byte {
	if len(p.all) == 0 {
		return nil
	}
	r := bytes.NewReader(p.all[len(p.all)-1])
	if _, err := ws.ReadHeader(r); err != nil {
		return nil
	}
	body, err := io.ReadAll(r)
	if err != nil {
		return nil
	}
	return body
}

func FuzzDataFrames(f *testing.F) {
	f.Add(message{Type: acknowledge, Created: 1, Payload: []byte(`{"AcknowledgedMessageSequenceNumber":0}`)}.bytes())
	f.Add(message{Type: outputStreamData, Created: 1, Payload: []byte("x")}.bytes())
	f.Fuzz(func(t *testing.T, body []byte) {
		g, _ := openHall(t)
		m, err := g.meet(t.Context(), "alice-1")
		if err != nil {
			t.Fatal(err)
		}
		msg, err := parse(body)
		if err != nil {
			return
		}
		for _, who := range []side{clientSide, nodeSide} {
			p := &party{side: who, g: g, ready: make(chan struct{}, 1), ending: make(chan struct{})}
			_ = m.handle(t.Context(), p, msg, body)
		}
	})
}

func FuzzTaskComplete(f *testing.F) {
	f.Add([]byte(`{"TaskId":"alice-1","Output":"x"}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		g, _ := openHall(t)
		sent := &paper{}
		c := newChannel("mi-1", sent)
		err := g.handleTask(t.Context(), c, message{Type: agentTaskComplete, Payload: payload})
		if err == nil && len(sent.all) != 1 {
			t.Error("an end was taken and not acknowledged")
		}
	})
}

func TestSpansOfNumbers(t *testing.T) {
	l := newLane(&shelf{})
	for _, n := range []int64{5, 7, 6, 0, 2, 1, 7, 100} {
		l.note(n)
	}
	if got := fmt.Sprint(l.acked); got != "[{0 2} {5 7} {100 100}]" {
		t.Errorf("got %s", got)
	}
	for n, want := range map[int64]bool{0: true, 2: true, 3: false, 6: true, 8: false, 100: true, 101: false, -1: false} {
		if got := l.isAcked(n); got != want {
			t.Errorf("%d: got %v, want %v", n, got, want)
		}
	}
}
