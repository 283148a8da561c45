package webaccess

import (
	"context"
	"io"
	"net/http"

	"github.com/coder/websocket"
)

// longestWord bounds what is echoed.
const longestWord = 64

// probeRoom counts probes like the streams of one desktop, so that they are few
// at once.
const probeRoom = "probe"

// echo gives a word back through a WebSocket, once, so that anybody can find out
// whether a screen would pass to them. It tells nothing and keeps nothing.
func (h *Handler) echo(w http.ResponseWriter, r *http.Request) {
	if !sameOrigin(r) {
		http.Error(w, "the stream is for its own page only", http.StatusForbidden)
		return
	}
	if !h.enter(probeRoom) {
		http.Error(w, "too many streams", http.StatusServiceUnavailable)
		return
	}
	defer h.leave(probeRoom)
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return // Accept has answered
	}
	defer ws.CloseNow() //nolint:errcheck // closed twice after a good end
	ws.SetReadLimit(longestWord)
	ctx, cancel := context.WithTimeout(r.Context(), dialTimeout)
	defer cancel()
	kind, in, err := ws.Reader(ctx)
	if err != nil {
		return
	}
	word, err := io.ReadAll(in)
	if err != nil || ws.Write(ctx, kind, word) != nil {
		return
	}
	_ = ws.Close(websocket.StatusNormalClosure, "") // who got the word has left, perhaps
}
