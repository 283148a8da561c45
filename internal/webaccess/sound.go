package webaccess

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/desktops"
)

const (
	// piece is how much sound goes at once, 20 ms: of two channels of 16 bits,
	// 48,000 times a second.
	piece = 48 * 20 * sample
	// sample is one of both channels.
	sample = 4
	// waiting is how many pieces wait for a slow network; older ones are left
	// out, so that what is heard is at most 200 ms late.
	waiting = 10
	// listenAgain is when a desktop that plays or hears nothing is asked again.
	listenAgain = time.Second
	// soundRoom keeps sounds apart from streams where these are counted.
	soundRoom = " sound"
)

// audio opens a way of sound to or from a desktop, where the rules say that it
// may. It is bound to user, desktop, origin and time as the stream is, and ends
// as that does.
func (h *Handler) audio(w http.ResponseWriter, r *http.Request, may func(desktops.Rules) bool, carry func(ctx context.Context, id string, ws *websocket.Conn) error) {
	if !sameOrigin(r) {
		http.Error(w, "the sound is for its own page only", http.StatusForbidden)
		return
	}
	v, secret, ok := h.visit(w, r)
	if !ok {
		return
	}
	rules, err := h.rules(r.Context(), v)
	if err != nil {
		h.o.Log.Error("look up rules", "resource", v.ID, "err", err)
		http.Error(w, "the session could not be checked", http.StatusServiceUnavailable)
		return
	}
	if h.o.Doors == nil || !may(rules) {
		http.Error(w, "no sound may pass this way", http.StatusForbidden)
		return
	}
	if !h.enter(v.ID + soundRoom) {
		http.Error(w, "too many streams", http.StatusServiceUnavailable)
		return
	}
	defer h.leave(v.ID + soundRoom)
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return // Accept has answered
	}
	defer ws.CloseNow() //nolint:errcheck // closed twice after a good end
	j := &joint{h: h, ws: ws, secret: secret, s: h.sessionOf(r, v)}
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() error { return j.watch(ctx) })
	g.Go(func() error { return carry(ctx, v.ID, ws) })
	_ = g.Wait() // the sound's end is of no interest: the stream's is kept
}

// sound lets the browser hear the desktop.
func (h *Handler) sound(w http.ResponseWriter, r *http.Request) {
	h.audio(w, r, func(rules desktops.Rules) bool { return rules.Sound }, h.listen)
}

// listen sends the browser what the desktop plays.
func (h *Handler) listen(ctx context.Context, id string, ws *websocket.Conn) error {
	ctx = ws.CloseRead(ctx) // the browser says nothing
	return h.through(ctx, id, desktops.Speaker, func(conn net.Conn) error {
		return carry(ctx, conn, func(b []byte) error {
			wctx, cancel := context.WithTimeout(ctx, writeTimeout)
			defer cancel()
			return ws.Write(wctx, websocket.MessageBinary, b)
		})
	})
}

// through opens a door of the desktop, which comes and goes with the programs
// that play or listen, and opens it again until pass has an error.
func (h *Handler) through(ctx context.Context, id string, door desktops.Door, pass func(net.Conn) error) error {
	for {
		conn, err := h.o.Doors.DialDoor(ctx, id, door)
		if errors.Is(err, desktops.ErrLacking) {
			return err
		}
		if err == nil {
			stop := context.AfterFunc(ctx, func() { conn.Close() })
			err = pass(conn)
			stop()
			conn.Close()
			if err != nil {
				return err
			}
		}
		wait := time.NewTimer(listenAgain)
		select {
		case <-ctx.Done():
			wait.Stop()
			return ctx.Err()
		case <-wait.C:
		}
	}
}

// carry sends sound on in pieces, until the speaker or the sending ends; the
// error is the sending's. What does not get through in time is left out.
func carry(ctx context.Context, from io.Reader, send func([]byte) error) error {
	pieces := make(chan []byte, waiting)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(pieces)
		for ctx.Err() == nil {
			b := make([]byte, piece)
			n, err := io.ReadFull(from, b)
			if b = b[:n-n%sample]; len(b) > 0 && !silent(b) {
				late(pieces, b)
			}
			if err != nil {
				return nil //nolint:nilerr // the speaker ended
			}
		}
		return nil
	})
	g.Go(func() error {
		for b := range pieces {
			if err := send(b); err != nil {
				if c, ok := from.(io.Closer); ok {
					err = errors.Join(err, c.Close()) // unblocks the reading
				}
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// late puts a piece in the queue; where that is full, the oldest goes.
func late(pieces chan []byte, b []byte) {
	for {
		select {
		case pieces <- b:
			return
		default:
		}
		select {
		case <-pieces:
		default:
		}
	}
}

// silent tells whether nothing is to be heard.
func silent(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}
