package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"tamachi/internal/nodes"
)

const (
	// mostMessage bounds what one message may hold. The SSM Agent drops
	// replies over 120,000 bytes itself.
	mostMessage = 512 << 10
	// queued is how many frames may wait for a slow node.
	queued = 16
	// writeWithin is how long one frame may take to leave.
	writeWithin = 10 * time.Second
	// listenEvery is how often a silent channel is noticed: at the first and
	// second silence the node is pinged, at the third it is given up. Agents
	// ping every 54 s themselves.
	listenEvery = 25 * time.Second
	mostSilence = 3
)

// channel is one WebSocket connection of a node. Two goroutines serve it: one
// reads, one writes.
type channel struct {
	node string
	conn net.Conn

	out    chan outgoing
	open   atomic.Bool // the token was good and the channel has not ended
	heard  atomic.Bool // a frame came since the writer last looked
	once   sync.Once
	ending chan struct{} // closed when the channel is to end
	ended  chan struct{} // closed when all of it has ended and was reported
	code   ws.StatusCode // why; written before ending is closed
	reason string
}

// outgoing is a frame on its way; written receives once.
type outgoing struct {
	kind    ws.OpCode
	body    []byte
	written chan error
}

func newChannel(node string, conn net.Conn) *channel {
	return &channel{
		node: node, conn: conn, out: make(chan outgoing, queued),
		ending: make(chan struct{}), ended: make(chan struct{}),
	}
}

func (c *channel) isOpen() bool {
	select {
	case <-c.ending:
		return false
	default:
		return c.open.Load()
	}
}

// close ends the channel; the first reason counts.
func (c *channel) close(code ws.StatusCode, reason string) {
	c.once.Do(func() {
		c.code, c.reason = code, reason
		close(c.ending)
	})
}

// send queues a binary frame and waits until it has left.
func (c *channel) send(ctx context.Context, body []byte) error {
	o := outgoing{kind: ws.OpBinary, body: body, written: make(chan error, 1)}
	select {
	case c.out <- o:
	case <-c.ending:
		return nodes.ErrOffline
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-o.written:
		return err
	case <-c.ended:
		return nodes.ErrOffline
	case <-ctx.Done():
		return ctx.Err()
	}
}

// queue puts a frame into the queue and does not wait for it to leave. A queue
// that stays full ends with the write that fills it.
func (c *channel) queue(kind ws.OpCode, body []byte) {
	select {
	case c.out <- outgoing{kind: kind, body: body, written: make(chan error, 1)}:
	case <-c.ending:
	}
}

// write sends what is queued and watches over silence, until the channel is to
// end. It closes the connection, which ends the reader too.
func (c *channel) write() {
	defer c.conn.Close()
	listen := time.NewTicker(listenEvery)
	defer listen.Stop()
	silence := 0
	for {
		select {
		case o := <-c.out:
			err := c.writeFrame(o.kind, o.body)
			if err != nil {
				c.close(ws.StatusGoingAway, "write: "+err.Error())
				err = nodes.ErrOffline
			}
			o.written <- err
		case <-listen.C:
			if c.heard.Swap(false) {
				silence = 0
				continue
			}
			if silence++; silence >= mostSilence {
				c.close(ws.StatusGoingAway, "nothing was heard of the node")
			} else if err := c.writeFrame(ws.OpPing, []byte("plane")); err != nil {
				c.close(ws.StatusGoingAway, "ping: "+err.Error())
			}
		case <-c.ending:
			// The peer may be gone; the reason is a courtesy.
			_ = c.writeFrame(ws.OpClose, ws.NewCloseFrameBody(c.code, clip(c.reason)))
			return
		}
	}
}

// clip keeps a close reason within a control frame (RFC 6455, 5.5).
func clip(s string) string { return s[:min(len(s), 100)] }

// writeFrame writes one frame, header and body at once. A write that takes too
// long is ended by closing the connection.
func (c *channel) writeFrame(kind ws.OpCode, body []byte) error {
	late := time.AfterFunc(writeWithin, func() { c.conn.Close() })
	defer late.Stop()
	b, err := ws.CompileFrame(ws.NewFrame(kind, true, body))
	if err != nil {
		return err
	}
	_, err = c.conn.Write(b)
	return err
}

// errEnded says that the peer ended the channel as it should.
var errEnded = errors.New("the node closed its channel")

// reader reads whole messages.
type reader struct {
	c *channel
	r wsutil.Reader
}

func newReader(c *channel) *reader {
	return &reader{c: c, r: wsutil.Reader{
		Source: c.conn, State: ws.StateServerSide,
		MaxFrameSize: mostMessage, MaxMessageSize: mostMessage,
		OnIntermediate: c.control,
	}}
}

// next returns the next text or binary message; control frames before it are
// answered.
func (r *reader) next() (ws.OpCode, []byte, error) {
	for {
		h, err := r.r.NextFrame()
		if err != nil {
			return 0, nil, err
		}
		r.c.heard.Store(true)
		if h.OpCode.IsControl() {
			if err := r.c.control(h, &r.r); err != nil {
				return 0, nil, err
			}
			continue
		}
		b, err := io.ReadAll(&r.r)
		if err != nil {
			return 0, nil, err
		}
		return h.OpCode, b, nil
	}
}

// control answers a ping and ends at a close.
func (c *channel) control(h ws.Header, r io.Reader) error {
	body := make([]byte, h.Length)
	if _, err := io.ReadFull(r, body); err != nil && !(errors.Is(err, io.EOF) && h.Length == 0) {
		return fmt.Errorf("read a control frame: %w", err)
	}
	switch h.OpCode {
	case ws.OpPing:
		c.queue(ws.OpPong, body)
	case ws.OpClose:
		return errEnded
	}
	return nil
}
