// Package ldap asks directory servers over the network: it is the client side
// of directory.Server, for the embedded server and for Active Directory or
// Samba alike. Each question has a connection of its own and a time limit. It
// binds with the user principal name (name@domain), which all of them accept.
package ldap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	wire "github.com/go-ldap/ldap/v3"

	"tamachi/internal/clock"
	"tamachi/internal/directory"
)

// Endpoint returns where a directory answers LDAP, as host:port.
type Endpoint func(ctx context.Context, directoryID string) (string, error)

// DefaultTimeout is how long one question may take.
const DefaultTimeout = 10 * time.Second

// Server asks the directories that an Endpoint names.
type Server struct {
	endpoint Endpoint
	timeout  time.Duration
	clk      clock.Clock
}

var _ directory.Server = (*Server)(nil)

// New returns a client whose questions take at most timeout, dialling
// included. Certificates are judged by clk.
func New(endpoint Endpoint, clk clock.Clock, timeout time.Duration) *Server {
	return &Server{endpoint: endpoint, timeout: timeout, clk: clk}
}

// Bind proves an account with its password.
func (s *Server) Bind(ctx context.Context, c directory.Credentials) error {
	return s.with(ctx, c, func(*wire.Conn) error { return nil })
}

// Find looks an account up by its sAMAccountName after binding as c.
func (s *Server) Find(ctx context.Context, c directory.Credentials, name string) (directory.Entry, error) {
	var found directory.Entry
	err := s.with(ctx, c, func(conn *wire.Conn) error {
		res, err := conn.Search(request(c.Domain, name))
		if err != nil {
			return fmt.Errorf("search %s for %q: %w", c.DirectoryID, name, meaning(err))
		}
		if len(res.Entries) == 0 {
			return fmt.Errorf("search %s for %q: %w", c.DirectoryID, name, directory.ErrNoUser)
		}
		found, err = entry(res.Entries[0])
		return err
	})
	return found, err
}

func request(domain, name string) *wire.SearchRequest {
	return wire.NewSearchRequest(
		directory.DomainDN(domain), wire.ScopeWholeSubtree, wire.NeverDerefAliases, 1, 0, false,
		"(&(objectClass=user)(sAMAccountName="+wire.EscapeFilter(name)+"))",
		[]string{"sAMAccountName", "userPrincipalName", "userAccountControl"}, nil,
	)
}

// accountDisable is the bit of userAccountControl (Microsoft, MS-ADTS 2.2.16).
const accountDisable = 0x2

func entry(e *wire.Entry) (directory.Entry, error) {
	control, err := strconv.ParseInt(e.GetAttributeValue("userAccountControl"), 10, 64)
	if err != nil {
		return directory.Entry{}, fmt.Errorf("read userAccountControl of %q: %w", e.DN, err)
	}
	return directory.Entry{
		DN:                e.DN,
		SAMAccountName:    e.GetAttributeValue("sAMAccountName"),
		UserPrincipalName: e.GetAttributeValue("userPrincipalName"),
		Enabled:           control&accountDisable == 0,
	}, nil
}

// with connects, binds, and asks. The connection ends with ctx.
func (s *Server) with(ctx context.Context, c directory.Credentials, ask func(*wire.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	raw, err := s.dial(ctx, c)
	if err != nil {
		return unreachable(c, err)
	}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	defer stop()
	conn := wire.NewConn(raw, len(c.Authorities) > 0)
	conn.Start()
	defer conn.Close()
	// The library would refuse an empty password itself. The server shall: it
	// counts and it is the judge.
	_, err = conn.SimpleBind(&wire.SimpleBindRequest{
		Username:           directory.UserPrincipalName(c.UserName, c.Domain),
		Password:           c.Password,
		AllowEmptyPassword: true,
	})
	if err != nil {
		return fmt.Errorf("bind to %s as %s: %w", c.DirectoryID, c.UserName, during(ctx, err))
	}
	return during(ctx, ask(conn))
}

// dial connects, with TLS where there are authorities.
func (s *Server) dial(ctx context.Context, c directory.Credentials) (net.Conn, error) {
	addr, err := s.endpoint(ctx, c.DirectoryID)
	if err != nil {
		return nil, err
	}
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil || len(c.Authorities) == 0 {
		return raw, err
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	for _, a := range c.Authorities {
		roots.AppendCertsFromPEM([]byte(a))
	}
	over := tls.Client(raw, &tls.Config{ServerName: host, RootCAs: roots, MinVersion: tls.VersionTLS12, Time: s.clk.Now})
	if err := over.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, err
	}
	return over, nil
}

// Secure looks whether a directory answers with TLS by a certificate that one of
// the authorities vouches for.
func (s *Server) Secure(ctx context.Context, directoryID string, authorities []string) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	c := directory.Credentials{DirectoryID: directoryID, Authorities: authorities}
	conn, err := s.dial(ctx, c)
	if err != nil {
		return unreachable(c, err)
	}
	return conn.Close()
}

func unreachable(c directory.Credentials, err error) error {
	if errors.Is(err, directory.ErrUnreachable) {
		return fmt.Errorf("reach %s: %w", c.DirectoryID, err)
	}
	return fmt.Errorf("reach %s: %w: %w", c.DirectoryID, directory.ErrUnreachable, err)
}

// during names the end of ctx as the cause of an error that came of it: the
// library only sees that its connection was closed.
func during(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("%w: %w", directory.ErrUnreachable, ctx.Err())
	}
	return meaning(err)
}

// meaning turns the library's errors into those of the vocabulary: the codes
// that judge the account are refusals, everything else is a server that could
// not answer.
func meaning(err error) error {
	var e *wire.Error
	var refusal *directory.Refusal
	switch {
	case err == nil, errors.As(err, &refusal), errors.Is(err, directory.ErrNoUser), errors.Is(err, directory.ErrUnreachable):
		return err
	case !errors.As(err, &e):
		return fmt.Errorf("%w: %w", directory.ErrUnreachable, err)
	}
	switch e.ResultCode {
	case wire.LDAPResultInvalidCredentials, wire.LDAPResultUnwillingToPerform,
		wire.LDAPResultInappropriateAuthentication, wire.LDAPResultInsufficientAccessRights,
		wire.LDAPResultStrongAuthRequired, wire.LDAPResultConfidentialityRequired,
		wire.LDAPResultAuthMethodNotSupported, wire.LDAPResultInvalidDNSyntax:
		return &directory.Refusal{Code: e.ResultCode, Message: e.Err.Error()}
	}
	return fmt.Errorf("%w: %w", directory.ErrUnreachable, err)
}
