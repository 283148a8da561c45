package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
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
	// writeWithin is how long one frame may take to leave.
	writeWithin = 10 * time.Second
	// listenEvery is how often a silent channel is noticed: at the first and
	// second silence the node is pinged, at the third it is given up. Agents
	// ping every 54 s themselves.
	listenEvery = 25 * time.Second
	mostSilence = 3
)

// channel is one WebSocket connection of a node. One goroutine serves it: it
// reads; whoever has a frame writes it. Ten thousand of them are idle most of
// the time, so that what each holds is what the plane needs.
type channel struct {
	node string
	conn net.Conn

	writing sync.Mutex  // one frame at a time
	open    atomic.Bool // the token was good and the channel has not ended
	once    sync.Once
	ending  chan struct{} // closed when the channel is to end
	ended   chan struct{} // closed when all of it has ended and was reported
	code    ws.StatusCode // why; written before ending is closed
	reason  string
}

func newChannel(node string, conn net.Conn) *channel {
	return &channel{node: node, conn: conn, ending: make(chan struct{}), ended: make(chan struct{})}
}

func (c *channel) isOpen() bool { return !c.isEnding() && c.open.Load() }

func (c *channel) isEnding() bool {
	select {
	case <-c.ending:
		return true
	default:
		return false
	}
}

// in is a deadline by the clock of the machine, which sockets keep.
func in(d time.Duration) time.Time {
	return time.Now().Add(d) //nolint:forbidigo // as said
}

// past is a deadline that has gone by: it wakes who waits.
var past = time.Unix(1, 0)

// close has the channel end; the first reason counts. The reader wakes, says
// goodbye and closes the connection.
func (c *channel) close(code ws.StatusCode, reason string) {
	c.once.Do(func() {
		c.code, c.reason = code, reason
		close(c.ending)
		_ = c.conn.SetReadDeadline(past) // fails on a connection that has ended already
	})
}

// goodbye ends the connection. The peer may be gone; the reason is a courtesy.
func (c *channel) goodbye() {
	_ = c.writeFrame(ws.OpClose, ws.NewCloseFrameBody(c.code, clip(c.reason)), in(writeWithin))
	c.conn.Close()
}

// clip keeps a close reason within a control frame (RFC 6455, 5.5).
func clip(s string) string { return s[:min(len(s), 100)] }

// send writes a binary frame. A node that does not take it in time loses its
// channel.
func (c *channel) send(ctx context.Context, body []byte) error {
	if c.isEnding() {
		return nodes.ErrOffline
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	until := in(writeWithin)
	if at, ok := ctx.Deadline(); ok && at.Before(until) {
		until = at
	}
	return c.write(ws.OpBinary, body, until)
}

// queue writes a frame whose fate nobody waits for.
func (c *channel) queue(kind ws.OpCode, body []byte) {
	if !c.isEnding() {
		_ = c.write(kind, body, in(writeWithin))
	}
}

func (c *channel) write(kind ws.OpCode, body []byte, until time.Time) error {
	if err := c.writeFrame(kind, body, until); err != nil {
		c.close(ws.StatusGoingAway, "write: "+err.Error())
		return nodes.ErrOffline
	}
	return nil
}

// writeFrame writes one frame, header and body at once.
func (c *channel) writeFrame(kind ws.OpCode, body []byte, until time.Time) error {
	b, err := ws.CompileFrame(ws.NewFrame(kind, true, body))
	if err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.conn.SetWriteDeadline(until); err != nil {
		return err
	}
	_, err = c.conn.Write(b)
	return err
}

var errSilent = errors.New("nothing was heard of the node")

// Read reads from the connection and watches over silence: the deadline of the
// read is the only clock of an idle channel.
func (c *channel) Read(b []byte) (int, error) {
	for silence := 1; ; silence++ {
		if err := c.conn.SetReadDeadline(in(listenEvery)); err != nil {
			return 0, err
		}
		if c.isEnding() { // after the deadline was set, which close sets after it
			return 0, errEnded
		}
		n, err := c.conn.Read(b)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		if c.isEnding() {
			return 0, errEnded
		}
		if silence == mostSilence {
			return 0, errSilent
		}
		if err := c.writeFrame(ws.OpPing, []byte("plane"), in(writeWithin)); err != nil {
			return 0, fmt.Errorf("ping: %w", err)
		}
	}
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
		Source: c, State: ws.StateServerSide,
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
