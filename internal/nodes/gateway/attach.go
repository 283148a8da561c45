package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// openWithin is how long a node may take to show its token.
const openWithin = 10 * time.Second

var errToken = errors.New("the channel's token is unknown, used or expired")

// Attach serves a node's control channel on a connection whose WebSocket
// handshake is done, until either side ends it or ctx ends. It owns conn. The
// first message must carry the token made for this node. The error says why
// the channel ended.
func (g *Gateway) Attach(ctx context.Context, node string, conn net.Conn) error {
	c := newChannel(node, conn)
	defer context.AfterFunc(ctx, func() { c.close(ws.StatusGoingAway, "the plane is stopping") })()
	late := time.AfterFunc(openWithin, func() { c.close(ws.StatusPolicyViolation, "no token came") })
	defer late.Stop()

	err := g.read(ctx, c, late.Stop)
	c.close(closing(err), err.Error())
	c.goodbye()
	if c.open.Load() && g.current(c) {
		if err := g.reports.Disconnected(context.WithoutCancel(ctx), node); err != nil {
			g.log.Warn("end of a channel was not noted", slog.String("node", node), slog.Any("err", err))
		}
	}
	g.leave(c)
	close(c.ended)
	if errors.Is(err, net.ErrClosed) || errors.Is(err, errEnded) {
		err = errors.New(c.reason)
	}
	g.log.Debug("control channel ended", slog.String("node", node), slog.Any("err", err))
	return fmt.Errorf("control channel of %s: %w", node, err)
}

// closing is the WebSocket status that fits the end of the reader.
func closing(err error) ws.StatusCode {
	var protocol ws.ProtocolError
	switch {
	case errors.Is(err, errToken):
		return ws.StatusPolicyViolation
	case errors.Is(err, errSilent):
		return ws.StatusGoingAway
	case errors.Is(err, wsutil.ErrFrameTooLarge), errors.Is(err, wsutil.ErrMessageTooLarge):
		return ws.StatusMessageTooBig
	case errors.Is(err, errMalformed), errors.As(err, &protocol):
		return ws.StatusProtocolError
	}
	return ws.StatusNormalClosure
}

// read opens the channel and handles what the node says.
func (g *Gateway) read(ctx context.Context, c *channel, opened func() bool) error {
	r := newReader(c)
	if err := g.open(ctx, c, r); err != nil {
		return err
	}
	opened()
	for {
		kind, body, err := r.next()
		if err != nil {
			return err
		}
		if kind != ws.OpBinary {
			continue
		}
		m, err := parse(body)
		if err != nil {
			return err
		}
		g.handle(ctx, c, m)
	}
}

// open checks the token and makes c the node's channel. An older channel has
// ended, and its end was reported, before the new one is.
func (g *Gateway) open(ctx context.Context, c *channel, r *reader) error {
	kind, body, err := r.next()
	if err != nil {
		return err
	}
	var hello struct{ TokenValue string }
	if kind != ws.OpText || json.Unmarshal(body, &hello) != nil {
		return fmt.Errorf("%w: the first message is no request to open the channel", errMalformed)
	}
	if !g.redeem(c.node, hello.TokenValue) {
		return errToken
	}
	if before := g.enter(c); before != nil {
		before.close(ws.StatusPolicyViolation, "a newer channel of this node has come")
		<-before.ended
	}
	c.open.Store(true)
	if err := g.reports.Connected(ctx, c.node); err != nil {
		return fmt.Errorf("note the channel: %w", err)
	}
	return nil
}
