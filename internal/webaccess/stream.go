package webaccess

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/coder/websocket"

	"tamachi/internal/desktops"
)

const (
	dialTimeout  = 10 * time.Second
	writeTimeout = 30 * time.Second // a browser that takes nothing for so long is gone
	pingEvery    = 20 * time.Second
	meterEvery   = 20 * time.Second
	restEvery    = time.Second
	pongTimeout  = 20 * time.Second
	maxMessage   = 1 << 20 // from the browser: keys, pointer, clipboard
)

// ending is why a stream ends by our will.
type ending struct{ why desktops.End }

// Error names the reason, which the page is told too.
func (e ending) Error() string { return string(e.why) }

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
	s := h.sessionOf(r, v)
	if !h.enter(v.ID) {
		h.failed(r.Context(), s, desktops.Crowded)
		http.Error(w, "too many streams", http.StatusServiceUnavailable)
		return
	}
	defer h.leave(v.ID)
	if v.ViewOnly {
		defer h.watchers.add(v)()
	}
	rules, err := h.rules(r.Context(), v)
	if err != nil {
		h.o.Log.Error("look up rules", "resource", v.ID, "err", err)
		http.Error(w, "the session could not be checked", http.StatusServiceUnavailable)
		return
	}
	display, ok := h.dial(w, r, s)
	if !ok {
		return
	}
	defer display.Close()
	// The request's context ends with the browser, but the facts are kept.
	facts := context.WithoutCancel(r.Context())
	if h.o.Sessions != nil {
		if s, err = h.o.Sessions.Began(facts, s); err != nil {
			h.o.Log.Error("keep session", "resource", v.ID, "err", err)
			http.Error(w, "the session could not be kept", http.StatusServiceUnavailable)
			return
		}
		defer func() {
			s.Closed = h.o.Clock.Now()
			h.o.Sessions.Ended(facts, s)
		}()
	}
	s.End = desktops.Lost
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return // Accept has answered
	}
	defer ws.CloseNow() //nolint:errcheck // closed twice after a good end
	ws.SetReadLimit(maxMessage)
	j := &joint{h: h, ws: ws, display: display, secret: secret, s: s, rules: rules}
	s.End = reasonOf(j.run(r.Context()))
	s.Shown = j.shown
}

// reasonOf tells why a joint came apart.
func reasonOf(err error) desktops.End {
	if e, ok := errors.AsType[ending](err); ok {
		return e.why
	}
	if websocket.CloseStatus(err) != -1 {
		return desktops.Left
	}
	return desktops.Lost
}

func (h *Handler) rules(ctx context.Context, v desktops.Visit) (desktops.Rules, error) {
	if v.ViewOnly {
		return desktops.Rules{ViewOnly: true}, nil
	}
	if h.o.Rules == nil {
		return desktops.AllAllowed(), nil
	}
	return h.o.Rules.Rules(ctx, v)
}

// dial opens the display and answers the request itself when it cannot.
func (h *Handler) dial(w http.ResponseWriter, r *http.Request, s desktops.Session) (net.Conn, bool) {
	ctx, cancel := context.WithTimeout(r.Context(), dialTimeout)
	defer cancel()
	display, err := h.o.Display.DialDisplay(ctx, s.ID)
	if err != nil {
		h.failed(r.Context(), s, desktops.NoScreen)
	}
	if errors.Is(err, desktops.ErrNotFound) {
		http.Error(w, "the desktop has no screen", http.StatusNotFound)
		return nil, false
	}
	if err != nil {
		h.o.Log.Warn("dial display", "resource", s.ID, "err", err)
		http.Error(w, "the desktop's screen does not answer", http.StatusBadGateway)
		return nil, false
	}
	return display, true
}

// sameOrigin reports whether the request comes from a page of this very host
// (RFC 6455, section 10.2). Browsers always send Origin with a WebSocket; a
// request without one is not from our page.
func sameOrigin(r *http.Request) bool {
	u, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && u.Host != "" && u.Host == r.Host
}
