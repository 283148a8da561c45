package webaccess

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/desktops"
)

// longestSaid bounds a message of the browser's: a tenth of a second, where the
// page sends a fiftieth.
const longestSaid = 48 * 100 * 2

// errNoSpeech ends the way of a browser that sends something else.
var errNoSpeech = errors.New("what the browser sent are no samples of 16 bits")

// microphone lets the desktop hear its user.
func (h *Handler) microphone(w http.ResponseWriter, r *http.Request) {
	h.audio(w, r, func(rules desktops.Rules) bool { return rules.Microphone }, h.speak)
}

// speak brings the desktop what its user says. What the desktop does not take in
// time is left out, and so is all that is said while no program listens.
func (h *Handler) speak(ctx context.Context, id string, ws *websocket.Conn) error {
	ws.SetReadLimit(longestSaid)
	said := make(chan []byte, waiting)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return hear(func() (websocket.MessageType, []byte, error) { return ws.Read(ctx) }, said)
	})
	g.Go(func() error {
		return h.through(ctx, id, desktops.Microphone, func(conn net.Conn) error { return pour(ctx, conn, said) })
	})
	return g.Wait()
}

// hear queues messages until one is none, or there are no more.
func hear(read func() (websocket.MessageType, []byte, error), said chan []byte) error {
	for {
		kind, b, err := read()
		if err != nil {
			return err
		}
		if kind != websocket.MessageBinary || len(b)%2 != 0 {
			return errNoSpeech
		}
		late(said, b)
	}
}

// pour writes what is said to the desktop until that closes the door; its error
// is that of ctx, whose end must close the connection.
func pour(ctx context.Context, to net.Conn, said <-chan []byte) error {
	gone := make(chan struct{})
	go func() { // a desktop that closes the door says nothing else
		defer close(gone)
		_, _ = io.Copy(io.Discard, to)
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-gone:
			return nil
		case b := <-said:
			if _, err := to.Write(b); err != nil {
				return nil //nolint:nilerr // the desktop stopped listening
			}
		}
	}
}
