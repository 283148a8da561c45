package session

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/xtaci/smux"
)

const (
	// muxedSince is the first plugin that carries several connections over one
	// session; quietSince the first whose multiplexer keeps still while nobody
	// uses it.
	muxedSince = "1.1.70.0"
	quietSince = "1.2.331.0"
	// gulp is how much of a port's data one message carries. Plugins take any
	// size; see docs/decisions for how it was measured.
	gulp = 64 << 10
	// batch is how much a message carries where more waits.
	batch = 2 * gulp
	// connectWithin is how long a port may take to accept.
	connectWithin = 10 * time.Second
)

// portOf is what a document of type Port asks for.
type portOf struct {
	Host   string `json:"host"`
	Number string `json:"portNumber"`
	Type   string `json:"type"`
}

// forward carries a port's connections.
func (t *talk) forward(ctx context.Context) error {
	var p portOf
	if err := json.Unmarshal(t.order.Properties, &p); err != nil {
		return fmt.Errorf("read the session's port: %w", err)
	}
	if n, err := strconv.Atoi(p.Number); err != nil || n < 1 || n > 65535 {
		return fmt.Errorf("%q is no port", p.Number)
	}
	if p.Host == "" {
		p.Host = "localhost"
	}
	if p.Type == "LocalPortForwarding" && atLeast(t.clientVersion, muxedSince) {
		return t.forwardMany(ctx, p)
	}
	return t.forwardOne(ctx, p)
}

// denied are addresses that belong to the node itself: who may reach a port of
// it may not become it. Source: SSM Agent, DeniedPortForwardingRemoteIPs.
var denied = []netip.Prefix{
	netip.MustParsePrefix("169.254.169.254/32"), netip.MustParsePrefix("169.254.169.253/32"), netip.MustParsePrefix("169.254.170.2/32"),
	netip.MustParsePrefix("fd00:ec2::254/128"), netip.MustParsePrefix("fd00:ec2::253/128"),
}

// connect opens a connection to the port.
func (t *talk) connect(ctx context.Context, p portOf) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectWithin)
	defer cancel()
	conn, err := t.o.Connect(ctx, net.JoinHostPort(p.Host, p.Number))
	if err != nil {
		return nil, err
	}
	if to, err := netip.ParseAddrPort(conn.RemoteAddr().String()); err == nil {
		for _, d := range denied {
			if d.Contains(to.Addr().Unmap()) {
				conn.Close()
				return nil, fmt.Errorf("ports of %s are not forwarded", to.Addr())
			}
		}
	}
	return conn, nil
}

// forwardOne carries one connection at a time, without a multiplexer: for SSH,
// and for old plugins, which say when their connection ended and then may open
// the next.
func (t *talk) forwardOne(ctx context.Context, p portOf) error {
	conn, err := t.connect(ctx, p)
	if err != nil {
		return fmt.Errorf("connect to port %s: %w", p.Number, err)
	}
	var work sync.WaitGroup
	defer work.Wait()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	carry := func(c net.Conn) {
		work.Go(func() {
			err := t.sayPort(ctx, c)
			c.Close()
			if p.Type != "LocalPortForwarding" {
				cancel(err) // a stream like that of SSH ends with its connection
				t.close(errEnded)
			}
		})
	}
	carry(conn)
	defer func() { conn.Close() }()
	for {
		kind, payload, err := t.hear(ctx)
		switch {
		case errors.Is(err, errEnded) && context.Cause(ctx) != nil && errors.Is(context.Cause(ctx), io.EOF):
			return nil
		case err != nil:
			return err
		case kind == kindFlag && flagOf(payload) == flagTerminate:
			return errClient
		case kind == kindFlag && flagOf(payload) == flagDisconnect:
			conn.Close()
			if conn, err = t.connect(ctx, p); err != nil {
				return fmt.Errorf("connect to port %s: %w", p.Number, err)
			}
			carry(conn)
		case kind == kindOutput:
			if _, err := conn.Write(payload); err != nil && p.Type != "LocalPortForwarding" {
				return nil //nolint:nilerr // the port has closed
			}
		}
	}
}

// sayPort sends what a connection brings, as much at once as there is.
func (t *talk) sayPort(ctx context.Context, from io.Reader) error {
	buffer := make([]byte, gulp)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if err := t.say(ctx, kindOutput, append([]byte{}, buffer[:n]...)); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

// forwardMany carries several connections over the plugin's multiplexer.
func (t *talk) forwardMany(ctx context.Context, p portOf) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	pipe := newPipe(t)
	settings := smux.DefaultConfig()
	settings.KeepAliveDisabled = atLeast(t.clientVersion, quietSince)
	settings.MaxFrameSize = gulp - 512
	mux, err := smux.Server(pipe, settings)
	if err != nil {
		return err
	}
	var work sync.WaitGroup
	defer work.Wait()
	defer mux.Close()
	defer pipe.Close()
	work.Go(func() { cancel(pipe.fill(ctx)) })
	work.Go(func() { cancel(pipe.flush(ctx)) })
	work.Go(func() {
		for {
			stream, err := mux.AcceptStream()
			if err != nil {
				return
			}
			work.Go(func() { t.carry(ctx, stream, p) })
		}
	})
	<-ctx.Done()
	t.leave(ctx)
	if err := context.Cause(ctx); !errors.Is(err, errClient) {
		return err
	}
	return errClient
}

// leave frees whoever waits for the client's next message.
func (t *talk) leave(ctx context.Context) {
	if err := context.Cause(ctx); err != nil {
		t.close(err)
	}
}

// carry copies between one connection of the client and one to the port.
func (t *talk) carry(ctx context.Context, stream *smux.Stream, p portOf) {
	defer stream.Close()
	conn, err := t.connect(ctx, p)
	if err != nil {
		_ = t.say(ctx, kindFlag, binary.BigEndian.AppendUint32(nil, flagConnectError)) // the stream's end says it too
		return
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close(); stream.Close() })()
	var back sync.WaitGroup
	back.Go(func() {
		_, _ = io.Copy(conn, stream) // either end may break; both end then
		if half, ok := conn.(*net.TCPConn); ok {
			_ = half.CloseWrite()
		}
	})
	_, _ = io.CopyBuffer(stream, struct{ io.Reader }{conn}, make([]byte, gulp-512))
	stream.Close()
	conn.Close()
	back.Wait()
}
