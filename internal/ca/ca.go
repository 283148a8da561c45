// Package ca is the plane's private certificate authority. It lives in the data
// folder, is made once, and signs a server certificate for each of the plane's
// own names when a client first asks for it. It signs nothing else, and its
// name constraints (RFC 5280, section 4.2.1.10) let no client that trusts it
// accept a certificate outside of our domain, localhost and private addresses,
// even if its key is stolen.
package ca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"sync"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/id"
)

const (
	lifetime     = 10 * 365 * 24 * time.Hour // of the authority
	leafLifetime = 90 * 24 * time.Hour
	renewBefore  = 30 * 24 * time.Hour
	backdating   = time.Hour // for clients whose clock is behind
	generation   = 512       // leaves in the cache before it begins anew
)

// Options says where the authority is kept and what it may sign.
type Options struct {
	Folder string // the data folder; empty for an authority in memory only
	DataID string // the data folder's id, for the authority's name
	Domain string // "tamachi.internal": our names are <service>.<region>.<domain>
	// Region tells whether a region is ours; nil accepts every label.
	Region func(string) bool
	Clock  clock.Clock
	IDs    *id.Source
}

// Authority signs server certificates for our names. It is safe for concurrent
// use.
type Authority struct {
	o    Options
	cert *x509.Certificate
	key  *ecdsa.PrivateKey

	mu        sync.Mutex
	addresses map[netip.Addr]bool         // guarded by mu; beyond loopback
	now, old  map[string]*tls.Certificate // guarded by mu; leaves by their first name
}

// Open reads the authority from its folder, or makes it there.
func Open(o Options) (*Authority, error) {
	a := &Authority{o: o, addresses: make(map[netip.Addr]bool)}
	var err error
	if a.cert, a.key, err = a.load(); err != nil {
		return nil, err
	}
	if !o.Clock.Now().Before(a.cert.NotAfter) {
		return nil, fmt.Errorf("the certificate authority in %s expired on %s; move the file away and start again, then trust the new one",
			a.path(), a.cert.NotAfter.Format(time.DateOnly))
	}
	if !permits(a.cert, o.Domain) {
		return nil, fmt.Errorf("the certificate authority in %s was made for the domain %q, not for %q; move the file away and start again, then trust the new one",
			a.path(), a.cert.PermittedDNSDomains[0], o.Domain)
	}
	return a, nil
}

// PEM is the authority's certificate, for clients that shall trust it.
func (a *Authority) PEM() []byte { return encodeCert(a.cert) }

// Permit lets the authority sign for an address at which the plane listens.
// Loopback needs no permission; a public address is refused.
func (a *Authority) Permit(addr netip.Addr) error {
	addr = addr.Unmap().WithZone("")
	if !private(addr) {
		return fmt.Errorf("permit %s: the certificate authority signs for private addresses only; clients can use names under %s", addr, a.o.Domain)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.addresses[addr] = true
	return nil
}

// TLS is a server configuration that answers with the authority's leaves.
func (a *Authority) TLS() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: a.Certificate,
		Time:           a.o.Clock.Now,
	}
}

// Certificate returns the leaf for the name that a client asks for, or for the
// address that it reached when it names none. For a name that is not ours it
// returns neither certificate nor error, which crypto/tls turns into the alert
// unrecognized_name.
func (a *Authority) Certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	names, ips := a.subject(hello)
	if len(names)+len(ips) == 0 {
		return nil, nil
	}
	key := fmt.Sprint(names, ips)
	leaf := a.now[key]
	if leaf == nil {
		leaf = a.old[key]
	}
	now := a.o.Clock.Now()
	if leaf != nil && now.Add(renewBefore).Before(leaf.Leaf.NotAfter) {
		return leaf, nil
	}
	leaf, err := a.sign(names, ips, now)
	if err != nil {
		return nil, err
	}
	if a.now == nil || len(a.now) >= generation {
		a.old, a.now = a.now, make(map[string]*tls.Certificate)
	}
	a.now[key] = leaf
	return leaf, nil
}

func (a *Authority) sign(names []string, ips []net.IP, now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key for %v: %w", names, err)
	}
	common := ""
	if len(names) > 0 {
		common = names[0]
	}
	template := &x509.Certificate{
		SerialNumber: a.serial(),
		Subject:      pkix.Name{CommonName: common},
		NotBefore:    now.Add(-backdating),
		NotAfter:     earlier(now.Add(leafLifetime), a.cert.NotAfter),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     names,
		IPAddresses:  ips,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("sign certificate for %v: %w", names, err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read certificate for %v: %w", names, err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

// serial makes a positive serial number of at most 16 octets (RFC 5280,
// section 4.1.2.2).
func (a *Authority) serial() *big.Int {
	b := a.o.IDs.Bytes(16)
	b[0] = b[0]&0x7f | 0x40
	return new(big.Int).SetBytes(b)
}

func earlier(x, y time.Time) time.Time {
	if x.Before(y) {
		return x
	}
	return y
}
