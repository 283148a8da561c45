package incus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/coder/websocket"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/image"
)

// DialDisplay opens a stream to the desktop's display server: by a process in
// the desktop, whose input and output the server brings to us. So it works
// with a server anywhere, and the desktop needs no port.
func (p *Provider) DialDisplay(ctx context.Context, id string) (net.Conn, error) {
	conn, err := p.relay(ctx, id, "display")
	if err != nil {
		return nil, fmt.Errorf("dial the display of desktop %s: %w", id, err)
	}
	return conn, nil
}

// DialDoor opens a door of a desktop in the same way.
func (p *Provider) DialDoor(ctx context.Context, id string, door desktops.Door) (net.Conn, error) {
	err := desktops.ErrLacking
	var conn net.Conn
	if door.Known() {
		conn, err = p.relay(ctx, id, string(door))
	}
	if err != nil {
		return nil, fmt.Errorf("open the door %s of desktop %s: %w", door, id, err)
	}
	return conn, nil
}

// relay joins us with a socket of a desktop, by a step of our binary there.
func (p *Provider) relay(ctx context.Context, id, step string) (net.Conn, error) {
	d, err := p.inspect(ctx, id)
	if err != nil {
		return nil, err
	}
	if d.State != desktops.Running {
		return nil, fmt.Errorf("the desktop is %s", d.State)
	}
	return p.join(ctx, id, []string{image.Program, "desktop-init", step})
}

// person is the uid and gid of the desktop's user.
const person = 1000

// join starts a command as the desktop's user; what is written is its input,
// what is read its output (Incus documentation, "Instances: exec").
func (p *Provider) join(ctx context.Context, id string, command []string) (net.Conn, error) {
	a, err := p.server.begin(ctx, http.MethodPost, path("instances", id, "exec"), nil, map[string]any{
		"command": command, "wait-for-websocket": true, "interactive": false, "user": person, "group": person, "cwd": "/",
	})
	if err != nil {
		return nil, err
	}
	op, err := a.operation()
	if err != nil {
		return nil, err
	}
	secrets, _ := op.Metadata["fds"].(map[string]any)
	c := &channel{lines: map[string]*websocket.Conn{}}
	for _, name := range []string{"control", "0", "1", "2"} {
		secret, ok := secrets[name].(string)
		if !ok {
			return nil, errors.Join(fmt.Errorf("the Incus server gives no line %s", name), c.close())
		}
		to := p.server.address(path("operations", op.ID, "websocket"), url.Values{"secret": {secret}})
		line, _, err := websocket.Dial(ctx, to, &websocket.DialOptions{HTTPClient: p.server.http}) //nolint:bodyclose // the package closes it (Dial)
		if err != nil {
			return nil, errors.Join(err, c.close())
		}
		line.SetReadLimit(-1) // pixels
		c.lines[name] = line
	}
	live := context.WithoutCancel(ctx)
	c.Conn = websocket.NetConn(live, c.lines["0"], websocket.MessageBinary)
	c.out = websocket.NetConn(live, c.lines["1"], websocket.MessageBinary)
	return c, nil
}

// channel is a command in a desktop as a connection.
type channel struct {
	net.Conn // to its input
	out      net.Conn
	lines    map[string]*websocket.Conn
}

// Read reads what the command writes.
func (c *channel) Read(b []byte) (int, error) {
	n, err := c.out.Read(b)
	if errors.Is(err, context.Canceled) { // nothing but a deadline cancels what waits (websocket.NetConn)
		return n, os.ErrDeadlineExceeded
	}
	if err != nil && !isTimeout(err) {
		err = io.EOF // the command ended, and with it all its lines
	}
	return n, err
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

// SetDeadline bounds reading and writing.
func (c *channel) SetDeadline(t time.Time) error {
	return errors.Join(c.out.SetDeadline(t), c.Conn.SetDeadline(t))
}

// SetReadDeadline bounds reading.
func (c *channel) SetReadDeadline(t time.Time) error { return c.out.SetReadDeadline(t) }

// Close ends the command: its input ends.
func (c *channel) Close() error { return c.close() }

func (c *channel) close() error {
	for _, line := range c.lines {
		_ = line.CloseNow()
	}
	return nil
}
