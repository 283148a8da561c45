package agent

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// taker is a plane that takes pieces of output, and loses some.
type taker struct {
	a *agent

	mu   sync.Mutex
	got  map[string]string // guarded by mu; by stream
	seen int               // guarded by mu
	lose int               // every so many pieces one is lost
	full int               // after so many bytes nothing more is wanted; 0 is never
}

func (k *taker) take(f frame) {
	var p piece
	if f.Type != typeOutput || json.Unmarshal(f.Payload, &p) != nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.seen++; k.lose > 0 && k.seen%k.lose == 0 {
		return
	}
	have := k.got[p.Stream]
	full := k.full > 0 && len(have) >= k.full
	if p.Offset == int64(len(have)) && !full {
		have += string(p.Data)
		k.got[p.Stream] = have
	}
	payload, _ := json.Marshal(pieceAck{JobID: p.JobID, Step: p.Step, Stream: p.Stream, Next: int64(len(have)), Full: full})
	k.a.receiveOutputAck(frame{Type: typeOutputAck, Payload: payload})
}

// followed is an agent whose channel ends at a taker.
func followed(t *testing.T) (*agent, *taker) {
	t.Helper()
	a := bench(t)
	k := &taker{a: a, got: map[string]string{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		conn.SetReadLimit(1 << 20)
		for {
			_, b, err := conn.Read(r.Context())
			if err != nil {
				return
			}
			if f, err := decodeFrame(b); err == nil {
				k.take(f)
			}
		}
	}))
	t.Cleanup(server.Close)
	conn, res, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(server.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if res.Body != nil {
		res.Body.Close()
	}
	t.Cleanup(func() { conn.CloseNow() })
	a.outbox.attach(conn)
	return a, k
}

func TestOutputIsSentWhileItComes(t *testing.T) {
	for _, row := range []struct {
		name, script string
		lose, full   int
		stdout       int // bytes that arrive
		stderr       string
	}{
		{"a long output is there whole, though a piece was lost", "seq 30000", 5, 0, 168894, ""},
		{"a short output is left to the reply", "echo short", 0, 0, 0, ""},
		{"a short output of a long step is there before its end", "echo early; echo oops >&2; sleep 1", 0, 0, 6, "oops\n"},
		{"no more than is wanted", "seq 30000", 0, 32768, 32768, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			a, k := followed(t)
			k.lose, k.full = row.lose, row.full
			one := jobOf("aws.ssm.c.mi-0", a.cfg.Clock.Now(), shell(row.script))
			one.content = `{"CommandId":"c","DocumentName":"d","TamachiOutput":"live"}`
			if err := a.jobs.accept(one); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			a.perform(ctx, one)
			k.mu.Lock()
			defer k.mu.Unlock()
			if len(k.got["stdout"]) != row.stdout || k.got["stderr"] != row.stderr {
				t.Errorf("got %d bytes of output and %q of errors, want %d and %q", len(k.got["stdout"]), k.got["stderr"], row.stdout, row.stderr)
			}
		})
	}
}
