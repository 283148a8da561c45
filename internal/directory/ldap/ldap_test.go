package ldap_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tamachi/internal/clock"
	"tamachi/internal/directory"
	"tamachi/internal/directory/directorytest"
	"tamachi/internal/directory/embedded"
	"tamachi/internal/directory/ldap"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pair is the client and the server it asks.
type pair struct {
	*ldap.Server
	binds func() (int64, int64)
}

func (p pair) Binds() (accepted, refused int64) { return p.binds() }

func TestEmbeddedServer(t *testing.T) {
	directorytest.Run(t, func(t *testing.T, accounts directory.Accounts) directorytest.Subject {
		s := embedded.New(accounts, nil, embedded.DefaultLimits(), slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		t.Cleanup(func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("want the server to end without error, got %v", err)
			}
		})
		return pair{ldap.New(s.Endpoint, clock.Real{}, ldap.DefaultTimeout), s.Binds}
	})
}

var tanaka = directory.Credentials{DirectoryID: "d-0123456789", Domain: "corp.example.com", UserName: "tanaka", Password: "Sesame-3"}

// listen opens a port whose connections hello answers.
func listen(t *testing.T, hello func(net.Conn)) ldap.Endpoint {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			hello(c)
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return func(context.Context, string) (string, error) { return l.Addr().String(), nil }
}

func TestServersThatDoNotAnswer(t *testing.T) {
	silent := make(chan struct{})
	closed := listen(t, func(net.Conn) {})
	rows := []struct {
		name     string
		endpoint ldap.Endpoint
	}{
		{"a server that hangs up", closed},
		{"a server that says nothing", listen(t, func(net.Conn) { <-silent })},
		{"a server that speaks another protocol", listen(t, func(c net.Conn) { _, _ = c.Write([]byte("220 mail ready\r\n")) })},
		{"no server at all", func(context.Context, string) (string, error) { return "127.0.0.1:1", nil }},
		{"an address that cannot be", func(context.Context, string) (string, error) { return "nowhere", nil }},
		{"no address", func(context.Context, string) (string, error) { return "", errors.New("none") }},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			err := ldap.New(r.endpoint, clock.Real{}, 300*time.Millisecond).Bind(t.Context(), tanaka)
			var refusal *directory.Refusal
			if !errors.Is(err, directory.ErrUnreachable) || errors.As(err, &refusal) {
				t.Errorf("want ErrUnreachable, got %v", err)
			}
		})
	}
	close(silent)
}
