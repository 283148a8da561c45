// Package fake is a directory server in memory, without a network: it judges
// accounts as the embedded server does and passes the same suite. Faults can
// be planted.
package fake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"tamachi/internal/directory"
)

// Server answers over the accounts of the house.
type Server struct {
	accounts directory.Accounts

	mu                sync.Mutex
	accepted, refused int64   // guarded by mu
	faults            []error // guarded by mu; nil = none
	authority         string  // guarded by mu; of the certificate
}

var _ directory.Server = (*Server)(nil)

// New returns a server over accounts.
func New(accounts directory.Accounts) *Server { return &Server{accounts: accounts} }

// Fail plants the outcomes of the next binds: an error for a bind that fails
// with it, nil for one that is judged as always.
func (s *Server) Fail(faults ...error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// Binds counts the binds since the start, by outcome; planted failures never
// reached the server and are not among them.
func (s *Server) Binds() (accepted, refused int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accepted, s.refused
}

// Bind proves an account with its password.
func (s *Server) Bind(ctx context.Context, c directory.Credentials) error {
	if err := s.bind(ctx, c); err != nil {
		return fmt.Errorf("bind to %s as %s: %w", c.DirectoryID, c.UserName, err)
	}
	return nil
}

func (s *Server) bind(ctx context.Context, c directory.Credentials) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", directory.ErrUnreachable, err)
	}
	if err := s.fault(); err != nil {
		return err
	}
	if len(c.Authorities) > 0 {
		if err := s.vouched(c.Authorities); err != nil {
			return err
		}
	}
	refusal, err := s.judge(ctx, c)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if refusal != nil {
		s.refused++
		return refusal
	}
	s.accepted++
	return nil
}

func (s *Server) fault() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return nil
	}
	err := s.faults[0]
	s.faults = s.faults[1:]
	return err
}

func (s *Server) judge(ctx context.Context, c directory.Credentials) (*directory.Refusal, error) {
	d, err := s.accounts.Directory(ctx, c.DirectoryID)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", directory.ErrUnreachable, err)
	}
	if c.Password == "" {
		return directory.RefuseUnproved(), nil
	}
	if c.UserName == "" || !strings.EqualFold(c.Domain, d.Name) {
		return directory.Refuse(directory.Unknown), nil
	}
	standing, err := s.accounts.Verify(ctx, c.DirectoryID, c.UserName, c.Password)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", directory.ErrUnreachable, err)
	}
	return directory.Refuse(standing), nil
}

// Certify gives the server a certificate of an authority.
func (s *Server) Certify(authority string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.authority = authority
}

// Secure looks whether the server's authority is among those.
func (s *Server) Secure(ctx context.Context, directoryID string, authorities []string) error {
	if _, err := s.accounts.Directory(ctx, directoryID); err != nil {
		return fmt.Errorf("%w: %w", directory.ErrUnreachable, err)
	}
	return s.vouched(authorities)
}

func (s *Server) vouched(authorities []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(authorities, s.authority) {
		return fmt.Errorf("%w: no authority vouches for it", directory.ErrUnreachable)
	}
	return nil
}

// Find looks an account up by its sAMAccountName after binding as c.
func (s *Server) Find(ctx context.Context, c directory.Credentials, name string) (directory.Entry, error) {
	if err := s.Bind(ctx, c); err != nil {
		return directory.Entry{}, err
	}
	a, err := s.accounts.Lookup(ctx, c.DirectoryID, name)
	if errors.Is(err, directory.ErrNoUser) {
		return directory.Entry{}, fmt.Errorf("search %s for %q: %w", c.DirectoryID, name, err)
	}
	if err != nil {
		return directory.Entry{}, fmt.Errorf("%w: %w", directory.ErrUnreachable, err)
	}
	return directory.Entry{
		DN:                directory.UserDN(a.SAMAccountName, c.Domain),
		SAMAccountName:    a.SAMAccountName,
		UserPrincipalName: directory.UserPrincipalName(a.SAMAccountName, c.Domain),
		Enabled:           a.Enabled,
	}, nil
}
