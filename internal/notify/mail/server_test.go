package mail_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"tamachi/internal/notify/mail"
)

// relay is a small SMTP server.
type relay struct {
	implicit, plain bool
	login           string            // user NUL password that AUTH wants; "" is none
	answers         map[string]string // by command: said instead of yes

	listener net.Listener
	tls      *tls.Config
	roots    *x509.CertPool

	mu       sync.Mutex
	messages [][]byte          // guarded by mu
	envelope []string          // guarded by mu
	clear    []string          // guarded by mu; commands that came without TLS
	conns    map[net.Conn]bool // guarded by mu
}

// open starts the server, which ends with the test.
func (r *relay) open(t *testing.T) *mail.Relay {
	t.Helper()
	cert, pool := certificate(t)
	r.roots = pool
	r.tls = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	r.conns = map[net.Conn]bool{}
	var err error
	if r.listener, err = new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := r.listener.Accept()
			if err != nil {
				return
			}
			r.mu.Lock()
			r.conns[c] = true
			r.mu.Unlock()
			wg.Go(func() { defer c.Close(); r.serve(c) })
		}
	})
	t.Cleanup(func() {
		r.listener.Close()
		r.mu.Lock()
		for c := range r.conns {
			c.Close()
		}
		r.mu.Unlock()
		wg.Wait()
	})
	return mail.New(r.options())
}

func (r *relay) options() mail.Options {
	host, port, _ := net.SplitHostPort(r.listener.Addr().String())
	return mail.Options{Host: host, Port: port, Implicit: r.implicit, Plain: r.plain, Roots: r.roots, Timeout: 10 * time.Second}
}

func (r *relay) serve(c net.Conn) {
	_, secure := c, r.implicit
	if r.implicit {
		c = tls.Server(c, r.tls)
	}
	in := textproto.NewReader(bufio.NewReader(c))
	say := func(format string, args ...any) { fmt.Fprintf(c, format+"\r\n", args...) }
	say("220 relay.test ESMTP")
	for {
		line, err := in.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		verb = strings.ToUpper(verb)
		r.mu.Lock()
		if !secure {
			r.clear = append(r.clear, verb)
		}
		no := r.answers[verb]
		r.mu.Unlock()
		if no != "" {
			say("%s", no)
			continue
		}
		switch verb {
		case "EHLO":
			say("250-relay.test")
			if !secure && !r.plain {
				say("250-STARTTLS")
			}
			say("250 AUTH PLAIN")
		case "STARTTLS":
			say("220 go on")
			c, secure = tls.Server(c, r.tls), true
			in = textproto.NewReader(bufio.NewReader(c))
		case "AUTH":
			_, given, _ := strings.Cut(rest, " ")
			b, _ := base64.StdEncoding.DecodeString(given)
			if string(b) != "\x00"+r.login {
				say("535 5.7.8 wrong")
				continue
			}
			say("235 ok")
		case "MAIL", "RCPT":
			r.mu.Lock()
			r.envelope = append(r.envelope, rest)
			r.mu.Unlock()
			say("250 ok")
		case "DATA":
			say("354 go on")
			b, err := io.ReadAll(in.DotReader())
			if err != nil {
				return
			}
			r.mu.Lock()
			r.messages = append(r.messages, b)
			r.mu.Unlock()
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("502 what?")
		}
	}
}

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
