package connector

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	wire "github.com/go-ldap/ldap/v3"
)

// server is a domain controller.
type server struct {
	host, addr string
	port       uint16
}

// mostServers bounds how many domain controllers are tried for a question.
const mostServers = 4

// servers finds the domain controllers as a member does (Microsoft, MS-ADTS
// 6.3.6 "Domain Controller Location").
func (r *Remote) servers(ctx context.Context) ([]server, error) {
	var errs []error
	for _, at := range r.c.DNS {
		ask := &net.Resolver{PreferGo: true, StrictErrors: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(at, "53"))
		}}
		_, found, err := ask.LookupSRV(ctx, "ldap", "tcp", "dc._msdcs."+r.c.Name)
		if err != nil {
			errs = append(errs, fmt.Errorf("ask %s for the domain controllers of %s: %w", at, r.c.Name, err))
			continue
		}
		var out []server
		for _, s := range found[:min(len(found), mostServers)] {
			addrs, err := ask.LookupNetIP(ctx, "ip", s.Target)
			if err != nil {
				errs = append(errs, fmt.Errorf("ask %s for %s: %w", at, s.Target, err))
				continue
			}
			slices.SortStableFunc(addrs, func(a, b netip.Addr) int { return cmp.Compare(a.BitLen(), b.BitLen()) })
			out = append(out, server{strings.TrimSuffix(s.Target, "."), addrs[0].Unmap().String(), s.Port})
		}
		if len(out) > 0 {
			return out, nil
		}
	}
	return nil, errors.Join(errs...)
}

// dial opens a connection to the first domain controller that answers. learn is
// for the first time: it takes any server's key and notes it.
func (r *Remote) dial(ctx context.Context, learn *[]string) (*wire.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	servers, err := r.servers(ctx)
	if err != nil {
		return nil, r.away(err)
	}
	var first *wire.Conn
	var errs []error
	for _, s := range servers {
		conn, err := r.connect(ctx, s, learn)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("%s (%s): %w", s.host, s.addr, err))
		case learn == nil:
			return conn, nil
		case first == nil:
			first = conn // and go on, to know the others
		default:
			_ = conn.Close()
		}
	}
	if first == nil {
		return nil, r.away(errors.Join(errs...))
	}
	return first, nil
}

// ldaps is the port of LDAP over TLS from the first byte.
const ldaps = "636"

// connect opens a connection with TLS. A server without STARTTLS may have
// LDAPS.
func (r *Remote) connect(ctx context.Context, s server, learn *[]string) (*wire.Conn, error) {
	if len(r.c.Authorities) > 0 {
		return r.overTLS(ctx, s, r.vouched(s.host))
	}
	conn, err := r.startTLS(ctx, s, learn)
	if e, ok := errors.AsType[*wire.Error](err); !ok || e.ResultCode == wire.ErrorNetwork {
		return conn, err // there is nobody, or one whom we do not believe
	}
	return r.overTLS(ctx, s, r.trust(s.host, learn))
}

// overTLS opens a connection by LDAPS.
func (r *Remote) overTLS(ctx context.Context, s server, trust *tls.Config) (*wire.Conn, error) {
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(s.addr, ldaps))
	if err != nil {
		return nil, err
	}
	over := tls.Client(raw, trust)
	if err := over.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, err
	}
	conn := wire.NewConn(over, true)
	conn.Start()
	return conn, nil
}

func (r *Remote) startTLS(ctx context.Context, s server, learn *[]string) (*wire.Conn, error) {
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(s.addr, strconv.Itoa(int(s.port))))
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	conn := wire.NewConn(raw, false)
	conn.Start()
	if err := conn.StartTLS(r.trust(s.host, learn)); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// vouched believes whom one of the connection's authorities vouches for.
func (r *Remote) vouched(host string) *tls.Config {
	roots := x509.NewCertPool()
	for _, a := range r.c.Authorities {
		roots.AppendCertsFromPEM([]byte(a))
	}
	return &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, RootCAs: roots, Time: r.clk.Now}
}

// errKey reports a server that nobody vouches for.
var errKey = errors.New("its key is another one than when the directory was connected, and no known authority vouches for it")

// trust believes the keys that the directory showed when it was connected, and
// whom the machine's roots vouch for; the first time, everybody.
func (r *Remote) trust(host string, learn *[]string) *tls.Config {
	return &tls.Config{
		ServerName: host, MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: true, // VerifyConnection does it
		VerifyConnection: func(state tls.ConnectionState) error {
			shown := keyOf(state.PeerCertificates[0])
			if learn != nil {
				if !slices.Contains(*learn, shown) {
					*learn = append(*learn, shown)
				}
				return nil
			}
			if slices.Contains(r.c.Keys, shown) {
				return nil
			}
			between := x509.NewCertPool()
			for _, c := range state.PeerCertificates[1:] {
				between.AddCert(c)
			}
			if _, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{DNSName: host, Intermediates: between}); err != nil {
				return fmt.Errorf("%s: %w", host, errKey)
			}
			return nil
		},
	}
}

func keyOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:])
}
