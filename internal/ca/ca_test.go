package ca_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tamachi/internal/ca"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

const domain = "tamachi.internal"

var start = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

func options(t *testing.T) (ca.Options, *clock.Frozen) {
	t.Helper()
	clk := clock.NewFrozen(start)
	return ca.Options{
		Folder: t.TempDir(), DataID: "d4ta1d", Domain: domain, Clock: clk, IDs: id.Seeded(1),
		Region: func(r string) bool { return r == "us-east-1" || r == "ap-northeast-1" },
	}, clk
}

func open(t *testing.T, o ca.Options) *ca.Authority {
	t.Helper()
	a, err := ca.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// handshake lets a client that trusts only the authority connect to host over
// a real TLS handshake; reached is the server's address.
func handshake(t *testing.T, a *ca.Authority, clk clock.Clock, host, reached string) (*x509.Certificate, error) {
	t.Helper()
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(a.PEM()) {
		t.Fatal("the authority's PEM holds no certificate")
	}
	server := tls.Server(at{far, reached}, a.TLS())
	var wg sync.WaitGroup
	wg.Go(func() { _ = server.Handshake() })
	defer wg.Wait()
	client := tls.Client(near, &tls.Config{ServerName: host, RootCAs: roots, Time: clk.Now})
	err := client.Handshake()
	near.Close()
	if err != nil {
		return nil, err
	}
	return client.ConnectionState().PeerCertificates[0], nil
}

// at is a connection that was reached at an address.
type at struct {
	net.Conn
	address string
}

func (c at) LocalAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(c.address), 443))
}

func TestOurNamesAreSignedAndOnlyOurs(t *testing.T) {
	o, clk := options(t)
	a := open(t, o)
	if err := a.Permit(netip.MustParseAddr("10.87.0.1")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, host, reached string
		ok                  bool
	}{
		{"localhost", "localhost", "127.0.0.1", true},
		{"loopback by address", "127.0.0.1", "127.0.0.1", true},
		{"another loopback address", "127.0.0.5", "127.0.0.5", true},
		{"loopback of IPv6", "::1", "::1", true},
		{"a bridge by address", "10.87.0.1", "10.87.0.1", true},
		{"an address nobody permitted", "10.88.0.1", "10.88.0.1", false},
		{"a service", "ssm.us-east-1." + domain, "10.87.0.1", true},
		{"a service in upper case", "SSM.US-EAST-1." + domain, "10.87.0.1", true},
		{"a service of another region", "ssmmessages.ap-northeast-1." + domain, "10.87.0.1", true},
		{"a service of a region that is not ours", "ssm.mars-1." + domain, "10.87.0.1", false},
		{"a bucket", "logs.s3.us-east-1." + domain, "127.0.0.1", true},
		{"a bucket with dots", "a.b.c.s3.us-east-1." + domain, "127.0.0.1", true},
		{"a bucket without a region", "a.b.s3." + domain, "127.0.0.1", true},
		{"the buckets' service without a region", "s3." + domain, "127.0.0.1", true},
		{"a bucket, dual stack", "logs.s3.dualstack.us-east-1." + domain, "127.0.0.1", true},
		{"dual stack of another service", "logs.ec2.dualstack.us-east-1." + domain, "127.0.0.1", false},
		{"a name below another service", "x.ssm.us-east-1." + domain, "127.0.0.1", false},
		{"the domain itself", domain, "127.0.0.1", true},
		{"a region without service", "us-east-1." + domain, "127.0.0.1", false},
		{"a stranger's name", "ssm.us-east-1.amazonaws.com", "127.0.0.1", false},
		{"a domain that ends like ours", "ssm.us-east-1.not" + domain, "127.0.0.1", false},
		{"a wildcard", "*.us-east-1." + domain, "127.0.0.1", false},
		{"a label too many hyphens", "-a.s3.us-east-1." + domain, "127.0.0.1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			leaf, err := handshake(t, a, clk, c.host, c.reached)
			if c.ok != (err == nil) {
				t.Fatalf("%s: got error %v, want success %v", c.host, err, c.ok)
			}
			if c.ok && (leaf.SerialNumber.Sign() <= 0 || leaf.SerialNumber.BitLen() > 127) {
				t.Errorf("got serial %v, want a positive one of at most 16 octets", leaf.SerialNumber)
			}
		})
	}
}

func TestPublicAddressesAreNotPermitted(t *testing.T) {
	o, _ := options(t)
	if err := open(t, o).Permit(netip.MustParseAddr("8.8.8.8")); err == nil {
		t.Error("got no error, want a refusal")
	}
}

func TestAStolenKeyCannotSpeakForStrangers(t *testing.T) {
	o, _ := options(t)
	a := open(t, o)
	pair, err := tls.LoadX509KeyPair(filepath.Join(o.Folder, "ca.pem"), filepath.Join(o.Folder, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	authority, _ := x509.ParseCertificate(pair.Certificate[0])
	template := &x509.Certificate{
		SerialNumber: authority.SerialNumber, DNSNames: []string{"sts.amazonaws.com"},
		NotBefore: start, NotAfter: start.Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(nil, template, authority, authority.PublicKey, pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	forged, _ := x509.ParseCertificate(der)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(a.PEM())
	if _, err := forged.Verify(x509.VerifyOptions{Roots: roots, DNSName: "sts.amazonaws.com", CurrentTime: start.Add(time.Minute)}); err == nil {
		t.Error("a certificate for amazonaws.com was accepted, want the name constraints to forbid it")
	}
}

func TestTheAuthorityIsMadeOnce(t *testing.T) {
	o, clk := options(t)
	first := open(t, o)
	clk.Advance(365 * 24 * time.Hour)
	second := open(t, o)
	if string(first.PEM()) != string(second.PEM()) {
		t.Error("the second start made another authority")
	}
	cert, err := handshake(t, second, clk, "localhost", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	if want := "Tamachi private CA d4ta1d"; cert.Issuer.CommonName != want {
		t.Errorf("got issuer %q, want %q", cert.Issuer.CommonName, want)
	}
	entries, _ := os.ReadDir(o.Folder)
	if len(entries) != 1 {
		t.Errorf("got %d files, want ca.pem alone", len(entries))
	}
	info, err := os.Stat(filepath.Join(o.Folder, "ca.pem"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got mode %v, %v, want 0600", info.Mode(), err)
	}
}

func TestLeavesAreCachedAndRenewed(t *testing.T) {
	o, clk := options(t)
	a := open(t, o)
	serial := func() string {
		leaf, err := handshake(t, a, clk, "sts.us-east-1."+domain, "127.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		return leaf.SerialNumber.String()
	}
	first := serial()
	clk.Advance(59 * 24 * time.Hour)
	if serial() != first {
		t.Error("the leaf was renewed with more than 30 days to live")
	}
	clk.Advance(2 * 24 * time.Hour)
	if serial() == first {
		t.Error("the leaf was not renewed with less than 30 days to live")
	}
}

func TestUnusableAuthoritiesAreRefusedClearly(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, o *ca.Options, clk *clock.Frozen, file string)
		want  string
	}{
		{"a key that others can read", func(t *testing.T, _ *ca.Options, _ *clock.Frozen, file string) {
			if err := os.Chmod(file, 0o644); err != nil {
				t.Fatal(err)
			}
		}, "chmod 600"},
		{"a file of something else", func(t *testing.T, _ *ca.Options, _ *clock.Frozen, file string) {
			if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "want a certificate"},
		{"half a file", func(t *testing.T, _ *ca.Options, _ *clock.Frozen, file string) {
			text, _ := os.ReadFile(file)
			if err := os.WriteFile(file, text[:len(text)/2], 0o600); err != nil {
				t.Fatal(err)
			}
		}, "read certificate authority"},
		{"one that expired", func(_ *testing.T, _ *ca.Options, clk *clock.Frozen, _ string) {
			clk.Advance(11 * 365 * 24 * time.Hour)
		}, "expired on"},
		{"one of another domain", func(_ *testing.T, o *ca.Options, _ *clock.Frozen, _ string) {
			o.Domain = "example.internal"
		}, "was made for the domain"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, clk := options(t)
			open(t, o)
			c.spoil(t, &o, clk, filepath.Join(o.Folder, "ca.pem"))
			_, err := ca.Open(o)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error that says %q", err, c.want)
			}
		})
	}
}
