package agent

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"tamachi/internal/agent/session"
)

// dataChannel is a session's WebSocket connection.
type dataChannel struct {
	conn  *websocket.Conn
	stop  context.CancelFunc
	pings sync.WaitGroup
}

var _ session.Channel = (*dataChannel)(nil)

// dialSession opens this node's side of a session.
func (a *agent) dialSession(ctx context.Context, id string) (session.Channel, error) {
	creds, err := a.purse.get(ctx)
	if err != nil {
		return nil, err
	}
	url := "https://" + a.cfg.host("ssmmessages") + "/v1/data-channel/" + escapePath(id)
	token, err := a.createDataChannel(ctx, creds, url)
	if err == nil {
		var conn *websocket.Conn
		if conn, err = a.dial(ctx, creds, url+"?role=publish_subscribe"); err == nil {
			return a.greet(ctx, conn, token)
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
func (a *agent) dial(ctx context.Context, creds credentials, url string) (*websocket.Conn, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	creds.sign(r, nil, a.cfg.Region, "ssmmessages", a.cfg.Clock.Now())
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	//nolint:bodyclose // Dial's contract: the response needs no closing
	conn, res, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: a.plane.http, HTTPHeader: r.Header})
	if err != nil {
		if res != nil && res.StatusCode != http.StatusSwitchingProtocols {
			return nil, &refusal{Status: res.StatusCode, Message: err.Error()}
		}
		return nil, err
	}
	conn.SetReadLimit(maxFrame)
	return conn, nil
}

// greet shows the token, and keeps the connection alive as long as it is used.
func (a *agent) greet(ctx context.Context, conn *websocket.Conn, token string) (session.Channel, error) {
	hello, err := json.Marshal(map[string]any{
		"MessageSchemaVersion": "1.0", "RequestId": a.cfg.IDs.UUID(), "TokenValue": token,
		"ClientInstanceId": a.id.Node, "ClientId": a.cfg.IDs.UUID(),
	})
	if err == nil {
		err = conn.Write(ctx, websocket.MessageText, hello)
	}
	if err != nil {
		_ = conn.CloseNow() // it was of no use
		return nil, fmt.Errorf("open the data channel: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	d := &dataChannel{conn: conn, stop: cancel}
	d.pings.Go(func() {
		if keepAlive(ctx, conn) != nil {
			_ = conn.CloseNow() // who reads sees it
		}
	})
	return d, nil
}

// Read returns the next message; one that is none is let be.
func (d *dataChannel) Read(ctx context.Context) (session.Message, error) {
	for {
		kind, data, err := d.conn.Read(ctx)
		if err != nil {
			return session.Message{}, err
		}
		if kind != websocket.MessageBinary {
			continue
		}
		f, err := decodeFrame(data)
		if err != nil {
			continue
		}
		return session.Message{
			Type: f.Type, ID: f.ID, Created: f.Created, Sequence: f.Sequence, Flags: f.Flags,
			Kind: session.Kind(f.PayloadType), Payload: f.Payload,
		}, nil
	}
}

// Write sends a message. It waits as long as the plane takes no more.
func (d *dataChannel) Write(ctx context.Context, m session.Message) error {
	b, err := frame{
		Type: m.Type, ID: m.ID, Created: m.Created, Sequence: m.Sequence, Flags: m.Flags,
		PayloadType: uint32(m.Kind), Payload: m.Payload,
	}.encode()
	if err != nil {
		return err
	}
	return d.conn.Write(ctx, websocket.MessageBinary, b)
}

// Close ends the connection at once.
func (d *dataChannel) Close() {
	d.stop()
	_ = d.conn.CloseNow() // it has ended already, or will not miss a goodbye
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
