package agent

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
)

const (
	// pingEvery is the SSM Agent's: idle connections are cut by middle boxes
	// after a minute.
	pingEvery  = 54 * time.Second
	pongWithin = 60 * time.Second
	// writeWithin is how long a frame may take to leave.
	writeWithin = 10 * time.Second
	// resendEvery is how often results without an acknowledgement are sent
	// again while the channel is open.
	resendEvery = 10 * time.Second
)

// keepChannel holds a control channel, for ever.
func (a *agent) keepChannel(ctx context.Context) error {
	for try := 0; ; try++ {
		began := a.cfg.Clock.Now()
		err := a.converse(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if a.cfg.Clock.Now().Sub(began) > 10*time.Second {
			try = 0
		}
		a.log.Info("control channel ended", slog.String("node", a.id.Node), slog.Any("err", err))
		if err := pause(ctx, a.delay(try)); err != nil {
			return err
		}
	}
}

// converse opens one control channel and serves it until it breaks.
func (a *agent) converse(ctx context.Context) error {
	conn, err := a.openChannel(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }() // it has ended already, or will not miss a goodbye
	a.probation.arrived(true, false)
	return a.serve(ctx, conn)
}

// openChannel opens a control channel and says who is there.
func (a *agent) openChannel(ctx context.Context) (*websocket.Conn, error) {
	creds, err := a.purse.get(ctx)
	if err != nil {
		return nil, err
	}
	token, err := a.createChannel(ctx, creds)
	if err != nil {
		a.noteRefusal(err, creds)
		return nil, fmt.Errorf("create the control channel: %w", err)
	}
	hello, err := json.Marshal(map[string]any{
		"Cookie": nil, "MessageSchemaVersion": "1.0", "RequestId": a.cfg.IDs.UUID(),
		"TokenValue": token, "AgentVersion": a.cfg.Version, "PlatformType": "linux",
	})
	if err != nil {
		return nil, err
	}
	conn, err := a.dialChannel(ctx, creds)
	if err != nil {
		return nil, fmt.Errorf("open the control channel: %w", err)
	}
	if err := conn.Write(ctx, websocket.MessageText, hello); err != nil {
		_ = conn.CloseNow() // it broke already
		return nil, fmt.Errorf("open the control channel: %w", err)
	}
	return conn, nil
}

// createChannel asks for the token that the first frame must carry.
func (a *agent) createChannel(ctx context.Context, creds credentials) (string, error) {
	body, err := json.Marshal(map[string]string{"MessageSchemaVersion": "1.0", "RequestId": a.cfg.IDs.UUID()})
	if err != nil {
		return "", err
	}
	header := http.Header{"Content-Type": {"application/json"}}
	answer, err := a.plane.post(ctx, "https://"+a.channelURL(), header, body, http.StatusCreated, a.withRole(creds, "ssmmessages"))
	if err != nil {
		return "", err
	}
	var out struct{ TokenValue string }
	if err := xml.Unmarshal(answer, &out); err != nil || out.TokenValue == "" {
		return "", errors.Join(errors.New("no TokenValue in the answer"), err)
	}
	return out.TokenValue, nil
}

func (a *agent) channelURL() string {
	return a.cfg.host("ssmmessages") + "/v1/control-channel/" + a.id.Node
}

func (a *agent) dialChannel(ctx context.Context, creds credentials) (*websocket.Conn, error) {
	url := "https://" + a.channelURL() + "?role=subscribe&stream=input"
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	creds.sign(r, nil, a.cfg.Region, "ssmmessages", a.cfg.Clock.Now())
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	//nolint:bodyclose // Dial's contract: the response needs no closing
	conn, res, err := websocket.Dial(ctx, url, &websocket.DialOptions{
		HTTPClient: a.plane.http, HTTPHeader: r.Header,
	})
	if err != nil {
		if res != nil && res.StatusCode != http.StatusSwitchingProtocols {
			err = &refusal{Status: res.StatusCode, Message: err.Error()}
			a.noteRefusal(err, creds)
		}
		return nil, err
	}
	conn.SetReadLimit(maxFrame)
	return conn, nil
}

// serve reads the channel; two helpers ping it and send again what was not
// acknowledged. All end together.
func (a *agent) serve(ctx context.Context, conn *websocket.Conn) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var helpers sync.WaitGroup
	defer helpers.Wait()
	defer cancel(nil)
	defer func() { _ = conn.CloseNow() }() // a write in progress must end too

	a.outbox.attach(conn)
	defer a.outbox.detach(conn)
	helpers.Go(func() { cancel(keepAlive(ctx, conn)) })
	helpers.Go(func() { a.resend(ctx) })
	for {
		kind, data, err := conn.Read(ctx)
		if err != nil {
			if cause := context.Cause(ctx); cause != nil {
				err = cause
			}
			return err
		}
		if kind != websocket.MessageBinary {
			continue
		}
		f, err := decodeFrame(data)
		if err != nil {
			a.log.Warn("message was not understood", slog.String("node", a.id.Node), slog.Any("err", err))
			continue
		}
		a.receive(ctx, f)
	}
}

func (a *agent) receive(ctx context.Context, f frame) {
	switch f.Type {
	case typeJob:
		a.receiveJob(ctx, f)
	case typeOutputAck:
		a.receiveOutputAck(f)
	case typeShell:
		a.receiveSession(f)
	case typeTaskAcknowledge:
		a.receiveTaskAcknowledge(f)
	case typeChannelClosed:
		a.receiveClosed(f)
	case typeJobReplyAck:
		var ack struct {
			JobID   string `json:"jobId"`
			Message string `json:"acknowledgedMessageId"`
		}
		if json.Unmarshal(f.Payload, &ack) == nil {
			a.acknowledged(ack.Message)
		}
	default:
		a.log.Debug("message of an unknown type", slog.String("node", a.id.Node))
	}
}

// keepAlive pings until ctx ends or no pong comes.
func keepAlive(ctx context.Context, conn *websocket.Conn) error {
	for {
		if err := pause(ctx, pingEvery); err != nil {
			return err
		}
		once, cancel := context.WithTimeout(ctx, pongWithin)
		err := conn.Ping(once)
		cancel()
		if err != nil {
			return fmt.Errorf("no pong: %w", err)
		}
	}
}

// resend sends results that wait for an acknowledgement: at once, because the
// last channel may have taken them along, and then regularly.
func (a *agent) resend(ctx context.Context) {
	for {
		for _, r := range a.outbox.unacknowledged() {
			a.transmit(ctx, r)
		}
		if pause(ctx, resendEvery) != nil {
			return
		}
	}
}
