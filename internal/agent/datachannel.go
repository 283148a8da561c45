package agent

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
	"strings"
	"sync"
	"time"

	"github.com/gobwas/ws"

	"tamachi/internal/agent/session"
)

// dataChannel is a session's WebSocket connection. It writes a frame at once,
// which matters to ports.
type dataChannel struct {
	conn   net.Conn
	under  *gathering // what conn writes to
	reader *bufio.Reader
	stop   context.CancelFunc
	pings  sync.WaitGroup

	writing sync.Mutex   // held over a write, so that frames do not mix
	out     bytes.Buffer // guarded by writing; the frame
}

var _ session.Channel = (*dataChannel)(nil)

// dialSession opens this node's side of a session.
func (a *agent) dialSession(ctx context.Context, id string) (session.Channel, error) {
	creds, err := a.purse.get(ctx)
	if err != nil {
		return nil, err
	}
	path := a.cfg.host("ssmmessages") + "/v1/data-channel/" + escapePath(id)
	token, err := a.createDataChannel(ctx, creds, "https://"+path)
	if err == nil {
		var d *dataChannel
		if d, err = a.dial(ctx, creds, path+"?role=publish_subscribe"); err == nil {
			return d, a.greet(ctx, d, token)
		}
	}
	a.noteRefusal(err, creds)
	if no := (*refusal)(nil); errors.As(err, &no) && no.Status == http.StatusForbidden && no.Code == "AccessDeniedException" {
		err = fmt.Errorf("%w: %w", session.ErrRefused, err)
	}
	return nil, fmt.Errorf("open the data channel: %w", err)
}

func (a *agent) createDataChannel(ctx context.Context, creds credentials, url string) (string, error) {
	body, err := json.Marshal(map[string]string{"MessageSchemaVersion": "1.0", "RequestId": a.cfg.IDs.UUID(), "ClientId": ""})
	if err != nil {
		return "", err
	}
	header := http.Header{"Content-Type": {"application/json"}}
	answer, err := a.plane.post(ctx, url, header, body, http.StatusCreated, a.withRole(creds, "ssmmessages"))
	if err != nil {
		return "", err
	}
	var out struct{ TokenValue string }
	if err := xml.Unmarshal(answer, &out); err != nil || out.TokenValue == "" {
		return "", errors.Join(errors.New("no TokenValue in the answer"), err)
	}
	return out.TokenValue, nil
}

// dial opens a signed WebSocket connection.
func (a *agent) dial(ctx context.Context, creds credentials, path string) (*dataChannel, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+path, nil)
	if err != nil {
		return nil, err
	}
	creds.sign(r, nil, a.cfg.Region, "ssmmessages", a.cfg.Clock.Now())
	var under *gathering
	dialer := ws.Dialer{
		Header: ws.HandshakeHeaderHTTP(r.Header), TLSConfig: a.trust(), Timeout: 15 * time.Second,
		NetDial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			dial := a.cfg.Dial
			if dial == nil {
				dial = new(net.Dialer).DialContext
			}
			conn, err := dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			under = &gathering{Conn: conn}
			return under, nil
		},
	}
	conn, early, _, err := dialer.Dial(ctx, "wss://"+path)
	if status := ws.StatusError(0); errors.As(err, &status) {
		return nil, &refusal{Status: int(status), Message: err.Error()}
	}
	if err != nil {
		return nil, err
	}
	d := &dataChannel{conn: conn, under: under, reader: early}
	if early == nil {
		d.reader = bufio.NewReaderSize(conn, 16<<10)
	}
	return d, nil
}

// trust is the configuration by which the agent knows its plane.
func (a *agent) trust() *tls.Config {
	if t, ok := a.plane.http.Transport.(*http.Transport); ok && t.TLSClientConfig != nil {
		return t.TLSClientConfig.Clone()
	}
	return &tls.Config{MinVersion: tls.VersionTLS12}
}

// greet shows the token, and keeps the connection alive as long as it is used.
func (a *agent) greet(ctx context.Context, d *dataChannel, token string) error {
	hello, err := json.Marshal(map[string]any{
		"MessageSchemaVersion": "1.0", "RequestId": a.cfg.IDs.UUID(), "TokenValue": token,
		"ClientInstanceId": a.id.Node, "ClientId": a.cfg.IDs.UUID(),
	})
	if err == nil {
		err = d.frame(ws.OpText, hello)
	}
	if err != nil {
		d.conn.Close()
		return fmt.Errorf("open the data channel: %w", err)
	}
	ctx, d.stop = context.WithCancel(ctx)
	d.pings.Go(func() {
		for pause(ctx, pingEvery) == nil {
			if d.frame(ws.OpPing, []byte("keepalive")) != nil {
				d.conn.Close() // who reads sees it
				return
			}
		}
	})
	return nil
}

// Read returns the next message; one that is none is let be.
func (d *dataChannel) Read(ctx context.Context) (session.Message, error) {
	defer context.AfterFunc(ctx, func() { d.conn.Close() })()
	for {
		h, err := ws.ReadHeader(d.reader)
		if err != nil {
			return session.Message{}, err
		}
		if h.Length > maxFrame || !h.Fin || h.Masked {
			return session.Message{}, fmt.Errorf("a frame of %d bytes that the plane would not send", h.Length)
		}
		body := make([]byte, h.Length)
		if _, err := io.ReadFull(d.reader, body); err != nil {
			return session.Message{}, err
		}
		switch h.OpCode {
		case ws.OpPing:
			if err := d.frame(ws.OpPong, body); err != nil {
				return session.Message{}, err
			}
		case ws.OpClose:
			return session.Message{}, io.EOF
		case ws.OpBinary:
			if f, err := decodeFrame(body); err == nil {
				return session.Message{
					Type: f.Type, ID: f.ID, Created: f.Created, Sequence: f.Sequence, Flags: f.Flags,
					Kind: session.Kind(f.PayloadType), Payload: f.Payload,
				}, nil
			}
		default:
		}
	}
}

// Write sends a message. It waits as long as the plane takes no more.
func (d *dataChannel) Write(_ context.Context, m session.Message) error {
	head, err := frame{
		Type: m.Type, ID: m.ID, Created: m.Created, Sequence: m.Sequence, Flags: m.Flags,
		PayloadType: uint32(m.Kind), Payload: m.Payload,
	}.head(0)
	if err != nil {
		return err
	}
	return d.frame(ws.OpBinary, head, m.Payload)
}

// frame writes one frame of the parts of its body, at once.
func (d *dataChannel) frame(kind ws.OpCode, parts ...[]byte) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	head := ws.Header{Fin: true, OpCode: kind, Masked: true, Mask: ws.NewMask()}
	for _, p := range parts {
		head.Length += int64(len(p))
	}
	d.out.Reset()
	if err := ws.WriteHeader(&d.out, head); err != nil {
		return err
	}
	start := d.out.Len()
	for _, p := range parts {
		d.out.Write(p)
	}
	ws.Cipher(d.out.Bytes()[start:], head.Mask, 0)
	return d.under.together(func() error {
		_, err := d.conn.Write(d.out.Bytes())
		return err
	})
}

// gathering is a connection whose writes may go out in one piece: TLS makes a
// write of each 16 KB (RFC 8446, section 5.1).
type gathering struct {
	net.Conn
	mu  sync.Mutex
	on  bool         // guarded by mu
	out bytes.Buffer // guarded by mu
}

// Write writes, or keeps it for together.
func (g *gathering) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.on {
		return g.out.Write(b)
	}
	return g.Conn.Write(b)
}

// together writes at once what do writes.
func (g *gathering) together(do func() error) error {
	g.mu.Lock()
	g.on = true
	g.mu.Unlock()
	err := do()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.on = false
	_, late := g.Conn.Write(g.out.Bytes())
	g.out.Reset()
	return errors.Join(err, late)
}

// Close ends the connection at once.
func (d *dataChannel) Close() {
	d.stop()
	d.conn.Close()
	d.pings.Wait()
}

// escapePath writes one part of a path as Signature Version 4 wants it: all but
// letters, digits and -._~ is escaped. Source: IAM User Guide, "Create a signed
// AWS API request".
func escapePath(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
