package gateway

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"tamachi/internal/nodes"
)

const (
	// mostWords bounds the frames that wait besides stream data: one for each
	// message on its way, at the most.
	mostWords = 20_000
	// quiet is after how long without a word a peer is pinged.
	quiet = 25 * time.Second
	// piece is how much is enough for one write.
	piece = 64 << 10
	// farewell is how long a last frame may take to leave.
	farewell = 5 * time.Second
)

// party is the data channel of one side. Two goroutines serve it: one reads,
// one writes.
type party struct {
	side side
	conn net.Conn
	g    *Gateway

	mu    sync.Mutex
	words [][]byte // guarded by mu; acknowledgements and the like, which go first
	pongs [][]byte // guarded by mu
	last  bool     // guarded by mu; nothing comes after words

	ready  chan struct{} // holds one when words were added
	once   sync.Once
	ending chan struct{} // closed when the channel is to end
	ended  chan struct{} // closed when all of it has ended
	reason string        // written before ending is closed
}

// AttachSession serves a data channel of a session on a connection whose
// WebSocket handshake is done, until either side ends it or ctx ends. It owns
// conn. node is the caller's id, or empty for a client; the first message must
// carry the token that was made for this side of this session. The error says
// why the channel ended.
func (g *Gateway) AttachSession(ctx context.Context, session, node string, conn net.Conn) error {
	p := &party{
		side: clientSide, conn: conn, g: g,
		ready: make(chan struct{}, 1), ending: make(chan struct{}), ended: make(chan struct{}),
	}
	if node != "" {
		p.side = nodeSide
	}
	defer close(p.ended)
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { p.end("the plane is stopping"); conn.Close() })()
	err := g.converse(ctx, p, session, node)
	g.log.Debug("data channel ended", slog.String("resource", session), slog.String("action", p.side.String()), slog.Any("err", err))
	return fmt.Errorf("data channel of %s: %w", session, err)
}

// converse opens the channel and passes on what comes.
func (g *Gateway) converse(ctx context.Context, p *party, session, node string) error {
	r := &dataReader{p: p, r: wsutil.Reader{Source: bufio.NewReaderSize(p.conn, 32<<10), State: ws.StateServerSide, MaxFrameSize: mostMessage, MaxMessageSize: mostMessage}}
	r.r.OnIntermediate = p.control
	m, err := g.admit(ctx, p, r, session, node)
	if err != nil {
		p.refuse(err)
		return err
	}
	if err := m.enter(p); err != nil {
		p.refuse(err)
		return err
	}
	var writer sync.WaitGroup
	writer.Go(func() { p.write(m.lanes[p.side]) })
	if m.both() {
		m.report(ctx, nodes.SessionConnected)
	}
	err = m.listen(ctx, p, r)
	p.end(err.Error())
	writer.Wait()
	if m.leave(p) && p.side == clientSide {
		m.report(ctx, nodes.SessionDisconnected)
	}
	return err
}

// admit reads the first message and finds the session whose token it carries.
func (g *Gateway) admit(ctx context.Context, p *party, r *dataReader, session, node string) (*meeting, error) {
	late := time.AfterFunc(openWithin, func() { p.conn.Close() })
	defer late.Stop()
	kind, body, err := r.next()
	if err != nil {
		return nil, err
	}
	var hello struct{ TokenValue string }
	if kind != ws.OpText || json.Unmarshal(body, &hello) != nil {
		return nil, fmt.Errorf("%w: the first message is no request to open the channel", errMalformed)
	}
	t, ok := g.redeemSession(tokenKey{session, p.side}, hello.TokenValue)
	if !ok {
		return nil, errToken
	}
	if t.over {
		p.conclude(g.closed(session, session, t.output))
		return nil, nodes.ErrNoSession
	}
	m, err := g.meet(ctx, session)
	if over, ok := errors.AsType[*overError](err); ok && errors.Is(err, nodes.ErrNoSession) && p.side == clientSide {
		p.conclude(g.closed(session, session, over.output))
	}
	if err != nil {
		return nil, err
	}
	if p.side == nodeSide && m.Node != node {
		return nil, errToken
	}
	return m, nil
}

// listen reads a side until it ends.
func (m *meeting) listen(ctx context.Context, p *party, r *dataReader) error {
	for {
		kind, body, err := r.next()
		if err != nil {
			return err
		}
		if kind != ws.OpBinary {
			continue
		}
		msg, err := parse(body)
		if err != nil {
			return err
		}
		if err := m.handle(ctx, p, msg, body); err != nil {
			return err
		}
	}
}

// refuse tells a party without a writer why it may not stay.
func (p *party) refuse(why error) {
	code := ws.StatusPolicyViolation
	if errors.Is(why, errMalformed) {
		code = ws.StatusProtocolError
	}
	if err := p.conn.SetWriteDeadline(time.Now().Add(farewell)); err != nil { //nolint:forbidigo // a deadline of the socket's own clock
		return
	}
	p.reason = why.Error()
	_ = p.frame(ws.OpClose, ws.NewCloseFrameBody(code, clip(p.reason))) // a courtesy
}

// conclude tells a party without a writer how its session ended.
func (p *party) conclude(closed []byte) {
	if err := p.conn.SetWriteDeadline(time.Now().Add(farewell)); err != nil { //nolint:forbidigo // a deadline of the socket's own clock
		return
	}
	_ = p.frame(ws.OpBinary, closed) // a courtesy
}

// end ends the channel at once.
func (p *party) end(why string) {
	p.once.Do(func() {
		p.reason = why
		close(p.ending)
	})
}

// say queues a frame that goes before stream data. A party that lets too many
// wait is ended: it does not read.
func (p *party) say(body []byte) {
	p.mu.Lock()
	if !p.last {
		p.words = append(p.words, body)
	}
	flood := len(p.words) > mostWords
	p.mu.Unlock()
	if flood {
		p.end("too many frames wait for this side")
	}
	ring(p.ready)
}

// finish queues the last frame: the channel ends when it has left.
func (p *party) finish(body []byte) {
	p.say(body)
	p.mu.Lock()
	p.last = true
	p.mu.Unlock()
	ring(p.ready)
}

// sayAcknowledged tells a side that the other had its message.
func (p *party) sayAcknowledged(m message) error {
	payload, err := json.Marshal(acknowledgement{Type: m.Type, ID: m.uuid(), Sequence: int64(m.Sequence), Sequential: true})
	if err != nil {
		return err
	}
	p.say(message{
		Type: acknowledge, ID: newID(p.g.ids), Created: uint64(p.g.clock.Now().UnixMilli()), Flags: 3, Payload: payload,
	}.bytes())
	return nil
}

// control answers a ping and ends at a close.
func (p *party) control(h ws.Header, r io.Reader) error {
	body := make([]byte, h.Length)
	if _, err := io.ReadFull(r, body); err != nil && !(errors.Is(err, io.EOF) && h.Length == 0) {
		return fmt.Errorf("read a control frame: %w", err)
	}
	switch h.OpCode {
	case ws.OpPing:
		p.mu.Lock()
		p.pongs = append(p.pongs[:min(len(p.pongs), 3)], body)
		p.mu.Unlock()
		ring(p.ready)
	case ws.OpClose:
		return errEnded
	}
	return nil
}

// word returns a frame that goes before stream data.
func (p *party) word() (kind ws.OpCode, body []byte, last bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.pongs) > 0 {
		body, p.pongs = p.pongs[0], p.pongs[1:]
		return ws.OpPong, body, false
	}
	if len(p.words) == 0 {
		return 0, nil, false
	}
	body, p.words = p.words[0], p.words[1:]
	return ws.OpBinary, body, p.last && len(p.words) == 0
}

// gather puts the frames that wait into one piece, as many as are worth one
// write. It returns whether they are the last.
func (p *party) gather(l *lane, into *bytes.Buffer) (last bool, err error) {
	add := func(kind ws.OpCode, body []byte) {
		err = errors.Join(err, ws.WriteFrame(into, ws.NewFrame(kind, true, body)))
	}
	for into.Len() < piece && err == nil && !last {
		kind, body, end := p.word()
		if kind != 0 {
			last = end
			add(kind, body)
			continue
		}
		if !l.take(func(body []byte) { add(ws.OpBinary, body) }) {
			break
		}
	}
	if last {
		add(ws.OpClose, ws.NewCloseFrameBody(ws.StatusNormalClosure, "the session is over"))
	}
	return last, err
}

// write sends what waits, until the channel is to end. A side that reads
// slowly, or not for a while, is waited for; it keeps only itself waiting. It
// closes the connection, which ends the reader too.
func (p *party) write(l *lane) {
	defer p.conn.Close()
	stop := make(chan struct{})
	defer close(stop)
	go p.cutWhenEnding(stop)
	ping := time.NewTicker(quiet)
	defer ping.Stop()
	var out bytes.Buffer
	for {
		out.Reset()
		last, err := p.gather(l, &out)
		if err != nil {
			return
		}
		if out.Len() > 0 {
			if _, err := p.conn.Write(out.Bytes()); err != nil || last {
				return
			}
			continue
		}
		select {
		case <-p.ready:
		case <-l.ready:
		case <-ping.C:
			if p.frame(ws.OpPing, []byte("plane")) != nil {
				return
			}
			out = bytes.Buffer{} // nothing was said for a while: no need to keep it
		case <-p.ending:
			return
		}
	}
}

// cutWhenEnding frees a writer that waits for its peer when the channel ends.
func (p *party) cutWhenEnding(stop chan struct{}) {
	select {
	case <-p.ending:
		p.conn.Close()
	case <-stop:
	}
}

func (p *party) frame(kind ws.OpCode, body []byte) error {
	head, err := ws.CompileFrame(ws.NewFrame(kind, true, body))
	if err != nil {
		return err
	}
	_, err = p.conn.Write(head)
	return err
}

// dataReader reads whole messages.
type dataReader struct {
	p *party
	r wsutil.Reader
}

// next returns the next text or binary message. Control frames before it are
// answered. A message that comes in one frame is read into one buffer.
func (r *dataReader) next() (ws.OpCode, []byte, error) {
	for {
		h, err := r.r.NextFrame()
		if err != nil {
			return 0, nil, err
		}
		if h.OpCode.IsControl() {
			if err := r.p.control(h, &r.r); err != nil {
				return 0, nil, err
			}
			continue
		}
		if !h.Fin {
			b, err := io.ReadAll(&r.r)
			return h.OpCode, b, err
		}
		b := r.p.g.shelf.take(int(h.Length))
		if _, err := io.ReadFull(&r.r, b); err != nil {
			return 0, nil, err
		}
		return h.OpCode, b, r.r.Discard()
	}
}
