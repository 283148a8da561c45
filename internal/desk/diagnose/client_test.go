package diagnose

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// plane answers as one does; upgrade says whether it carries WebSockets.
func plane(t *testing.T, ready int, upgrade bool) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc(readyPath, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(ready) })
	mux.HandleFunc(probePath, func(w http.ResponseWriter, r *http.Request) {
		if !upgrade {
			http.Error(w, "no", http.StatusBadGateway)
			return
		}
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer c.CloseNow() //nolint:errcheck // the word went back
		kind, word, err := c.Read(r.Context())
		if err == nil {
			_ = c.Write(r.Context(), kind, word) // the test says what is missing
		}
	})
	s := httptest.NewTLSServer(mux)
	t.Cleanup(s.Close)
	return s
}

func tools(s *httptest.Server) Tools {
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return Tools{
		Resolve: func(context.Context, string) ([]string, error) { return []string{"192.0.2.7"}, nil },
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, s.Listener.Addr().String())
		},
		Roots: roots, Now: time.Now, Patient: 5 * time.Second,
	}
}

func TestWhatIsBlockedIsNamed(t *testing.T) {
	good, stranger, deaf := plane(t, 200, true), plane(t, 302, true), plane(t, 200, false)
	for _, row := range []struct {
		name, url string
		tools     func() Tools
		want      string // of the first way that is not open; "" is none
		tried     int
	}{
		{"all is open", "https://example.com", func() Tools { return tools(good) }, "", 6},
		{"the name is unknown", "https://example.com", func() Tools {
			x := tools(good)
			x.Resolve = func(context.Context, string) ([]string, error) { return nil, errors.New("no such host") }
			return x
		}, "name", 1},
		{"the port refuses", "https://example.com", func() Tools {
			x := tools(good)
			x.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("connection refused") }
			return x
		}, "port", 2},
		{"nobody answers", "https://example.com", func() Tools {
			x := tools(good)
			x.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, context.DeadlineExceeded }
			return x
		}, "silent", 2},
		{"somebody reads along", "https://example.com", func() Tools {
			x := tools(good)
			x.Roots = x509.NewCertPool()
			return x
		}, "issuer", 3},
		{"another name", "https://desktops.example.net", func() Tools { return tools(good) }, "hostname", 3},
		{"the certificate is over", "https://example.com", func() Tools {
			x := tools(good)
			x.Now = func() time.Time { return time.Now().AddDate(100, 0, 0) }
			return x
		}, "expired", 3},
		{"a proxy's page", "https://example.com", func() Tools { return tools(stranger) }, "stranger", 4},
		{"no WebSocket passes, and the rest does", "https://example.com", func() Tools { return tools(deaf) }, "stream", 6},
		{"the clock is wrong", "https://example.com", func() Tools {
			x := tools(good)
			x.Now = func() time.Time { return time.Now().Add(2 * time.Minute) }
			return x
		}, "clock", 6},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, err := try(t.Context(), row.tools(), row.url)
			if err != nil {
				t.Fatal(err)
			}
			got, tried := "", 0
			for _, w := range c.Ways {
				if w.Verdict == Blocked && got == "" {
					got = w.Cause
				}
				if w.Verdict != Unknown {
					tried++
				}
			}
			if got != row.want || tried != row.tried || c.Good() != (row.want == "") {
				t.Errorf("want %q after %d ways, got %+v", row.want, row.tried, c.Ways)
			}
			for lang, m := range catalogue() {
				var b strings.Builder
				c.Print(&b, lang, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
				for _, want := range []string{m.Sheet, c.Host, "443", "2026-11-22", m.Causes[row.want]} {
					if !strings.Contains(b.String(), want) {
						t.Errorf("%s: want %q in it, got\n%s", lang, want, b.String())
					}
				}
			}
		})
	}
	for _, bad := range []string{"", "desktops.example.com", "ftp://x", "https://"} {
		if _, err := try(t.Context(), tools(good), bad); err == nil {
			t.Errorf("%q is no address: want an error", bad)
		}
	}
}

func TestMessagesAreInBothLanguages(t *testing.T) {
	en, ja := catalogue()["en"], catalogue()["ja"]
	for name, pair := range map[string][2]map[string]string{"ways": {en.Ways, ja.Ways}, "causes": {en.Causes, ja.Causes}} {
		if len(pair[0]) != len(pair[1]) {
			t.Errorf("%s: %d in English, %d in Japanese", name, len(pair[0]), len(pair[1]))
		}
		for key := range pair[0] {
			if pair[1][key] == "" {
				t.Errorf("%s: %s has no Japanese", name, key)
			}
		}
	}
	if len(en.Rows) != len(ja.Rows) {
		t.Errorf("rows: %d and %d", len(en.Rows), len(ja.Rows))
	}
}
