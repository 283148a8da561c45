package wire_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"

	"tamachi/internal/aws/wire"
	"tamachi/internal/ca"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// asided notes who was sent to it, and hangs up.
type asided struct{ guests chan net.Conn }

func (asided) Named(name string) bool { return name == "d-0123456789.ap-northeast-1.tamachi.internal" }

func (a asided) Guest(c net.Conn) {
	c.Close()
	a.guests <- c
}

// TestDirectoriesClientsGoAside: by the name that they ask for, or by LDAP's first
// byte; the others are served pages, where TLS is asked for only with it.
func TestDirectoriesClientsGoAside(t *testing.T) {
	authority, err := ca.Open(ca.Options{DataID: "test", Domain: "tamachi.internal", Clock: clock.Real{}, IDs: id.Random()})
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.PEM())
	cases := []struct {
		name, server, first string
		split               func(net.Listener, *tls.Config, wire.Aside) net.Listener
		aside, page         bool
	}{
		{"LDAP without TLS", "", "0\x0c", wire.Split, true, false},
		{"LDAP with TLS, by name", "d-0123456789.ap-northeast-1.tamachi.internal", "", wire.Split, true, false},
		{"HTTP", "", "GET /_tamachi/ready HTTP/1.1\r\nHost: x\r\n\r\n", wire.Split, false, true},
		{"HTTPS", "ssm.ap-northeast-1.tamachi.internal", "GET /_tamachi/ready HTTP/1.1\r\nHost: x\r\n\r\n", wire.Split, false, true},
		{"HTTP where TLS must be", "", "GET /_tamachi/ready HTTP/1.1\r\nHost: x\r\n\r\n", wire.SplitTLS, false, false},
		{"HTTPS where TLS must be", "ssm.ap-northeast-1.tamachi.internal", "GET /_tamachi/ready HTTP/1.1\r\nHost: x\r\n\r\n", wire.SplitTLS, false, true},
		{"LDAP where TLS must be", "", "0\x0c", wire.SplitTLS, true, false},
	}
	for _, r := range cases {
		t.Run(r.name, func(t *testing.T) {
			inner, to, log := newPipes(), asided{make(chan net.Conn, 1)}, slog.New(slog.DiscardHandler)
			door := newDoor(t, &rows{table: table(block{})}, log)
			ctx, cancel := context.WithCancel(t.Context())
			served := make(chan error, 1)
			go func() { served <- wire.Serve(ctx, r.split(inner, authority.TLS(), to), door, log) }()
			conn := inner.dial()
			if r.server != "" {
				conn = tls.Client(conn, &tls.Config{RootCAs: roots, ServerName: r.server, MinVersion: tls.VersionTLS12})
			}
			go func() { _, _ = io.WriteString(conn, r.first) }()
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if (err == nil) != r.page {
				t.Errorf("page: want %t, got %+v, %v", r.page, resp, err)
			}
			if r.aside {
				<-to.guests
			}
			conn.Close()
			cancel()
			if err := <-served; err != nil || len(to.guests) > 0 {
				t.Errorf("want no more guests and no error, got %d, %v", len(to.guests), err)
			}
		})
	}
}
