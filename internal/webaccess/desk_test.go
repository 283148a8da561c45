package webaccess

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	deskA = "ws-aaaaaaaaa"
	deskB = "ws-bbbbbbbbb"
)

// desk fills all ports in memory: tickets by value, sessions by secret,
// displays that are pipes.
type desk struct {
	mu       sync.Mutex
	tickets  map[string]string         // guarded by mu; ticket -> desktop
	sessions map[string]desktops.Visit // guarded by mu; secret -> visit
	gone     map[string]bool           // guarded by mu; desktops without a record
	broken   error                     // guarded by mu; what every look-up answers

	screens   chan net.Conn // the desktop's end of each dialled display
	refuse    error         // what DialDisplay answers
	connected chan desktops.Session
	closed    chan desktops.Session
	failed    chan desktops.Session
	latency   chan time.Duration
	barred    error // guarded by mu; what Admit answers
	rules     desktops.Rules
}

func newDesk() *desk {
	return &desk{
		tickets:  map[string]string{"ticket-a": deskA, "ticket-b": deskB},
		sessions: map[string]desktops.Visit{}, gone: map[string]bool{},
		screens:   make(chan net.Conn, 32),
		connected: make(chan desktops.Session, 32), closed: make(chan desktops.Session, 32),
		latency: make(chan time.Duration, 32), failed: make(chan desktops.Session, 32), rules: desktops.AllAllowed(),
	}
}

func (d *desk) Redeem(_ context.Context, ticket string) (desktops.Pass, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return desktops.Pass{}, d.broken
	}
	id, ok := d.tickets[ticket]
	if !ok {
		return desktops.Pass{}, desktops.ErrNoPass
	}
	delete(d.tickets, ticket)
	d.sessions["secret-"+id] = desktops.Visit{ID: id, State: "AVAILABLE"}
	return desktops.Pass{ID: id, Secret: "secret-" + id, Expires: midnight.Add(time.Hour)}, nil
}

func (d *desk) Visit(_ context.Context, secret string) (desktops.Visit, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return desktops.Visit{}, d.broken
	}
	v, ok := d.sessions[secret]
	if !ok {
		return desktops.Visit{}, desktops.ErrNoPass
	}
	if d.gone[v.ID] {
		return desktops.Visit{}, desktops.ErrNotFound
	}
	return v, nil
}

func (d *desk) end(secret string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.sessions, secret)
}

func (d *desk) DialDisplay(context.Context, string) (net.Conn, error) {
	if d.refuse != nil {
		return nil, d.refuse
	}
	ours, theirs := net.Pipe()
	d.screens <- theirs
	return ours, nil
}

func (d *desk) Began(_ context.Context, s desktops.Session) (desktops.Session, error) {
	s.Number = "se-00000000000000000"
	d.connected <- s
	return s, nil
}

func (d *desk) Ended(_ context.Context, s desktops.Session)  { d.closed <- s }
func (d *desk) Measured(_ desktops.Session, l time.Duration) { d.latency <- l }
func (d *desk) Failed(_ context.Context, s desktops.Session) { d.failed <- s }

// Admit bars who is barred.
func (d *desk) Admit(context.Context, desktops.Visit, string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.barred
}

func (d *desk) bar(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.barred = err
}

// Rules are what a test sets.
func (d *desk) Rules(context.Context, desktops.Visit) (desktops.Rules, error) { return d.rules, nil }

var (
	midnight  = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	errBroken = errors.New("disk on fire")
)

// house serves a desk over a real socket. The viewer is a stand-in file: only
// the browser test needs the real one.
func house(t *testing.T, d *desk) (*Handler, string) {
	t.Helper()
	h := open(Options{
		Passes: d, Entry: d, Display: d, Sessions: d, Rules: d, Clock: clock.NewFrozen(midnight),
		Log: slog.New(slog.DiscardHandler),
	}, fstest.MapFS{
		"core/rfb.js": {Data: []byte("import {\n  a,\n} from './util/a.js';\nimport b from \"../vendor/b.js\";\nexport default 1;")}, "core/util/a.js": {Data: []byte("import '../rfb.js';\nexport const a = 1;")},
		"vendor/b.js": {Data: []byte("export * from './c.js';")}, "vendor/c.js": {Data: []byte("// import './unused.js'")},
		"vendor/unused.js": {}, "core/notes.html": {Data: []byte("x")},
	})
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		h.Close()
		server.CloseClientConnections()
		server.Close()
	})
	return h, server.URL
}

// get asks once, without following redirects.
func get(t *testing.T, url string, header ...string) *http.Response {
	t.Helper()
	return ask(t, http.MethodGet, url, header...)
}

func ask(t *testing.T, method, url string, header ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	once := http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := once.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
