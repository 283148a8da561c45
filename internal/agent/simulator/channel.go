package simulator

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"tamachi/internal/agent"
)

// Channel is an open control channel or one side of a session. One goroutine
// reads it, one writes.
type Channel struct {
	w    *World
	conn net.Conn
}

// Open opens the node's control channel: both requests go over one connection.
func (n *Node) Open(ctx context.Context) (*Channel, error) { return n.OpenAs(ctx, n.ID, "") }

// OpenAs opens the control channel of the node with an id, which is a lie when
// it is another's; a token that is given is shown instead of the plane's.
func (n *Node) OpenAs(ctx context.Context, node, token string) (*Channel, error) {
	return n.dial(ctx, "/v1/control-channel/"+node, "?role=subscribe&stream=input", token)
}

// dial opens a channel of the message gateway.
func (n *Node) dial(ctx context.Context, path, query, token string) (*Channel, error) {
	host := n.w.host("ssmmessages")
	plain, err := n.w.cfg.Dial(ctx, "tcp", host)
	if err != nil {
		return nil, err
	}
	trust := n.w.tls.Clone()
	trust.ServerName, _, _ = net.SplitHostPort(host)
	c := &Channel{w: n.w, conn: tls.Client(plain, trust)}
	if err := c.open(ctx, n, path, query, token); err != nil {
		return nil, errors.Join(err, c.conn.Close())
	}
	return c, nil
}

func (c *Channel) open(ctx context.Context, n *Node, path, query, token string) error {
	if at, ok := ctx.Deadline(); ok {
		if err := c.conn.SetDeadline(at); err != nil {
			return err
		}
		defer func() { _ = c.conn.SetDeadline(time.Time{}) }()
	}
	host := c.w.host("ssmmessages")
	given, err := c.create(n, host, path)
	if err != nil {
		return err
	}
	if token == "" {
		token = given
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+host+path+query, nil)
	if err != nil {
		return err
	}
	n.Credentials.Sign(r, nil, c.w.cfg.Region, "ssmmessages", c.w.cfg.Clock.Now())
	status := 0
	dialer := ws.Dialer{
		Host: host, Header: ws.HandshakeHeaderHTTP(r.Header), ReadBufferSize: 512, WriteBufferSize: 2048,
		OnStatusError: func(code int, _ []byte, _ io.Reader) { status = code },
	}
	early, _, err := dialer.Upgrade(c.conn, r.URL)
	if status != 0 {
		return &Refusal{Status: status}
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	if early != nil {
		return errors.New("the plane spoke first")
	}
	return c.greet(map[string]any{"Cookie": nil, "TokenValue": token, "AgentVersion": "3.3.987.0", "PlatformType": "linux"})
}

// greet writes the first message.
func (c *Channel) greet(hello map[string]any) error {
	hello["MessageSchemaVersion"], hello["RequestId"] = "1.0", c.w.cfg.IDs.UUID()
	text, err := json.Marshal(hello)
	if err != nil {
		return err
	}
	return wsutil.WriteClientText(c.conn, text)
}

// create asks for the token of the first frame.
func (c *Channel) create(n *Node, host, path string) (string, error) {
	body, err := json.Marshal(map[string]string{"MessageSchemaVersion": "1.0", "RequestId": c.w.cfg.IDs.UUID()})
	if err != nil {
		return "", err
	}
	r, err := http.NewRequest(http.MethodPost, "https://"+host+path, bytes.NewReader(body)) //nolint:noctx // the connection has the deadline
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	n.Credentials.Sign(r, body, c.w.cfg.Region, "ssmmessages", c.w.cfg.Clock.Now())
	if err := r.Write(c.conn); err != nil {
		return "", err
	}
	res, err := http.ReadResponse(bufio.NewReaderSize(c.conn, 1024), r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err != nil {
		return "", err
	}
	if res.StatusCode != http.StatusCreated {
		return "", readRefusal(res.StatusCode, answer)
	}
	var out struct{ TokenValue string }
	err = xml.Unmarshal(answer, &out)
	return out.TokenValue, err
}

// Close ends the channel.
func (c *Channel) Close() error { return c.conn.Close() }

// Read returns the plane's next frame. Pings are answered.
func (c *Channel) Read() (agent.Frame, error) {
	b, _, err := wsutil.ReadServerData(c.conn)
	if err != nil {
		return agent.Frame{}, err
	}
	return agent.DecodeFrame(b)
}

// Write sends a frame; an empty ID is a new one.
func (c *Channel) Write(kind, id string, payload any) error {
	text, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	if id == "" {
		id = c.w.cfg.IDs.UUID()
	}
	return c.Say(agent.Frame{Type: kind, ID: id, Payload: text})
}

// Say sends a frame as it is, made now.
func (c *Channel) Say(f agent.Frame) error {
	f.Created = c.w.cfg.Clock.Now()
	b, err := f.Encode()
	if err != nil {
		return err
	}
	return c.WriteRaw(b)
}

// WriteRaw sends any bytes as a binary message.
func (c *Channel) WriteRaw(b []byte) error { return wsutil.WriteClientBinary(c.conn, b) }

// Ping asks for a sign of life.
func (c *Channel) Ping() error { return wsutil.WriteClientMessage(c.conn, ws.OpPing, nil) }
