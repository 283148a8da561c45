package webaccess

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/desktops"
)

const (
	dialTimeout  = 10 * time.Second
	writeTimeout = 30 * time.Second // a browser that takes nothing for so long is gone
	pingEvery    = 20 * time.Second
	pongTimeout  = 20 * time.Second
	maxMessage   = 1 << 20 // from the browser: keys, pointer, clipboard
)

// The reasons for which a stream ends by our will.
var (
	errDisplayEnded = errors.New("display ended")
	errNoLonger     = errors.New("session is over")
	errClosing      = errors.New("plane is stopping")
)

// stream joins a browser's WebSocket to the desktop's display.
func (h *Handler) stream(w http.ResponseWriter, r *http.Request) {
	if !sameOrigin(r) {
		http.Error(w, "the stream is for its own page only", http.StatusForbidden)
		return
	}
	v, secret, ok := h.visit(w, r)
	if !ok {
		return
	}
	if !h.enter(v.ID) {
		http.Error(w, "too many streams", http.StatusServiceUnavailable)
		return
	}
	defer h.leave(v.ID)
	display, ok := h.dial(w, r, v.ID)
	if !ok {
		return
	}
	defer display.Close()
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return // Accept has answered
	}
	defer ws.CloseNow() //nolint:errcheck // closed twice after a good end
	ws.SetReadLimit(maxMessage)

	s := desktops.Session{Visit: v, Client: client(r), UserAgent: r.UserAgent(), Opened: h.o.Clock.Now()}
	// The request's context ends with the browser, but the facts are kept.
	facts := context.WithoutCancel(r.Context())
	if h.o.Sessions != nil {
		h.o.Sessions.Connected(facts, s)
		defer func() {
			s.Closed = h.o.Clock.Now()
			h.o.Sessions.Disconnected(facts, s)
		}()
	}
	if err := h.join(r.Context(), ws, display, secret); err != nil {
		h.o.Log.Debug("stream ended", "resource", v.ID, "err", err)
	}
}

// dial opens the display and answers the request itself when it cannot.
func (h *Handler) dial(w http.ResponseWriter, r *http.Request, id string) (net.Conn, bool) {
	ctx, cancel := context.WithTimeout(r.Context(), dialTimeout)
	defer cancel()
	display, err := h.o.Display.DialDisplay(ctx, id)
	if errors.Is(err, desktops.ErrNotFound) {
		http.Error(w, "the desktop has no screen", http.StatusNotFound)
		return nil, false
	}
	if err != nil {
		h.o.Log.Warn("dial display", "resource", id, "err", err)
		http.Error(w, "the desktop's screen does not answer", http.StatusBadGateway)
		return nil, false
	}
	return display, true
}

// join carries bytes both ways until one side ends, the session is over or the
// plane stops, and says which.
func (h *Handler) join(ctx context.Context, ws *websocket.Conn, display net.Conn, secret string) error {
	g, ctx := errgroup.WithContext(ctx)
	release := context.AfterFunc(ctx, func() { display.Close() }) // unblocks Read and Write
	defer release()
	g.Go(func() error { return down(ctx, ws, display) })
	g.Go(func() error { return up(ctx, ws, display) })
	g.Go(func() error { return h.watch(ctx, ws, secret) })
	return g.Wait()
}

// down carries the screen to the browser.
func down(ctx context.Context, ws *websocket.Conn, display io.Reader) error {
	buf := make([]byte, 64<<10)
	for {
		n, err := display.Read(buf)
		if n > 0 {
			wctx, cancel := context.WithTimeout(ctx, writeTimeout)
			werr := ws.Write(wctx, websocket.MessageBinary, buf[:n])
			cancel()
			if werr != nil {
				return werr
			}
		}
		if err != nil {
			return say(ws, errDisplayEnded)
		}
	}
}

// up carries keys, pointer and clipboard to the desktop.
func up(ctx context.Context, ws *websocket.Conn, display io.Writer) error {
	buf := make([]byte, 16<<10)
	for {
		kind, message, err := ws.Reader(ctx)
		if err != nil {
			return err
		}
		if kind != websocket.MessageBinary {
			return ws.Close(websocket.StatusUnsupportedData, "RFB is binary")
		}
		if _, err := io.CopyBuffer(onlyWriter{display}, message, buf); err != nil {
			return err
		}
	}
}

// onlyWriter hides ReadFrom, which would go around the message's limit.
type onlyWriter struct{ io.Writer }

// watch ends a stream whose browser no longer answers, whose session is over or
// whose plane stops.
func (h *Handler) watch(ctx context.Context, ws *websocket.Conn, secret string) error {
	tick := time.NewTicker(h.ping)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-h.done:
			return say(ws, errClosing)
		case <-tick.C:
		}
		pctx, cancel := context.WithTimeout(ctx, pongTimeout)
		err := ws.Ping(pctx)
		cancel()
		if err != nil {
			return err
		}
		_, err = h.o.Passes.Visit(ctx, secret)
		if errors.Is(err, desktops.ErrNoPass) || errors.Is(err, desktops.ErrNotFound) {
			return say(ws, errNoLonger)
		}
	}
}

// say ends the WebSocket with a reason of ours and returns that reason.
func say(ws *websocket.Conn, reason error) error {
	code := websocket.StatusNormalClosure
	switch {
	case errors.Is(reason, errNoLonger):
		code = websocket.StatusPolicyViolation
	case errors.Is(reason, errClosing):
		code = websocket.StatusGoingAway
	}
	// A browser that does not answer the close is dropped after some seconds.
	_ = ws.Close(code, reason.Error())
	return reason
}

// sameOrigin reports whether the request comes from a page of this very host
// (RFC 6455, section 10.2). Browsers always send Origin with a WebSocket; a
// request without one is not from our page.
func sameOrigin(r *http.Request) bool {
	u, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && u.Host != "" && u.Host == r.Host
}

// client is the browser's address without its port.
func client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
