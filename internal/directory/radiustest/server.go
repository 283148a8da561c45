// Package radiustest is a RADIUS server for tests (RFC 2865), which knows one
// good code of each user. It answers only who sends a good Message-Authenticator,
// and sends one.
package radiustest

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // the protocol's
	"net"
	"testing"
)

// Server answers on loopback.
type Server struct {
	conn   net.PacketConn
	secret string
	codes  map[string]string
}

// Start runs a server until the test ends.
func Start(t testing.TB, secret string, codes map[string]string) *Server {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{conn: conn, secret: secret, codes: codes}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.serve()
	}()
	t.Cleanup(func() {
		conn.Close()
		<-done
	})
	return s
}

// Addr is where it answers.
func (s *Server) Addr() (host string, port int32) {
	at := s.conn.LocalAddr().(*net.UDPAddr)
	return at.IP.String(), int32(at.Port)
}

func (s *Server) serve() {
	buffer := make([]byte, 4096)
	for {
		n, from, err := s.conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		if out := s.answer(bytes.Clone(buffer[:n])); out != nil {
			_, _ = s.conn.WriteTo(out, from)
		}
	}
}

// answer judges a request, nil where it is to be dropped (RFC 3579, 3.2).
func (s *Server) answer(q []byte) []byte {
	const header, name, password, chap, challenge, authenticator = 20, 1, 2, 3, 60, 80
	if len(q) < header || q[0] != 1 {
		return nil
	}
	attrs, plain := map[byte][]byte{}, bytes.Clone(q)
	for at := header; at+2 <= len(q) && int(q[at+1]) >= 2 && at+int(q[at+1]) <= len(q); at += int(q[at+1]) {
		attrs[q[at]] = q[at+2 : at+int(q[at+1])]
		if q[at] == authenticator {
			clear(plain[at+2 : at+int(q[at+1])])
		}
	}
	if !hmac.Equal(s.sign(plain), attrs[authenticator]) {
		return nil
	}
	verdict, want := byte(3), s.codes[string(attrs[name])]
	if given := attrs[password]; want != "" && given != nil && string(bytes.TrimRight(s.open(given, q[4:header]), "\x00")) == want {
		verdict = 2
	}
	if given := attrs[chap]; want != "" && len(given) == 17 {
		sum := md5.Sum(append(append([]byte{given[0]}, want...), attrs[challenge]...)) //nolint:gosec // RFC 2865, 5.3
		if bytes.Equal(sum[:], given[1:]) {
			verdict = 2
		}
	}
	p := append([]byte{verdict, q[1], 0, 38}, q[4:header]...)
	p = append(append(p, authenticator, 18), make([]byte, 16)...)
	copy(p[header+2:], s.sign(p))
	sum := md5.Sum(append(bytes.Clone(p), s.secret...)) //nolint:gosec // RFC 2865, 3
	copy(p[4:], sum[:])
	return p
}

func (s *Server) sign(p []byte) []byte {
	h := hmac.New(md5.New, []byte(s.secret))
	h.Write(p)
	return h.Sum(nil)
}

// open reads a hidden password (RFC 2865, 5.2).
func (s *Server) open(hidden, authenticator []byte) []byte {
	var out []byte
	for last := authenticator; len(hidden) >= 16; hidden = hidden[16:] {
		sum := md5.Sum(append([]byte(s.secret), last...)) //nolint:gosec // the protocol's
		for i := range 16 {
			out = append(out, hidden[i]^sum[i])
		}
		last = hidden[:16]
	}
	return out
}
