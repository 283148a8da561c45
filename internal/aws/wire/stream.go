package wire

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/gobwas/ws"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/wire/codec"
)

// upgradable refuses a call of a Stream row that is no WebSocket handshake
// (RFC 6455, section 4.2.1), before the operation runs.
func (x *exchange) upgradable() bool {
	key, err := base64.StdEncoding.DecodeString(x.r.Header.Get("Sec-WebSocket-Key"))
	if x.r.Method == http.MethodGet && x.r.ProtoMajor == 1 && err == nil && len(key) == 16 &&
		names(x.r.Header, "Connection", "upgrade") && names(x.r.Header, "Upgrade", "websocket") &&
		x.r.Header.Get("Sec-WebSocket-Version") == "13" {
		return true
	}
	x.w.Header().Set("Upgrade", "websocket")
	x.refuse(&codec.Fault{
		Code: "BadRequest", Status: http.StatusUpgradeRequired,
		Message: "This operation needs a WebSocket handshake (version 13) over HTTP/1.1.",
	})
	return false
}

// names tells whether a header lists a token.
func names(h http.Header, header, token string) bool {
	for _, v := range h.Values(header) {
		for part := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}

// converse hands the connection to the conversation. A server that stops
// closes the connection, and waits for the conversation's end.
func (x *exchange) converse(out any) {
	talk, ok := out.(*api.Conversation)
	if !ok {
		x.fail(fmt.Errorf("%s answered with a %T, want a conversation", x.op.Name, out))
		return
	}
	upgrader := ws.HTTPUpgrader{Header: http.Header{"X-Amzn-Requestid": {x.call.RequestID}}}
	conn, buffered, _, err := upgrader.Upgrade(x.r, x.w)
	if err != nil {
		x.o.Log.DebugContext(x.r.Context(), "handshake failed", "request_id", x.call.RequestID, "err", err)
		return
	}
	conn = inBulk(conn)
	if buffered.Reader.Buffered() > 0 {
		conn = &prefixed{Conn: conn, first: buffered.Reader}
	}
	ctx := x.r.Context()
	server := conversing(ctx)
	if server == nil || ctx.Value(attendedKey{}) != nil {
		if server != nil {
			ctx = server.stop
		}
		hold(ctx, talk, conn)
		return
	}
	server.running.enter()
	go server.hold(talk, conn) // a stack of its own; Serve waits for it
}

func (s *streams) hold(talk *api.Conversation, conn net.Conn) {
	defer s.running.leave()
	hold(s.stop, talk, conn)
}

// hold serves a conversation until it ends, or ctx does.
func hold(ctx context.Context, talk *api.Conversation, conn net.Conn) {
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	talk.Serve(ctx, conn)
}

// prefixed is a connection of which some bytes were read already.
type prefixed struct {
	net.Conn
	first *bufio.Reader // until it is empty, then nil
}

// Read reads the bytes that were read ahead first.
func (c *prefixed) Read(p []byte) (int, error) {
	if c.first != nil {
		if n := c.first.Buffered(); n > 0 {
			return c.first.Read(p[:min(len(p), n)])
		}
		c.first = nil
	}
	return c.Conn.Read(p)
}

// CloseWrite ends the sending half, so that net/http can close a connection on
// which the client is still sending without resetting it.
func (c *prefixed) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
