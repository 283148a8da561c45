package embedded

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"tamachi/internal/directory/directorytest"
)

const corpName = "d-0123456789.ap-northeast-1.tamachi.internal"

// certified is a server's configuration and what a client needs to believe it.
func certified(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC), IsCA: true, BasicConstraintsValid: true,
		DNSNames: []string{"*.ap-northeast-1.tamachi.internal"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	server = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	return server, &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, ServerName: corpName}
}

// secured runs a server with a certificate.
func secured(t *testing.T) (s *Server, client *tls.Config) {
	t.Helper()
	keys, client := certified(t)
	return run(t, New(directorytest.Office(), keys, DefaultLimits(), slog.New(slog.DiscardHandler))), client
}

func TestTLSByStartTLSAndFromTheFirstOctet(t *testing.T) {
	s, trust := secured(t)
	addr, err := s.Endpoint(t.Context(), directorytest.Corp.ID)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("from the first octet", func(t *testing.T) {
		c, err := ldap.DialURL("ldaps://"+addr, ldap.DialWithTLSConfig(trust))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		tanaka(t, c)
	})
	t.Run("once only", func(t *testing.T) {
		over := tls.Client(raw(t, s), trust)
		wantCodes(t, over, operationsError)
	})
	t.Run("by StartTLS, after which nobody is bound", func(t *testing.T) {
		c := dial(t, s, directorytest.Corp)
		tanaka(t, c)
		if err := c.StartTLS(trust); err != nil {
			t.Fatal(err)
		}
		if who, err := c.WhoAmI(nil); err != nil || who.AuthzID != "" {
			t.Errorf("want nobody, got %+v, %v", who, err)
		}
		tanaka(t, c)
	})
	t.Run("who does not speak TLS after StartTLS is left", func(t *testing.T) {
		c := raw(t, s)
		if _, err := c.Write(append(askForTLS(t), unhex(t, "30 0c 020102 6007 020103 0400 8000")...)); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 256)
		n, err := c.Read(got)
		if err != nil || n < 10 || got[5] != replyExtended {
			t.Fatalf("want the answer to StartTLS, got % x, %v", got[:n], err)
		}
		for ; err == nil; n, err = c.Read(got) {
			if got[0] == 0x30 && n > 5 && got[5] == replyBind {
				t.Fatal("want no answer to a bind that was sent for TLS, got one")
			}
		}
	})
	t.Run("a server without a certificate says so and goes on", func(t *testing.T) {
		wantCodes(t, raw(t, start(t, directorytest.Office(), DefaultLimits())), protocolError)
	})
}

func askForTLS(t *testing.T) []byte {
	return append(unhex(t, "30 1d 020101 7718 8016"), startTLS...)
}

// wantCodes asks for TLS, which is refused with that code, and then for a bind of
// nobody, which is good.
func wantCodes(t *testing.T, c net.Conn, refused code) {
	t.Helper()
	for _, q := range []struct {
		ask  []byte
		want code
	}{{askForTLS(t), refused}, {unhex(t, "30 0c 020102 6007 020103 0400 8000"), success}} {
		if _, err := c.Write(q.ask); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 256)
		if n, err := c.Read(got); err != nil || n < 10 || got[9] != byte(q.want) {
			t.Fatalf("want code %d, got % x, %v", q.want, got[:n], err)
		}
	}
}

// tanaka binds and reads.
func tanaka(t *testing.T, c *ldap.Conn) {
	t.Helper()
	if err := c.Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
		t.Fatalf("bind: %v", err)
	}
	if who, err := c.WhoAmI(nil); err != nil || who.AuthzID != `u:CORP\tanaka` {
		t.Errorf("want tanaka, got %+v, %v", who, err)
	}
}

// guestOf is a client whose connection somebody else accepted.
func guestOf(t *testing.T, s *Server, wrap func(net.Conn) net.Conn) net.Conn {
	t.Helper()
	here, there := net.Pipe()
	left := make(chan struct{})
	go func() { defer close(left); s.Guest(wrap(there)) }()
	t.Cleanup(func() { here.Close(); <-left })
	return here
}

func TestGuestsNameTheirDirectoryByTLS(t *testing.T) {
	s, trust := secured(t)
	plain := func(c net.Conn) net.Conn { return c }
	connect := func(c net.Conn, over bool) *ldap.Conn {
		conn := ldap.NewConn(c, over)
		conn.Start()
		conn.SetTimeout(10 * time.Second)
		return conn
	}
	t.Run("with TLS", func(t *testing.T) {
		keys, trust := certified(t)
		c := guestOf(t, s, func(c net.Conn) net.Conn {
			over := tls.Server(c, keys)
			_ = over.HandshakeContext(t.Context()) // the client tells
			return over
		})
		over := tls.Client(c, trust)
		if err := over.HandshakeContext(t.Context()); err != nil {
			t.Fatal(err)
		}
		conn := connect(over, true)
		defer conn.Close()
		tanaka(t, conn)
	})
	t.Run("by StartTLS, before which nothing is told", func(t *testing.T) {
		conn := connect(guestOf(t, s, plain), false)
		defer conn.Close()
		if err := conn.Bind(`CORP\tanaka`, "Sesame-3"); !ldap.IsErrorWithCode(err, uint16(confidentialityRequired)) {
			t.Errorf("bind without TLS: want confidentialityRequired, got %v", err)
		}
		if _, err := conn.Search(ask("", 0, 0, "(objectClass=*)")); !ldap.IsErrorWithCode(err, uint16(confidentialityRequired)) {
			t.Errorf("search without TLS: want confidentialityRequired, got %v", err)
		}
		if _, err := conn.WhoAmI(nil); !ldap.IsErrorWithCode(err, uint16(confidentialityRequired)) {
			t.Errorf("who am I without TLS: want confidentialityRequired, got %v", err)
		}
		if err := conn.StartTLS(trust); err != nil {
			t.Fatal(err)
		}
		tanaka(t, conn)
	})
	t.Run("by a name that is no directory's", func(t *testing.T) {
		conn := connect(guestOf(t, s, plain), false)
		defer conn.Close()
		other := trust.Clone()
		other.ServerName = "ssm.ap-northeast-1.tamachi.internal"
		if err := conn.StartTLS(other); err != nil {
			t.Fatal(err)
		}
		if err := conn.Bind(`CORP\tanaka`, "Sesame-3"); !ldap.IsErrorWithCode(err, uint16(unavailable)) {
			t.Errorf("want unavailable, got %v", err)
		}
	})
	t.Run("by the name of a directory that is not there", func(t *testing.T) {
		conn := connect(guestOf(t, s, plain), false)
		defer conn.Close()
		other := trust.Clone()
		other.ServerName = "d-ffffffffff.ap-northeast-1.tamachi.internal"
		if err := conn.StartTLS(other); err != nil {
			t.Fatal(err)
		}
		if err := conn.Bind(`CORP\tanaka`, "Sesame-3"); err == nil {
			t.Error("want an error, got none")
		}
	})
}
